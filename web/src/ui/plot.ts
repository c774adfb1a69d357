// The drawing of the history chart (uPlot). It draws a curve and reports which point
// is under the cursor; it knows no accounts and no time but the curve's.
import uPlot from "uplot";
import { axisLabel } from "../format/plot";
import { clock, dayOfMonth } from "../format/time";
import { amountBetween } from "../format/units";
import type { Curve } from "../state/history";

export interface Plot {
  draw(curve: Curve): void;
  /** Puts the cursor on a point; `null` takes it away. */
  point(index: number | null): void;
  destroy(): void;
}

interface Colours {
  line: string;
  area: string;
  band: string;
  grid: string;
  text: string;
  mark: string;
  ground: string;
}

function coloursOf(host: HTMLElement): Colours {
  const style = getComputedStyle(host);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    line: read("--accent"), area: read("--accent-soft"), band: read("--accent-faint"), grid: read("--line"),
    text: read("--muted"), mark: read("--good"), ground: read("--card"),
  };
}

/** uPlot counts in seconds. */
const S = 1_000;
const HEIGHT = 288;
const FONT = "12px Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

interface Columns {
  data: uPlot.AlignedData;
  /** For each column of the drawing, the curve's point; `null` for one that was put in to break the line. */
  points: (number | null)[];
}

/** A silence breaks the solid line (null) and is bridged by the dashed one, which also carries the last figure on to now. */
export function columns(curve: Curve): Columns {
  const xs: number[] = [];
  const solid: (number | null | undefined)[] = [];
  const dashed: (number | null | undefined)[] = [];
  const lows: (number | null | undefined)[] = [];
  const highs: (number | null | undefined)[] = [];
  const points: (number | null)[] = [];
  curve.points.forEach((p, i) => {
    const before = curve.points[i - 1];
    const isGap = curve.gapsBefore.has(i);
    if (isGap && before !== undefined) {
      xs.push((before.at + p.at) / 2 / S);
      solid.push(null); lows.push(null); highs.push(null);
      dashed.push(undefined);
      points.push(null);
    }
    const isCarried = i > curve.carriedFrom;
    const opensDash = curve.gapsBefore.has(i + 1) || (i === curve.carriedFrom && i < curve.points.length - 1);
    xs.push(p.at / S);
    solid.push(isCarried ? null : p.y); lows.push(isCarried ? null : p.low); highs.push(isCarried ? null : p.high);
    dashed.push(isGap || isCarried || opensDash ? p.y : null);
    points.push(i);
  });
  return { data: [xs, solid, dashed, highs, lows] as uPlot.AlignedData, points };
}

export function makePlot(host: HTMLElement, zone: string, onPoint: (index: number | null) => void): Plot {
  let curve: Curve | null = null;
  let shown: Columns = { data: [[], [], [], [], []], points: [] };
  const colours = coloursOf(host);
  /** The keyboard has put the cursor on a point. Several can share a pixel, so the drawing's own word for what lies there is not asked. */
  let isPlaced = false;
  const byPointer = (): void => { isPlaced = false; };
  host.addEventListener("mousemove", byPointer, { capture: true });
  const hovered = (u: uPlot): void => {
    if (isPlaced) return;
    const column = u.cursor.idx;
    onPoint(column === null || column === undefined ? null : (shown.points[column] ?? null));
  };
  const u = new uPlot(options(host, zone, colours, { hovered, marks: (plot) => { drawEnd(plot, curve, colours); drawMarks(plot, curve, colours); } }), shown.data, host);
  const observer = new ResizeObserver(() => u.setSize({ width: host.clientWidth, height: HEIGHT }));
  observer.observe(host);
  return {
    draw(next) {
      curve = next;
      shown = columns(next);
      u.batch(() => {
        u.setData(shown.data, false);
        u.setScale("x", { min: next.from / S, max: next.to / S });
      });
    },
    point(index) {
      isPlaced = index !== null;
      const column = index === null ? -1 : shown.points.indexOf(index);
      const x = shown.data[0][column];
      const p = index === null ? undefined : curve?.points[index];
      if (x === undefined || p === undefined) u.setCursor({ left: -10, top: -10 });
      else u.setCursor({ left: u.valToPos(x, "x"), top: u.valToPos(p.y, "y") });
    },
    destroy() {
      host.removeEventListener("mousemove", byPointer, { capture: true });
      observer.disconnect();
      u.destroy();
    },
  };
}

