// A file on its way to the server, step by step. Pure.
import type { Failure } from "../api/http";
import type { BulkAccepted } from "../api/types";
import type { Preview } from "./preview";

export interface Picked {
  name: string;
  size: number;
  preview: Preview;
}

export type Bulk =
  | { phase: "none" }
  /** Chosen and looked at; `failure` says why the last try was refused, which is certain. */
  | { phase: "ready"; file: Picked; failure: Failure | null }
  | { phase: "sending"; file: Picked; sent: number }
  /** No answer came: the server may have taken all of it. Only the same again is safe. */
  | { phase: "unsure"; file: Picked }
  | { phase: "taken"; file: Picked; answer: BulkAccepted };

export type BulkEvent =
  | { kind: "picked"; file: Picked }
  | { kind: "dropped" }
  | { kind: "started" }
  | { kind: "progressed"; sent: number }
  | { kind: "answered"; answer: BulkAccepted }
  | { kind: "failed"; failure: Failure };

export const NO_FILE: Bulk = { phase: "none" };

/** The same object comes back when the event changes nothing. */
export function bulkStep(bulk: Bulk, event: BulkEvent): Bulk {
  switch (event.kind) {
    case "picked":
      return bulk.phase === "sending" || bulk.phase === "unsure" ? bulk : { phase: "ready", file: event.file, failure: null };
    case "dropped":
      return bulk.phase === "sending" ? bulk : NO_FILE;
    case "started":
      return bulk.phase === "ready" || bulk.phase === "unsure" ? { phase: "sending", file: bulk.file, sent: 0 } : bulk;
    case "progressed":
      return bulk.phase === "sending" && event.sent > bulk.sent ? { ...bulk, sent: event.sent } : bulk;
    case "answered":
      return bulk.phase === "sending" ? { phase: "taken", file: bulk.file, answer: event.answer } : bulk;
    case "failed":
      if (bulk.phase !== "sending") return bulk;
      return isCertain(event.failure) ? { phase: "ready", file: bulk.file, failure: event.failure } : { phase: "unsure", file: bulk.file };
  }
}

/** A refusal in the server's own words and of the 4xx kind: nothing of it will be sent. */
function isCertain(failure: Failure): boolean {
  return failure.kind === "problem" && failure.problem.status < 500 && failure.problem.code !== "stream_taken_over";
}

/** In whole percent; all of it is 100 only when all has left. */
export function percent(sent: number, size: number): number {
  if (size === 0) return 100;
  return Math.min(100, Math.floor((sent * 100) / size));
}

/** `14.2 MB`. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1_000, "kB"] : bytes < 1_000_000_000 ? [bytes / 1_000_000, "MB"] : [bytes / 1_000_000_000, "GB"];
  return `${amount < 10 ? amount.toFixed(1) : amount.toFixed(0)} ${unit}`;
}

export interface BulkOptions {
  account: string | undefined;
  from: string;
  text: string;
  sendAt: string | null;
  priority: string;
  onShort: string;
  toColumn: string | null;
}

/** What the address says beside the file; what is as usual is left out. */
export function bulkQuery(file: Picked, options: BulkOptions): string {
  const query = new URLSearchParams();
  const set = (name: string, value: string | null | undefined): void => {
    if (value !== null && value !== undefined && value !== "") query.set(name, value);
  };
  set("account", options.account);
  set("from", options.from);
  set("text", options.text);
  set("send_at", options.sendAt);
  set("priority", options.priority);
  set("on_short", options.onShort);
  set("name", file.name);
  if (file.preview.kind === "csv") {
    set("to_column", options.toColumn);
    if (file.preview.delimiter !== ",") set("delimiter", file.preview.delimiter);
  }
  return query.toString();
}
