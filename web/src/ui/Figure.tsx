// The figure, its unit, and the mark of a change. Where there is no figure there is no number, least of all a zero.
import type { JSX } from "preact";
import { displayed, type Shown } from "../state/book";
import { CheckIcon } from "./icons";

interface Props {
  slug: string;
  shown: Shown;
  isUpdated: boolean;
}

export function Figure({ slug, shown, isUpdated }: Props): JSX.Element {
  const figure = displayed(shown.balance);
  return (
    <p class={`figure ${figure === null ? "none" : ""} ${pulse(shown.changes)}`} data-changes={shown.changes}>
      <span class="number" data-testid={`figure-${slug}`}>{figure ?? "No figure yet"}</span>
      {figure !== null && <span class="unit">{shown.balance.unit}</span>}
      {isUpdated && (
        <span class="updated" data-testid={`updated-${slug}`}><CheckIcon />updated</span>
      )}
    </p>
  );
}

/** The animation starts again only when the class changes, so changes alternate between two that look alike. */
function pulse(changes: number): string {
  if (changes === 0) return "";
  return changes % 2 === 1 ? "pulse-odd" : "pulse-even";
}

export function FigureSkeleton(): JSX.Element {
  return (
    <div class="skeleton" role="status">
      <span class="hidden">Loading the balance</span>
      <span class="bone wide" /><span class="bone" />
    </div>
  );
}
