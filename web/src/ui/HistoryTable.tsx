// The chart's content as a table, for those who read rather than look. Made only when it is opened.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { dayAndClock } from "../format/time";
import { amountBetween, grouped } from "../format/units";
import type { Curve, Point } from "../state/history";

interface Props {
  curve: Curve;
  unit: string;
  zone: string;
}

export function HistoryTable(props: Props): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary data-testid="chart-as-table">Show as a table</summary>
      {isOpen && <Rows {...props} />}
    </details>
  );
}

/** Points of one minute with one figure are one row; the drawing needs them, a reader does not. */
function saysTheSame(p: Point, newer: Point | undefined, zone: string): boolean {
  return newer !== undefined && p.balance === newer.balance && p.highText === newer.highText && dayAndClock(p.at, zone) === dayAndClock(newer.at, zone);
}

function Rows({ curve, unit, zone }: Props): JSX.Element {
  const marked = new Set(curve.marks.map((mark) => mark.at));
  const newestFirst = [...curve.points].reverse().filter((p, i, all) => marked.has(p.at) || !saysTheSame(p, all[i - 1], zone));
  return (
    <div class="rows" tabIndex={0} role="group" aria-label="Balance over time, as a table">
      <table>
        <thead>
          <tr><th scope="col">Time</th><th scope="col">Balance, {unit}</th><th scope="col">Lowest</th><th scope="col">Highest</th><th scope="col">Top-up</th></tr>
        </thead>
        <tbody>
          {newestFirst.map((p) => {
            const mark = curve.marks.find((m) => m.at === p.at);
            return (
              <tr key={p.at}>
                <th scope="row">{dayAndClock(p.at, zone)}</th>
                <td>{grouped(p.balance)}</td>
                <td>{grouped(p.lowText)}</td>
                <td>{grouped(p.highText)}</td>
                <td>{mark === undefined ? "" : amountBetween(mark.topUp.amount_low, mark.topUp.amount_high)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
