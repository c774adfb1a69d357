// One batch: how far it is, what it costs, what may be done with it, and the lines that were not taken.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Batch } from "../api/types";
import { batchWord, nameOf, refusedWords, sourceWord } from "../format/batches";
import { dayAndClock } from "../format/time";
import { withUnit } from "../format/units";
import { asSent, causeWords, count } from "../format/words";
import { batchFailure, isSteering, lineErrors, readErrors, steer, watchBatch, watched } from "../state/batches";
import { NO_FILTERS, toQuery } from "../state/filters";
import { shownAccounts, zone } from "../state/model";
import { addressOf } from "../state/route";
import { BatchActions } from "../ui/BatchActions";
import { BatchBar } from "../ui/BatchBar";
import { useFocusAfter } from "../ui/focus";
import { LineErrors } from "../ui/LineErrors";
import { Failed, Loading, Older } from "../ui/ListState";
import { Tag } from "../ui/Tag";

export function BatchPage({ id }: { id: string }): JSX.Element {
  useEffect(() => void watchBatch(id), [id]);
  const batch = watched.value.get(id);
  const failure = batchFailure.value;
  return (
    <div class="stack">
      <p><a href="#/batches">← All batches</a></p>
      {failure !== null && <Failed what="The batch could not be loaded" failure={failure} onRetry={() => void watchBatch(id)} />}
      {batch === undefined ? failure === null && <Loading /> : <><Progress batch={batch} /><Errors batch={batch} /></>}
    </div>
  );
}

function Progress({ batch }: { batch: Batch }): JSX.Element {
  const word = batchWord(batch.state);
  const heading = useFocusAfter<HTMLHeadingElement>(batch.state);
  return (
    <section class="card" data-testid="batch" aria-labelledby="batch-name">
      <div class="lead" role="status">
        <h2 id="batch-name" ref={heading} tabIndex={-1}>{nameOf(batch)}</h2>
        <Tag word={word} testid="batch-state" value={batch.state} />
        <span class="quiet">{batch.cause == null ? word.hint : causeWords(batch.cause)}</span>
      </div>
      <BatchBar batch={batch} withWords />
      <BatchActions batch={batch} isBusy={isSteering.value} onSteer={(verb) => void steer(batch.id, verb)} />
      <About batch={batch} />
      <p class="more"><a href={addressOf.messages(toQuery({ ...NO_FILTERS, batch: batch.id }))} data-testid="batch-messages">Its messages</a></p>
    </section>
  );
}

function About({ batch }: { batch: Batch }): JSX.Element {
  const unit = shownAccounts.value?.find((account) => account.slug === batch.account)?.unit ?? "units";
  const ended = batch.ended_at === null ? null : dayAndClock(Date.parse(batch.ended_at), zone.value);
  return (
    <dl class="about">
      <div><dt>Came as</dt><dd>{sourceWord(batch.source)}, {count(batch.lines, "line", "lines")}</dd></div>
      <div><dt>Not taken</dt><dd>{refusedWords(batch) || "none"}</dd></div>
      <div><dt>Charge in all</dt><dd>{withUnit(batch.charge, unit)}</dd></div>
      <div><dt>Spent so far</dt><dd data-testid="batch-spent">{withUnit(batch.spent, unit)}</dd></div>
      <div><dt>Account</dt><dd>{batch.account}</dd></div>
      <div><dt>Priority</dt><dd>{asSent(batch.priority).text}</dd></div>
      <div><dt>Came in</dt><dd>{dayAndClock(Date.parse(batch.created_at), zone.value)}</dd></div>
      {ended !== null && <div><dt>Ended</dt><dd>{ended}</dd></div>}
      <div><dt>Id</dt><dd><code>{batch.id}</code></dd></div>
    </dl>
  );
}

function Errors({ batch }: { batch: Batch }): JSX.Element | null {
  const isFaulty = batch.rejected > 0;
  useEffect(() => {
    if (isFaulty) void readErrors(batch.id, false);
  }, [batch.id, isFaulty]);
  const pages = lineErrors.value;
  if (!isFaulty || pages === null || pages.batch !== batch.id) return null;
  return (
    <section class="card" aria-labelledby="errors-name">
      <h2 id="errors-name">Lines that were not taken</h2>
      {pages.failure !== null && <Failed what="They could not be loaded" failure={pages.failure} onRetry={() => void readErrors(batch.id, false)} />}
      {pages.errors.length > 0 && <LineErrors errors={pages.errors} />}
      <Older isThere={pages.next !== null} isBusy={false} onPress={() => void readErrors(batch.id, true)} />
    </section>
  );
}
