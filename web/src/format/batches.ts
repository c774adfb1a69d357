// Batches in words and in parts of a bar. Pure.
import type { Batch, BatchSource, BatchState, BatchVerb, Counts, MessageState } from "../api/types";
import { duration } from "./time";
import { asSent, count, messageWord, type Shade, type Word } from "./words";

export function batchWord(state: BatchState): Word {
  switch (state) {
    case "receiving":
      return { text: "receiving", tone: "info", hint: "Its lines are still coming in; nothing of it is sent before all are here." };
    case "running":
      return { text: "running", tone: "info", hint: "Its messages are going out." };
    case "paused":
      return { text: "paused", tone: "warn", hint: "Nothing of it is sent until somebody resumes it." };
    case "cancelled":
      return { text: "cancelled", tone: "neutral", hint: "What had not left was taken back." };
    case "refused":
      return { text: "refused", tone: "bad", hint: "Nothing of it was sent." };
    case "done":
      return { text: "done", tone: "good", hint: "Nothing of it waits any more." };
    default:
      return asSent(state satisfies never);
  }
}

export function sourceWord(source: BatchSource): string {
  switch (source) {
    case "list":
      return "a list of numbers";
    case "csv":
      return "a CSV file";
    case "ndjson":
      return "an NDJSON file";
    default:
      return asSent(source satisfies never).text;
  }
}

export function steeredWords(verb: BatchVerb): string {
  switch (verb) {
    case "pause":
      return "Batch paused";
    case "resume":
      return "Batch resumed";
    case "cancel":
      return "Batch cancelled";
  }
}

/** In the order of the bar: what is over first, what waits last. */
const ORDER: readonly MessageState[] = [
  "delivered", "sent", "unknown", "undelivered", "rejected", "failed", "expired", "cancelled", "submitting", "queued", "scheduled",
];

export interface Part {
  state: MessageState;
  count: number;
  tone: Shade;
  /** Of a bar 1,000 wide; whole steps, and the last part ends where the bar ends. */
  from: number;
  width: number;
}

export const BAR_WIDTH = 1_000;

/** What waits is the bar's ground and has no part of its own. */
export function partsOf(counts: Counts): Part[] {
  const present = ORDER.map((state) => ({ state, count: counts[state] ?? 0 })).filter((part) => part.count > 0);
  const all = present.reduce((sum, part) => sum + part.count, 0);
  let before = 0;
  return present.map(({ state, count: n }) => {
    const from = Math.round((before / all) * BAR_WIDTH);
    before += n;
    const tone = isWaiting(state) ? "neutral" : messageWord(state).tone;
    return { state, count: n, tone, from, width: Math.round((before / all) * BAR_WIDTH) - from };
  });
}

function isWaiting(state: MessageState): boolean {
  return state === "submitting" || state === "queued" || state === "scheduled";
}

export function waiting(counts: Counts): number {
  return counts.scheduled + counts.queued + counts.submitting;
}

/** What has left or been given up; what was taken back never began. */
export function begun({ messages, counts }: Batch): number {
  return Math.max(0, messages - waiting(counts) - counts.cancelled);
}

/** `38 a second`, `0.4 a second`. */
export function rateWords(perSecond: number): string {
  return `${perSecond >= 10 ? Math.round(perSecond).toLocaleString("en-US") : String(Math.round(perSecond * 10) / 10)} a second`;
}

/** How it goes, in one line; nothing where there is nothing to say. */
export function paceWords(batch: Batch): string {
  if (batch.state !== "running") return "";
  const parts = [];
  if (batch.rate_per_second !== null && batch.rate_per_second > 0) parts.push(rateWords(batch.rate_per_second));
  if (batch.time_left_ms !== null) parts.push(`about ${duration(Math.max(1_000, batch.time_left_ms))} left`);
  return parts.join(", ");
}

/** What was not taken of what came in; the server counts duplicates among the rejected. */
export function refusedWords(batch: { rejected: number; duplicates: number; not_covered?: number }): string {
  const parts = [];
  const faulty = batch.rejected - batch.duplicates;
  if (faulty > 0) parts.push(count(faulty, "line with an error", "lines with errors"));
  if (batch.duplicates > 0) parts.push(count(batch.duplicates, "duplicate", "duplicates"));
  if (batch.not_covered !== undefined && batch.not_covered > 0) parts.push(`${count(batch.not_covered, "message", "messages")} that the credit does not cover`);
  return parts.join(", ");
}

export function nameOf(batch: Batch): string {
  return batch.name ?? batch.id;
}
