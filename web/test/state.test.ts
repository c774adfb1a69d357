import { describe, expect, it } from "vitest";
import type { Failure } from "../src/api/http";
import { ageMs, displayed, isLastKnown, isMarkedUpdated, take, UPDATED_MARK_MS, type Book } from "../src/state/book";
import { steadyClock } from "../src/state/clock";
import { reasonOf, reasonsOfRecipients, reasonWithWait } from "../src/state/failures";
import { CONNECTING, linkStep, linkWord } from "../src/state/link";
import { placeOf } from "../src/state/route";
import { fieldOf, newKey, outcomeOf, recipients, toField, withState } from "../src/state/sending";
import { IDLE, ONE_WISH_MS, syncStep } from "../src/state/sync";
import { addToast, dropToast, MAX_TOASTS, type Toast } from "../src/state/toasts";
import { balance } from "./samples";

const EMPTY: Book = new Map();
const at = (steady: number): { steady: number; wall: number } => ({ steady, wall: steady + 1e12 });

describe("the book of balances", () => {
  it("ignores an older and an equal version, whatever they say", () => {
    const book = take(EMPTY, balance({ version: 10 }), at(0));
    expect(take(book, balance({ version: 9, balance: "1.00" }), at(1))).toBe(book);
    expect(take(book, balance({ version: 10, balance: "1.00" }), at(1))).toBe(book);
    expect(book.get("acc_1")?.balance.balance).toBe("11375.50");
  });

  it("takes a newer version even when the figure falls back", () => {
    const book = take(take(EMPTY, balance({ version: 10 }), at(0)), balance({ version: 11, balance: "5.00" }), at(1));
    expect(book.get("acc_1")?.balance.balance).toBe("5.00");
  });

  it("keeps accounts apart", () => {
    const book = take(take(EMPTY, balance(), at(0)), balance({ account_id: "acc_2", version: 1 }), at(0));
    expect([...book.keys()]).toEqual(["acc_1", "acc_2"]);
  });

  it("counts a change only when what is displayed changes", () => {
    let book = take(EMPTY, balance({ version: 1 }), at(0));
    expect(book.get("acc_1")).toMatchObject({ changes: 0, changedAt: null });
    book = take(book, balance({ version: 2, state: "fresh", balance: "11375.500" }), at(10));
    expect(book.get("acc_1")).toMatchObject({ changes: 0, changedAt: null });
    book = take(book, balance({ version: 3, balance: "11374.50" }), at(20));
    expect(book.get("acc_1")).toMatchObject({ changes: 1, changedAt: 20 });
    book = take(book, balance({ version: 4, balance: "11374.50" }), at(30));
    expect(book.get("acc_1")).toMatchObject({ changes: 1, changedAt: 20 });
  });

  it("has no figure where the server has none; that is not zero", () => {
    expect(displayed(balance({ balance: null }))).toBeNull();
    expect(displayed(balance({ balance: "0.00" }))).toBe("0.00");
  });

  it("lets the age grow from what it was on arrival", () => {
    const shown = take(EMPTY, balance({ age_ms: 4_000 }), at(100)).get("acc_1");
    expect(shown && ageMs(shown, 100)).toBe(4_000);
    expect(shown && ageMs(shown, 3_100)).toBe(7_000);
    const none = take(EMPTY, balance({ age_ms: null }), at(100)).get("acc_1");
    expect(none && ageMs(none, 3_100)).toBeNull();
  });

  it("marks a change for a few seconds, and doubts a state that no stream keeps true", () => {
    const shown = take(take(EMPTY, balance({ version: 1 }), at(0)), balance({ version: 2, balance: "1.00" }), at(1_000)).get("acc_1");
    if (shown === undefined) throw new Error("not taken");
    expect(isMarkedUpdated(shown, 1_000 + UPDATED_MARK_MS - 1)).toBe(true);
    expect(isMarkedUpdated(shown, 1_000 + UPDATED_MARK_MS)).toBe(false);
    expect([isLastKnown(shown, true, 1e9), isLastKnown(shown, false, 2_000), isLastKnown(shown, false, 60_000)]).toEqual([false, false, true]);
  });
});

