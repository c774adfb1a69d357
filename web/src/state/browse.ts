// What the messages page shows: the list under its filters, kept current by events.
import { getMessages } from "../api/routes";
import type { Batch, Message, MessageChange } from "../api/types";
import { filtersOf, toQuery } from "./filters";
import { change } from "./listing";
import { Reading } from "./reading";
import { place } from "./route";

const EVERY_MS = 3_000;

export const reading = new Reading<Message>(async (query) => {
  const got = await getMessages(query);
  return got.ok ? { ok: true, value: { rows: got.value.messages, next: got.value.next_cursor } } : got;
}, EVERY_MS);

/** Shows what the address asks for. */
export function browse(query: string): void {
  void reading.show(toQuery(filtersOf(query)));
}

export function messageMoved(moved: MessageChange): void {
  const { listing } = reading;
  if (listing.value !== null) listing.value = change(listing.value, moved.id, (row) => ({ ...row, state: moved.state, cause: moved.cause }));
  reading.soon();
}

/** Messages of large batches send no event each; their batch tells that some have moved. */
export function messagesOfBatchMoved(batch: Batch): void {
  const wanted = filtersOf(place.value.query).batch;
  if (wanted === "" || wanted === batch.id) reading.soon();
}
