// What stands where a list is not: it is loading, it failed, it is empty; and what stands under one that goes on.
import type { ComponentChildren, JSX } from "preact";
import type { Failure } from "../api/http";
import { reasonOf } from "../state/failures";

export function Failed({ what, failure, onRetry }: { what: string; failure: Failure; onRetry: () => void }): JSX.Element {
  return (
    <div class="trouble bad" role="alert" data-testid="list-failed">
      <div>
        <p class="reason">{what}</p>
        <p>{reasonOf(failure)}</p>
        <button type="button" class="button small" onClick={onRetry}>Try again</button>
      </div>
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="empty quiet" data-testid="list-empty">{children}</p>;
}

export function Loading(): JSX.Element {
  return <p class="empty quiet" role="status">Loading…</p>;
}

export function Older({ isThere, isBusy, onPress }: { isThere: boolean; isBusy: boolean; onPress: () => void }): JSX.Element | null {
  if (!isThere) return null;
  return (
    <p class="older">
      <button type="button" class="button" data-testid="older" aria-busy={isBusy} onClick={onPress}>{isBusy ? "Loading…" : "Show older ones"}</button>
    </p>
  );
}
