// The first look at a file of recipients: what it is, its columns, its first lines. Pure: it is given the first bytes as text.
import { DELIMITERS, guessDelimiter, readRecords } from "../format/csv";
import { columnsOf, render, sameName } from "../format/template";
import { segment, type Segmented } from "../format/segments";

export type FileKind = "csv" | "ndjson";

export interface Line {
  /** Where it begins in the file, from 1. */
  line: number;
  /** In the order of the columns; undefined where the line has none. */
  values: readonly (string | undefined)[];
}

export interface Preview {
  kind: FileKind;
  delimiter: string;
  columns: readonly string[];
  lines: readonly Line[];
  /** Why it cannot be sent like this; null when it can. */
  trouble: string | null;
}

/** So much of a file is read here, however large it is. */
export const LOOK_BYTES = 64 * 1024;
const LOOK_LINES = 5;

export const MEDIA_TYPES: Record<FileKind, string> = { csv: "text/csv", ndjson: "application/x-ndjson" };

/** Recipients' columns, best first, as the server looks for them. */
const NUMBER_COLUMNS = ["to", "number", "phone", "mobile", "msisdn", "recipient"];
/** Columns that say something of the message itself. */
const OWN_COLUMNS = ["text", "message", "from", "sender", "reference", "send_at", "valid_until"];

export function kindOf(name: string, text: string): FileKind {
  if (/\.(?:ndjson|jsonl|json)$/i.test(name)) return "ndjson";
  if (/\.(?:csv|tsv|txt)$/i.test(name)) return "csv";
  return /^\s*\{/.test(text) ? "ndjson" : "csv";
}

export function lookAtFile(name: string, raw: string, isWhole: boolean): Preview {
  const text = raw.replace(/^\ufeff/, "");
  const kind = kindOf(name, text);
  const preview = kind === "csv" ? lookAtCsv(text, isWhole) : lookAtNdjson(text, isWhole);
  return { ...preview, trouble: preview.trouble ?? troubleOf(text, preview) };
}

function troubleOf(text: string, { columns, lines, kind }: Preview): string | null {
  if (text.trim() === "") return "The file is empty.";
  if (text.includes("\ufffd") || text.includes("\0")) return "The file is not UTF-8 text. Save it as UTF-8 and choose it again.";
  if (lines.length === 0) return kind === "csv" ? "There is a header line and nothing under it." : "There is no line that can be read.";
  if (kind === "csv" && columns.some((column) => /^\+?\d{7,}$/.test(column.trim()))) {
    return "The first line looks like a number. Put a line with the names of the columns above it, for example: to,name";
  }
  return null;
}

function lookAtCsv(text: string, isWhole: boolean): Preview {
  const delimiter = guessDelimiter(text);
  const { records, lines } = readRecords(text, delimiter, LOOK_LINES + 1, isWhole);
  const [header = [], ...rest] = records;
  return {
    kind: "csv", delimiter, trouble: null, columns: header.map((name) => name.trim()),
    lines: rest.map((values, i) => ({ line: lines[i + 1] ?? i + 2, values: header.map((_, column) => values[column]) })),
  };
}

function lookAtNdjson(text: string, isWhole: boolean): Preview {
  const all = text.split("\n");
  const whole = (isWhole ? all : all.slice(0, -1)).map((line, i) => ({ line: i + 1, text: line.trim() })).filter((line) => line.text !== "");
  const first = whole.slice(0, LOOK_LINES).map(({ line, text: words }) => ({ line, members: membersOf(words) }));
  const wrong = first.find(({ members }) => members === null);
  const columns = [...new Set(first.flatMap(({ members }) => [...(members?.keys() ?? [])]))];
  return {
    kind: "ndjson", delimiter: "", columns, lines: first.map(({ line, members }) => ({ line, values: columns.map((name) => members?.get(name)) })),
    trouble: wrong === undefined ? null : `Line ${wrong.line} is no JSON object. An NDJSON file has one object on each line.`,
  };
}

function membersOf(line: string): Map<string, string> | null {
  try {
    const read: unknown = JSON.parse(line);
    if (typeof read !== "object" || read === null || Array.isArray(read)) return null;
    return new Map(Object.entries(read).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]));
  } catch {
    return null;
  }
}

/** The column that holds the numbers, as the server would choose it; null when a person must say. */
export function numberColumn(columns: readonly string[]): string | null {
  for (const wanted of NUMBER_COLUMNS) {
    const found = columns.find((column) => sameName(column, wanted));
    if (found !== undefined) return found;
  }
  return null;
}

export function isOwnColumn(column: string): boolean {
  return OWN_COLUMNS.some((own) => sameName(own, column));
}

export function hasText(columns: readonly string[]): boolean {
  return columns.some((column) => sameName(column, "text") || sameName(column, "message"));
}

/** Placeholders that no column answers. */
export function missingColumns(template: string, columns: readonly string[]): string[] {
  return columnsOf(template).filter((name) => !columns.some((column) => sameName(column, name)));
}

/** NDJSON refuses what nobody uses; told before rather than line by line. */
export function unusedMembers(preview: Preview, template: string): string[] {
  if (preview.kind !== "ndjson" || hasText(preview.columns)) return [];
  const used = columnsOf(template);
  return preview.columns.filter((column) => !sameName(column, "to") && !isOwnColumn(column) && !used.some((name) => sameName(name, column)));
}

export interface Rendered extends Segmented {
  line: number;
  to: string;
  text: string;
}

/** What the first lines would get. */
export function renderLines(preview: Preview, toColumn: string | null, template: string): Rendered[] {
  return preview.lines.map(({ line, values }) => {
    const valueOf = (name: string): string | undefined => values[preview.columns.findIndex((column) => sameName(column, name))];
    const own = valueOf("text") || valueOf("message") || template;
    const text = render(own, valueOf);
    return { line, to: (toColumn === null ? undefined : valueOf(toColumn)) ?? "", text, ...segment(text) };
  });
}

export function delimiterName(delimiter: string): string {
  const names: Record<(typeof DELIMITERS)[number], string> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars" };
  return names[delimiter as keyof typeof names] ?? delimiter;
}
