// The first look at a file, and a file's way to the server.
import { describe, expect, it } from "vitest";
import type { BulkAccepted } from "../src/api/types";
import { guessDelimiter, readRecords } from "../src/format/csv";
import { bulkQuery, bulkStep, NO_FILE, percent, sizeWords, type Bulk, type Picked } from "../src/state/bulkSteps";
import { lookAtFile, missingColumns, numberColumn, renderLines, unusedMembers } from "../src/state/preview";
import { shortOf } from "../src/state/sending";

describe("CSV", () => {
  it("reads quotes, line breaks inside them, both line ends, and says where each record begins", () => {
    const read = readRecords('to,text\r\n1,"a ""b"", c\nd"\n\n2,x\n', ",", 9, true);
    expect(read.records).toEqual([["to", "text"], ["1", 'a "b", c\nd'], ["2", "x"]]);
    expect(read.lines).toEqual([1, 2, 5]);
  });

  it("leaves out a last record that was cut, and keeps one that is whole", () => {
    expect(readRecords("to\n1\n2", ",", 9, false).records).toEqual([["to"], ["1"]]);
    expect(readRecords("to\n1\n2", ",", 9, true).records).toEqual([["to"], ["1"], ["2"]]);
    expect(readRecords('to\n"1', ",", 9, false).records).toEqual([["to"]]);
    expect(readRecords("", ",", 9, true).records).toEqual([]);
  });

  it("finds the delimiter in the header, outside quotes", () => {
    expect(["to,name", "to;name;a", "to\tname", "to|n", '"a;b;c",d', "to"].map(guessDelimiter)).toEqual([",", ";", "\t", "|", ",", ","]);
  });
});

describe("the first look", () => {
  it("at a CSV file", () => {
    const preview = lookAtFile("people.csv", "\ufeffname;Mobile\nAmina;0712\nJuma\n", true);
    expect(preview).toMatchObject({ kind: "csv", delimiter: ";", columns: ["name", "Mobile"], trouble: null });
    expect(preview.lines).toEqual([{ line: 2, values: ["Amina", "0712"] }, { line: 3, values: ["Juma", undefined] }]);
    expect(numberColumn(preview.columns)).toBe("Mobile");
    expect(renderLines(preview, "Mobile", "Hi {NAME} ✓")[0]).toMatchObject({ line: 2, to: "0712", text: "Hi Amina ✓", encoding: "ucs2", segments: 1 });
    expect(missingColumns("Hi {Name} of {city}", preview.columns)).toEqual(["city"]);
  });

  it("prefers a line's own text", () => {
    const preview = lookAtFile("a.csv", "to,text,name\n1,Own {name},Amina\n2,,Juma\n", true);
    expect(renderLines(preview, "to", "Hi {name}").map((line) => line.text)).toEqual(["Own Amina", "Hi Juma"]);
  });

  it("at an NDJSON file", () => {
    const preview = lookAtFile("a.jsonl", '{"to":"1","name":"A","n":5}\n\n{"to":"2"}\n{"to":"3', false);
    expect(preview).toMatchObject({ kind: "ndjson", columns: ["to", "name", "n"], trouble: null });
    expect(preview.lines).toEqual([{ line: 1, values: ["1", "A", "5"] }, { line: 3, values: ["2", undefined, undefined] }]);
    expect(unusedMembers(preview, "Hi {name}")).toEqual(["n"]);
    expect(lookAtFile("x", '{"to":"1"}', true).kind).toBe("ndjson");
  });

  it("says what is wrong before anything is sent", () => {
    expect(lookAtFile("a.csv", "", true).trouble).toMatch(/empty/);
    expect(lookAtFile("a.csv", "to,name\n", true).trouble).toMatch(/nothing under it/);
    expect(lookAtFile("a.csv", "254712345678,Amina\n254722345678,Juma\n", true).trouble).toMatch(/names of the columns/);
    expect(lookAtFile("a.csv", "to,name\n1,Jos\ufffd\n", true).trouble).toMatch(/UTF-8/);
    expect(lookAtFile("a.ndjson", '{"to":"1"}\n[1]\n', true).trouble).toMatch(/^Line 2 /);
  });
});

