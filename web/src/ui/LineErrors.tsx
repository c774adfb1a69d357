// Lines of a file that were not taken: which, why, and what stood there.
import type { JSX } from "preact";
import type { LineError } from "../api/types";

export function LineErrors({ errors }: { errors: readonly LineError[] }): JSX.Element {
  return (
    <div class="rows" tabIndex={0} role="group" aria-label="Lines that were not taken, a table">
      <table data-testid="line-errors">
        <thead><tr><th scope="col">Line</th><th scope="col" class="left">What is wrong</th><th scope="col" class="left">Given</th></tr></thead>
        <tbody>
          {errors.map((error) => (
            <tr key={`${error.line} ${error.field} ${error.code}`} data-code={error.code}>
              <th scope="row">{error.line.toLocaleString("en-US")}</th>
              <td class="left wrap">{error.field !== "" && <b>{error.field}: </b>}{error.detail}</td>
              <td class="left wrap">{error.given !== "" && <code>{error.given}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
