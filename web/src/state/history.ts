// From the server's history to the lines of a drawing. Pure. The drawing's floats are made in format/plot.ts; the decimal
// strings stay beside them for everything that is read.
import type { Balance, History, TopUp } from "../api/types";
import { toPlotNumber } from "../format/plot";

export const RANGES = [
  { id: "1h", label: "1 h", ms: 3_600_000 },
  { id: "24h", label: "24 h", ms: 86_400_000 },
  { id: "7d", label: "7 d", ms: 7 * 86_400_000 },
  { id: "30d", label: "30 d", ms: 30 * 86_400_000 },
] as const;

export type RangeId = (typeof RANGES)[number]["id"];

export function rangeMs(id: RangeId): number {
  return RANGES.find((range) => range.id === id)?.ms ?? 86_400_000;
}

/** What this page itself has seen since the history was asked for. */
export interface TrailPoint {
  at: number;
  balance: string;
}

/** The end of the line: where the last word of the provider is, and whether the line may be drawn on as certain. */
export interface Tail {
  /** Wall clock: the balance is certain until here. */
  certainUntil: number;
  balance: string;
}

export interface Point {
  at: number;
  y: number;
  low: number;
  high: number;
  balance: string;
  lowText: string;
  highText: string;
}

export interface Mark {
  at: number;
  y: number;
  topUp: TopUp;
}

export interface Curve {
  from: number;
  to: number;
  points: Point[];
  /** Index of the first point after a silence: the stretch before it was not measured. */
  gapsBefore: ReadonlySet<number>;
  /** From this index on the line is only carried forward from the last figure. */
  carriedFrom: number;
  marks: Mark[];
}

/** The schedule asks every 5 minutes; three missed in a row, at the usual spacing, is a silence worth showing. */
const SCHEDULE_MS = 300_000;
const MISSED = 3;

export function curve(history: History, trail: readonly TrailPoint[], tail: Tail | null, to: number, span: number): Curve {
  const from = to - span;
  const points = history.points.flatMap((p) => point(Date.parse(p.at), p.balance, p.low, p.high)).filter((p) => p.at >= from);
  const longest = MISSED * Math.max(history.step_ms, SCHEDULE_MS, usualSpacing(points));
  let last = points.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  for (const seen of trail) {
    if (seen.at <= last || seen.at < from) continue;
    points.push(...point(seen.at, seen.balance, seen.balance, seen.balance));
    last = seen.at;
  }
  const carriedFrom = finish(points, tail, to);
  const gapsBefore = new Set<number>();
  points.forEach((p, i) => {
    const before = points[i - 1];
    if (before !== undefined && i <= carriedFrom && p.at - before.at > longest) gapsBefore.add(i);
  });
  return { from, to, points, gapsBefore, carriedFrom, marks: marks(history.top_ups, points, from) };
}

/** From fewer points than this nothing can be said of their usual spacing. */
const FEW = 5;

/** The median: a server may have been told to ask less often than every 5 minutes. */
function usualSpacing(points: readonly Point[]): number {
  const spacings = points.slice(1).map((p, i) => p.at - (points[i]?.at ?? p.at)).sort((a, b) => a - b);
  return spacings.length < FEW ? 0 : (spacings[Math.floor(spacings.length / 2)] ?? 0);
}

/** Draws on to the present: surely as far as the figure is sure, from there only carried. Returns the index from which it is carried. */
function finish(points: Point[], tail: Tail | null, to: number): number {
  if (tail === null) return points.length - 1;
  const add = (at: number): void => {
    if (at > (points.at(-1)?.at ?? Number.NEGATIVE_INFINITY)) points.push(...point(at, tail.balance, tail.balance, tail.balance));
  };
  add(Math.min(tail.certainUntil, to));
  const carriedFrom = points.length - 1;
  add(to);
  return carriedFrom;
}

function point(at: number, balance: string, lowText: string, highText: string): Point[] {
  const y = toPlotNumber(balance);
  if (y === null || Number.isNaN(at)) return [];
  return [{ at, y, low: toPlotNumber(lowText) ?? y, high: toPlotNumber(highText) ?? y, balance, lowText, highText }];
}

/** A mark sits on the first point that can hold its effect, so that it touches the line. */
function marks(topUps: readonly TopUp[], points: readonly Point[], from: number): Mark[] {
  return topUps.flatMap((topUp) => {
    const at = Date.parse(topUp.at);
    const on = at < from ? undefined : points.find((p) => p.at >= at);
    return on === undefined ? [] : [{ at: on.at, y: on.high, topUp }];
  });
}

/** Until when the shown balance is certain: now while it is live and well, otherwise when the provider last said so. */
export function tailOf(balance: Balance, receivedWall: number, isLive: boolean, wall: number): Tail | null {
  if (balance.balance === null) return null;
  const said = receivedWall - (balance.age_ms ?? 0);
  const isSure = isLive && balance.health === "ok" && (balance.state === "fresh" || balance.state === "settling");
  return { certainUntil: isSure ? wall : said, balance: balance.balance };
}
