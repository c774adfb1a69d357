import { beforeEach, describe, expect, it } from "vitest";
import { Live, retryDelay, type Listener, type Stream } from "../src/live";

class FakeStream implements Stream {
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  closed = false;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, listener);
  }
  close(): void {
    this.closed = true;
  }
  open(): void {
    this.onopen?.(new Event("open"));
  }
  fail(): void {
    this.onerror?.(new Event("error"));
  }
  say(type: string, data: string): void {
    this.listeners.get(type)?.({ data } as MessageEvent<string>);
  }
}

/** Timers by hand: each is run when the test says so. */
class Outside {
  streams: FakeStream[] = [];
  timers: { then: () => void; ms: number }[] = [];

  open = (): FakeStream => {
    const stream = new FakeStream();
    this.streams.push(stream);
    return stream;
  };
  later = (then: () => void, ms: number): (() => void) => {
    const timer = { then, ms };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((t) => t !== timer);
    };
  };
  random = (): number => 0;
  get last(): FakeStream {
    const stream = this.streams.at(-1);
    if (stream === undefined) throw new Error("no stream was opened");
    return stream;
  }
  /** Runs the only timer there is, and gives its wait. */
  fire(): number {
    const [timer, ...more] = this.timers;
    if (timer === undefined || more.length > 0) throw new Error(`${this.timers.length} timers`);
    this.timers = [];
    timer.then();
    return timer.ms;
  }
}

let outside: Outside;
let heard: string[];
let live: Live;

beforeEach(() => {
  outside = new Outside();
  heard = [];
  const listener: Listener = {
    opened: () => heard.push("opened"),
    dropped: (ms) => heard.push(`dropped ${ms}`),
    trying: () => heard.push("trying"),
    paused: () => heard.push("paused"),
    event: (type, data) => heard.push(`${type} ${JSON.stringify(data)}`),
  };
  live = new Live(outside, listener);
});

describe("backoff", () => {
  it("doubles from half a second to fifteen, and jitter only shortens", () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((n) => retryDelay(n, 0))).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    for (const n of [0, 3, 9]) {
      expect(retryDelay(n, 1)).toBeLessThan(retryDelay(n, 0));
      expect(retryDelay(n, 1)).toBeGreaterThanOrEqual(retryDelay(n, 0) * 0.7 - 1);
    }
  });
});

describe("the stream", () => {
  it("passes events on, and survives one that it cannot read", () => {
    live.start();
    outside.last.open();
    outside.last.say("balance", '{"version":1}');
    outside.last.say("balance", "{broken");
    outside.last.say("message", '{"id":"msg_1"}');
    expect(heard).toEqual(["trying", "opened", 'balance {"version":1}', 'message {"id":"msg_1"}']);
    expect(outside.last.closed).toBe(false);
  });

  it("closes what failed and tries again by itself, ever more slowly", () => {
    live.start();
    const waits: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      outside.last.fail();
      expect(outside.last.closed).toBe(true);
      waits.push(outside.fire());
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
    expect(outside.streams).toHaveLength(5);
  });

  it("starts from the shortest wait again after a stream that lasted, not after one that only opened", () => {
    live.start();
    outside.last.fail();
    outside.fire();
    outside.last.open();
    outside.last.fail();
    expect(outside.fire()).toBe(1_000);
    outside.last.open();
    expect(outside.fire()).toBe(10_000); // it lasted
    outside.last.fail();
    expect(outside.fire()).toBe(500);
  });

  it("gives up on a server that accepts and says nothing", () => {
    live.start();
    expect(outside.fire()).toBe(10_000);
    expect(outside.streams[0]?.closed).toBe(true);
    expect(heard).toEqual(["trying", "dropped 500"]);
  });

  it("hears nothing from a stream that it has left", () => {
    live.start();
    const [first] = outside.streams;
    live.again();
    first?.open();
    first?.fail();
    first?.say("balance", '{"version":1}');
    expect(heard).toEqual(["trying", "trying"]);
    expect(outside.streams).toHaveLength(2);
  });

  it("rests while nobody looks, and comes back at once", () => {
    live.start();
    outside.last.open();
    live.pause();
    expect(outside.last.closed).toBe(true);
    expect(outside.timers).toHaveLength(0);
    live.again();
    expect(outside.streams).toHaveLength(1);
    live.resume();
    live.resume();
    expect(outside.streams).toHaveLength(2);
    expect(heard).toEqual(["trying", "opened", "paused", "trying"]);
  });

  it("asks at once when the surroundings changed, with the shortest wait after it", () => {
    live.start();
    outside.last.fail();
    outside.fire();
    outside.last.fail();
    live.again();
    expect(outside.streams).toHaveLength(3);
    outside.last.fail();
    expect(outside.fire()).toBe(500);
  });
});
