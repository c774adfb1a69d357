// One account's card: reads the signals and hands plain values to the ui.
import type { JSX } from "preact";
import { serverNow } from "../api/http";
import type { Account } from "../api/types";
import { healthWord, priceHint, stateWord, type Word } from "../format/words";
import { wait } from "../format/time";
import { ageMs, isLastKnown, isMarkedUpdated, type Shown } from "../state/book";
import { now } from "../state/clock";
import { asking, book, live, syncs, zone } from "../state/model";
import { pausing, setPaused } from "../state/pausing";
import { IDLE, type Sync } from "../state/sync";
import { confirmForm, sync } from "../state/syncing";
import { Facts } from "../ui/Facts";
import { Figure, FigureSkeleton } from "../ui/Figure";
import { Sending } from "../ui/Sending";
import { Source } from "../ui/Source";
import { SyncButton } from "../ui/SyncButton";
import { Tag } from "../ui/Tag";
import { Trouble } from "../ui/Trouble";
import { DaySpark } from "./DaySpark";

export function AccountCard({ account }: { account: Account }): JSX.Element {
  const shown = book.value.get(account.id);
  const syncing = syncs.value.get(account.id) ?? IDLE;
  const { slug } = account;
  return (
    <article class="card account" data-testid={`card-${slug}`} aria-labelledby={`name-${slug}`}>
      <div class="head">
        <div class="who">
          <h2 id={`name-${slug}`}>{slug}</h2>
          {!slug.startsWith(account.provider) && <span class="provider">{account.provider}</span>}
          {shown !== undefined && <Tags slug={slug} shown={shown} />}
        </div>
        <SyncButton account={slug} sync={syncing} onPress={() => void sync(account.id)} />
      </div>
      {shown === undefined ? <FigureSkeleton /> : <Body account={account} shown={shown} syncing={syncing} />}
    </article>
  );
}

const LAST_KNOWN: Word = { text: "last known", tone: "neutral", hint: "There is no live connection; this is what was known last." };

function Tags({ slug, shown }: { slug: string; shown: Shown }): JSX.Element {
  const { state, health, error } = shown.balance;
  const word = isLastKnown(shown, live.value, now.value) ? LAST_KNOWN : stateWord(state);
  return (
    <>
      <Tag word={word} testid={`state-${slug}`} value={state} />
      {health === "ok"
        ? <span class="hidden" data-testid={`health-${slug}`} data-value={health}>{healthWord(health, error).text}</span>
        : <Tag word={healthWord(health, error)} testid={`health-${slug}`} value={health} />}
    </>
  );
}

/** A question that nobody has reported the end of is not shown for ever. */
const ASKING_AT_MOST_MS = 30_000;

function Body({ account, shown, syncing }: { account: Account; shown: Shown; syncing: Sync }): JSX.Element {
  const steady = now.value;
  const wallNow = serverNow();
  const { balance } = shown;
  const askedAt = asking.value.get(account.id);
  const isAsking = syncing.phase === "loading" || (askedAt !== undefined && steady - askedAt < ASKING_AT_MOST_MS);
  const price = priceHint(balance.price_source, balance.unit);
  return (
    <>
      <Figure slug={account.slug} shown={shown} isUpdated={isMarkedUpdated(shown, steady)} />
      <Source balance={balance} ageMs={ageMs(shown, steady)} zone={zone.value} />
      {balance.error !== null && (
        <Trouble
          balance={balance} error={balance.error} wallNow={wallNow} zone={zone.value}
          isBusy={syncing.phase === "loading"} onAcceptForm={() => void confirmForm(account.id)}
        />
      )}
      <DaySpark account={account} />
      <Facts balance={balance} wallNow={wallNow} isAsking={isAsking} />
      <Sending
        slug={account.slug} unit={balance.unit} paused={balance.paused ?? null} held={balance.held ?? null} wallNow={wallNow} zone={zone.value}
        isBusy={pausing.value.has(account.id)} onPause={(isPaused) => void setPaused(account, isPaused)}
      />
      <Notes slug={account.slug} syncing={syncing} price={price} steady={steady} />
    </>
  );
}

function Notes(props: { slug: string; syncing: Sync; price: string | null; steady: number }): JSX.Element | null {
  const { syncing, price, steady, slug } = props;
  const retryIn = syncing.retryAt === null ? 0 : syncing.retryAt - steady;
  if (retryIn <= 0 && price === null) return null;
  return (
    <p class="notes">
      {retryIn > 0 && <span class="warn" data-testid={`retry-${slug}`}>The provider has been asked often enough; sync again {wait(retryIn)}</span>}
      {price !== null && <span data-testid={`price-${slug}`}>{price}</span>}
    </p>
  );
}
