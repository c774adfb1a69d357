// Where the keyboard goes when what had it is no longer there. It is never taken from where a person has put it.
import { useLayoutEffect, useRef } from "preact/hooks";

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** For something that has just come in the place of what had the focus. */
export function useFocusIfLost<T extends HTMLElement>(): { current: T | null } {
  const element = useRef<T>(null);
  useLayoutEffect(() => {
    if (isLost()) element.current?.focus({ preventScroll: true });
  }, []);
  return element;
}

/** The same, each time `what` changes. */
export function useFocusAfter<T extends HTMLElement>(what: string): { current: T | null } {
  const element = useRef<T>(null);
  const before = useRef(what);
  useLayoutEffect(() => {
    if (before.current !== what && isLost()) element.current?.focus({ preventScroll: true });
    before.current = what;
  }, [what]);
  return element;
}
