// What happened, newest first.
import type { JSX } from "preact";
import type { Activity } from "../api/types";
import { dayAndClock, shortMoment } from "../format/time";
import { isNegative, isZero, signed } from "../format/units";
import { activityWord, shade } from "../format/words";

interface Props {
  lines: readonly Activity[] | null;
  wallNow: number;
  zone: string;
  /** With several accounts each line names its own. */
  named: boolean;
}

export function ActivityList({ lines, wallNow, zone, named }: Props): JSX.Element {
  if (lines === null) return <p class="quiet">Loading…</p>;
  if (lines.length === 0) return <p class="quiet">Nothing has happened yet.</p>;
  return (
    <ol class="activity" tabIndex={0} aria-label="Activity, newest first">
      {lines.map((line) => {
        const at = Date.parse(line.at);
        return (
          <li key={`${line.at} ${line.account} ${line.kind} ${line.text}`} class={shade(line.tone)} data-kind={line.kind}>
            <time dateTime={line.at} title={dayAndClock(at, zone)}>{shortMoment(at, wallNow, zone)}</time>
            <span class="what">
              <span class="hidden">{activityWord(line.kind)}: </span>
              {line.text}
              {named && <small>{line.account}</small>}
            </span>
            {line.amount === null ? <i class="mark" aria-hidden="true" /> : <b class={amountClass(line.amount)}>{signed(line.amount)}</b>}
          </li>
        );
      })}
    </ol>
  );
}

function amountClass(amount: string): string {
  if (isZero(amount)) return "none";
  return isNegative(amount) ? "out" : "in";
}
