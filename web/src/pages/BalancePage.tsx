// The balance page: a card an account, the history, what happened.
import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { serverNow } from "../api/http";
import { now } from "../state/clock";
import { reasonOf } from "../state/failures";
import { loadAll } from "../state/loading";
import { activity, info, loadFailure, shownAccounts, zone } from "../state/model";
import { ActivityList } from "../ui/ActivityList";
import { FigureSkeleton } from "../ui/Figure";
import { Setup } from "../ui/Setup";
import { AccountCard } from "./AccountCard";
import { HistoryPanel } from "./HistoryPanel";

export function BalancePage(): JSX.Element {
  const accounts = shownAccounts.value;
  if (accounts === null) return loadFailure.value === null ? <Waiting /> : <Failed />;
  if (accounts.length === 0) {
    const setup = info.value?.setup;
    return <Setup missing={setup?.missing ?? []} hint={setup?.hint ?? ""} />;
  }
  return (
    <div class={`panels ${accounts.length === 1 ? "solo" : "many"}`}>
      <div class="cards">
        {accounts.map((account) => <AccountCard key={account.id} account={account} />)}
      </div>
      <HistoryPanel accounts={accounts} />
      <ActivityPanel named={accounts.length > 1} />
    </div>
  );
}

const minute = computed(() => Math.floor(now.value / 60_000));

function ActivityPanel({ named }: { named: boolean }): JSX.Element {
  // "Today" is decided by the time; once a minute is soon enough.
  void minute.value;
  return (
    <section class="card happened" data-testid="activity" aria-labelledby="activity-name">
      <h2 id="activity-name">Activity</h2>
      <ActivityList lines={activity.value} wallNow={serverNow()} zone={zone.value} named={named} />
    </section>
  );
}

function Waiting(): JSX.Element {
  return <div class="panels solo"><div class="cards"><article class="card account"><FigureSkeleton /></article></div></div>;
}

function Failed(): JSX.Element {
  const failure = loadFailure.value;
  return (
    <section class="card setup" role="alert" data-testid="load-failed">
      <h2>The accounts could not be loaded</h2>
      <p>{failure === null ? "" : reasonOf(failure)}</p>
      <p><button type="button" class="button" onClick={() => void loadAll()}>Try again</button></p>
    </section>
  );
}
