// Pages, and large parts of one, that are fetched when they are first shown: nobody waits for what is not on screen.
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Loading } from "../ui/ListState";

type Part<Props> = (props: Props) => JSX.Element | null;

export interface Lazy<Props> {
  (props: Props): JSX.Element | null;
  /** Fetches it now, so that it is there when it is wanted. */
  prepare: () => void;
}

/** `wait` stands in its place meanwhile; `missing` when it cannot be fetched. */
export function lazily<Props extends object>(load: () => Promise<Part<Props>>, wait: JSX.Element = <Loading />, missing: JSX.Element = <Missing />): Lazy<Props> {
  const loaded = signal<{ Part: Part<Props> } | null>(null);
  const hasFailed = signal(false);
  let isFetching = false;
  const start = (): void => {
    if (isFetching || loaded.value !== null) return;
    isFetching = true;
    hasFailed.value = false;
    const settle = (): void => { isFetching = false; };
    load().then((Part) => { loaded.value = { Part }; }, () => { hasFailed.value = true; }).finally(settle);
  };
  const Lazy = (props: Props): JSX.Element => {
    useEffect(start, []);
    if (loaded.value !== null) return <loaded.value.Part {...props} />;
    return hasFailed.value ? missing : wait;
  };
  return Object.assign(Lazy, { prepare: start });
}

/** The server is away, or is a newer one that has other files: a reload helps with both. */
function Missing(): JSX.Element {
  return (
    <section class="card setup" role="alert" data-testid="page-failed">
      <h2>This page could not be loaded</h2>
      <p>The server cannot be reached, or it has been renewed since this page was opened.</p>
      <p><button type="button" class="button" onClick={() => location.reload()}>Load it anew</button></p>
    </section>
  );
}
