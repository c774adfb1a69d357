// Filters, lists that stay current, batches in words, times in a zone.
import { describe, expect, it } from "vitest";
import type { Batch, BatchState, BatchVerb, Counts, MessageState } from "../src/api/types";
import { BAR_WIDTH, batchWord, begun, paceWords, partsOf, rateWords, refusedWords, steeredWords } from "../src/format/batches";
import { CHOICES, resolvedWords } from "../src/format/resolving";
import { causeWords, messageWord, pausedWords, tellingCause } from "../src/format/words";
import { instantOf, offsetWords, wallClock } from "../src/format/zone";
import { filtersOf, isEmpty, NO_FILTERS, recognise, toQuery } from "../src/state/filters";
import { change, extend, firstPage, freshen } from "../src/state/listing";
import { placeOf } from "../src/state/route";

describe("the search box", () => {
  it("knows ids, numbers, and takes the rest for a reference", () => {
    expect(recognise(" msg_01ABC ")).toEqual({ kind: "message", id: "msg_01abc" });
    expect(recognise("bat_9")).toEqual({ kind: "filter", name: "batch", value: "bat_9" });
    for (const text of ["0712 345 678", "+254-712-345678", "(0712) 345.678"]) expect(recognise(text)).toMatchObject({ kind: "filter", name: "to" });
    expect(recognise("+254 712 345 678")).toEqual({ kind: "filter", name: "to", value: "+254712345678" });
    for (const text of ["order 7", "123456", "1234567890123456", "2026-11-22-A"]) expect(recognise(text)).toEqual({ kind: "filter", name: "reference", value: text });
    expect(recognise("  ")).toEqual({ kind: "nothing" });
  });

  it("writes filters into the address and reads them again", () => {
    const filters = { ...NO_FILTERS, state: "unknown", to: "+254712345678", reference: "a&b=c #1" };
    expect(filtersOf(toQuery(filters))).toEqual(filters);
    expect(toQuery(NO_FILTERS)).toBe("");
    expect(isEmpty(filtersOf("limit=5&cursor=x"))).toBe(true);
    expect(placeOf(`#/messages?${toQuery(filters)}`)).toEqual({ page: "messages", id: null, query: toQuery(filters) });
  });

  it("has an address for a message and a batch, and none for anything else", () => {
    expect(placeOf("#/messages/msg_1a")).toEqual({ page: "messages", id: "msg_1a", query: "" });
    expect(placeOf("#/batches/bat_1")).toMatchObject({ page: "batches", id: "bat_1" });
    expect(placeOf("#/messages/../x")).toMatchObject({ page: "messages", id: null });
  });
});

const row = (id: string, state = "queued"): { id: string; state: string } => ({ id, state });

describe("a list", () => {
  const two = extend(firstPage([row("4"), row("3")], "c3"), [row("3"), row("2")], null);

  it("is read on without showing anything twice", () => {
    expect(two.rows.map((one) => one.id)).toEqual(["4", "3", "2"]);
    expect(two).toMatchObject({ next: null, pages: 2 });
  });

  it("stays current: new ones on top, old ones where they are", () => {
    const fresh = freshen(two, [row("5"), row("4", "sent")], "c4");
    expect(fresh.rows).toEqual([row("5"), row("4", "sent"), row("3"), row("2")]);
    expect(fresh.next).toBeNull();
  });

  it("drops older pages rather than hide a gap", () => {
    expect(freshen(two, [row("9"), row("8")], "c8")).toEqual(firstPage([row("9"), row("8")], "c8"));
    expect(freshen(firstPage([row("4")], null), [row("5")], null).rows).toEqual([row("5")]);
    expect(freshen<{ id: string }>(null, [], null).rows).toEqual([]);
  });

  it("changes one row, or nothing at all", () => {
    expect(change(two, "3", (one) => ({ ...one, state: "sent" })).rows[1]).toEqual(row("3", "sent"));
    expect(change(two, "x", (one) => one)).toBe(two);
  });
});

const NONE: Counts = { scheduled: 0, queued: 0, submitting: 0, sent: 0, delivered: 0, undelivered: 0, expired: 0, rejected: 0, failed: 0, cancelled: 0, unknown: 0 };

export function batch(over: Partial<Batch> = {}): Batch {
  return {
    id: "bat_1", account: "onfon", name: null, state: "running", cause: null, source: "csv", priority: "bulk", lines: 10, messages: 10, rejected: 0, duplicates: 0,
    charge: "10.00", spent: "4.00", counts: { ...NONE, sent: 3, unknown: 1, queued: 6 }, created_at: "2026-11-22T06:00:00Z", released_at: null, first_begun_at: null, ended_at: null,
    rate_per_second: null, time_left_ms: null, ...over,
  };
}

