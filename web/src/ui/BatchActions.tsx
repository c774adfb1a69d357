// What a person may do with a batch, by its state.
import type { JSX } from "preact";
import type { Batch, BatchVerb } from "../api/types";
import { waiting } from "../format/batches";
import { count } from "../format/words";
import { Confirm } from "./Confirm";

interface Props {
  batch: Batch;
  isBusy: boolean;
  onSteer: (verb: BatchVerb) => void;
}

export function BatchActions({ batch, isBusy, onSteer }: Props): JSX.Element | null {
  const { state } = batch;
  if (state !== "running" && state !== "paused" && state !== "receiving") return null;
  const question = state === "receiving"
    ? "Drop what has come in of this file? Nothing of it is sent."
    : `Take back ${count(waiting(batch.counts), "message that has", "messages that have")} not left? What has left stays sent.`;
  return (
    <p class="actions">
      {state === "running" && <button type="button" class="button" data-testid="batch-pause" disabled={isBusy} onClick={() => onSteer("pause")}>Pause</button>}
      {state === "paused" && <button type="button" class="button" data-testid="batch-resume" disabled={isBusy} onClick={() => onSteer("resume")}>Resume</button>}
      <Confirm name="Cancel" question={question} yes="Yes, cancel" testid="batch-cancel" danger disabled={isBusy} onYes={() => onSteer("cancel")} />
    </p>
  );
}
