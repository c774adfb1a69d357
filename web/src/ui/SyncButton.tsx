// The sync button in its four states. It knows a state and a wish, not what syncing is.
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Sync } from "../state/sync";
import { CheckIcon, CrossIcon, SyncIcon } from "./icons";

interface Props {
  account: string;
  sync: Sync;
  onPress: () => void;
}

export function SyncButton({ account, sync, onPress }: Props): JSX.Element {
  const isLoading = sync.phase === "loading";
  const button = useFocusKept(isLoading);
  return (
    <button
      ref={button}
      type="button"
      class={`button sync ${sync.phase}`}
      data-testid={`sync-${account}`}
      data-state={sync.phase}
      disabled={isLoading}
      aria-busy={isLoading}
      aria-label={`${label(sync)} ${account}`}
      title={sync.phase === "error" ? sync.reason : undefined}
      onClick={onPress}
    >
      {face(sync)}
    </button>
  );
}

function label(sync: Sync): string {
  switch (sync.phase) {
    case "idle":
      return "Sync";
    case "loading":
      return "Syncing";
    case "success":
      return "Synced";
    case "error":
      return "Failed";
  }
}

function face(sync: Sync): JSX.Element {
  switch (sync.phase) {
    case "idle":
      return <><SyncIcon />{label(sync)}</>;
    case "loading":
      return <><SyncIcon spinning />{label(sync)}</>;
    case "success":
      return <><CheckIcon />{label(sync)}</>;
    case "error":
      return <><CrossIcon />{label(sync)}</>;
  }
}

/** A disabled button loses the keyboard; it gets it back when it is enabled again, unless the person has gone elsewhere. */
function useFocusKept(isLoading: boolean): { current: HTMLButtonElement | null } {
  const button = useRef<HTMLButtonElement>(null);
  const hadFocus = useRef(false);
  if (isLoading && button.current !== null && document.activeElement === button.current) hadFocus.current = true;
  useLayoutEffect(() => {
    if (isLoading || !hadFocus.current) return;
    hadFocus.current = false;
    if (document.activeElement === document.body || document.activeElement === null) button.current?.focus();
  }, [isLoading]);
  return button;
}
