// A batch's progress: a bar by state, and the same in words, each word a link to its messages.
import type { JSX } from "preact";
import type { Batch } from "../api/types";
import { BAR_WIDTH, begun, paceWords, partsOf } from "../format/batches";
import { toQuery, NO_FILTERS } from "../state/filters";
import { addressOf } from "../state/route";

export function BatchBar({ batch, withWords }: { batch: Batch; withWords: boolean }): JSX.Element {
  const parts = partsOf(batch.counts);
  const done = begun(batch);
  return (
    <div class="progress">
      <svg class="bar" viewBox={`0 0 ${BAR_WIDTH} 10`} preserveAspectRatio="none" role="progressbar" aria-label={`Begun of batch ${batch.name ?? batch.id}`}
        aria-valuemin={0} aria-valuemax={batch.messages} aria-valuenow={done} aria-valuetext={`${done.toLocaleString("en-US")} of ${batch.messages.toLocaleString("en-US")}`}>
        {parts.map((part) => <rect key={part.state} class={part.tone} x={part.from} width={part.width} height={10} />)}
      </svg>
      <p class="pace">
        <span data-testid={`begun-${batch.id}`}>{done.toLocaleString("en-US")} of {batch.messages.toLocaleString("en-US")}</span>
        <span class="quiet">{paceWords(batch)}</span>
      </p>
      {withWords && (
        <ul class="legend" aria-label="Messages by state">
          {parts.map((part) => (
            <li key={part.state}>
              <i class={part.tone} aria-hidden="true" />
              <a class="plain" href={addressOf.messages(toQuery({ ...NO_FILTERS, state: part.state, batch: batch.id }))}>{part.state} <b>{part.count.toLocaleString("en-US")}</b></a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
