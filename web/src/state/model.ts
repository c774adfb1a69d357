// Everything the page knows, as signals. Only the files beside this one write them; pages and ui read.
import { computed, signal } from "@preact/signals";
import type { Failure } from "../api/http";
import type { Account, Activity, Info } from "../api/types";
import { knownZone } from "../format/time";
import type { Book } from "./book";
import { CONNECTING, type Link } from "./link";
import type { Sync } from "./sync";
import type { Toast } from "./toasts";

export const info = signal<Info | null>(null);
/** `null` until the server has said; an empty list is an answer. */
export const accounts = signal<readonly Account[] | null>(null);
export const loadFailure = signal<Failure | null>(null);
export const book = signal<Book>(new Map());
export const link = signal<Link>(CONNECTING);
/** By account id. */
export const syncs = signal<ReadonlyMap<string, Sync>>(new Map());
/** Account ids of which the provider is being asked right now, by whomever, and since when. */
export const asking = signal<ReadonlyMap<string, number>>(new Map());
export const toasts = signal<readonly Toast[]>([]);
export const activity = signal<readonly Activity[] | null>(null);
/** What is read out to screen readers. */
export const announcement = signal("");

export const live = computed(() => link.value.phase === "live");
export const zone = computed(() => knownZone(info.value?.timezone ?? "UTC"));
export const isDemo = computed(() => info.value?.demo === true);

/** Accounts in the server's order; one that only the stream has named yet is added from its balance. */
export const shownAccounts = computed<readonly Account[] | null>(() => {
  const known = accounts.value;
  if (known === null) return null;
  const ids = new Set(known.map((account) => account.id));
  const extra: Account[] = [];
  for (const [id, shown] of book.value) {
    if (ids.has(id)) continue;
    const { account, provider, unit } = shown.balance;
    extra.push({ id, slug: account, provider, unit, sender_id: null, default: false, demo: false, paused: null, held: null });
  }
  return [...known, ...extra];
});
