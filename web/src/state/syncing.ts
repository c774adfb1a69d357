// What the sync button does: one POST, its outcome as a notification, and the button's way back to idle.
import type { Failure, Result } from "../api/http";
import { acceptForm, refreshBalance } from "../api/routes";
import type { Balance } from "../api/types";
import { now, steadyNow } from "./clock";
import { NETWORK_ERROR, reasonOf, reasonWithWait, retryAfterS } from "./failures";
import { activitySoon, receive } from "./loading";
import { asking, syncs } from "./model";
import { notify } from "./notify";
import { IDLE, OUTCOME_MS, syncStep, type Sync, type SyncEvent } from "./sync";

function step(id: string, event: SyncEvent): boolean {
  const before = syncs.value.get(id) ?? IDLE;
  const after = syncStep(before, event);
  if (after === before) return false;
  now.value = steadyNow();
  syncs.value = new Map(syncs.value).set(id, after);
  return true;
}

export async function sync(id: string): Promise<void> {
  await ask(id, refreshBalance);
}

/** A person confirms that the provider's new form of the balance is right; its figures are taken from now on. */
export async function confirmForm(id: string): Promise<void> {
  await ask(id, acceptForm);
}

async function ask(id: string, request: (id: string) => Promise<Result<Balance>>): Promise<void> {
  if (!step(id, { kind: "pressed", at: steadyNow() })) return;
  const answer = await request(id);
  endAsking(id);
  if (answer.ok) succeeded(id, answer.value);
  else failed(id, answer.failure);
  settleLater(id);
  activitySoon();
}

/** Our own answer ends the question, whether or not the stream says so too. */
function endAsking(id: string): void {
  const next = new Map(asking.value);
  if (next.delete(id)) asking.value = next;
}

function succeeded(id: string, balance: Balance): void {
  receive(balance);
  step(id, { kind: "succeeded" });
  notify("good", balance.formatted === null ? "Balance updated" : `Balance updated: ${balance.formatted}`);
}

function failed(id: string, failure: Failure): void {
  if (failure.kind === "problem" && failure.problem.last) receive(failure.problem.last);
  const seconds = retryAfterS(failure);
  step(id, { kind: "refused", reason: reasonOf(failure), retryAt: seconds === null ? null : steadyNow() + seconds * 1_000 });
  if (failure.kind === "network") notify("bad", NETWORK_ERROR);
  else notify("bad", "Failed to sync balance", reasonWithWait(failure));
}

function settleLater(id: string): void {
  const phase: Sync["phase"] | undefined = syncs.value.get(id)?.phase;
  if (phase !== "success" && phase !== "error") return;
  const startedAt = syncs.value.get(id)?.startedAt;
  setTimeout(() => {
    // A later press has its own way back.
    if (syncs.value.get(id)?.startedAt === startedAt) step(id, { kind: "settled" });
  }, OUTCOME_MS[phase]);
}
