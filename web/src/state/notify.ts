// Notifications and what is read out. Writes `toasts` and `announcement`, nothing else.
import { announcement, toasts } from "./model";
import { addToast, dropToast, TOAST_MS, type Toast } from "./toasts";

let lastId = 0;

export function notify(tone: Toast["tone"], text: string, reason: string | null = null): void {
  lastId += 1;
  const toast: Toast = { id: lastId, tone, text, reason };
  toasts.value = addToast(toasts.value, toast);
  setTimeout(() => dismiss(toast.id), TOAST_MS[tone]);
}

export function dismiss(id: number): void {
  toasts.value = dropToast(toasts.value, id);
}

/** Under steady traffic a figure changes every second; nobody can listen to that. The first change is read at once, then the newest every few seconds. */
const READ_OUT_EVERY_MS = 4_000;

const waiting = new Map<string, string>();
let timer: ReturnType<typeof setTimeout> | undefined;

export function readOut(account: string, figure: string): void {
  waiting.set(account, `${account}: ${figure}`);
  if (timer === undefined) speak();
}

function speak(): void {
  if (waiting.size === 0) {
    timer = undefined;
    return;
  }
  announcement.value = [...waiting.values()].join(". ");
  waiting.clear();
  timer = setTimeout(speak, READ_OUT_EVERY_MS);
}
