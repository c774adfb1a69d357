// The one message that is looked at, and what a person may do with it.
import { signal } from "@preact/signals";
import type { Failure, Result } from "../api/http";
import { cancelMessage, getMessage, resolveMessage } from "../api/routes";
import type { Message, MessageDetail, Resolution } from "../api/types";
import { resolvedWords } from "../format/resolving";
import { reasonOf } from "./failures";
import { activitySoon, atMostEvery } from "./loading";
import { notify } from "./notify";

export const detail = signal<MessageDetail | null>(null);
export const detailFailure = signal<Failure | null>(null);
export const isActing = signal(false);

let wanted: string | null = null;
let turn = 0;

export async function lookAtMessage(id: string | null): Promise<void> {
  if (id !== wanted) {
    detail.value = null;
    detailFailure.value = null;
  }
  wanted = id;
  if (id === null) return;
  const mine = (turn += 1);
  const got = await getMessage(id);
  if (mine !== turn || wanted !== id) return;
  detailFailure.value = got.ok ? null : got.failure;
  if (got.ok) detail.value = got.value;
}

const againSoon = atMostEvery(() => void lookAtMessage(wanted), 1_000);

export function detailAgain(): void {
  if (wanted !== null) againSoon();
}

/** Something was said of a message or of a batch; if it is the one on screen, it is read again. */
export function detailMoved(id: string): void {
  const shown = detail.value;
  if (shown !== null && (shown.id === id || shown.batch_id === id)) againSoon();
}

export async function cancel(id: string): Promise<void> {
  await act(id, () => cancelMessage(id), "Message cancelled", "The message was not cancelled");
}

export async function resolve(id: string, as: Resolution): Promise<void> {
  await act(id, () => resolveMessage(id, as), resolvedWords(as), "The message was not resolved");
}

async function act(id: string, request: () => Promise<Result<Message | MessageDetail>>, done: string, failed: string): Promise<void> {
  if (isActing.value) return;
  isActing.value = true;
  const got = await request();
  isActing.value = false;
  if (got.ok) notify("good", done);
  else notify("bad", failed, reasonOf(got.failure));
  activitySoon();
  // Also after a refusal: it was refused because the message is elsewhere by now.
  if (wanted === id) await lookAtMessage(id);
}
