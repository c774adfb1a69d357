// Which page is open. The address after # says it, so that the server needs to know of one page only.
import { signal } from "@preact/signals";

export type PageId = "balance" | "send";

export function pageOf(hash: string): PageId {
  return hash.replace(/^#\/?/, "").split("?")[0] === "send" ? "send" : "balance";
}

export const page = signal<PageId>("balance");

export function followAddress(): void {
  const read = (): void => {
    page.value = pageOf(location.hash);
  };
  read();
  window.addEventListener("hashchange", read);
}
