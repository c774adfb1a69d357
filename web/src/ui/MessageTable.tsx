// Messages, newest first, and where each is.
import type { JSX } from "preact";
import type { Message } from "../api/types";
import { dayAndClock, shortMoment } from "../format/time";
import { grouped } from "../format/units";
import { messageWord, tellingCause } from "../format/words";
import { addressOf } from "../state/route";
import { Tag } from "./Tag";

interface Props {
  label: string;
  messages: readonly Message[];
  wallNow: number;
  zone: string;
  /** With what there is room for when the table has the page for itself. */
  isWide: boolean;
}

export function MessageTable({ label, messages, wallNow, zone, isWide }: Props): JSX.Element {
  return (
    <div class={`rows ${isWide ? "tall" : ""}`} tabIndex={0} role="group" aria-label={`${label}, a table`}>
      <table data-testid="messages">
        <thead>
          <tr>
            <th scope="col">Time</th><th scope="col" class="left">To</th><th scope="col" class="left">State</th><th scope="col" class="left wide-only">From</th>
            {isWide && <><th scope="col" class="left wide-only">Reference</th><th scope="col" class="wide-only">Segments</th></>}
            <th scope="col">Charge</th>
          </tr>
        </thead>
        <tbody>
          {messages.map((message) => <Row key={message.id} message={message} wallNow={wallNow} zone={zone} isWide={isWide} />)}
        </tbody>
      </table>
    </div>
  );
}

function Row({ message, wallNow, zone, isWide }: { message: Message; wallNow: number; zone: string; isWide: boolean }): JSX.Element {
  const at = Date.parse(message.created_at);
  const word = messageWord(message.state);
  const cause = tellingCause(message);
  return (
    <tr data-id={message.id}>
      <td><time dateTime={message.created_at} title={dayAndClock(at, zone)}>{shortMoment(at, wallNow, zone)}</time></td>
      <th scope="row" class="left"><a class="plain" href={addressOf.message(message.id)}>{message.to}</a></th>
      <td class="left">
        {/* The cause says more than the word's own explanation. */}
        <Tag word={cause === null ? word : { ...word, hint: cause }} value={message.state} />
        {isWide && cause !== null && <small class="cause">{cause}</small>}
      </td>
      <td class="left wide-only">{message.from ?? ""}</td>
      {isWide && <><td class="left wide-only cut">{message.reference ?? ""}</td><td class="wide-only">{message.segments}</td></>}
      <td>{grouped(message.charge)}</td>
    </tr>
  );
}
