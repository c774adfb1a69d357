// What the batches page shows, and every batch that an event or an answer has told of. Actions on a batch are here too.
import { signal } from "@preact/signals";
import type { Failure, Result } from "../api/http";
import { getBatch, getBatches, getLineErrors, steerBatch } from "../api/routes";
import type { Batch, BatchVerb, LineError } from "../api/types";
import { steeredWords } from "../format/batches";
import { reasonOf } from "./failures";
import { change } from "./listing";
import { activitySoon } from "./loading";
import { notify } from "./notify";
import { Reading } from "./reading";

const EVERY_MS = 3_000;

export const batchReading = new Reading<Batch>(async (query) => {
  const got = await getBatches(query);
  return got.ok ? { ok: true, value: { rows: got.value.batches, next: got.value.next_cursor } } : got;
}, EVERY_MS);

/** The batches somebody looks at one by one: on their own page, or after a file was sent. */
export const watched = signal<ReadonlyMap<string, Batch>>(new Map());
export const batchFailure = signal<Failure | null>(null);
export const isSteering = signal(false);

export async function watchBatch(id: string): Promise<void> {
  if (!watched.value.has(id)) batchFailure.value = null;
  const got = await newest(id, getBatch(id));
  batchFailure.value = got.ok ? null : got.failure;
  if (got.ok) keep(got.value);
}

/** What events said of a batch while an answer about it was under way: newer than that answer. */
const meanwhile = new Map<string, Batch | null>();

async function newest(id: string, answer: Promise<Result<Batch>>): Promise<Result<Batch>> {
  meanwhile.set(id, null);
  const got = await answer;
  const heard = meanwhile.get(id) ?? null;
  meanwhile.delete(id);
  return got.ok && heard !== null ? { ok: true, value: heard } : got;
}

/** Every second of them may be a second's progress of another; only those on screen are kept. */
const MOST_WATCHED = 20;

function keep(batch: Batch): void {
  const next = new Map(watched.value);
  next.delete(batch.id);
  next.set(batch.id, batch);
  const [oldest] = next.keys();
  if (next.size > MOST_WATCHED && oldest !== undefined) next.delete(oldest);
  watched.value = next;
}

export function batchMoved(batch: Batch): void {
  if (meanwhile.has(batch.id)) meanwhile.set(batch.id, batch);
  if (watched.value.has(batch.id)) keep(batch);
  const { listing } = batchReading;
  if (listing.value === null) return;
  const after = change(listing.value, batch.id, () => batch);
  // One that is not listed is new: the server knows where it belongs.
  if (after === listing.value) batchReading.soon();
  else listing.value = after;
}

/** After a time without events. */
export function batchesAgain(): void {
  batchReading.soon();
  for (const id of watched.value.keys()) void watchBatch(id);
}

export async function steer(id: string, verb: BatchVerb): Promise<void> {
  if (isSteering.value) return;
  isSteering.value = true;
  const got = await steerBatch(id, verb);
  isSteering.value = false;
  if (got.ok) {
    keep(got.value);
    batchMoved(got.value);
    notify("good", steeredWords(verb));
  } else {
    notify("bad", "The batch is as it was", reasonOf(got.failure));
  }
  // Either way something of it may have moved on since that answer was made.
  await watchBatch(id);
  activitySoon();
}

export interface ErrorPages {
  batch: string;
  errors: readonly LineError[];
  next: string | null;
  failure: Failure | null;
}

export const lineErrors = signal<ErrorPages | null>(null);

/** The first page, or the next one of what is there. */
export async function readErrors(id: string, isNext: boolean): Promise<void> {
  const before = isNext && lineErrors.value?.batch === id ? lineErrors.value : { batch: id, errors: [], next: null, failure: null };
  const got = await getLineErrors(id, `limit=100${before.next === null ? "" : `&cursor=${encodeURIComponent(before.next)}`}`);
  lineErrors.value = got.ok
    ? { batch: id, errors: [...before.errors, ...got.value.errors], next: got.value.next_cursor, failure: null }
    : { ...before, failure: got.failure };
}
