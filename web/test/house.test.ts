// The rules of the house that the compiler cannot see.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = new URL("../src/", import.meta.url).pathname;
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
const code = new Map(files.map((name) => [name, readFileSync(join(SRC, name), "utf8")]));

/** Comments may speak of what code may not do. */
const stripped = (text: string): string => text.replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, "").replace(/\/\/ .*$/gm, "");

function using(pattern: RegExp): string[] {
  return [...code].filter(([, text]) => pattern.test(stripped(text))).map(([name]) => name).sort();
}

describe("the house", () => {
  it("has one fetch and one EventSource", () => {
    expect(using(/\bfetch\(/)).toEqual(["api/http.ts"]);
    expect(using(/new EventSource\(/)).toEqual(["live.ts"]);
    expect(using(/new XMLHttpRequest\(/)).toEqual(["api/upload.ts"]);
  });

  it("makes a float of an amount in one place only", () => {
    expect(using(/\bparseFloat\b|\bNumber\(/)).toEqual(["format/plot.ts"]);
    expect(using(/\btoPlotNumber\(/)).toEqual(["format/plot.ts", "state/history.ts"]);
  });

  it("injects no markup and no style attribute, so that a strict CSP holds", () => {
    expect(using(/innerHTML|dangerouslySetInnerHTML|\bstyle=/)).toEqual([]);
  });

  it("keeps ui without signals and without requests", () => {
    const ui = [...code].filter(([name]) => name.startsWith("ui/"));
    expect(ui.length).toBeGreaterThan(10);
    for (const [name, text] of ui) expect(text.replace(/^import type .*$/gm, ""), name).not.toMatch(/@preact\/signals|api\/(?:http|routes|upload)"|state\/(?:model|loading|syncing|messages|boot|browse|detail|batches|bulk|draft|pausing|reading)"/);
  });

  it("keeps pure rooms pure", () => {
    const pure = [...code].filter(([name]) => name.startsWith("format/") || /state\/(?:book|sync|toasts|link|history|sending|failures|filters|listing|bulkSteps|preview)\.ts$/.test(name));
    expect(pure.length).toBe(22);
    for (const [name, text] of pure) expect(stripped(text), name).not.toMatch(/Date\.now|performance\.now|Math\.random|setTimeout|document\.|window\.|@preact/);
  });

  it("opens every file by saying what it is for", () => {
    for (const [name, text] of code) expect(text, name).toMatch(/^\/\/ \S/);
  });
});
