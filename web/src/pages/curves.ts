// The curve of an account and range, from what is kept; asks for what is missing.
import { serverNow } from "../api/http";
import { curve, rangeMs, tailOf, type Curve, type RangeId } from "../state/history";
import { historyKey, histories, trails, wantHistory } from "../state/histories";
import { book, live } from "../state/model";

export interface Looked {
  curve: Curve | null;
  failed: boolean;
}

/** Reads signals, so a component that calls it is drawn again when they change. */
export function lookAt(id: string, range: RangeId): Looked {
  const entry = histories.value.get(historyKey(id, range));
  if (entry?.history == null) return { curve: null, failed: entry?.failed === true };
  const shown = book.value.get(id);
  const wall = serverNow();
  const tail = shown === undefined ? null : tailOf(shown.balance, shown.receivedWall, live.value, wall);
  return { curve: curve(entry.history, trails.value.get(id) ?? [], tail, wall, rangeMs(range)), failed: entry.failed };
}

/** Called when drawn, not while drawing. */
export function keepCurrent(id: string, range: RangeId): void {
  wantHistory(id, range);
}
