// Lists and their requests: which answer counts when several are under way.
import { describe, expect, it } from "vitest";
import type { Result } from "../src/api/http";
import { Reading, type Page } from "../src/state/reading";

interface Asked {
  query: string;
  answer: (result: Result<Page<{ id: string }>>) => void;
}

function started(): { reading: Reading<{ id: string }>; asked: Asked[] } {
  const asked: Asked[] = [];
  const reading = new Reading<{ id: string }>((query) => new Promise((answer) => asked.push({ query, answer })), 0);
  return { reading, asked };
}

const rows = (...ids: string[]): Result<Page<{ id: string }>> => ({ ok: true, value: { rows: ids.map((id) => ({ id })), next: "c" } });
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

describe("reading a list", () => {
  it("asks with the filters, then from where it stopped", async () => {
    const { reading, asked } = started();
    void reading.show("state=sent");
    asked[0]?.answer(rows("2", "1"));
    await settled();
    void reading.readOn();
    void reading.readOn();
    expect(asked.map((one) => one.query)).toEqual(["state=sent&limit=50", "state=sent&limit=50&cursor=c"]);
    expect(reading.isReadingOn.value).toBe(true);
    asked[1]?.answer(rows("0"));
    await settled();
    expect(reading.listing.value?.rows.map((row) => row.id)).toEqual(["2", "1", "0"]);
  });

  it("drops the answer to older filters, and what comes after the page was left", async () => {
    const { reading, asked } = started();
    void reading.show("state=sent");
    void reading.show("state=failed");
    asked[1]?.answer(rows("f"));
    asked[0]?.answer(rows("s"));
    await settled();
    expect(reading.listing.value?.rows).toEqual([{ id: "f" }]);
    void reading.again();
    reading.leave();
    asked[2]?.answer(rows("x"));
    await settled();
    expect(reading.listing.value?.rows).toEqual([{ id: "f" }]);
    reading.soon();
    expect(asked).toHaveLength(3);
  });

  it("keeps what is known when an answer fails, and says so until one succeeds", async () => {
    const { reading, asked } = started();
    void reading.show("");
    expect(asked[0]?.query).toBe("limit=50");
    asked[0]?.answer(rows("1"));
    await settled();
    void reading.again();
    asked[1]?.answer({ ok: false, failure: { kind: "network" } });
    await settled();
    expect(reading.failure.value).toEqual({ kind: "network" });
    expect(reading.listing.value?.rows).toEqual([{ id: "1" }]);
    void reading.again();
    asked[2]?.answer(rows("2"));
    await settled();
    expect(reading.failure.value).toBeNull();
    expect(reading.listing.value?.rows).toEqual([{ id: "2" }]);
  });
});
