// Segments, the characters that force UCS-2, and templates: the borders are those of the server's own tests.
import { describe, expect, it } from "vitest";
import { codePoint, glyph, madePlain, nameOfCharacter } from "../src/format/characters";
import { pieces, segment } from "../src/format/segments";
import { canBeColumn, columnsOf, render, tokens } from "../src/format/template";

describe("segments", () => {
  it.each([
    ["", "gsm7", 1], ["a".repeat(160), "gsm7", 1], ["a".repeat(161), "gsm7", 2], ["a".repeat(306), "gsm7", 2], ["a".repeat(307), "gsm7", 3],
    ["€".repeat(80), "gsm7", 1], ["€".repeat(81), "gsm7", 2], ["ж".repeat(70), "ucs2", 1], ["ж".repeat(71), "ucs2", 2], ["ж".repeat(134), "ucs2", 2],
    ["ж".repeat(135), "ucs2", 3], ["😀".repeat(35), "ucs2", 1], ["😀".repeat(36), "ucs2", 2], ["😀".repeat(66), "ucs2", 2], ["😀".repeat(67), "ucs2", 3],
    [`${"a".repeat(152)}€${"a".repeat(151)}`, "gsm7", 2], [`${"a".repeat(152)}€${"a".repeat(152)}`, "gsm7", 3],
  ])("%s", (text, encoding, segments) => {
    expect(segment(text)).toMatchObject({ encoding, segments });
  });

  it("point at the very characters that force UCS-2, counted as people count", () => {
    const cut = pieces("😀 a’b");
    expect(cut).toEqual([{ text: "😀", forcedAt: 1 }, { text: " a", forcedAt: null }, { text: "’", forcedAt: 4 }, { text: "b", forcedAt: null }]);
    expect(cut.map((piece) => piece.text).join("")).toBe("😀 a’b");
    expect(pieces("habari [€]")).toEqual([{ text: "habari [€]", forcedAt: null }]);
    expect(pieces("")).toEqual([]);
  });

  it("name them, also those that cannot be seen", () => {
    expect(["’", "\u00a0", "😀", "ж", "ŝ", "\u200b"].map(nameOfCharacter)).toEqual([
      "right single quotation mark", "no-break space", "emoji or symbol", "Cyrillic letter", "s with an accent", "zero-width space",
    ]);
    expect(["’", "\u00a0", "\u200b"].map(glyph)).toEqual(["’", "[no-break space]", "[zero-width space]"]);
    expect([codePoint("’"), codePoint("😀"), codePoint("\t")]).toEqual(["U+2019", "U+1F600", "U+0009"]);
  });

  it("become plain where GSM 03.38 has the same, and only there", () => {
    expect(madePlain("“It’s” – now…\u00a0✓ ж")).toBe('"It\'s" - now... ✓ ж');
    expect(segment(madePlain("It’s"))).toMatchObject({ encoding: "gsm7" });
  });
});

describe("templates", () => {
  it("read columns, braces, and what is neither", () => {
    expect(tokens("Hi {name}, {{x}} {123} {} {")).toEqual([{ kind: "text", text: "Hi " }, { kind: "column", name: "name" }, { kind: "text", text: ", {x} {123} {} {" }]);
    expect(columnsOf("{First Name} { first name } {_a-1} {a  b} {-x}")).toEqual(["First Name", "_a-1"]);
    expect(tokens("")).toEqual([]);
    expect(["name", "First Name", "2nd", "a}b", " x", ""].map(canBeColumn)).toEqual([true, true, false, false, true, false]);
  });

  it("render with what is there and leave what is not visible", () => {
    const values: Record<string, string> = { name: "Amina", amount: "{name}" };
    expect(render("{name} owes {amount}, {city}", (name) => values[name])).toBe("Amina owes {name}, {city}");
  });
});
