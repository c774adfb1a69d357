// The send form's pure parts: recipients out of a text, where an error belongs, the outcome and how it moves on.
import type { Failure } from "../api/http";
import type { Accepted, AcceptedMany, MessageChange, RefusedRecipient } from "../api/types";

export type Field = "to" | "text" | "from" | "account" | "when" | "form";

export interface Outcome {
  accepted: readonly Accepted[];
  refused: readonly RefusedRecipient[];
  /** Several recipients are a batch, which has a page of its own. */
  batch: string | null;
}

/** What is missing when the credit does not cover it; amounts as the server writes them. */
export interface Short {
  charge: string;
  available: string;
  shortfall: string;
  unit: string;
}

export function shortOf(failure: Failure | null): Short | null {
  if (failure === null || failure.kind !== "problem" || failure.problem.code !== "insufficient_balance") return null;
  const { charge, available, shortfall, unit } = failure.problem;
  if (charge === undefined || available === undefined || shortfall === undefined) return null;
  return { charge, available, shortfall, unit: unit ?? "units" };
}

/** One a line, or parted by commas or semicolons; spaces belong to a number. What a number is, the server decides. */
export function recipients(text: string): string[] {
  return text.split(/[\n,;]+/).map((part) => part.trim()).filter((part) => part !== "");
}

/** One recipient goes alone, several as a list: the two forms of the route. */
export function toField(list: readonly string[]): string | string[] {
  const [only] = list;
  return list.length === 1 && only !== undefined ? only : [...list];
}

export function outcomeOf(answer: Accepted | AcceptedMany): Outcome {
  if ("messages" in answer) return { accepted: answer.messages, refused: answer.rejected, batch: answer.batch_id };
  return { accepted: [answer], refused: [], batch: null };
}

export function withState(outcome: Outcome, change: MessageChange): Outcome {
  if (!outcome.accepted.some((message) => message.id === change.id && message.state !== change.state)) return outcome;
  const accepted = outcome.accepted.map((message) => (message.id === change.id ? { ...message, state: change.state } : message));
  return { ...outcome, accepted };
}

/** By the stable code; a code that names no field belongs to the whole form. */
export function fieldOf(failure: Failure): Field {
  if (failure.kind !== "problem") return "form";
  const { code, status } = failure.problem;
  if (status !== 422 && status !== 400) return "form";
  if (/recipient|number|msisdn|stop|(^|_)to($|_)/.test(code)) return "to";
  if (/sender|(^|_)from($|_)/.test(code)) return "from";
  if (/account/.test(code)) return "account";
  if (/send_at/.test(code)) return "when";
  if (/text|segments|encoding|column|placeholder/.test(code)) return "text";
  return "form";
}

/** Random enough to be unique; made without `randomUUID`, which browsers keep from pages that are not https or loopback. */
export function newKey(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  return Array.from(random(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
