// One message: its text, what it costs, its life, what the provider reported, and what a person may still do.
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { MessageDetail } from "../api/types";
import { dayAndClock } from "../format/time";
import { withUnit } from "../format/units";
import { count, encodingWord, messageWord, tellingCause } from "../format/words";
import { cancel, detail, detailFailure, isActing, lookAtMessage, resolve } from "../state/detail";
import { shownAccounts, zone } from "../state/model";
import { addressOf } from "../state/route";
import { Confirm } from "../ui/Confirm";
import { useFocusAfter } from "../ui/focus";
import { Failed, Loading } from "../ui/ListState";
import { ResolvePanel } from "../ui/ResolvePanel";
import { Tag } from "../ui/Tag";
import { Reports, Timeline } from "../ui/Timeline";

export function MessagePage({ id }: { id: string }): JSX.Element {
  useEffect(() => {
    void lookAtMessage(id);
    return () => void lookAtMessage(null);
  }, [id]);
  const message = detail.value;
  const failure = detailFailure.value;
  return (
    <div class="stack">
      <p><a href="#/messages">← All messages</a></p>
      {failure !== null && <Failed what="The message could not be loaded" failure={failure} onRetry={() => void lookAtMessage(id)} />}
      {message === null ? failure === null && <Loading /> : <Message message={message} />}
    </div>
  );
}

function Message({ message }: { message: MessageDetail }): JSX.Element {
  return (
    <>
      <div role="status"><Head message={message} /></div>
      {message.state === "unknown" && <ResolvePanel isBusy={isActing.value} onResolve={(as) => void resolve(message.id, as)} />}
      <div class="send-panels">
        <section class="card" aria-labelledby="text-name">
          <h2 id="text-name">Text</h2>
          <p class="sms" data-testid="message-text">{message.text}</p>
          <About message={message} />
          {(message.state === "scheduled" || message.state === "queued") && (
            <p class="actions">
              <Confirm name="Cancel this message" question="Take it back? It has not left yet." yes="Yes, cancel" testid="message-cancel" danger disabled={isActing.value} onYes={() => void cancel(message.id)} />
            </p>
          )}
        </section>
        <div class="stack">
          <section class="card" aria-labelledby="life-name">
            <h2 id="life-name">What happened</h2>
            <Timeline steps={message.timeline} zone={zone.value} />
          </section>
          <section class="card" aria-labelledby="reports-name">
            <h2 id="reports-name">Delivery reports</h2>
            <Reports reports={message.reports ?? []} zone={zone.value} />
          </section>
        </div>
      </div>
    </>
  );
}

function Head({ message }: { message: MessageDetail }): JSX.Element {
  const word = messageWord(message.state);
  const heading = useFocusAfter<HTMLHeadingElement>(message.state);
  return (
    <section class="card lead" aria-labelledby="to-name">
      <h2 id="to-name" ref={heading} tabIndex={-1} data-testid="message-to">{message.to}</h2>
      <Tag word={word} testid="message-state" value={message.state} />
      <span class="quiet">{tellingCause(message) ?? word.hint}</span>
    </section>
  );
}

function About({ message }: { message: MessageDetail }): JSX.Element {
  const unit = shownAccounts.value?.find((account) => account.slug === message.account)?.unit ?? "units";
  return (
    <dl class="about">
      <Fact name="From">{message.from}</Fact>
      <Fact name="Account">{message.account}</Fact>
      <Fact name="Charge">{withUnit(message.charge, unit)}</Fact>
      <Fact name="Size">{count(message.segments, "segment", "segments")}, {encodingWord(message.encoding)}</Fact>
      <Fact name="Priority">{message.priority}</Fact>
      <Fact name="Reference">{message.reference}</Fact>
      <Fact name="Batch">{message.batch_id && <><a href={addressOf.batch(message.batch_id)}><code>{message.batch_id}</code></a>{message.line !== null && `line ${message.line.toLocaleString("en-US")}`}</>}</Fact>
      <Fact name="Accepted">{moment(message.created_at)}</Fact>
      <Fact name="Not before">{moment(message.send_at)}</Fact>
      <Fact name="Not after">{moment(message.valid_until)}</Fact>
      <Fact name="Next try">{moment(message.next_try_at)}</Fact>
      <Fact name="Provider’s ids">{message.provider_message_ids.length > 0 && message.provider_message_ids.map((id) => <code key={id}>{id}</code>)}</Fact>
      <Fact name="Id"><code>{message.id}</code></Fact>
    </dl>
  );
}

function moment(iso: string | null | undefined): string | null {
  return iso == null ? null : dayAndClock(Date.parse(iso), zone.value);
}

/** What there is no word of has no line. */
function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element | null {
  if (children === null || children === undefined || children === false || children === "") return null;
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}
