// Reads the first lines of a CSV text, for a look at it; the server reads the file itself. Pure.

export const DELIMITERS = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** The one that parts the header line most often, outside quotes. */
export function guessDelimiter(text: string): Delimiter {
  const header = (text.split(/\r?\n/, 1)[0] ?? "").replace(/"(?:[^"]|"")*"/g, "");
  let best: Delimiter = ",";
  for (const one of DELIMITERS) if (header.split(one).length > header.split(best).length) best = one;
  return best;
}

export interface Records {
  records: string[][];
  /** In the same order: the line on which each begins, from 1. */
  lines: number[];
}

/** At most so many records. The last one is left out when the text was cut within it. */
export function readRecords(text: string, delimiter: string, most: number, isWhole: boolean): Records {
  const read: Records = { records: [], lines: [] };
  let at = 0;
  let line = 1;
  while (at < text.length && read.records.length < most) {
    const record = readRecord(text, at, delimiter);
    if (!record.isEnded && !isWhole) break;
    if (record.fields.length > 1 || record.fields[0] !== "") {
      read.records.push(record.fields);
      read.lines.push(line);
    }
    line += text.slice(at, record.next).split("\n").length - 1;
    at = record.next;
  }
  return read;
}

interface RecordRead {
  fields: string[];
  next: number;
  /** Ended by a line break, not by the end of the text. */
  isEnded: boolean;
}

function readRecord(text: string, start: number, delimiter: string): RecordRead {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    const field = text.charAt(at) === '"' ? quoted(text, at + 1) : { value: "", next: at };
    const end = endOfField(text, field.next, delimiter);
    fields.push(field.value + text.slice(field.next, end));
    at = end;
    if (text.charAt(at) !== delimiter) break;
    at += 1;
  }
  const isEnded = at < text.length;
  if (text.charAt(at) === "\r") at += 1;
  if (text.charAt(at) === "\n") at += 1;
  return { fields, next: at, isEnded };
}

function endOfField(text: string, start: number, delimiter: string): number {
  let at = start;
  while (at < text.length && text.charAt(at) !== delimiter && text.charAt(at) !== "\n" && text.charAt(at) !== "\r") at += 1;
  return at;
}

function quoted(text: string, start: number): { value: string; next: number } {
  let value = "";
  let at = start;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end === -1) return { value: value + text.slice(at), next: text.length };
    value += text.slice(at, end);
    if (text.charAt(end + 1) !== '"') return { value, next: end + 1 };
    value += '"';
    at = end + 2;
  }
}
