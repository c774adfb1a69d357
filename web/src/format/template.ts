// Texts with {columns}, as the server reads them: `{name}` is a column, `{{` and `}}` are braces, anything else in braces stays as it is. Pure.
export type Token = { kind: "text"; text: string } | { kind: "column"; name: string };

/** A letter or _, then letters, digits, _, -, and single spaces inside. */
const COLUMN = /^\{\s*([\p{L}_][\p{L}\p{N}_-]*(?: [\p{L}\p{N}_-]+)*)\s*\}/u;

export function tokens(template: string): Token[] {
  const read: Token[] = [];
  let text = "";
  let rest = template;
  while (rest !== "") {
    const [whole, name] = COLUMN.exec(rest) ?? [];
    if (/^(?:\{\{|\}\})/.test(rest)) {
      text += rest.charAt(0);
      rest = rest.slice(2);
    } else if (whole !== undefined && name !== undefined) {
      if (text !== "") read.push({ kind: "text", text });
      read.push({ kind: "column", name });
      text = "";
      rest = rest.slice(whole.length);
    } else {
      text += rest.charAt(0);
      rest = rest.slice(1);
    }
  }
  if (text !== "") read.push({ kind: "text", text });
  return read;
}

/** Columns are the same whatever their case and the spaces around them. */
export function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

export function columnsOf(template: string): string[] {
  const names: string[] = [];
  for (const token of tokens(template)) {
    if (token.kind === "column" && !names.some((name) => sameName(name, token.name))) names.push(token.name);
  }
  return names;
}

/** Whether `{name}` would be read as a column at all. */
export function canBeColumn(name: string): boolean {
  return COLUMN.exec(`{${name}}`)?.[0].length === name.length + 2;
}

export function render(template: string, valueOf: (name: string) => string | undefined): string {
  return tokens(template).map((token) => (token.kind === "text" ? token.text : (valueOf(token.name) ?? `{${token.name}}`))).join("");
}
