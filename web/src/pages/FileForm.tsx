// The part of the send form that is about a file: choose, look, send, and what came of it.
import type { JSX } from "preact";
import { reasonOf } from "../state/failures";
import { bulk, drop, pick, sendAgain, sendFile, stopUpload } from "../state/bulk";
import type { Picked } from "../state/bulkSteps";
import { bulkOptions, text, toColumn } from "../state/draft";
import { hasText, missingColumns, numberColumn, renderLines, unusedMembers } from "../state/preview";
import { shortOf } from "../state/sending";
import { FileColumns, FileHead, FirstMessages } from "../ui/FilePreview";
import { FileDrop } from "../ui/FileDrop";
import { LineErrors } from "../ui/LineErrors";
import { ShortPanel } from "../ui/ShortPanel";
import { Unsure, Uploading } from "../ui/UploadState";

export function chosenColumn(file: Picked): string | null {
  if (file.preview.kind === "ndjson") return file.preview.columns.includes("to") ? "to" : null;
  const chosen = toColumn.value;
  return chosen !== null && file.preview.columns.includes(chosen) ? chosen : numberColumn(file.preview.columns);
}

/** Why the file cannot be sent with this text; null when it can. */
export function fileTrouble(file: Picked): string | null {
  const { preview } = file;
  if (preview.trouble !== null) return preview.trouble;
  if (chosenColumn(file) === null) return preview.kind === "csv" ? "Say which column holds the numbers." : "Each line needs a member “to” with the number.";
  if (text.value === "" && !hasText(preview.columns)) return "Write a text.";
  const missing = missingColumns(text.value, preview.columns);
  if (missing.length > 0) return `The file has no column ${missing.map((name) => `{${name}}`).join(", ")}.`;
  const unused = unusedMembers(preview, text.value);
  return unused.length === 0 ? null : `Nothing uses ${unused.join(", ")}. In NDJSON every member must be used in the text, or left out of the file.`;
}

/** `how`: for this once, after the credit was short; the next file is asked about again. */
export function submitFile(how?: "hold" | "partial"): void {
  const state = bulk.value;
  if (state.phase !== "ready" || fileTrouble(state.file) !== null) return;
  const options = bulkOptions(chosenColumn(state.file));
  void sendFile(how === undefined ? options : { ...options, onShort: how });
}

export function FilePart({ onInsert }: { onInsert: (column: string) => void }): JSX.Element {
  const state = bulk.value;
  switch (state.phase) {
    case "none":
    case "taken":
      return <FileDrop onFile={(file) => void pick(file)} />;
    case "sending":
      return <Uploading file={state.file} sent={state.sent} onStop={stopUpload} />;
    case "unsure":
      return <Unsure file={state.file} onAgain={() => void sendAgain()} onDrop={drop} />;
    case "ready":
      return (
        <>
          <FileHead file={state.file} onDrop={drop} />
          {state.file.preview.trouble !== null ? <p class="note" data-testid="file-trouble" role="status">{state.file.preview.trouble}</p> : (
            <FileColumns file={state.file} toColumn={chosenColumn(state.file)} onToColumn={(column) => { toColumn.value = column; }} onInsert={onInsert} onDrop={drop} />
          )}
        </>
      );
  }
}

/** Under the text: what the first people get, and why it was refused. */
export function FileFoot(): JSX.Element | null {
  const state = bulk.value;
  if (state.phase !== "ready") return null;
  const { file, failure } = state;
  const trouble = fileTrouble(file);
  const short = shortOf(failure);
  const errors = failure?.kind === "problem" ? (failure.problem.errors ?? []) : [];
  return (
    <>
      {trouble !== null && file.preview.trouble === null && <p class="note" data-testid="file-trouble" role="status">{trouble}</p>}
      {file.preview.trouble === null && (text.value !== "" || hasText(file.preview.columns)) && (
        <FirstMessages messages={renderLines(file.preview, chosenColumn(file), text.value).slice(0, 3)} />
      )}
      {short !== null && <ShortPanel short={short} isBusy={false} onChoose={submitFile} />}
      {failure !== null && short === null && <p class="error" role="alert" data-testid="file-error">{reasonOf(failure)}</p>}
      {errors.length > 0 && <LineErrors errors={errors} />}
    </>
  );
}