interface Hooks {
  hovered: (u: uPlot) => void;
  marks: (u: uPlot) => void;
}

function options(host: HTMLElement, zone: string, colours: Colours, hooks: Hooks): uPlot.Options {
  const axis: uPlot.Axis = { stroke: colours.text, font: FONT, ticks: { show: false }, grid: { stroke: colours.grid, width: 1 } };
  const line: uPlot.Series = { stroke: colours.line, width: 2, points: { show: false } };
  return {
    width: host.clientWidth,
    height: HEIGHT,
    padding: [24, 20, 0, 0],
    tzDate: (ts) => uPlot.tzDate(new Date(ts * S), zone),
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 9, width: 2, stroke: () => colours.line, fill: () => colours.ground },
    },
    scales: { x: { time: true }, y: { range: (_u, low, high) => yRange(low, high) } },
    axes: [
      { ...axis, grid: { show: false }, size: 28, space: 70, values: (_u, splits, _axis, _space, step) => splits.map((split) => timeLabel(split, step, zone)) },
      { ...axis, size: labelRoom, values: (_u, splits) => splits.map(axisLabel), space: 44, gap: 8 },
    ],
    series: [
      {},
      { ...line, fill: colours.area },
      { ...line, dash: [3, 5] },
      { ...line, stroke: "transparent", width: 0 },
      { ...line, stroke: "transparent", width: 0 },
    ],
    bands: [{ series: [3, 4], fill: colours.band }],
    hooks: { setCursor: [hooks.hovered], draw: [hooks.marks] },
  };
}

/** A level line lies in the middle instead of on an edge. */
function yRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const pad = high === low ? Math.max(1, Math.abs(high) * 0.01) : (high - low) * 0.08;
  return [low - pad, high + pad];
}

/** As wide as the longest label needs. */
function labelRoom(_u: uPlot, values: string[] | null): number {
  const longest = Math.max(0, ...(values ?? []).map((value) => value.length));
  return 16 + longest * 6.6;
}

/** 24-hour times; at midnight, and over longer spans, the day. */
function timeLabel(split: number, step: number, zone: string): string {
  const time = clock(split * S, zone);
  return step >= 86_400 || time === "00:00" ? dayOfMonth(split * S, zone) : time;
}

/** Where the line ends: of a history that has just begun it is all there is to see. */
function drawEnd(u: uPlot, curve: Curve | null, colours: Colours): void {
  const end = curve?.points.at(-1);
  if (curve === null || end === undefined) return;
  const x = u.valToPos(end.at / S, "x", true);
  // A mark there is enough to see, and says more.
  if (curve.marks.some((mark) => x - u.valToPos(mark.at / S, "x", true) < 12 * uPlot.pxRatio)) return;
  u.ctx.save();
  dot(u.ctx, x, u.valToPos(end.y, "y", true), uPlot.pxRatio, colours.line, colours.ground);
  u.ctx.restore();
}

/** Top-ups: a dot on the line and the amount beside it, unless that would cover the one before. */
function drawMarks(u: uPlot, curve: Curve | null, colours: Colours): void {
  if (curve === null) return;
  const ratio = uPlot.pxRatio;
  const { ctx } = u;
  ctx.save();
  ctx.font = `600 ${FONT.replace("12px", `${12 * ratio}px`)}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  let usedUntil = Number.NEGATIVE_INFINITY;
  for (const mark of curve.marks) {
    const x = u.valToPos(mark.at / S, "x", true);
    const y = u.valToPos(mark.y, "y", true);
    dot(ctx, x, y, ratio, colours.mark, colours.ground);
    const text = `top-up ${amountBetween(mark.topUp.amount_low, mark.topUp.amount_high)}`;
    const width = ctx.measureText(text).width;
    const isRight = x + 10 * ratio + width < u.bbox.left + u.bbox.width;
    const left = isRight ? x + 10 * ratio : x - 10 * ratio - width;
    if (left < usedUntil) continue;
    ctx.fillStyle = colours.mark;
    ctx.fillText(text, left, y - 6 * ratio);
    usedUntil = left + width + 8 * ratio;
  }
  ctx.restore();
}

function dot(ctx: CanvasRenderingContext2D, x: number, y: number, ratio: number, fill: string, ground: string): void {
  ctx.beginPath();
  ctx.arc(x, y, 4.5 * ratio, 0, 2 * Math.PI);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.lineWidth = 2 * ratio;
  ctx.strokeStyle = ground;
  ctx.stroke();
}