describe("a batch", () => {
  it("fills its bar exactly, whatever the counts", () => {
    for (const counts of [{ ...NONE, sent: 1, delivered: 1, queued: 1 }, { ...NONE, sent: 999_999, unknown: 1 }, { ...NONE, delivered: 3, failed: 3, expired: 1 }]) {
      const parts = partsOf(counts);
      let at = 0;
      for (const part of parts) {
        expect(part.from).toBe(at);
        at += part.width;
      }
      expect(at).toBe(BAR_WIDTH);
    }
    expect(partsOf(NONE)).toEqual([]);
  });

  it("says how far it is and how fast it goes", () => {
    expect(begun(batch())).toBe(4);
    expect(begun(batch({ state: "refused", counts: { ...NONE, cancelled: 10 } }))).toBe(0);
    expect(paceWords(batch({ rate_per_second: 38.4, time_left_ms: 750_000 }))).toBe("38 a second, about 12 min left");
    expect(paceWords(batch({ rate_per_second: 0.42 }))).toBe("0.4 a second");
    expect(paceWords(batch({ rate_per_second: 38, time_left_ms: 5, state: "paused" }))).toBe("");
    expect(rateWords(1_234.5)).toBe("1,235 a second");
    expect(refusedWords({ rejected: 3, duplicates: 2 })).toBe("1 line with an error, 2 duplicates");
    expect(refusedWords({ rejected: 0, duplicates: 0, not_covered: 4 })).toBe("4 messages that the credit does not cover");
    expect(refusedWords({ rejected: 0, duplicates: 0, not_covered: 0 })).toBe("");
  });
});

describe("words", () => {
  it("exist for every state, and a newer server's word is shown as it came", () => {
    const states: BatchState[] = ["receiving", "running", "paused", "cancelled", "refused", "done"];
    for (const state of states) expect(batchWord(state).hint).not.toBe("");
    expect(batchWord("half_done" as BatchState)).toEqual({ text: "half done", tone: "neutral", hint: "" });
    expect(messageWord("parked" as MessageState).text).toBe("parked");
    const verbs: BatchVerb[] = ["pause", "resume", "cancel"];
    expect(verbs.map(steeredWords)).toEqual(["Batch paused", "Batch resumed", "Batch cancelled"]);
  });

  it("say why a message waits, and what was reported", () => {
    expect(causeWords("insufficient_balance")).toBe("waits for credit");
    expect(causeWords("report:delivrd")).toBe("delivery report: delivrd");
    expect(causeWords("some_new_cause")).toBe("some new cause");
    expect(pausedWords("person")).toMatch(/paused/);
  });

  it("name a cause only where it adds to the state, a report in the provider's spelling", () => {
    const report = { word: "AbsentSubscriber", at: "2026-11-22T06:00:00Z" };
    expect(tellingCause({ state: "undelivered", cause: "report:absentsubscriber", report })).toBe("delivery report: AbsentSubscriber");
    expect(tellingCause({ state: "delivered", cause: "report:delivrd", report })).toBeNull();
    expect(tellingCause({ state: "sent", cause: "accepted", report: null })).toBeNull();
    expect(tellingCause({ state: "sent", cause: "resolved_sent", report: null })).toMatch(/a person/);
    expect(tellingCause({ state: "unknown", cause: "timeout", report: null })).toBe("no answer in time");
  });

  it("warn of a second arrival before sending again", () => {
    expect(CHOICES.map((choice) => choice.as)).toEqual(["sent", "not_sent", "resend"]);
    expect(CHOICES.find((choice) => choice.as === "resend")?.sure).toMatch(/twice/);
    expect(new Set(CHOICES.map((choice) => resolvedWords(choice.as))).size).toBe(3);
  });
});

describe("a time in the server's zone", () => {
  it("means the same instant wherever the browser sits", () => {
    expect(instantOf("2026-11-22T09:00", "Africa/Nairobi")).toBe(Date.parse("2026-11-22T06:00:00Z"));
    expect(instantOf("2026-07-01T09:00", "Europe/Berlin")).toBe(Date.parse("2026-07-01T07:00:00Z"));
    expect(instantOf("2026-12-01T09:00", "America/New_York")).toBe(Date.parse("2026-12-01T14:00:00Z"));
    expect(instantOf("soon", "UTC")).toBeNull();
    expect(instantOf("2026-13-01T00:00", "UTC")).toBeNull();
  });

  it("is right on both sides of a change of the clocks", () => {
    expect(instantOf("2026-03-29T01:30", "Europe/Berlin")).toBe(Date.parse("2026-03-29T00:30:00Z"));
    expect(instantOf("2026-03-29T03:30", "Europe/Berlin")).toBe(Date.parse("2026-03-29T01:30:00Z"));
    expect(instantOf("2026-10-25T04:00", "Europe/Berlin")).toBe(Date.parse("2026-10-25T03:00:00Z"));
  });

  it("is shown with its distance from UTC", () => {
    const at = Date.parse("2026-11-22T06:00:00Z");
    expect([offsetWords(at, "Africa/Nairobi"), offsetWords(at, "America/New_York"), offsetWords(at, "Asia/Kathmandu"), offsetWords(at, "UTC")])
      .toEqual(["UTC+03:00", "UTC\u221205:00", "UTC+05:45", "UTC+00:00"]);
    expect(wallClock(at, "Africa/Nairobi")).toBe("2026-11-22T09:00");
  });
});
