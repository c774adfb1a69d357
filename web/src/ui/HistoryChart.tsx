// The history chart: the drawing, a cursor for mouse and keyboard alike, what it points at in words, and the same as a table.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { dayAndClock } from "../format/time";
import { withUnit } from "../format/units";
import type { Curve, Point } from "../state/history";
import { makePlot, type Plot } from "./plot";

interface Props {
  curve: Curve;
  unit: string;
  zone: string;
}

export function HistoryChart({ curve, unit, zone }: Props): JSX.Element {
  const [index, setIndex] = useState<number | null>(null);
  const { host, plot } = usePlot(curve, zone, setIndex);
  const last = curve.points.length - 1;
  const at = index === null ? undefined : curve.points[index];
  const words = at === undefined ? span(curve, zone) : pointWords(at, unit, zone, (index ?? 0) > curve.carriedFrom);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = stepOf(event.key, index, last);
    if (next === undefined) return;
    event.preventDefault();
    setIndex(next);
    plot.current?.point(next);
  };
  return (
    <>
      <p class="readout" data-testid="chart-readout">{words}</p>
      <div
        ref={host}
        class="plot"
        data-testid="chart-plot"
        tabIndex={0}
        role="slider"
        aria-label="Balance over time; arrow keys move through it"
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={index ?? last}
        aria-valuetext={words}
        onKeyDown={onKeyDown}
        onBlur={() => setIndex(null)}
      />
    </>
  );
}

/** Makes the drawing once, again when the colours of the page change, and feeds it each new curve. */
function usePlot(curve: Curve, zone: string, onPoint: (index: number | null) => void): { host: { current: HTMLDivElement | null }; plot: { current: Plot | null } } {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const newest = useRef(curve);
  newest.current = curve;
  useEffect(() => {
    const make = (): void => {
      if (host.current === null) return;
      plot.current?.destroy();
      plot.current = makePlot(host.current, zone, onPoint);
      plot.current.draw(newest.current);
    };
    make();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", make);
    return () => {
      dark.removeEventListener("change", make);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [zone]);
  useEffect(() => plot.current?.draw(curve), [curve]);
  return { host, plot };
}

/** `undefined` for a key that is not ours. */
function stepOf(key: string, index: number | null, last: number): number | null | undefined {
  const from = index ?? last + 1;
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return Math.max(0, from - 1);
    case "ArrowRight":
    case "ArrowUp":
      return Math.min(last, from + 1);
    case "PageDown":
      return Math.max(0, from - 10);
    case "PageUp":
      return Math.min(last, from + 10);
    case "Home":
      return 0;
    case "End":
      return last;
    case "Escape":
      return null;
    default:
      return undefined;
  }
}

function span(curve: Curve, zone: string): string {
  return `${dayAndClock(curve.from, zone)} to ${dayAndClock(curve.to, zone)}`;
}

function pointWords(point: Point, unit: string, zone: string, isCarried: boolean): string {
  const figure = withUnit(point.balance, unit);
  return `${dayAndClock(point.at, zone)} · ${figure}${isCarried ? ", the last figure known" : ""}`;
}