const FILE: Picked = { name: "p.csv", size: 2_000, preview: lookAtFile("p.csv", "to;n\n1;a\n", true) };
const ANSWER: BulkAccepted = { batch_id: "bat_1", state: "running", account: "onfon", lines: 1, accepted: 1, not_covered: 0, rejected: 0, duplicates: 0, charge: "1.00", errors: [], errors_truncated: false };

describe("a file on its way", () => {
  const ready = bulkStep(NO_FILE, { kind: "picked", file: FILE });
  const sending = bulkStep(ready, { kind: "started" });

  it("goes from chosen to taken", () => {
    const further = bulkStep(sending, { kind: "progressed", sent: 500 });
    expect(further).toMatchObject({ phase: "sending", sent: 500 });
    expect(bulkStep(further, { kind: "progressed", sent: 400 })).toBe(further);
    expect(bulkStep(further, { kind: "answered", answer: ANSWER })).toMatchObject({ phase: "taken", answer: ANSWER });
  });

  it("knows a refusal from no answer: only after a refusal may anything be changed", () => {
    const problem = { type: "", title: "", status: 409, code: "insufficient_balance" };
    expect(bulkStep(sending, { kind: "failed", failure: { kind: "problem", problem, retryAfterS: null } })).toMatchObject({ phase: "ready", failure: { problem } });
    const unsure: Bulk[] = [
      { kind: "network" as const },
      { kind: "unreadable" as const, status: 502 },
      { kind: "problem" as const, problem: { ...problem, status: 500 }, retryAfterS: null },
      { kind: "problem" as const, problem: { ...problem, code: "stream_taken_over" }, retryAfterS: null },
    ].map((failure) => bulkStep(sending, { kind: "failed", failure }));
    for (const state of unsure) {
      expect(state.phase).toBe("unsure");
      expect(bulkStep(state, { kind: "picked", file: FILE })).toBe(state);
      expect(bulkStep(state, { kind: "started" }).phase).toBe("sending");
      expect(bulkStep(state, { kind: "dropped" })).toBe(NO_FILE);
    }
  });

  it("is not dropped or changed while it is sent", () => {
    expect(bulkStep(sending, { kind: "dropped" })).toBe(sending);
    expect(bulkStep(sending, { kind: "picked", file: FILE })).toBe(sending);
    expect(bulkStep(NO_FILE, { kind: "started" })).toBe(NO_FILE);
  });

  it("says in the address only what is not as usual", () => {
    const options = { account: "onfon", from: "", text: "Hi {n}", sendAt: null, priority: "", onShort: "hold", toColumn: "to" };
    expect(bulkQuery(FILE, options)).toBe("account=onfon&text=Hi+%7Bn%7D&on_short=hold&name=p.csv&to_column=to&delimiter=%3B");
    const lines = { ...FILE, preview: lookAtFile("p.ndjson", '{"to":"1"}', true) };
    expect(bulkQuery(lines, { ...options, account: undefined, onShort: "" })).toBe("text=Hi+%7Bn%7D&name=p.csv");
  });

  it("never says 100 % too early", () => {
    expect([percent(0, 0), percent(999, 1_000), percent(1_000, 1_000), percent(1_100, 1_000)]).toEqual([100, 99, 100, 100]);
    expect([999, 1_500, 14_200_000, 3_100_000_000].map(sizeWords)).toEqual(["999 bytes", "1.5 kB", "14 MB", "3.1 GB"]);
  });
});

describe("a lack of credit", () => {
  const problem = { type: "", title: "", status: 409, code: "insufficient_balance", charge: "1000.00", available: "842.10", shortfall: "157.90", unit: "units" };
  it("is named with what is missing", () => {
    expect(shortOf({ kind: "problem", problem, retryAfterS: null })).toEqual({ charge: "1000.00", available: "842.10", shortfall: "157.90", unit: "units" });
    expect(shortOf({ kind: "problem", problem: { ...problem, code: "other" }, retryAfterS: null })).toBeNull();
    expect(shortOf({ kind: "network" })).toBeNull();
    expect(shortOf(null)).toBeNull();
  });
});
