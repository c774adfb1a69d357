// Ages, waits and clock times as text. Pure: now, and the time zone, come in as arguments.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function two(big: number, bigName: string, small: number, smallName: string): string {
  return small === 0 ? `${big} ${bigName}` : `${big} ${bigName} ${small} ${smallName}`;
}

/** `4 s`, `23 min`, `3 h 5 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) return two(Math.floor(whole / HOUR), "h", Math.floor((whole % HOUR) / MINUTE), "min");
  return two(Math.floor(whole / DAY), "d", Math.floor((whole % DAY) / HOUR), "h");
}

/** `just now`, then `3 s ago`. */
export function age(ms: number): string {
  return ms < SECOND ? "just now" : `${duration(ms)} ago`;
}

/** `in 41 s`; a moment that has come reads `now`. Rounded up, so that it never says 0 s before the time. */
export function wait(ms: number): string {
  if (ms <= 0) return "now";
  return `in ${duration(Math.ceil(ms / SECOND) * SECOND)}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(key: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${key} ${zone}`;
  let made = formats.get(id);
  if (made === undefined) {
    made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
    formats.set(id, made);
  }
  return made;
}

/** A zone this browser does not know falls back to UTC rather than failing the page. */
export function knownZone(zone: string): string {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return zone;
  } catch {
    return "UTC";
  }
}

/** `09:04`. */
export function clock(atMs: number, zone: string): string {
  return format("clock", zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(atMs);
}

/** `22 Nov`. */
export function dayOfMonth(atMs: number, zone: string): string {
  return format("date", zone, { day: "numeric", month: "short" }).format(atMs);
}

/** `Sun 22 Nov, 09:04`. */
export function dayAndClock(atMs: number, zone: string): string {
  const day = format("day", zone, { weekday: "short", day: "numeric", month: "short" }).format(atMs).replace(",", "");
  return `${day}, ${clock(atMs, zone)}`;
}

/** The time alone when it was today, otherwise with its day: `09:04`, `21 Nov, 09:04`. */
export function shortMoment(atMs: number, nowMs: number, zone: string): string {
  const day = dayOfMonth(atMs, zone);
  return day === dayOfMonth(nowMs, zone) ? clock(atMs, zone) : `${day}, ${clock(atMs, zone)}`;
}
