// Which page is open. The address after # says it, so that the server needs to know of one page only.
import { computed, signal } from "@preact/signals";

export type PageId = "balance" | "messages" | "send" | "batches";

export interface Place {
  page: PageId;
  /** The message or batch that is looked at. */
  id: string | null;
  query: string;
}

const PAGES: readonly string[] = ["balance", "messages", "send", "batches"] satisfies PageId[];
/** What has an address of its own on a page. */
const ID = /^(?:msg|bat)_\w+$/;

export function placeOf(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [name = "", id = ""] = path.split("/");
  const page = PAGES.includes(name) ? (name as PageId) : "balance";
  return { page, id: ID.test(id) ? id : null, query };
}

export const place = signal<Place>(placeOf(""));
export const page = computed<PageId>(() => place.value.page);

/** The addresses that pages link to. */
export const addressOf = {
  messages: (query: string): string => `#/messages${query === "" ? "" : `?${query}`}`,
  message: (id: string): string => `#/messages/${id}`,
  batch: (id: string): string => `#/batches/${id}`,
};

export function go(address: string): void {
  location.hash = address;
}

export function followAddress(): void {
  const read = (): void => {
    place.value = placeOf(location.hash);
  };
  read();
  window.addEventListener("hashchange", read);
}
