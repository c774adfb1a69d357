// Pausing and resuming an account's sending, by a person.
import { signal } from "@preact/signals";
import { getBalance, pauseAccount } from "../api/routes";
import type { Account } from "../api/types";
import { reasonOf } from "./failures";
import { activitySoon, receive } from "./loading";
import { notify } from "./notify";

/** Account ids whose answer is awaited. */
export const pausing = signal<ReadonlySet<string>>(new Set());

export async function setPaused(account: Account, isPaused: boolean): Promise<void> {
  if (pausing.value.has(account.id)) return;
  pausing.value = new Set(pausing.value).add(account.id);
  const got = await pauseAccount(account.id, isPaused ? "pause" : "resume");
  // The balance says it too and has a version; the account's answer has none.
  const balance = await getBalance(account.id);
  if (balance.ok) receive(balance.value);
  pausing.value = new Set([...pausing.value].filter((id) => id !== account.id));
  if (got.ok) notify("good", `Sending ${isPaused ? "paused" : "resumed"}: ${account.slug}`);
  else notify("bad", `Sending was not ${isPaused ? "paused" : "resumed"}: ${account.slug}`, reasonOf(got.failure));
  activitySoon();
}
