// The credit does not cover it: what is missing, and the two ways to send all the same. Nothing has been sent.
import type { JSX } from "preact";
import { withUnit } from "../format/units";
import type { Short } from "../state/sending";
import { useFocusIfLost } from "./focus";

interface Props {
  short: Short;
  isBusy: boolean;
  onChoose: (how: "hold" | "partial") => void;
}

export function ShortPanel({ short, isBusy, onChoose }: Props): JSX.Element {
  const panel = useFocusIfLost<HTMLDivElement>();
  const { charge, available, shortfall, unit } = short;
  return (
    <div ref={panel} tabIndex={-1} class="trouble warn" role="alert" data-testid="short">
      <div>
        <p class="reason">The credit does not cover it: {withUnit(shortfall, unit)} short</p>
        <p>It costs {withUnit(charge, unit)}; {withUnit(available, unit)} can be spent. Nothing has been sent.</p>
        <p class="actions">
          <button type="button" class="button small" data-testid="short-hold" disabled={isBusy} onClick={() => onChoose("hold")}>Wait for a top-up, then send all</button>
          <button type="button" class="button small" data-testid="short-partial" disabled={isBusy} onClick={() => onChoose("partial")}>Send what the credit covers, refuse the rest</button>
        </p>
      </div>
    </div>
  );
}
