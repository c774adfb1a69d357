// The history chart of one account, with its ranges and, where there are several accounts, the choice of one.
import { computed, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { Account } from "../api/types";
import { now } from "../state/clock";
import { RANGES, type RangeId } from "../state/history";
import { histories, trails } from "../state/histories";
import { book, live, zone } from "../state/model";
import { HistoryTable } from "../ui/HistoryTable";
import { keepCurrent, lookAt } from "./curves";
import { lazily } from "./lazily";

/** The drawing is half of all script; the figures do not wait for it. */
const HistoryChart = lazily(
  () => import("../ui/HistoryChart").then((file) => file.HistoryChart),
  <p class="plot-empty quiet">Loading the chart…</p>,
  <p class="plot-empty quiet">The chart could not be loaded; the table below says the same. Reload the page to try again.</p>,
);

const range = signal<RangeId>("24h");
const chosen = signal<string | null>(null);
const slow = computed(() => Math.floor(now.value / 5_000));

export function HistoryPanel({ accounts }: { accounts: readonly Account[] }): JSX.Element | null {
  useEffect(() => HistoryChart.prepare(), []);
  const account = accounts.find((a) => a.id === chosen.value) ?? accounts.find((a) => a.default) ?? accounts[0];
  if (account === undefined) return null;
  return (
    <section class="card history" data-testid="chart" aria-labelledby="history-name">
      <div class="head">
        <h2 id="history-name">History</h2>
        {accounts.length > 1 && <AccountChoice accounts={accounts} account={account} />}
        <div class="ranges" role="group" aria-label="Range">
          {RANGES.map(({ id, label }) => (
            <button key={id} type="button" data-testid={`range-${id}`} aria-pressed={range.value === id} onClick={() => { range.value = id; }}>
              {label}
            </button>
          ))}
        </div>
      </div>
      <Drawing account={account} range={range.value} />
    </section>
  );
}

function AccountChoice({ accounts, account }: { accounts: readonly Account[]; account: Account }): JSX.Element {
  return (
    <select aria-label="Account" data-testid="chart-account" value={account.id} onChange={(event) => { chosen.value = event.currentTarget.value; }}>
      {accounts.map((a) => <option key={a.id} value={a.id}>{a.slug}</option>)}
    </select>
  );
}

function Drawing({ account, range: rangeId }: { account: Account; range: RangeId }): JSX.Element {
  const beat = slow.value;
  const inputs = [account.id, rangeId, beat, histories.value, trails.value, book.value.get(account.id), live.value] as const;
  useEffect(() => keepCurrent(account.id, rangeId), [account.id, rangeId, beat]);
  const looked = useMemo(() => lookAt(account.id, rangeId), inputs);
  if (looked.curve === null) {
    return <p class="plot-empty quiet">{looked.failed ? "The history could not be loaded; it is tried again." : "Loading the history…"}</p>;
  }
  if (looked.curve.points.length === 0) return <p class="plot-empty quiet">Nothing has been observed in this range yet.</p>;
  return (
    <>
      <HistoryChart curve={looked.curve} unit={account.unit} zone={zone.value} />
      <HistoryTable curve={looked.curve} unit={account.unit} zone={zone.value} />
    </>
  );
}
