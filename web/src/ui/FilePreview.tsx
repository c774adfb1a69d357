// What a file holds, as far as its first lines tell: which column is the number, which can stand in the text, what the first people would get.
import type { JSX } from "preact";
import { canBeColumn, sameName } from "../format/template";
import { count, encodingWord } from "../format/words";
import { sizeWords, type Picked } from "../state/bulkSteps";
import { delimiterName, isOwnColumn, type Rendered } from "../state/preview";
import { Marked } from "./TextPreview";

interface Props {
  file: Picked;
  toColumn: string | null;
  onToColumn: (column: string) => void;
  onInsert: (column: string) => void;
  onDrop: () => void;
}

export function FileHead({ file, onDrop }: Pick<Props, "file" | "onDrop">): JSX.Element {
  const { preview } = file;
  return (
    <p class="head file" data-testid="file-name">
      <b>{file.name}</b>
      <span class="quiet">{sizeWords(file.size)}, {preview.kind === "csv" ? `CSV, parted by ${delimiterName(preview.delimiter)}` : "NDJSON"}</span>
      <button type="button" class="button small" data-testid="file-other" onClick={onDrop}>Another file</button>
    </p>
  );
}

export function FileColumns({ file, toColumn, onToColumn, onInsert }: Props): JSX.Element {
  const { preview } = file;
  const insertable = preview.columns.filter((column) => canBeColumn(column) && !isOwnColumn(column));
  return (
    <>
      {preview.kind === "csv" && (
        <div class="field">
          <label for="send-column">The column with the numbers</label>
          <select id="send-column" data-testid="file-column" value={toColumn ?? ""} onChange={(event) => onToColumn(event.currentTarget.value)}>
            {toColumn === null && <option value="">Choose it</option>}
            {preview.columns.map((column) => <option key={column} value={column}>{column}</option>)}
          </select>
        </div>
      )}
      <div class="rows" tabIndex={0} role="group" aria-label="The first lines of the file, a table">
        <table data-testid="file-lines">
          <thead><tr><th scope="col">Line</th>{preview.columns.map((column) => <th key={column} scope="col" class={`left ${toColumn !== null && sameName(column, toColumn) ? "chosen" : ""}`}>{column}</th>)}</tr></thead>
          <tbody>{preview.lines.map((line) => <tr key={line.line}><th scope="row">{line.line}</th>{line.values.map((value, i) => <td key={i} class="left cut">{value ?? ""}</td>)}</tr>)}</tbody>
        </table>
      </div>
      {insertable.length > 0 && (
        <p class="chips" role="group" aria-label="Put a column into the text">
          <span class="quiet">Put into the text:</span>
          {insertable.map((column) => <button key={column} type="button" class="chip" data-testid={`insert-${column}`} onClick={() => onInsert(column)}>{`{${column}}`}</button>)}
        </p>
      )}
    </>
  );
}

export function FirstMessages({ messages }: { messages: readonly Rendered[] }): JSX.Element {
  return (
    <section class="firsts" aria-labelledby="firsts-name">
      <h3 id="firsts-name">The first messages</h3>
      <ol data-testid="first-messages">
        {messages.map((message) => (
          <li key={message.line}>
            <p class="head"><b>{message.to === "" ? "no number" : message.to}</b><span class="quiet">{count(message.segments, "segment", "segments")}, {encodingWord(message.encoding)}</span></p>
            <p class="sms"><Marked text={message.text} /></p>
          </li>
        ))}
      </ol>
    </section>
  );
}
