// A wall clock in a time zone to the instant it means. Pure.

/** How far the zone is ahead of UTC at an instant. */
export function zoneOffsetMs(atMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  }).formatToParts(atMs);
  const of = (type: Intl.DateTimeFormatPartTypes): number => Number.parseInt(parts.find((part) => part.type === type)?.value ?? "0", 10);
  const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return wall - Math.floor(atMs / 1_000) * 1_000;
}

/** `2026-11-22T09:00` in the zone; null where that is no time. An hour that the clocks leave out is moved on by what they skip. */
export function instantOf(wall: string, zone: string): number | null {
  const asUtc = Date.parse(`${wall}:00Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall) || Number.isNaN(asUtc)) return null;
  const guess = asUtc - zoneOffsetMs(asUtc, zone);
  return asUtc - zoneOffsetMs(guess, zone);
}

/** `UTC+03:00`. */
export function offsetWords(atMs: number, zone: string): string {
  const minutes = Math.round(zoneOffsetMs(atMs, zone) / 60_000);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `UTC${minutes < 0 ? "\u2212" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** For the earliest time that may be chosen: the wall clock in the zone, as a date field takes it. */
export function wallClock(atMs: number, zone: string): string {
  return new Date(atMs + zoneOffsetMs(atMs, zone)).toISOString().slice(0, 16);
}
