// Amounts as text. They come as decimal strings and stay strings: no arithmetic, no float, nothing rounded.

const AMOUNT = /^([-+]?)(\d+)(?:\.(\d+))?$/;
const MINUS = "\u2212";

interface Parts {
  negative: boolean;
  whole: string;
  fraction: string;
}

function parts(amount: string): Parts | null {
  const match = AMOUNT.exec(amount);
  if (match === null) return null;
  const [, sign = "", whole = "0", fraction = ""] = match;
  return { negative: sign === "-", whole: whole.replace(/^0+(?=\d)/, ""), fraction };
}

/** `"11378.5"` → `11,378.50`: two digits, or as many as it takes, so that what is not zero never reads 0.00. Anything unreadable is shown as it came. */
export function grouped(amount: string): string {
  const read = parts(amount);
  if (read === null) return amount;
  const whole = read.whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  const fraction = read.fraction.replace(/0+$/, "").padEnd(2, "0");
  return `${read.negative && !isZero(amount) ? MINUS : ""}${whole}.${fraction}`;
}

/** `11,378.50 units`. */
export function withUnit(amount: string, unit: string): string {
  return `${grouped(amount)} ${unit}`;
}

/** A change: `+5,000.00`, `−3.00`, and `0.00` for none. */
export function signed(amount: string): string {
  const text = grouped(amount);
  return isZero(amount) || text.startsWith(MINUS) || parts(amount) === null ? text : `+${text}`;
}

export function isZero(amount: string): boolean {
  return /^[-+]?0+(?:\.0+)?$/.test(amount);
}

export function isNegative(amount: string): boolean {
  return amount.startsWith("-") && !isZero(amount);
}

/** A top-up is known between two bounds until it has settled. */
export function amountBetween(low: string, high: string): string {
  return grouped(low) === grouped(high) ? signed(low) : `${signed(low)} to ${grouped(high)}`;
}
