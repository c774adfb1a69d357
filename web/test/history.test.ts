import { describe, expect, it } from "vitest";
import type { History } from "../src/api/types";
import { curve, tailOf } from "../src/state/history";
import { sparkPaths } from "../src/ui/spark";
import { balance } from "./samples";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse("2026-11-22T09:00:00Z");
const iso = (ms: number): string => new Date(ms).toISOString();

function history(points: [minutesAgo: number, balance: string][], topUps: History["top_ups"] = []): History {
  return {
    account: "onfon", unit: "units", from: iso(NOW - HOUR), to: iso(NOW), step_ms: 5 * MINUTE, top_ups: topUps,
    points: points.map(([ago, text]) => ({ at: iso(NOW - ago * MINUTE), balance: text, low: text, high: text })),
  };
}

describe("the curve", () => {
  it("keeps the decimal strings beside the positions", () => {
    const { points } = curve(history([[10, "100.10"], [5, "90.30"]]), [], null, NOW, HOUR);
    expect(points.map((p) => p.balance)).toEqual(["100.10", "90.30"]);
    expect(points.map((p) => p.y)).toEqual([100.1, 90.3]);
  });

  it("leaves out what cannot be read instead of drawing zero", () => {
    expect(curve(history([[10, "100.00"], [5, "?"]]), [], null, NOW, HOUR).points).toHaveLength(1);
  });

  it("breaks at a silence of more than three missed questions, not at one missed", () => {
    const { gapsBefore } = curve(history([[50, "9.00"], [40, "8.00"], [10, "7.00"]]), [], null, NOW, HOUR);
    expect([...gapsBefore]).toEqual([2]);
  });

  it("draws on to now while the figure is certain", () => {
    const sure = curve(history([[5, "9.00"]]), [], { certainUntil: NOW, balance: "8.00" }, NOW, HOUR);
    expect(sure.points.map((p) => p.balance)).toEqual(["9.00", "8.00"]);
    expect(sure.carriedFrom).toBe(1);
  });

  it("does not call it a silence when the server asks seldom, as it was told to", () => {
    const everyHalfHour = Array.from({ length: 12 }, (_, i) => [360 - 30 * i, "9.00"] as [number, string]);
    expect(curve(history(everyHalfHour), [], null, NOW, 6 * HOUR).gapsBefore.size).toBe(0);
    const withSilence = everyHalfHour.filter(([minutes]) => minutes < 120 || minutes > 210);
    expect([...curve(history(withSilence), [], null, NOW, 6 * HOUR).gapsBefore]).toEqual([5]);
  });

  it("only carries the last figure on from where it was last certain", () => {
    const stale = curve(history([[30, "9.00"]]), [], { certainUntil: NOW - 25 * MINUTE, balance: "9.00" }, NOW, HOUR);
    expect(stale.points.map((p) => (NOW - p.at) / MINUTE)).toEqual([30, 25, 0]);
    expect(stale.carriedFrom).toBe(1);
    expect(stale.gapsBefore.size).toBe(0);
  });

  it("adds what the page has seen since, once", () => {
    const trail = [{ at: NOW - 6 * MINUTE, balance: "9.50" }, { at: NOW - MINUTE, balance: "8.50" }];
    const { points } = curve(history([[5, "9.00"]]), trail, null, NOW, HOUR);
    expect(points.map((p) => p.balance)).toEqual(["9.00", "8.50"]);
  });

  it("drops what has left the range as time goes on", () => {
    expect(curve(history([[59, "9.00"], [5, "8.00"]]), [], null, NOW + 5 * MINUTE, HOUR).points).toHaveLength(1);
  });

  it("puts a top-up on the first point that can show it", () => {
    const topUp = { at: iso(NOW - 7 * MINUTE), amount_low: "50.00", amount_high: "50.00", settled: true };
    const { marks } = curve(history([[10, "5.00"], [5, "55.00"]], [topUp]), [], null, NOW, HOUR);
    expect(marks).toEqual([{ at: NOW - 5 * MINUTE, y: 55, topUp }]);
    expect(curve(history([], [topUp]), [], null, NOW, HOUR).marks).toEqual([]);
  });
});

describe("how far the figure is certain", () => {
  it("to now when live, well, and fresh or settling; otherwise to when the provider said it", () => {
    expect(tailOf(balance({ state: "fresh" }), NOW, true, NOW + 1_000)?.certainUntil).toBe(NOW + 1_000);
    expect(tailOf(balance({ state: "fresh", age_ms: 4_000 }), NOW, false, NOW + 1_000)?.certainUntil).toBe(NOW - 4_000);
    expect(tailOf(balance({ state: "stale", age_ms: 4_000 }), NOW, true, NOW)?.certainUntil).toBe(NOW - 4_000);
    expect(tailOf(balance({ state: "fresh", health: "failing", age_ms: 4_000 }), NOW, true, NOW)?.certainUntil).toBe(NOW - 4_000);
    expect(tailOf(balance({ balance: null }), NOW, true, NOW)).toBeNull();
  });
});

describe("the small line", () => {
  it("is a dot where it has just begun, and dashed where nothing was measured", () => {
    expect(sparkPaths(curve(history([]), [], null, NOW, HOUR))).toBeNull();
    expect(sparkPaths(curve(history([[5, "9.00"]]), [], null, NOW, HOUR))).toEqual({ area: "", solid: "", dashed: "", now: "M275.0 24.0h0" });
    const paths = sparkPaths(curve(history([[50, "9.00"], [45, "8.00"], [10, "7.00"], [5, "6.00"]]), [], null, NOW, HOUR));
    expect(paths?.solid.match(/M/g)).toHaveLength(2);
    expect(paths?.dashed.match(/M/g)).toHaveLength(1);
  });

  it("lies in the middle when nothing changed", () => {
    expect(sparkPaths(curve(history([[10, "9.00"], [5, "9.00"]]), [], null, NOW, HOUR))?.solid).toMatch(/^M\d+\.\d 24\.0L\d+\.\d 24\.0$/);
  });
});
