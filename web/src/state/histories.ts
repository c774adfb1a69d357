// Keeps the history of each account and range that is being looked at, and what this page has seen since it was asked for.
import { signal } from "@preact/signals";
import { serverNow } from "../api/http";
import { getHistory } from "../api/routes";
import type { Balance, History } from "../api/types";
import { steadyNow } from "./clock";
import { rangeMs, type RangeId, type TrailPoint } from "./history";

interface Entry {
  history: History | null;
  failed: boolean;
  loading: boolean;
  askedAt: number;
}

export const histories = signal<ReadonlyMap<string, Entry>>(new Map());
/** By account id. */
export const trails = signal<ReadonlyMap<string, readonly TrailPoint[]>>(new Map());

/** Enough for hours of changes; older ones are in the next answer of the server. */
const MAX_TRAIL = 400;

/** The page draws on by itself, so a history need not be young; the shorter the range, the finer it looks. */
function keepMs(range: RangeId): number {
  switch (range) {
    case "1h":
      return 30_000;
    case "24h":
      return 120_000;
    case "7d":
    case "30d":
      return 600_000;
  }
}

const RETRY_MS = 10_000;

export function historyKey(id: string, range: RangeId): string {
  return `${id} ${range}`;
}

/** Asks when there is none, or it has grown old. Cheap to call often. */
export function wantHistory(id: string, range: RangeId): void {
  const entry = histories.value.get(historyKey(id, range));
  if (entry?.loading === true) return;
  const keep = entry?.failed === true ? RETRY_MS : keepMs(range);
  if (entry === undefined || steadyNow() - entry.askedAt >= keep) void load(id, range);
}

async function load(id: string, range: RangeId): Promise<void> {
  const old = histories.value.get(historyKey(id, range));
  const askedAt = steadyNow();
  put(id, range, { history: old?.history ?? null, failed: old?.failed ?? false, loading: true, askedAt });
  const to = serverNow();
  const got = await getHistory(id, to - rangeMs(range), to);
  const history = got.ok ? got.value : (old?.history ?? null);
  put(id, range, { history, failed: !got.ok, loading: false, askedAt });
}

function put(id: string, range: RangeId, entry: Entry): void {
  histories.value = new Map(histories.value).set(historyKey(id, range), entry);
}

/** Adds the figure just taken to the end of the line. */
export function remember(balance: Balance, at: number): void {
  if (balance.balance === null) return;
  const trail = trails.value.get(balance.account_id) ?? [];
  const next = [...trail, { at, balance: balance.balance }].slice(-MAX_TRAIL);
  trails.value = new Map(trails.value).set(balance.account_id, next);
}

/** A top-up that a kept history has not heard of yet makes it old. */
export function noteTopUp(at: number): void {
  let touched = false;
  const next = new Map(histories.value);
  for (const [key, entry] of next) {
    if (entry.history === null || Date.parse(entry.history.to) >= at) continue;
    next.set(key, { ...entry, askedAt: Number.NEGATIVE_INFINITY });
    touched = true;
  }
  if (touched) histories.value = next;
}
