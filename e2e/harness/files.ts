// Files as a person would choose them. Must not know what becomes of them.
export interface Chosen {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export function csv(text: string, name = "people.csv"): Chosen {
  return { name, mimeType: "text/csv", buffer: Buffer.from(text) };
}

/** So many people, each with a number and a name of their own. */
export function crowd(count: number): string {
  const lines = Array.from({ length: count }, (_, i) => `${254_700_000_000 + i},Person ${i + 1}\n`);
  return `to,name\n${lines.join("")}`;
}
