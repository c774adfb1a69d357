// The only EventSource. Keeps one stream open and says what came over it; knows nothing of balances or pages.
// The browser's own reconnection is not used: it stops for good on some answers and never says when it will try again.
export interface Stream {
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** What the outside gives; tests give their own. */
export interface Surroundings {
  open(): Stream;
  /** Runs `then` later; the answer takes it back. */
  later(then: () => void, ms: number): () => void;
  random(): number;
}

export interface Listener {
  opened(): void;
  dropped(nextTryInMs: number): void;
  trying(): void;
  paused(): void;
  event(type: string, data: unknown): void;
}

export const EVENT_TYPES = ["balance", "message", "batch", "alert", "refresh"] as const;

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
/** Jitter only shortens, so that a restarted server is not met by everybody at once, nor anybody kept waiting longer. */
const JITTER = 0.3;
/** A server that accepts and says nothing, not even headers, counts as not there. */
const OPEN_WITHIN_MS = 10_000;
/** A stream that lasted this long was a good one: the next retry starts from the shortest wait. */
const GOOD_AFTER_MS = 10_000;

export function retryDelay(failures: number, random: number): number {
  const full = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10));
  return Math.round(full * (1 - JITTER * random));
}

export class Live {
  private stream: Stream | null = null;
  private failures = 0;
  private cancelTimer: () => void = () => undefined;
  private paused = false;

  constructor(
    private readonly outside: Surroundings,
    private readonly listener: Listener,
  ) {}

  start(): void {
    this.paused = false;
    this.connect();
  }

  /** For a page nobody looks at: gives its connection back (a browser has six a host for all its tabs). */
  pause(): void {
    this.paused = true;
    this.close();
    this.listener.paused();
  }

  resume(): void {
    if (this.paused) this.start();
  }

  /** The surroundings changed (network back or gone, computer awake): whatever is open may be dead, so ask anew at once. */
  again(): void {
    if (this.paused) return;
    this.failures = 0;
    this.connect();
  }

  private connect(): void {
    this.close();
    this.listener.trying();
    const stream = this.outside.open();
    this.stream = stream;
    this.cancelTimer = this.outside.later(() => this.lost(stream), OPEN_WITHIN_MS);
    stream.onopen = () => this.opened(stream);
    stream.onerror = () => this.lost(stream);
    for (const type of EVENT_TYPES) stream.addEventListener(type, (event) => this.heard(stream, type, event.data));
  }

  private opened(stream: Stream): void {
    if (stream !== this.stream) return;
    this.cancelTimer();
    this.cancelTimer = this.outside.later(() => this.isGood(stream), GOOD_AFTER_MS);
    this.listener.opened();
  }

  private isGood(stream: Stream): void {
    if (stream === this.stream) this.failures = 0;
  }

  private heard(stream: Stream, type: string, data: string): void {
    if (stream !== this.stream) return;
    let body: unknown;
    try {
      body = JSON.parse(data);
    } catch {
      return; // An event we cannot read is no reason to lose the stream: the next snapshot is whole.
    }
    this.listener.event(type, body);
  }

  private lost(stream: Stream): void {
    if (stream !== this.stream) return;
    this.close();
    const delay = retryDelay(this.failures, this.outside.random());
    this.failures += 1;
    this.listener.dropped(delay);
    this.cancelTimer = this.outside.later(() => this.connect(), delay);
  }

  private close(): void {
    this.cancelTimer();
    this.cancelTimer = () => undefined;
    if (this.stream === null) return;
    this.stream.onopen = null;
    this.stream.onerror = null;
    this.stream.close();
    this.stream = null;
  }
}

/** The browser's side of it. */
export function browserSurroundings(path: string): Surroundings {
  return {
    open: () => new EventSource(path),
    later(then, ms) {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
  };
}

const HIDDEN_FOR_MS = 60_000;
const CHECK_MS = 5_000;
/** Timers of a hidden page run once a minute; a longer silence means that the computer slept. */
const SLEPT_MS = 90_000;

/** Ties the stream to what happens to the page: hidden, seen again, network gone or back, computer awake after sleep. */
export function tieToPage(live: Live, clock: () => number, networkChanged: (online: boolean) => void): void {
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  let lastCheck = clock();
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiddenTimer);
    if (document.hidden) hiddenTimer = setTimeout(() => live.pause(), HIDDEN_FOR_MS);
    else live.resume();
  });
  for (const type of ["online", "offline"] as const) {
    window.addEventListener(type, () => {
      networkChanged(type === "online");
      live.again();
    });
  }
  window.addEventListener("pagehide", () => live.pause());
  window.addEventListener("pageshow", () => live.resume());
  setInterval(() => {
    const at = clock();
    if (at - lastCheck > SLEPT_MS) live.again();
    lastCheck = at;
  }, CHECK_MS);
}
