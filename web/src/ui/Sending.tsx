// Whether an account sends, why not if it does not, and the button that a person stops and starts it with.
import type { JSX } from "preact";
import type { Held, Paused } from "../api/types";
import { shortMoment } from "../format/time";
import { withUnit } from "../format/units";
import { pausedWords } from "../format/words";

interface Props {
  slug: string;
  unit: string;
  paused: Paused | null;
  held: Held | null;
  wallNow: number;
  zone: string;
  isBusy: boolean;
  onPause: (isPaused: boolean) => void;
}

export function Sending(props: Props): JSX.Element {
  const { slug, paused, held, isBusy } = props;
  const isByPerson = paused?.cause === "person";
  return (
    <div class="sending">
      <div role="status">
        {paused !== null && <p class={isByPerson ? "warn" : "bad"} data-testid={`paused-${slug}`} data-cause={paused.cause}>{pausedWords(paused.cause)}{since(paused.since, props)}</p>}
        {paused === null && held === null && <p class="quiet">Sending is on</p>}
        {held !== null && <p class="warn" data-testid={`held-${slug}`}>{heldWords(held, props)}</p>}
      </div>
      {(paused === null || isByPerson) && (
        <button type="button" class="button small" data-testid={`pause-${slug}`} aria-busy={isBusy} onClick={() => { if (!isBusy) props.onPause(!isByPerson); }}>
          {isByPerson ? "Resume" : "Pause"}<span class="hidden"> sending from {slug}</span>
        </button>
      )}
    </div>
  );
}

function since(iso: string | undefined, { wallNow, zone }: Props): string {
  return iso === undefined ? "" : ` Since ${shortMoment(Date.parse(iso), wallNow, zone)}.`;
}

function heldWords(held: Held, { unit, wallNow, zone }: Props): string {
  return `Messages wait for credit since ${shortMoment(Date.parse(held.since), wallNow, zone)}: ${withUnit(held.needed, unit)} needed, ${withUnit(held.available, unit)} can be spent. They go on by themselves after a top-up.`;
}
