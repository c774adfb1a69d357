// How many parts a text takes, as the server counts (3GPP TS 23.038 and 23.040): for what the server has not been asked about yet.
// The price is always the server's own quote.
import type { Encoding } from "../api/types";

const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const EXTENSION = new Set("\f^{}\\[~]|€");

export interface Segmented {
  encoding: Encoding;
  segments: number;
  /** Septets or UTF-16 units. */
  length: number;
}

function septets(character: string): number {
  if (BASIC.has(character)) return 1;
  return EXTENSION.has(character) ? 2 : 0;
}

export function segment(text: string): Segmented {
  const characters = [...text];
  const widths = characters.map(septets);
  if (!widths.includes(0)) return { encoding: "gsm7", ...parts(widths, 160, 153) };
  return { encoding: "ucs2", ...parts(characters.map((character) => character.length), 70, 67) };
}

/** Filled one after the other; a character that takes two places is never split. */
function parts(widths: readonly number[], single: number, part: number): { segments: number; length: number } {
  const length = widths.reduce((sum, width) => sum + width, 0);
  if (length <= single) return { segments: 1, length };
  let segments = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > part) {
      segments += 1;
      used = 0;
    }
    used += width;
  }
  return { segments, length };
}

export interface Piece {
  text: string;
  /** The place of a character that GSM 03.38 lacks, counted in characters from 1; null for a run that it carries. */
  forcedAt: number | null;
}

/** The text cut where a character forces UCS-2; joined again it is the text. */
export function pieces(text: string): Piece[] {
  const cut: Piece[] = [];
  let run = "";
  [...text].forEach((character, i) => {
    if (septets(character) > 0) {
      run += character;
      return;
    }
    if (run !== "") cut.push({ text: run, forcedAt: null });
    cut.push({ text: character, forcedAt: i + 1 });
    run = "";
  });
  if (run !== "") cut.push({ text: run, forcedAt: null });
  return cut;
}
