// The small line of a card, as SVG paths. Pure; coordinates are for drawing alone.
import type { Curve, Point } from "../state/history";

export const SPARK = { width: 300, height: 48, pad: 4 } as const;

export interface SparkPaths {
  area: string;
  solid: string;
  dashed: string;
  /** Where the line ends: also visible when there is no line yet. */
  now: string;
}

export function sparkPaths(curve: Curve): SparkPaths | null {
  const end = curve.points.at(-1);
  if (end === undefined) return null;
  const place = placer(curve);
  const solid: string[] = [];
  const dashed: string[] = [];
  const area: string[] = [];
  let run: Point[] = [];
  const endRun = (): void => {
    const [first] = run;
    const last = run.at(-1);
    if (first !== undefined && last !== undefined && run.length > 1) {
      const line = run.map((p) => place(p)).join("L");
      solid.push(`M${line}`);
      area.push(`M${place(first, true)}L${line}L${place(last, true)}Z`);
    }
    run = [];
  };
  curve.points.forEach((p, i) => {
    const before = curve.points[i - 1];
    if (before !== undefined && (curve.gapsBefore.has(i) || i > curve.carriedFrom)) {
      endRun();
      dashed.push(`M${place(before)}L${place(p)}`);
    }
    run.push(p);
  });
  endRun();
  return { area: area.join(""), solid: solid.join(""), dashed: dashed.join(""), now: `M${place(end)}h0` };
}

function placer(curve: Curve): (p: Point, onGround?: boolean) => string {
  const ys = curve.points.map((p) => p.y);
  const low = Math.min(...ys);
  const span = Math.max(...ys) - low;
  const room = SPARK.height - 2 * SPARK.pad;
  const time = Math.max(1, curve.to - curve.from);
  return (p, onGround = false) => {
    const x = ((p.at - curve.from) / time) * SPARK.width;
    const y = span === 0 ? SPARK.height / 2 : SPARK.pad + (1 - (p.y - low) / span) * room;
    return `${x.toFixed(1)} ${onGround ? SPARK.height : y.toFixed(1)}`;
  };
}
