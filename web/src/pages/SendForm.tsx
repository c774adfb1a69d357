// The form: to whom or which file, the text and what it costs, when and how.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { serverNow } from "../api/http";
import type { Account } from "../api/types";
import { offsetWords, wallClock } from "../format/zone";
import { bulk, pick } from "../state/bulk";
import { account, accountId, draft, edited, from, keyOfForm, mode, newForm, onShort, priority, quoteOf, sendAt, text, to, when } from "../state/draft";
import { fieldErrors, quote, send, sending, short, wantQuote } from "../state/messages";
import { zone } from "../state/model";
import { newKey, recipients } from "../state/sending";
import { dayAndClock } from "../format/time";
import { count } from "../format/words";
import { Field } from "../ui/Field";
import { QuoteLine } from "../ui/QuoteLine";
import { SendOptions, type Usual } from "../ui/SendOptions";
import { ShortPanel } from "../ui/ShortPanel";
import { TextPreview } from "../ui/TextPreview";
import { FileFoot, FilePart, fileTrouble, submitFile } from "./FileForm";

async function submit(): Promise<void> {
  if (mode.value === "file") return submitFile();
  const missing = { ...(recipients(to.value).length === 0 ? { to: "Name at least one number." } : {}), ...(text.value === "" ? { text: "Write a text." } : {}), ...lateErrors() };
  fieldErrors.value = missing;
  if (Object.keys(missing).length > 0) return focusFirst(missing);
  const isTaken = await send(draft(), keyOfForm(() => newKey((bytes) => crypto.getRandomValues(bytes))));
  if (!isTaken) return focusFirst(fieldErrors.value);
  newForm();
  to.value = text.value = when.value = onShort.value = "";
}

function lateErrors(): { when?: string } {
  const at = sendAt();
  if (when.value !== "" && at === null) return { when: "This is no time." };
  return at !== null && Date.parse(at) < serverNow() ? { when: "This time has passed." } : {};
}

function focusFirst(errors: object): void {
  const [first] = Object.keys(errors);
  if (first !== undefined) document.getElementById(`send-${first}`)?.focus();
}

export function SendForm({ accounts }: { accounts: readonly Account[] }): JSX.Element {
  const chosen = account();
  const isFile = mode.value === "file";
  const isBusy = sending.value || bulk.value.phase === "sending";
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => { if (mode.value === "numbers") wantQuote(quoteOf(draft())); }, [to.value, text.value, chosen?.id, mode.value, priority.value]);
  const dropped = (event: DragEvent): void => {
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return;
    event.preventDefault();
    mode.value = "file";
    void pick(file);
  };
  return (
    <form class="card send" noValidate onSubmit={(event) => { event.preventDefault(); void submit(); }} onDragOver={(event) => event.preventDefault()} onDrop={dropped}>
      <div class="head">
        <h2>Send</h2>
        <div class="ranges" role="group" aria-label="To whom">
          <button type="button" data-testid="mode-numbers" aria-pressed={!isFile} onClick={() => { mode.value = "numbers"; }}>Numbers</button>
          <button type="button" data-testid="mode-file" aria-pressed={isFile} onClick={() => { mode.value = "file"; }}>A file</button>
        </div>
      </div>
      {isFile ? <FilePart onInsert={(column) => insert(area.current, column)} /> : <ToField />}
      <TextField isFile={isFile} unit={chosen?.unit ?? "units"} area={area} />
      {isFile && <FileFoot />}
      <Rest accounts={accounts} chosen={chosen} isFile={isFile} />
      {!isFile && short.value !== null && <ShortPanel short={short.value} isBusy={isBusy} onChoose={(how) => { edited(() => { onShort.value = how; }); void submit(); }} />}
      <Submit isFile={isFile} isBusy={isBusy} />
      <p id="send-form" tabIndex={-1} class="error" role="alert" data-testid="send-error">{fieldErrors.value.form ?? (accounts.length > 1 ? "" : fieldErrors.value.account) ?? ""}</p>
    </form>
  );
}

