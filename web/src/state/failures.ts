// What a failed request means to the person who asked. Pure.
import type { Failure } from "../api/http";
import { wait } from "../format/time";

export const NETWORK_ERROR = "Network error. Please try again.";

export function reasonOf(failure: Failure): string {
  switch (failure.kind) {
    case "network":
      return NETWORK_ERROR;
    case "unreadable":
      return `The answer could not be read (HTTP ${failure.status}).`;
    case "problem":
      return failure.problem.detail ?? failure.problem.title;
  }
}

/** Of several recipients each has its own reason. */
export function reasonsOfRecipients(failure: Failure): string {
  const rejected = failure.kind === "problem" ? (failure.problem.rejected ?? []) : [];
  if (rejected.length < 2) return reasonOf(failure);
  return rejected.map(({ to, detail }) => `${to}: ${detail}`).join("\n");
}

/** A refusal for now names when it may be tried again. */
export function reasonWithWait(failure: Failure): string {
  const seconds = retryAfterS(failure);
  const reason = reasonOf(failure);
  return seconds === null || /again in \d/.test(reason) ? reason : `${reason.replace(/\.?$/, ".")} Try again ${wait(seconds * 1_000)}.`;
}

export function retryAfterS(failure: Failure): number | null {
  return failure.kind === "problem" && failure.problem.status === 429 ? failure.retryAfterS : null;
}
