// The newest messages and where each is.
import type { JSX } from "preact";
import type { Message } from "../api/types";
import { dayAndClock, clock } from "../format/time";
import { grouped } from "../format/units";
import { messageWord, type Word } from "../format/words";
import { Tag } from "./Tag";

/** The cause says more than the word's own explanation. */
function stateOf(message: Message): Word {
  const word = messageWord(message.state);
  return message.cause ? { ...word, hint: message.cause.replaceAll("_", " ") } : word;
}

export function MessageTable({ messages, zone }: { messages: readonly Message[] | null; zone: string }): JSX.Element {
  if (messages === null) return <p class="quiet">Loading…</p>;
  if (messages.length === 0) return <p class="quiet">No message has been sent yet.</p>;
  return (
    <div class="rows" tabIndex={0} role="group" aria-label="Newest messages, a table">
      <table data-testid="messages">
        <thead>
          <tr><th scope="col">Time</th><th scope="col" class="left">To</th><th scope="col" class="left">State</th><th scope="col" class="left wide-only">From</th><th scope="col">Charge</th></tr>
        </thead>
        <tbody>
          {messages.map((message) => {
            const at = Date.parse(message.created_at);
            return (
              <tr key={message.id}>
                <td><time dateTime={message.created_at} title={dayAndClock(at, zone)}>{clock(at, zone)}</time></td>
                <th scope="row" class="left">{message.to}</th>
                <td class="left"><Tag word={stateOf(message)} value={message.state} /></td>
                <td class="left wide-only">{message.from ?? ""}</td>
                <td>{grouped(message.charge)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
