// The file that is being sent: reads its beginning, streams the whole, follows its batch. The steps are in `bulkSteps`.
import { signal } from "@preact/signals";
import { postBulk, type Upload } from "../api/upload";
import { count } from "../format/words";
import { watchBatch } from "./batches";
import { bulkQuery, bulkStep, NO_FILE, type Bulk, type BulkEvent, type BulkOptions } from "./bulkSteps";
import { activitySoon } from "./loading";
import { LOOK_BYTES, lookAtFile, MEDIA_TYPES } from "./preview";
import { notify } from "./notify";
import { newKey } from "./sending";

export const bulk = signal<Bulk>(NO_FILE);

let body: File | null = null;
let running: Upload | null = null;
/** What was sent last, under which key: the same again keeps its key, so that a second try repeats nothing. */
let last: { query: string; key: string } | null = null;

function step(event: BulkEvent): boolean {
  const before = bulk.value;
  bulk.value = bulkStep(before, event);
  return bulk.value !== before;
}

export async function pick(file: File): Promise<void> {
  const text = await file.slice(0, LOOK_BYTES).arrayBuffer().then(decoded(file.size), () => "");
  const preview = lookAtFile(file.name, text, file.size <= LOOK_BYTES);
  if (!step({ kind: "picked", file: { name: file.name, size: file.size, preview } })) return;
  body = file;
  last = null;
}

/** A character that the cut went through is not shown as an unreadable one. */
function decoded(size: number): (bytes: ArrayBuffer) => string {
  return (bytes) => new TextDecoder("utf-8").decode(bytes, { stream: size > LOOK_BYTES });
}

export function drop(): void {
  if (step({ kind: "dropped" })) body = last = null;
}

export async function sendFile(options: BulkOptions): Promise<void> {
  const before = bulk.value;
  if (body === null || (before.phase !== "ready" && before.phase !== "unsure")) return;
  const query = bulkQuery(before.file, options);
  // After a refusal the same key would only repeat the refusal.
  if (last === null || last.query !== query || before.phase === "ready") last = { query, key: newKey((bytes) => crypto.getRandomValues(bytes)) };
  await stream(body, MEDIA_TYPES[before.file.preview.kind], last);
}

/** The very same again, after no answer came. */
export async function sendAgain(): Promise<void> {
  const before = bulk.value;
  if (body !== null && last !== null && before.phase === "unsure") await stream(body, MEDIA_TYPES[before.file.preview.kind], last);
}

async function stream(file: File, type: string, { query, key }: { query: string; key: string }): Promise<void> {
  step({ kind: "started" });
  running = postBulk({ body: file, type, query, key }, (sent) => step({ kind: "progressed", sent }));
  const got = await running.answer;
  running = null;
  if (got.ok) {
    await watchBatch(got.value.batch_id);
    step({ kind: "answered", answer: got.value });
    notify("good", `${count(got.value.accepted, "message", "messages")} accepted`);
  } else {
    step({ kind: "failed", failure: got.failure });
  }
  activitySoon();
}

export function stopUpload(): void {
  running?.stop();
}
