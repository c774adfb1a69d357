// The send page: the form, what it would cost, what became of it, and the newest messages.
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Account, NewMessage, QuoteRequest } from "../api/types";
import { fieldErrors, loadRecent, outcome, quote, recent, send, sending, wantQuote } from "../state/messages";
import { info, shownAccounts, zone } from "../state/model";
import { newKey, recipients, toField } from "../state/sending";
import { count } from "../format/words";
import { Field } from "../ui/Field";
import { MessageTable } from "../ui/MessageTable";
import { QuoteLine } from "../ui/QuoteLine";
import { SendResult } from "../ui/SendResult";
import { Setup } from "../ui/Setup";

const to = signal("");
const text = signal("");
const from = signal("");
const accountId = signal<string | null>(null);
/** Belongs to what is in the form now: pressing send again after a network error repeats, never doubles. */
let key: string | null = null;

function edited(change: () => void): void {
  change();
  key = null;
  fieldErrors.value = {};
}

function account(): Account | undefined {
  const all = shownAccounts.value ?? [];
  return all.find((a) => a.id === accountId.value) ?? all.find((a) => a.default) ?? all[0];
}

function draft(): NewMessage {
  const message: NewMessage = { to: toField(recipients(to.value)), text: text.value };
  if (from.value.trim() !== "") message.from = from.value.trim();
  const chosen = account();
  if (chosen !== undefined) message.account = chosen.slug;
  return message;
}

/** The sender costs nothing; without recipients the price of one is asked. */
function quoteOf({ to: list, text: words, account: payer }: NewMessage): QuoteRequest {
  return { text: words, ...(list.length > 0 ? { to: list } : {}), ...(payer === undefined ? {} : { account: payer }) };
}

async function submit(event: Event): Promise<void> {
  event.preventDefault();
  const missing = { ...(recipients(to.value).length === 0 ? { to: "Name at least one number." } : {}), ...(text.value === "" ? { text: "Write a text." } : {}) };
  fieldErrors.value = missing;
  if (Object.keys(missing).length > 0) return focusFirst(missing);
  key ??= newKey((bytes) => crypto.getRandomValues(bytes));
  const isTaken = await send(draft(), key);
  if (!isTaken) return focusFirst(fieldErrors.value);
  key = null;
  to.value = "";
  text.value = "";
}

function focusFirst(errors: object): void {
  const [first] = Object.keys(errors);
  if (first !== undefined) document.getElementById(`send-${first}`)?.focus();
}

export function SendPage(): JSX.Element {
  useEffect(() => void loadRecent(), []);
  const all = shownAccounts.value;
  if (all !== null && all.length === 0) return <Setup missing={info.value?.setup.missing ?? []} hint={info.value?.setup.hint ?? ""} />;
  return (
    <div class="send-panels">
      <SendForm accounts={all ?? []} />
      <div class="stack">
        {outcome.value !== null && <SendResult outcome={outcome.value} unit={account()?.unit ?? "units"} />}
        <section class="card" aria-labelledby="recent-name">
          <h2 id="recent-name">Newest messages</h2>
          <MessageTable messages={recent.value} zone={zone.value} />
        </section>
      </div>
    </div>
  );
}

function SendForm({ accounts }: { accounts: readonly Account[] }): JSX.Element {
  const errors = fieldErrors.value;
  const list = recipients(to.value);
  const chosen = account();
  useEffect(() => wantQuote(quoteOf(draft())), [to.value, text.value, chosen?.id]);
  return (
    <form class="card send" noValidate onSubmit={(event) => void submit(event)}>
      <h2>Send a message</h2>
      <Field name="to" label="To" hint={list.length > 1 ? count(list.length, "number", "numbers") : "One number, or several on lines or with commas"} error={errors.to}>
        {(a11y) => (
          <textarea {...a11y} rows={2} data-testid="send-to" inputMode="tel" autocomplete="off" spellcheck={false} value={to.value}
            placeholder="0712 345 678" onInput={(event) => edited(() => { to.value = event.currentTarget.value; })} />
        )}
      </Field>
      <Field name="text" label="Text" error={errors.text} hint={<QuoteLine quote={text.value === "" ? null : quote.value} recipients={list.length} unit={chosen?.unit ?? "units"} />}>
        {(a11y) => (
          <textarea {...a11y} rows={5} data-testid="send-text" value={text.value} onInput={(event) => edited(() => { text.value = event.currentTarget.value; })} />
        )}
      </Field>
      <Field name="from" label="Sender" optional error={errors.from} hint={chosen?.sender_id == null ? "The account's own when empty" : `${chosen.sender_id} when empty`}>
        {(a11y) => (
          <input {...a11y} type="text" data-testid="send-from" autocomplete="off" maxLength={20} value={from.value} onInput={(event) => edited(() => { from.value = event.currentTarget.value; })} />
        )}
      </Field>
      {accounts.length > 1 && (
        <Field name="account" label="Account" error={errors.account} hint="">
          {(a11y) => (
            <select {...a11y} data-testid="send-account" value={chosen?.id ?? ""} onChange={(event) => edited(() => { accountId.value = event.currentTarget.value; })}>
              {accounts.map((a) => <option key={a.id} value={a.id}>{a.slug}</option>)}
            </select>
          )}
        </Field>
      )}
      <p class="submit">
        <button type="submit" class="button primary" data-testid="send-submit" disabled={sending.value} aria-busy={sending.value}>
          {sending.value ? "Sending…" : list.length > 1 ? `Send to ${list.length.toLocaleString("en-US")}` : "Send"}
        </button>
      </p>
      <p id="send-form" tabIndex={-1} class="error" role="alert" data-testid="send-error">{errors.form ?? (accounts.length > 1 ? "" : errors.account) ?? ""}</p>
    </form>
  );
}
