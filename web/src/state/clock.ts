// Two clocks. `steadyNow` only grows and is what ages are counted with; it survives both a sleeping laptop (where the
// monotonic clock may stand still) and a corrected wall clock (which may jump back). `now` is it, as a signal that ticks.
import { signal } from "@preact/signals";

export interface RawClock {
  wall(): number;
  monotonic(): number;
}

/** Adds up what passed between two readings: the larger of the two clocks' differences, never less than nothing. */
export function steadyClock(raw: RawClock): () => number {
  let wall = raw.wall();
  let monotonic = raw.monotonic();
  let elapsed = 0;
  return () => {
    const nextWall = raw.wall();
    const nextMonotonic = raw.monotonic();
    elapsed += Math.max(0, nextWall - wall, nextMonotonic - monotonic);
    wall = nextWall;
    monotonic = nextMonotonic;
    return elapsed;
  };
}

export const steadyNow = steadyClock({ wall: () => Date.now(), monotonic: () => performance.now() });

export const now = signal(steadyNow());

const TICK_MS = 500;

export function startTicking(): void {
  const tick = (): void => {
    now.value = steadyNow();
  };
  setInterval(tick, TICK_MS);
  document.addEventListener("visibilitychange", tick);
}
