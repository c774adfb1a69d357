// A message's life, oldest first, and what the provider reported of it, word for word.
import type { JSX } from "preact";
import type { Report, Step } from "../api/types";
import { dayAndClock } from "../format/time";
import { causeWords, messageWord, outcomeWord } from "../format/words";
import { Tag } from "./Tag";

export function Timeline({ steps, zone }: { steps: readonly Step[]; zone: string }): JSX.Element {
  return (
    <ol class="timeline" data-testid="timeline">
      {steps.map((step) => (
        <li key={`${step.at} ${step.state}`} class={messageWord(step.state).tone}>
          <span class="step">
            <b>{messageWord(step.state).text}</b>
            {step.cause !== null && <span class="quiet"> {causeWords(step.cause)}</span>}
            {step.submission_id !== null && <small class="quiet">{step.submission_id}</small>}
          </span>
          <time dateTime={step.at}>{moment(step.at, zone)}</time>
        </li>
      ))}
    </ol>
  );
}

export function Reports({ reports, zone }: { reports: readonly Report[]; zone: string }): JSX.Element {
  if (reports.length === 0) return <p class="quiet">The provider has not reported on it yet.</p>;
  return (
    <ul class="reports" data-testid="reports">
      {reports.map((report) => (
        <li key={report.id}>
          <p class="head">
            <Tag word={outcomeWord(report.outcome)} value={report.outcome} />
            <span>{[report.word, report.error_code === null ? null : `code ${report.error_code}`].filter((part) => part !== null).join(", ")}</span>
            <time class="quiet" dateTime={report.received_at}>{moment(report.received_at, zone)}</time>
          </p>
          <p class="quiet" data-testid="report-effect">{report.effect === null ? "It changed nothing." : `It made the message ${messageWord(report.effect).text}.`}</p>
          <details><summary>As it came</summary><pre tabIndex={0} aria-label="The report as it came">{report.raw}</pre></details>
        </li>
      ))}
    </ul>
  );
}

/** With seconds: the order of what happened is what is looked for. */
function moment(iso: string, zone: string): string {
  const at = Date.parse(iso);
  return `${dayAndClock(at, zone)}:${iso.slice(17, 19)}`;
}
