// Fetches what the page starts from and what no event carries whole (accounts, the activity list), and takes balances in.
import { batch } from "@preact/signals";
import { serverNow } from "../api/http";
import { getAccounts, getActivity, getBalance, getInfo } from "../api/routes";
import type { Balance } from "../api/types";
import { withUnit } from "../format/units";
import { displayed, take } from "./book";
import { now, steadyNow } from "./clock";
import { noteTopUp, remember } from "./histories";
import { accounts, activity, book, info, loadFailure } from "./model";
import { readOut } from "./notify";

const ACTIVITY_LIMIT = 50;

export async function loadAll(): Promise<void> {
  void loadActivity();
  const [gotInfo, gotAccounts] = await Promise.all([getInfo(), getAccounts()]);
  batch(() => {
    if (gotInfo.ok) info.value = gotInfo.value;
    if (gotAccounts.ok) accounts.value = gotAccounts.value.accounts;
    loadFailure.value = gotAccounts.ok ? null : gotAccounts.failure;
  });
  if (gotAccounts.ok) await Promise.all(gotAccounts.value.accounts.map((account) => loadBalance(account.id)));
}

async function loadBalance(id: string): Promise<void> {
  const got = await getBalance(id);
  if (got.ok) receive(got.value);
}

/** Every balance, from whichever answer or event, comes in here. */
export function receive(balance: Balance): void {
  const before = book.value;
  const after = take(before, balance, { steady: steadyNow(), wall: serverNow() });
  if (after === before) return;
  book.value = after;
  // What depends on the time is drawn at the time of the new figure, not of the last tick before it.
  now.value = steadyNow();
  remember(balance, serverNow());
  const changed = after.get(balance.account_id)?.changes !== (before.get(balance.account_id)?.changes ?? 0);
  if (changed) readOut(balance.account, displayed(balance) === null ? "unknown" : withUnit(balance.balance ?? "", balance.unit));
  if (!isListed(balance.account_id)) void loadAccounts();
}

function isListed(id: string): boolean {
  return accounts.value === null || accounts.value.some((account) => account.id === id);
}

async function loadAccounts(): Promise<void> {
  const got = await getAccounts();
  if (got.ok) accounts.value = got.value.accounts;
}

export async function loadActivity(): Promise<void> {
  const got = await getActivity(ACTIVITY_LIMIT);
  if (!got.ok) return;
  activity.value = got.value.activity;
  const topUp = got.value.activity.find((line) => line.kind === "top_up");
  if (topUp !== undefined) noteTopUp(Date.parse(topUp.at));
}

/** Events come in bursts; the lists they touch are asked for again at most this often. */
const AGAIN_EVERY_MS = 2_000;

/** Runs at once, then at most every two seconds, and once more after the last call. */
export function atMostEvery(run: () => void, ms: number = AGAIN_EVERY_MS): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const fire = (): void => {
    again = false;
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) fire();
    }, ms);
  };
  return () => {
    if (timer === undefined) fire();
    else again = true;
  };
}

export const activitySoon = atMostEvery(() => void loadActivity());
