// What became of the last form: who was taken, in which state each is now, who was refused and why.
import type { JSX } from "preact";
import { withUnit } from "../format/units";
import { count, messageWord } from "../format/words";
import { addressOf } from "../state/route";
import type { Outcome } from "../state/sending";
import { Tag } from "./Tag";

export function SendResult({ outcome, unit }: { outcome: Outcome; unit: string }): JSX.Element {
  const { accepted, refused } = outcome;
  return (
    <section class="card" data-testid="send-result" aria-labelledby="result-name">
      <div role="status">
        <h2 id="result-name">
          {count(accepted.length, "message", "messages")} accepted{refused.length > 0 ? `, ${refused.length.toLocaleString("en-US")} refused` : ""}
        </h2>
      </div>
      <ul class="results" tabIndex={0} aria-label="Recipients">
        {accepted.map((message) => (
          <li key={message.id} data-id={message.id}>
            <a class="recipient plain" href={addressOf.message(message.id)}>{message.to}</a>
            <span class="quiet">{count(message.segments, "segment", "segments")}, {withUnit(message.charge, unit)}</span>
            <Tag word={messageWord(message.state)} testid={`result-${message.id}`} value={message.state} />
          </li>
        ))}
        {refused.map((one) => (
          <li key={`${one.index} ${one.to}`}>
            <span class="recipient">{one.to}</span>
            <span class="quiet">{one.detail}</span>
            <span class="tag bad">refused</span>
          </li>
        ))}
      </ul>
      {outcome.batch !== null && <p class="more"><a href={addressOf.batch(outcome.batch)} data-testid="result-batch">Follow the batch</a></p>}
    </section>
  );
}
