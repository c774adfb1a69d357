// Starts the page: the first requests, the stream, and what each event means.
import { EVENTS_PATH } from "../api/routes";
import type { Alert, Balance, Batch, MessageChange, RefreshChange } from "../api/types";
import { browserSurroundings, Live, tieToPage, type Listener } from "../live";
import { batchesAgain, batchMoved } from "./batches";
import { messageMoved, messagesOfBatchMoved, reading } from "./browse";
import { startTicking, steadyNow } from "./clock";
import { detailAgain, detailMoved } from "./detail";
import { linkStep, type LinkEvent } from "./link";
import { activitySoon, loadAll, receive } from "./loading";
import { messageChanged, messagesSoon } from "./messages";
import { notify } from "./notify";
import { asking, link, loadFailure, shownAccounts } from "./model";

let wasLive = false;

function onLink(event: LinkEvent): void {
  link.value = linkStep(link.value, event);
  if (event.kind !== "opened") return;
  // What no event repeats may have changed while the stream was away (accounts, settings, the lists), or could not be loaded at all.
  if (wasLive || loadFailure.value !== null) void loadAll().then(catchUp);
  wasLive = true;
}

/** The lists and what is looked at, whichever of them are open. */
function catchUp(): void {
  messagesSoon();
  reading.soon();
  batchesAgain();
  detailAgain();
}

function onMessage(change: MessageChange): void {
  messageChanged(change);
  messageMoved(change);
  detailMoved(change.id);
  activitySoon();
}

function onBatch(batch: Batch): void {
  batchMoved(batch);
  messagesOfBatchMoved(batch);
  detailMoved(batch.id);
  messagesSoon();
  activitySoon();
}

function onEvent(type: string, data: unknown): void {
  switch (type) {
    case "balance":
      receive(data as Balance);
      activitySoon();
      return;
    case "message":
      onMessage(data as MessageChange);
      return;
    case "batch":
      onBatch(data as Batch);
      return;
    case "refresh":
      refreshPhase(data as RefreshChange);
      return;
    case "alert":
      alerted(data as Alert);
      activitySoon();
      return;
    default:
      activitySoon();
  }
}

/** The account stands under the words, unless they begin with it. */
function alerted({ text, account }: Alert): void {
  notify("bad", text, text.startsWith(`${account}:`) ? undefined : account);
}

function refreshPhase(change: RefreshChange): void {
  const account = shownAccounts.value?.find((known) => known.slug === change.account || known.id === change.account);
  if (account === undefined) return;
  const next = new Map(asking.value);
  if (change.phase === "started") next.set(account.id, steadyNow());
  else next.delete(account.id);
  asking.value = next;
}

const listener: Listener = {
  opened: () => onLink({ kind: "opened" }),
  trying: () => onLink({ kind: "trying" }),
  paused: () => onLink({ kind: "paused" }),
  dropped(nextTryInMs) {
    asking.value = new Map();
    onLink({ kind: "dropped", at: steadyNow(), nextTryAt: steadyNow() + nextTryInMs, online: navigator.onLine });
  },
  event: onEvent,
};

export function boot(): void {
  startTicking();
  const live = new Live(browserSurroundings(EVENTS_PATH), listener);
  tieToPage(live, () => Date.now(), (online) => onLink({ kind: "network", online }));
  live.start();
  void loadAll();
}