describe("the sync button", () => {
  const press = (time: number): { kind: "pressed"; at: number } => ({ kind: "pressed", at: time });

  it("goes idle, loading, success, idle", () => {
    const loading = syncStep(IDLE, press(0));
    const done = syncStep(loading, { kind: "succeeded" });
    expect([loading.phase, done.phase, syncStep(done, { kind: "settled" }).phase]).toEqual(["loading", "success", "idle"]);
  });

  it("goes to error with its reason and remembers when it may be tried again", () => {
    const failed = syncStep(syncStep(IDLE, press(0)), { kind: "refused", reason: "budget", retryAt: 42_000 });
    expect(failed).toMatchObject({ phase: "error", reason: "budget", retryAt: 42_000 });
    expect(syncStep(failed, { kind: "settled" })).toMatchObject({ phase: "idle", retryAt: 42_000 });
  });

  it("is one wish while loading, and when the answer came between two quick presses", () => {
    const loading = syncStep(IDLE, press(0));
    expect(syncStep(loading, press(5_000))).toBe(loading);
    const done = syncStep(loading, { kind: "succeeded" });
    expect(syncStep(done, press(ONE_WISH_MS - 1))).toBe(done);
    expect(syncStep(done, press(ONE_WISH_MS)).phase).toBe("loading");
  });

  it("ignores an outcome that nobody waits for", () => {
    expect(syncStep(IDLE, { kind: "succeeded" })).toBe(IDLE);
    expect(syncStep(IDLE, { kind: "refused", reason: "", retryAt: null })).toBe(IDLE);
    expect(syncStep(IDLE, { kind: "settled" })).toBe(IDLE);
  });
});

describe("the link", () => {
  it("says live, reconnecting with the time of the next try, and live again", () => {
    const open = linkStep(CONNECTING, { kind: "opened" });
    const lost = linkStep(open, { kind: "dropped", at: 100, nextTryAt: 600, online: true });
    expect([linkWord(CONNECTING), linkWord(open), linkWord(lost)]).toEqual(["Connecting…", "Live", "Reconnecting…"]);
    expect(lost).toMatchObject({ attempts: 1, since: 100, nextTryAt: 600 });
    expect(linkStep(lost, { kind: "opened" })).toEqual({ phase: "live", attempts: 0, since: null, nextTryAt: null });
  });

  it("keeps since when it was lost over several tries", () => {
    const first = linkStep(CONNECTING, { kind: "dropped", at: 100, nextTryAt: 600, online: true });
    const second = linkStep(linkStep(first, { kind: "trying" }), { kind: "dropped", at: 900, nextTryAt: 1_900, online: true });
    expect(second).toMatchObject({ attempts: 2, since: 100 });
  });

  it("is offline only without a stream: a page on loopback is live without a network", () => {
    const open = linkStep(CONNECTING, { kind: "opened" });
    expect(linkStep(open, { kind: "network", online: false })).toBe(open);
    const lost = linkStep(open, { kind: "dropped", at: 1, nextTryAt: 2, online: false });
    expect(linkWord(lost)).toBe("Offline");
    expect(linkStep(lost, { kind: "network", online: true }).phase).toBe("reconnecting");
  });

  it("starts over after a pause", () => {
    expect(linkStep(linkStep(CONNECTING, { kind: "opened" }), { kind: "paused" })).toBe(CONNECTING);
  });
});

describe("the steady clock", () => {
  it("never goes back, and counts sleep and corrections in whichever clock saw them", () => {
    let wall = 1_000;
    let monotonic = 50;
    const read = steadyClock({ wall: () => wall, monotonic: () => monotonic });
    expect(read()).toBe(0);
    wall += 1_000; monotonic += 1_000;
    expect(read()).toBe(1_000);
    wall -= 5_000; monotonic += 1_000; // the wall clock was set back
    expect(read()).toBe(2_000);
    wall += 60_000; monotonic += 10; // the computer slept
    expect(read()).toBe(62_000);
  });
});

