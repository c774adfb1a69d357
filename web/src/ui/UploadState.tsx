// A file on its way: how much has left, what to do when no answer came.
import type { JSX } from "preact";
import { percent, sizeWords, type Picked } from "../state/bulkSteps";
import { useFocusIfLost } from "./focus";

export function Uploading({ file, sent, onStop }: { file: Picked; sent: number; onStop: () => void }): JSX.Element {
  const done = percent(sent, file.size);
  return (
    <div class="upload" data-testid="upload">
      <label for="upload-bar">{done < 100 ? `Sending ${file.name}` : "All sent; the server checks the last lines…"}</label>
      <progress id="upload-bar" max={100} value={done} />
      <p class="pace"><span>{sizeWords(Math.min(sent, file.size))} of {sizeWords(file.size)}</span><button type="button" class="button small" data-testid="upload-stop" onClick={onStop}>Stop</button></p>
      <p class="quiet">No message leaves before the whole file has come in.</p>
    </div>
  );
}

export function Unsure({ file, onAgain, onDrop }: { file: Picked; onAgain: () => void; onDrop: () => void }): JSX.Element {
  const panel = useFocusIfLost<HTMLDivElement>();
  return (
    <div ref={panel} tabIndex={-1} class="trouble warn" role="alert" data-testid="upload-unsure">
      <div>
        <p class="reason">No answer came for {file.name}</p>
        <p>Send it again: that is safe, the same file is never taken twice. Half a file is never sent. Before you start over, look under <a href="#/batches">Batches</a> whether it came in after all.</p>
        <p class="actions">
          <button type="button" class="button small" data-testid="upload-again" onClick={onAgain}>Send it again</button>
          <button type="button" class="button small" data-testid="upload-drop" onClick={onDrop}>Start over</button>
        </p>
      </div>
    </div>
  );
}
