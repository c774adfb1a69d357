// Names of the characters that make a text dear, and what may stand for them. Pure.

/** Mostly what word processors and phones put in by themselves: code point, name, what GSM 03.38 has for it. */
const KNOWN: Record<string, readonly [name: string, plain: string | null]> = {
  "\u2018": ["left single quotation mark", "'"],
  "\u2019": ["right single quotation mark", "'"],
  "\u201a": ["low single quotation mark", "'"],
  "\u201c": ["left double quotation mark", '"'],
  "\u201d": ["right double quotation mark", '"'],
  "\u201e": ["low double quotation mark", '"'],
  "\u00ab": ["left angle quotation mark", '"'],
  "\u00bb": ["right angle quotation mark", '"'],
  "\u00b4": ["acute accent", "'"],
  "`": ["backtick", "'"],
  "\u2010": ["hyphen", "-"],
  "\u2011": ["no-break hyphen", "-"],
  "\u2013": ["en dash", "-"],
  "\u2014": ["em dash", "-"],
  "\u2212": ["minus sign", "-"],
  "\u2026": ["ellipsis", "..."],
  "\u2022": ["bullet", "-"],
  "\u00b7": ["middle dot", "."],
  "\u00a0": ["no-break space", " "],
  "\u202f": ["narrow no-break space", " "],
  "\u2009": ["thin space", " "],
  "\t": ["tab", " "],
  "\u200b": ["zero-width space", ""],
  "\u200c": ["zero-width non-joiner", null],
  "\u200d": ["zero-width joiner", null],
  "\u200e": ["left-to-right mark", ""],
  "\u200f": ["right-to-left mark", ""],
  "\ufeff": ["byte order mark", ""],
  "\ufe0f": ["emoji variant mark", null],
  "\u00d7": ["multiplication sign", "x"],
  "\u2713": ["check mark", null],
  "\u00e7": ["c with cedilla", null],
};

const SCRIPTS = ["Arabic", "Cyrillic", "Devanagari", "Ethiopic", "Greek", "Han", "Hebrew", "Latin"] as const;

export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

export function nameOfCharacter(character: string): string {
  const known = KNOWN[character];
  if (known !== undefined) return known[0];
  if (/\p{Extended_Pictographic}/u.test(character)) return "emoji or symbol";
  const base = character.normalize("NFD");
  if (base.length > 1 && /^[a-z]/i.test(base)) return `${base.charAt(0)} with an accent`;
  const script = SCRIPTS.find((name) => new RegExp(`\\p{Script=${name}}`, "u").test(character));
  return script === undefined ? "character" : `${script} letter`;
}

/** What is drawn for it: a character that cannot be seen is named instead. */
export function glyph(character: string): string {
  return /^[\s\p{Cf}\p{Mn}\p{Cc}]$/u.test(character) ? `[${nameOfCharacter(character)}]` : character;
}

/** What GSM 03.38 has in its place; null where only a person can say. */
export function plainFor(character: string): string | null {
  return KNOWN[character]?.[1] ?? null;
}

export function madePlain(text: string): string {
  return [...text].map((character) => plainFor(character) ?? character).join("");
}
