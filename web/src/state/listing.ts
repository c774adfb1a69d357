// A list that is read page by page and kept current meanwhile. Pure. What is on screen does not jump: rows keep their order, new ones come on top.
export interface Row {
  id: string;
}

export interface Listing<T extends Row> {
  rows: readonly T[];
  /** Where the next page begins; null at the end. */
  next: string | null;
  /** How many pages have been read; a list of one page is simply replaced by a newer reading. */
  pages: number;
}

export function firstPage<T extends Row>(rows: readonly T[], next: string | null): Listing<T> {
  return { rows, next, pages: 1 };
}

/** The next page, without what has meanwhile come twice. */
export function extend<T extends Row>(listing: Listing<T>, rows: readonly T[], next: string | null): Listing<T> {
  const known = new Set(listing.rows.map((row) => row.id));
  return { rows: [...listing.rows, ...rows.filter((row) => !known.has(row.id))], next, pages: listing.pages + 1 };
}

/** A newer reading of the first page. Where it no longer touches what is shown, older pages are dropped rather than left with a gap. */
export function freshen<T extends Row>(listing: Listing<T> | null, rows: readonly T[], next: string | null): Listing<T> {
  if (listing === null || listing.pages === 1) return firstPage(rows, next);
  const shown = new Set(listing.rows.map((row) => row.id));
  if (!rows.some((row) => shown.has(row.id))) return firstPage(rows, next);
  const newer = new Map(rows.map((row) => [row.id, row]));
  const added = rows.filter((row) => !shown.has(row.id));
  return { ...listing, rows: [...added, ...listing.rows.map((row) => newer.get(row.id) ?? row)] };
}

/** The same object comes back when the row is not here. */
export function change<T extends Row>(listing: Listing<T>, id: string, how: (row: T) => T): Listing<T> {
  if (!listing.rows.some((row) => row.id === id)) return listing;
  return { ...listing, rows: listing.rows.map((row) => (row.id === id ? how(row) : row)) };
}
