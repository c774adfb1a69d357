// The sync button's four states, as a pure machine: idle → loading → success or error → idle.
export type Sync =
  | { phase: "idle"; startedAt: number; retryAt: number | null }
  | { phase: "loading"; startedAt: number; retryAt: null }
  | { phase: "success"; startedAt: number; retryAt: null }
  | { phase: "error"; startedAt: number; retryAt: number | null; reason: string };

export type SyncEvent =
  | { kind: "pressed"; at: number }
  | { kind: "succeeded" }
  | { kind: "refused"; reason: string; retryAt: number | null }
  | { kind: "settled" };

export const IDLE: Sync = { phase: "idle", startedAt: Number.NEGATIVE_INFINITY, retryAt: null };

/** Two presses closer than this are one wish (a double click, a held Enter), also when the first has been answered in between. */
export const ONE_WISH_MS = 600;

/** How long ✓ or ✗ stays before the button is idle again. */
export const OUTCOME_MS = { success: 2_000, error: 4_000 } as const;

/** The same object comes back when the event changes nothing; a press that does so makes no request. */
export function syncStep(sync: Sync, event: SyncEvent): Sync {
  switch (event.kind) {
    case "pressed":
      if (sync.phase === "loading" || event.at - sync.startedAt < ONE_WISH_MS) return sync;
      return { phase: "loading", startedAt: event.at, retryAt: null };
    case "succeeded":
      return sync.phase === "loading" ? { ...sync, phase: "success" } : sync;
    case "refused":
      return sync.phase === "loading" ? { ...sync, phase: "error", reason: event.reason, retryAt: event.retryAt } : sync;
    case "settled":
      if (sync.phase === "loading" || sync.phase === "idle") return sync;
      return { phase: "idle", startedAt: sync.startedAt, retryAt: sync.retryAt };
  }
}
