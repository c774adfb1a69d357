// How the page hangs on the server: the state of the event stream, in words for people. Pure.
export interface Link {
  phase: "connecting" | "live" | "reconnecting" | "offline";
  /** Tries since the stream was last open. */
  attempts: number;
  /** Steady clock: since when there is no stream; when the next try is due. */
  since: number | null;
  nextTryAt: number | null;
}

export type LinkEvent =
  | { kind: "opened" }
  | { kind: "dropped"; at: number; nextTryAt: number; online: boolean }
  | { kind: "trying" }
  | { kind: "paused" }
  | { kind: "network"; online: boolean };

export const CONNECTING: Link = { phase: "connecting", attempts: 0, since: null, nextTryAt: null };

export function linkStep(link: Link, event: LinkEvent): Link {
  switch (event.kind) {
    case "opened":
      return { phase: "live", attempts: 0, since: null, nextTryAt: null };
    case "dropped":
      return {
        phase: event.online ? "reconnecting" : "offline",
        attempts: link.attempts + 1,
        since: link.since ?? event.at,
        nextTryAt: event.nextTryAt,
      };
    case "trying":
      return { ...link, nextTryAt: null };
    case "paused":
      return CONNECTING;
    case "network":
      // An open stream knows better than the browser's guess: a page on loopback is live without any network.
      if (link.phase === "live" || link.phase === "connecting") return link;
      return { ...link, phase: event.online ? "reconnecting" : "offline" };
  }
}

/** What the page is called while it hangs so. */
export function linkWord(link: Link): string {
  switch (link.phase) {
    case "live":
      return "Live";
    case "offline":
      return "Offline";
    case "connecting":
      return "Connecting…";
    case "reconnecting":
      return "Reconnecting…";
  }
}
