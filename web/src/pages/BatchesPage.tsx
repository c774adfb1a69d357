// The batches page: the list; or one batch.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { serverNow } from "../api/http";
import type { Batch } from "../api/types";
import { batchWord, nameOf, sourceWord } from "../format/batches";
import { shortMoment } from "../format/time";
import { batchReading } from "../state/batches";
import { shownAccounts, zone } from "../state/model";
import { addressOf, place } from "../state/route";
import { BatchBar } from "../ui/BatchBar";
import { Empty, Failed, Loading, Older } from "../ui/ListState";
import { Tag } from "../ui/Tag";
import { BatchPage } from "./BatchPage";

export function BatchesPage(): JSX.Element {
  const { id } = place.value;
  return id === null ? <BatchList /> : <BatchPage key={id} id={id} />;
}

function BatchList(): JSX.Element {
  useEffect(() => {
    void batchReading.show("");
    return () => batchReading.leave();
  }, []);
  const listing = batchReading.listing.value;
  const failure = batchReading.failure.value;
  return (
    <section class="card" aria-labelledby="batches-name">
      <h2 id="batches-name">Batches</h2>
      {failure !== null && <Failed what="The batches could not be loaded" failure={failure} onRetry={() => void batchReading.again()} />}
      {listing === null && failure === null && <Loading />}
      {listing?.rows.length === 0 && <Empty>There is no batch yet. A list of numbers or a file becomes one. <a href="#/send">Send one</a></Empty>}
      {listing !== null && listing.rows.length > 0 && (
        <ul class="batches" data-testid="batches">{listing.rows.map((batch) => <Line key={batch.id} batch={batch} />)}</ul>
      )}
      <Older isThere={listing?.next != null} isBusy={batchReading.isReadingOn.value} onPress={() => void batchReading.readOn()} />
    </section>
  );
}

function Line({ batch }: { batch: Batch }): JSX.Element {
  const isNamed = (shownAccounts.value ?? []).length > 1;
  return (
    <li data-id={batch.id}>
      <div class="title">
        <a href={addressOf.batch(batch.id)}>{nameOf(batch)}</a>
        <Tag word={batchWord(batch.state)} testid={`batch-state-${batch.id}`} value={batch.state} />
        <span class="quiet">{sourceWord(batch.source)}{isNamed ? `, ${batch.account}` : ""}, <time dateTime={batch.created_at}>{shortMoment(Date.parse(batch.created_at), serverNow(), zone.value)}</time></span>
      </div>
      <BatchBar batch={batch} withWords={false} />
    </li>
  );
}
