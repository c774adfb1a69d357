// Notifications, as a pure list: the newest few, each once.
export interface Toast {
  id: number;
  tone: "good" | "bad";
  text: string;
  reason: string | null;
}

/** More than this would cover the page on a phone. */
export const MAX_TOASTS = 3;

/** Bad news stays longer: it has a reason to read. */
export const TOAST_MS = { good: 5_000, bad: 10_000 } as const;

export function addToast(toasts: readonly Toast[], toast: Toast): readonly Toast[] {
  const others = toasts.filter((old) => old.text !== toast.text || old.reason !== toast.reason);
  return [...others, toast].slice(-MAX_TOASTS);
}

export function dropToast(toasts: readonly Toast[], id: number): readonly Toast[] {
  return toasts.filter((toast) => toast.id !== id);
}
