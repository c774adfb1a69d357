// What stands in the send form, as signals, and what it comes to as a request.
import { signal } from "@preact/signals";
import type { Account, NewMessage, OnShort, Priority, QuoteRequest } from "../api/types";
import { instantOf } from "../format/zone";
import type { BulkOptions } from "./bulkSteps";
import { fieldErrors, short } from "./messages";
import { shownAccounts, zone } from "./model";
import { recipients, toField } from "./sending";

export const mode = signal<"numbers" | "file">("numbers");
export const to = signal("");
export const text = signal("");
export const from = signal("");
export const accountId = signal<string | null>(null);
/** A wall clock in the server's zone; empty is now. */
export const when = signal("");
/** Empty is as usual, which the server knows. */
export const priority = signal<Priority | "">("");
export const onShort = signal<OnShort | "">("");
export const toColumn = signal<string | null>(null);

/** Belongs to what is in the form now: pressing send again after a network error repeats, never doubles. */
let key: string | null = null;

export function keyOfForm(make: () => string): string {
  key ??= make();
  return key;
}

export function newForm(): void {
  key = null;
}

export function edited(change: () => void): void {
  change();
  key = null;
  fieldErrors.value = {};
  short.value = null;
}

export function account(): Account | undefined {
  const all = shownAccounts.value ?? [];
  return all.find((a) => a.id === accountId.value) ?? all.find((a) => a.default) ?? all[0];
}

export function sendAt(): string | null {
  const at = when.value === "" ? null : instantOf(when.value, zone.value);
  return at === null ? null : new Date(at).toISOString();
}

export function draft(): NewMessage {
  const message: NewMessage = { to: toField(recipients(to.value)), text: text.value };
  const at = sendAt();
  const chosen = account();
  if (from.value.trim() !== "") message.from = from.value.trim();
  if (chosen !== undefined) message.account = chosen.slug;
  if (at !== null) message.send_at = at;
  if (priority.value !== "") message.priority = priority.value;
  if (onShort.value !== "") message.on_short = onShort.value;
  return message;
}

/** The sender costs nothing; without recipients the price of one is asked. */
export function quoteOf({ to: list, text: words, account: payer, priority: how }: NewMessage): QuoteRequest {
  return { text: words, ...(list.length > 0 ? { to: list } : {}), ...(payer === undefined ? {} : { account: payer }), ...(how === undefined ? {} : { priority: how }) };
}

export function bulkOptions(column: string | null): BulkOptions {
  return { account: account()?.slug, from: from.value.trim(), text: text.value, sendAt: sendAt(), priority: priority.value, onShort: onShort.value, toColumn: column };
}
