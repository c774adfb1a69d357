// Where a file is dropped or chosen. The file input is the way of the keyboard; dropping is the same wish.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

export function FileDrop({ onFile }: { onFile: (file: File) => void }): JSX.Element {
  const [isOver, setOver] = useState(false);
  const first = (files: FileList | null | undefined): void => {
    const file = files?.[0];
    if (file !== undefined) onFile(file);
  };
  return (
    <div
      class={`drop ${isOver ? "over" : ""}`} data-testid="file-drop"
      onDragOver={(event) => { event.preventDefault(); setOver(true); }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); event.stopPropagation(); setOver(false); first(event.dataTransfer?.files); }}
    >
      <label for="send-file">Drop a CSV or NDJSON file here, or choose one</label>
      <input id="send-file" type="file" data-testid="send-file" accept=".csv,.tsv,.txt,.ndjson,.jsonl,text/csv,application/x-ndjson" onChange={(event) => first(event.currentTarget.files)} />
      <p class="quiet">A CSV file needs a first line with the names of its columns, for example <code>to,name</code>. Any size: it is never read into memory whole.</p>
    </div>
  );
}
