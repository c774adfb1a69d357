// Where the figure comes from and how old it is: "3.00 pending · provider said 11,378.50, 4 s ago".
import type { JSX } from "preact";
import type { Balance } from "../api/types";
import { age, clock } from "../format/time";
import { grouped, isZero } from "../format/units";

interface Props {
  balance: Balance;
  ageMs: number | null;
  zone: string;
}

/** An age of minutes is easier to grasp with the time of day beside it. */
const WITH_CLOCK_MS = 300_000;

export function Source({ balance, ageMs, zone }: Props): JSX.Element {
  if (balance.observed === null || ageMs === null) {
    return (
      <p class="source">
        <span>The provider has not told a balance yet</span>
        <span class="hidden" data-testid={`age-${balance.account}`}>no age</span>
      </p>
    );
  }
  return (
    <p class="source">
      {!isZero(balance.pending) && <><span class="strong">{grouped(balance.pending)} pending</span><Dot /></>}
      <span>
        provider said {grouped(balance.observed)}, {asOf(balance, ageMs, zone)}
        <time data-testid={`age-${balance.account}`} dateTime={balance.observed_at ?? undefined}>{age(ageMs)}</time>
      </span>
    </p>
  );
}

function asOf(balance: Balance, ageMs: number, zone: string): string {
  if (balance.observed_at === null || ageMs < WITH_CLOCK_MS) return "";
  return `at ${clock(Date.parse(balance.observed_at), zone)}, `;
}

export function Dot(): JSX.Element {
  return <span class="dot" aria-hidden="true"> · </span>;
}
