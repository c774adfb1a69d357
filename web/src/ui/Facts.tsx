// The three quiet facts under the line. Only what the server gives.
import type { JSX } from "preact";
import type { Balance } from "../api/types";
import { wait } from "../format/time";
import { grouped, isZero } from "../format/units";
import { NO_FILTERS, toQuery } from "../state/filters";
import { addressOf } from "../state/route";

interface Props {
  balance: Balance;
  wallNow: number;
  isAsking: boolean;
}

export function Facts({ balance, wallNow, isAsking }: Props): JSX.Element {
  const { unknown_messages: unknown } = balance;
  return (
    <dl class="facts">
      <div>
        <dt>Queued</dt>
        <dd data-testid={`queued-${balance.account}`}>{grouped(balance.queued)}<small>{isZero(balance.queued) ? "nothing waits" : "not yet begun"}</small></dd>
      </div>
      <div>
        <dt>Unknown</dt>
        <dd data-testid={`unknown-${balance.account}`} class={unknown > 0 ? "warn" : undefined}>
          {unknown > 0 ? <a href={addressOf.messages(toQuery({ ...NO_FILTERS, state: "unknown", account: balance.account }))}>{unknown.toLocaleString("en-US")}</a> : "0"}<small>{unknown === 1 ? "message" : "messages"}</small>
        </dd>
      </div>
      <div>
        <dt>Next look</dt>
        <dd>{isAsking ? "asking…" : nextLook(balance, wallNow)}<small>at the provider</small></dd>
      </div>
    </dl>
  );
}

function nextLook(balance: Balance, wallNow: number): string {
  const at = balance.next_refresh_at;
  return at === null ? "on sync" : wait(Date.parse(at) - wallNow);
}