/** Where the cursor stands, and the cursor behind it. */
function insert(area: HTMLTextAreaElement | null, column: string): void {
  if (area === null) return;
  area.setRangeText(`{${column}}`, area.selectionStart, area.selectionEnd, "end");
  edited(() => { text.value = area.value; });
  area.focus();
}

function ToField(): JSX.Element {
  const list = recipients(to.value);
  return (
    <Field name="to" label="To" hint={list.length > 1 ? count(list.length, "number", "numbers") : "One number, or several on lines or with commas"} error={fieldErrors.value.to}>
      {(a11y) => (
        <textarea {...a11y} rows={2} data-testid="send-to" inputMode="tel" autocomplete="off" spellcheck={false} value={to.value}
          placeholder="0712 345 678" onInput={(event) => edited(() => { to.value = event.currentTarget.value; })} />
      )}
    </Field>
  );
}

function TextField({ isFile, unit, area }: { isFile: boolean; unit: string; area: { current: HTMLTextAreaElement | null } }): JSX.Element {
  const hint = isFile
    ? "{column} stands for what each line of the file says there; {{ and }} are braces."
    : <QuoteLine quote={text.value === "" ? null : quote.value} recipients={recipients(to.value).length} unit={unit} />;
  return (
    <>
      <Field name="text" label="Text" error={fieldErrors.value.text} hint={hint}>
        {(a11y) => (
          <textarea {...a11y} ref={area} rows={5} data-testid="send-text" value={text.value} onInput={(event) => edited(() => { text.value = event.currentTarget.value; })} />
        )}
      </Field>
      <TextPreview text={text.value} onPlain={(plain) => { edited(() => { text.value = plain; }); area.current?.focus(); }} />
    </>
  );
}

function Rest({ accounts, chosen, isFile }: { accounts: readonly Account[]; chosen: Account | undefined; isFile: boolean }): JSX.Element {
  const errors = fieldErrors.value;
  const many = isFile || recipients(to.value).length > 1;
  const usual: Usual = { priority: isFile ? "bulk" : "normal", onShort: many ? "refuse" : "hold" };
  return (
    <>
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
      <SendOptions
        usual={usual} when={when.value} earliest={wallClock(serverNow(), zone.value)} whenShort={whenShort()} whenHint={whenHint()} whenError={errors.when} priority={priority.value} onShort={onShort.value}
        onWhen={(wall) => edited(() => { when.value = wall; })} onPriority={(value) => edited(() => { priority.value = value; })} onOnShort={(value) => edited(() => { onShort.value = value; })}
      />
    </>
  );
}

function whenShort(): string {
  const at = sendAt();
  return at === null ? "now" : dayAndClock(Date.parse(at), zone.value);
}

/** Times are the server's everywhere on the page; whoever sits elsewhere is told their own beside it. */
function whenHint(): string {
  const at = sendAt();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (at === null) return `Times are ${zone.value}, ${offsetWords(serverNow(), zone.value)}`;
  const ms = Date.parse(at);
  const theirs = `${dayAndClock(ms, zone.value)} ${zone.value} (${offsetWords(ms, zone.value)})`;
  return offsetWords(ms, here) === offsetWords(ms, zone.value) ? theirs : `${theirs}, which is ${dayAndClock(ms, here)} for you`;
}

function Submit({ isFile, isBusy }: { isFile: boolean; isBusy: boolean }): JSX.Element {
  const state = bulk.value;
  const isReady = !isFile || (state.phase === "ready" && fileTrouble(state.file) === null);
  const many = recipients(to.value).length;
  const name = isFile ? "Send the file" : many > 1 ? `Send to ${many.toLocaleString("en-US")}` : "Send";
  return (
    <p class="submit">
      <button type="submit" class="button primary" data-testid="send-submit" disabled={isBusy || !isReady} aria-busy={isBusy}>{isBusy ? "Sending…" : name}</button>
    </p>
  );
}