describe("notifications", () => {
  const toast = (id: number, text: string): Toast => ({ id, tone: "good", text, reason: null });

  it("keeps the newest few, each once", () => {
    let list: readonly Toast[] = [];
    for (let id = 1; id <= MAX_TOASTS + 1; id += 1) list = addToast(list, toast(id, `t${id}`));
    expect(list.map((t) => t.id)).toEqual([2, 3, 4]);
    list = addToast(list, toast(5, "t3"));
    expect(list.map((t) => t.id)).toEqual([2, 4, 5]);
    expect(dropToast(list, 4).map((t) => t.id)).toEqual([2, 5]);
  });
});

function problem(status: number, code: string, detail: string, retryAfterS: number | null = null): Failure {
  return { kind: "problem", problem: { type: "about:blank", title: "t", status, code, detail }, retryAfterS };
}

describe("failures", () => {
  it("gives the server's reason, or says that there was no answer", () => {
    expect(reasonOf(problem(502, "x", "The provider answered HTTP 503"))).toBe("The provider answered HTTP 503");
    expect(reasonOf({ kind: "network" })).toBe("Network error. Please try again.");
    expect(reasonOf({ kind: "unreadable", status: 502 })).toContain("502");
  });

  it("names when to try again only for 429", () => {
    expect(reasonWithWait(problem(429, "budget", "Asked too often", 42))).toBe("Asked too often. Try again in 42 s.");
    expect(reasonWithWait(problem(429, "out_of_calls", "Ask again in 42 s.", 42))).toBe("Ask again in 42 s.");
    expect(reasonWithWait(problem(502, "x", "Down", 42))).toBe("Down");
  });

  it("gives each of several recipients its own reason", () => {
    const refused = (to: string, index: number): { index: number; to: string; code: string; detail: string } => ({ index, to, code: "invalid_number", detail: "too short" });
    const both: Failure = { kind: "problem", retryAfterS: null, problem: { type: "", title: "", status: 422, code: "no_valid_recipient", detail: "None", rejected: [refused("1", 0), refused("2", 1)] } };
    expect(reasonsOfRecipients(both)).toBe("1: too short\n2: too short");
    expect(reasonsOfRecipients(problem(422, "invalid_number", "too short"))).toBe("too short");
  });
});

describe("the send form", () => {
  it("reads recipients from lines, commas and semicolons", () => {
    expect(recipients(" 0712 345 678,\n+254722000111;;\n\n 07 ")).toEqual(["0712 345 678", "+254722000111", "07"]);
    expect(toField(["1"])).toBe("1");
    expect(toField(["1", "2"])).toEqual(["1", "2"]);
  });

  it("puts an error where it belongs", () => {
    expect(["invalid_number", "no_valid_recipient", "too_many_recipients", "text_missing", "text_too_long", "text_invalid", "sender_invalid", "sender_missing", "account_needed", "price_too_large"].map((code) => fieldOf(problem(422, code, ""))))
      .toEqual(["to", "to", "to", "text", "text", "text", "from", "from", "account", "form"]);
    expect(fieldOf(problem(409, "insufficient_balance", ""))).toBe("form");
    expect(fieldOf({ kind: "network" })).toBe("form");
  });

  it("moves an accepted message on and leaves others alone", () => {
    const one = { id: "msg_1", to: "254", encoding: "gsm7", segments: 1, charge: "1.00", state: "queued" } as const;
    const outcome = outcomeOf(one);
    const moved = withState(outcome, { id: "msg_1", to: "254", state: "sent", account: "onfon", cause: "accepted" });
    expect(moved.accepted[0]?.state).toBe("sent");
    expect(withState(outcome, { id: "msg_2", to: "254", state: "sent", account: "onfon", cause: "accepted" })).toBe(outcome);
    expect(outcomeOf({ batch_id: "b", messages: [one], rejected: [{ index: 1, to: "x", code: "c", detail: "d" }], charge: "1.00" }).refused).toHaveLength(1);
  });

  it("makes keys of 32 hex digits", () => {
    expect(newKey((bytes) => bytes.fill(10))).toBe("0a".repeat(16));
  });
});

describe("the address", () => {
  it("names the page", () => {
    expect(["", "#/", "#/send", "#send", "#/send?x=1", "#/nothing"].map((hash) => placeOf(hash).page)).toEqual(["balance", "balance", "send", "send", "send", "balance"]);
  });
});
