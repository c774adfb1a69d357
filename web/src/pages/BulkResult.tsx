// What became of the file: how much was taken, which lines were not, and how its batch goes on, live.
import type { JSX } from "preact";
import type { BulkAccepted } from "../api/types";
import { batchWord, refusedWords } from "../format/batches";
import { withUnit } from "../format/units";
import { causeWords, count } from "../format/words";
import { isSteering, steer, watched } from "../state/batches";
import { addressOf } from "../state/route";
import { BatchActions } from "../ui/BatchActions";
import { BatchBar } from "../ui/BatchBar";
import { useFocusIfLost } from "../ui/focus";
import { LineErrors } from "../ui/LineErrors";
import { Tag } from "../ui/Tag";

export function BulkResult({ answer, unit }: { answer: BulkAccepted; unit: string }): JSX.Element {
  const heading = useFocusIfLost<HTMLHeadingElement>();
  const batch = watched.value.get(answer.batch_id);
  const refused = refusedWords(answer);
  return (
    <section class="card" data-testid="bulk-result" aria-labelledby="bulk-name">
      <div class="lead" role="status">
        <h2 id="bulk-name" ref={heading} tabIndex={-1}>{count(answer.accepted, "message", "messages")} accepted of {count(answer.lines, "line", "lines")}</h2>
        {batch !== undefined && <Tag word={batchWord(batch.state)} testid="bulk-state" value={batch.state} />}
      </div>
      <p class="quiet">Costs {withUnit(answer.charge, unit)}{refused === "" ? "" : `. Not taken: ${refused}`}</p>
      {batch?.cause != null && <p class="note">{causeWords(batch.cause)}</p>}
      {batch !== undefined && <BatchBar batch={batch} withWords />}
      {batch !== undefined && <BatchActions batch={batch} isBusy={isSteering.value} onSteer={(verb) => void steer(batch.id, verb)} />}
      {answer.errors.length > 0 && <LineErrors errors={answer.errors} />}
      <p class="more"><a href={addressOf.batch(answer.batch_id)} data-testid="bulk-batch">{answer.errors_truncated ? "The batch, with all its lines that were not taken" : "The batch"}</a></p>
    </section>
  );
}
