// The send page's memory: the form's outcome, the quote under the text, the newest messages, kept current by events.
import { signal } from "@preact/signals";
import type { Failure, Result } from "../api/http";
import { getMessages, postMessages, postQuote } from "../api/routes";
import type { Accepted, AcceptedMany, Message, MessageChange, NewMessage, Quote, QuoteRequest } from "../api/types";
import { atMostEvery } from "./loading";
import { fieldOf, outcomeOf, shortOf, withState, type Field, type Outcome, type Short } from "./sending";
import { reasonsOfRecipients } from "./failures";

export const recent = signal<readonly Message[] | null>(null);
export const quote = signal<Quote | null>(null);
export const outcome = signal<Outcome | null>(null);
export const sending = signal(false);
/** Why the last form was refused, when it was for lack of credit. */
export const short = signal<Short | null>(null);
export const fieldErrors = signal<Partial<Record<Field, string>>>({});

const RECENT = 20;

export async function loadRecent(): Promise<void> {
  const got = await getMessages(`limit=${RECENT}`);
  if (!got.ok) return;
  recent.value = got.value.messages;
  moveOn(got.value.messages);
}

function moveOn(changes: Iterable<MessageChange>): void {
  if (outcome.value !== null) outcome.value = [...changes].reduce(withState, outcome.value);
}

const loadRecentSoon = atMostEvery(() => void loadRecent());

/** Only a page that has shown the list once keeps it current. */
export function messagesSoon(): void {
  if (recent.value !== null) loadRecentSoon();
}

export function messageChanged(change: MessageChange): void {
  if (sending.value) early.set(change.id, change);
  moveOn([change]);
  messagesSoon();
}

const QUOTE_AFTER_MS = 250;
let quoteTimer: ReturnType<typeof setTimeout> | undefined;
let quoteNumber = 0;

/** Asked a moment after the last key; an answer to an older text is dropped. A server without quotes leaves the counter empty. */
export function wantQuote(request: QuoteRequest): void {
  clearTimeout(quoteTimer);
  quoteNumber += 1;
  const mine = quoteNumber;
  if (request.text === "") {
    quote.value = null;
    return;
  }
  quoteTimer = setTimeout(() => {
    void postQuote(request).then((got) => {
      if (mine === quoteNumber) quote.value = got.ok ? got.value : null;
    });
  }, QUOTE_AFTER_MS);
}

/** A message can leave before the answer that names it is here; what was heard meanwhile is newer than that answer. */
const early = new Map<string, MessageChange>();

/** True when the server has taken it. */
export async function send(message: NewMessage, key: string): Promise<boolean> {
  if (sending.value) return false;
  sending.value = true;
  fieldErrors.value = {};
  short.value = null;
  outcome.value = null;
  const got: Result<Accepted | AcceptedMany> = await postMessages(message, key);
  sending.value = false;
  if (got.ok) outcome.value = outcomeOf(got.value);
  else refused(got.failure);
  moveOn(early.values());
  early.clear();
  if (got.ok) void loadRecent();
  return got.ok;
}

function refused(failure: Failure): void {
  short.value = shortOf(failure);
  fieldErrors.value = short.value === null ? { [fieldOf(failure)]: reasonsOfRecipients(failure) } : {};
}
