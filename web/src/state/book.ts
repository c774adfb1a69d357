// What is shown of every account: whole snapshots, the newest by `version`. Pure. A viewer never goes back:
// a snapshot that is not newer than the one shown changes nothing, whichever way it came.
import type { Balance } from "../api/types";
import { grouped } from "../format/units";

export interface Shown {
  balance: Balance;
  /** On the steady clock; ages grow from here. */
  receivedAt: number;
  /** On the server's wall clock; for the chart. */
  receivedWall: number;
  /** How often the displayed figure has changed since the page opened. */
  changes: number;
  changedAt: number | null;
}

/** By account id. */
export type Book = ReadonlyMap<string, Shown>;

export interface Moment {
  steady: number;
  wall: number;
}

/** The figure as it is displayed; `null` where there is none, which is never zero. */
export function displayed(balance: Balance): string | null {
  return balance.balance === null ? null : grouped(balance.balance);
}

export function take(book: Book, balance: Balance, at: Moment): Book {
  const before = book.get(balance.account_id);
  if (before !== undefined && balance.version <= before.balance.version) return book;
  const changed = before !== undefined && displayed(before.balance) !== displayed(balance);
  const shown: Shown = {
    balance,
    receivedAt: at.steady,
    receivedWall: at.wall,
    changes: (before?.changes ?? 0) + (changed ? 1 : 0),
    changedAt: changed ? at.steady : (before?.changedAt ?? null),
  };
  return new Map(book).set(balance.account_id, shown);
}

/** The age of the provider's word now: what it was when it came, and what has passed since. */
export function ageMs(shown: Shown, steady: number): number | null {
  return shown.balance.age_ms === null ? null : shown.balance.age_ms + Math.max(0, steady - shown.receivedAt);
}

/** For how long a new figure carries its mark. */
export const UPDATED_MARK_MS = 4_000;

export function isMarkedUpdated(shown: Shown, steady: number): boolean {
  return shown.changedAt !== null && steady - shown.changedAt < UPDATED_MARK_MS;
}

/** Without the stream the server's word for the state is soon no longer sure; the page then says that it is the last known one. */
const STATE_TRUSTED_MS = 10_000;

export function isLastKnown(shown: Shown, live: boolean, steady: number): boolean {
  return !live && steady - shown.receivedAt > STATE_TRUSTED_MS;
}
