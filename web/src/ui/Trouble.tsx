// Why the provider's word is missing, since when, when it will be asked again, and the one thing that only a person can do.
import type { JSX } from "preact";
import type { Balance, BalanceError } from "../api/types";
import { shortMoment, wait } from "../format/time";
import { Dot } from "./Source";
import { WarnIcon } from "./icons";

interface Props {
  balance: Balance;
  error: BalanceError;
  wallNow: number;
  zone: string;
  isBusy: boolean;
  onAcceptForm: () => void;
}

export function Trouble(props: Props): JSX.Element {
  const { balance, error, zone, wallNow } = props;
  return (
    <div class={`trouble ${balance.health === "failing" ? "bad" : "warn"}`} data-testid={`error-${balance.account}`} data-code={error.code}>
      <WarnIcon />
      <div>
        <p class="reason">{error.detail}</p>
        <p class="when">
          <span>{tries(error)} since {shortMoment(Date.parse(error.since), wallNow, zone)}</span>
          <Dot />
          <span>{nextTry(error, wallNow)}</span>
        </p>
        {error.code === "balance_form_changed" && (
          <button type="button" class="button small" data-testid={`accept-form-${balance.account}`} disabled={props.isBusy} onClick={props.onAcceptForm}>
            Accept the new form
          </button>
        )}
      </div>
    </div>
  );
}

function tries(error: BalanceError): string {
  return error.attempts === 1 ? "1 try" : `${error.attempts.toLocaleString("en-US")} tries`;
}

function nextTry(error: BalanceError, wallNow: number): string {
  if (error.next_try_at !== null) return `next try ${wait(Date.parse(error.next_try_at) - wallNow)}`;
  return error.code === "balance_form_changed" ? "waiting for a person" : "no further try until a person syncs";
}
