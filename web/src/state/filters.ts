// What the messages page is asked to show, as the address has it, and what a word in the search box is. Pure.
export interface Filters {
  state: string;
  account: string;
  to: string;
  reference: string;
  batch: string;
}

export type FilterName = keyof Filters;

export const FILTER_NAMES: readonly FilterName[] = ["state", "account", "to", "reference", "batch"];

export const NO_FILTERS: Filters = { state: "", account: "", to: "", reference: "", batch: "" };

export function filtersOf(query: string): Filters {
  const said = new URLSearchParams(query);
  const filters = { ...NO_FILTERS };
  for (const name of FILTER_NAMES) filters[name] = (said.get(name) ?? "").trim();
  return filters;
}

/** Only what is set, always in the same order: the same filters are the same address. */
export function toQuery(filters: Filters): string {
  const query = new URLSearchParams();
  for (const name of FILTER_NAMES) if (filters[name] !== "") query.set(name, filters[name]);
  return query.toString();
}

export function isEmpty(filters: Filters): boolean {
  return toQuery(filters) === "";
}

export type Found =
  | { kind: "nothing" }
  | { kind: "message"; id: string }
  | { kind: "filter"; name: "batch" | "to" | "reference"; value: string };

/** Digits with what people put between them; fewer than 7 are more likely somebody's order number. */
const NUMBER = /^\+?[\d\s().-]+$/;

export function recognise(text: string): Found {
  const word = text.trim();
  if (word === "") return { kind: "nothing" };
  if (/^msg_\w+$/i.test(word)) return { kind: "message", id: word.toLowerCase() };
  if (/^bat_\w+$/i.test(word)) return { kind: "filter", name: "batch", value: word.toLowerCase() };
  const digits = word.replace(/\D/g, "").length;
  if (NUMBER.test(word) && digits >= 7 && digits <= 15) return { kind: "filter", name: "to", value: word.replace(/[^\d+]/g, "") };
  return { kind: "filter", name: "reference", value: word };
}
