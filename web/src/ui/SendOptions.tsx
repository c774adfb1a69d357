// When, how urgently, and what to do when the credit is short. Folded away: what is usual needs no choice.
import type { JSX } from "preact";
import type { OnShort, Priority } from "../api/types";
import { Field } from "./Field";

export interface Usual {
  priority: Priority;
  onShort: OnShort;
}

interface Props {
  usual: Usual;
  when: string;
  earliest: string;
  /** In few words, for the line that is folded. */
  whenShort: string;
  whenHint: string;
  whenError: string | undefined;
  priority: Priority | "";
  onShort: OnShort | "";
  onWhen: (wall: string) => void;
  onPriority: (priority: Priority) => void;
  onOnShort: (how: OnShort) => void;
}

const PRIORITIES: Record<Priority, string> = { high: "High: one-time codes, overtakes the others", normal: "Normal", bulk: "Bulk: lets the others overtake" };
const SHORT: Record<OnShort, string> = { hold: "Wait for a top-up", refuse: "Refuse all of it, say what is missing", partial: "Send what the credit covers" };

export function SendOptions(props: Props): JSX.Element {
  const priority = props.priority === "" ? props.usual.priority : props.priority;
  const onShort = props.onShort === "" ? props.usual.onShort : props.onShort;
  return (
    <details class="options" open={props.whenError !== undefined || undefined}>
      <summary data-testid="send-options">When and how <span class="quiet">{props.whenShort}, {priority} priority</span></summary>
      <div class="stack">
        <Field name="when" label="Not before" optional error={props.whenError} hint={props.whenHint}>
          {(a11y) => <input {...a11y} type="datetime-local" data-testid="send-when" min={props.earliest} value={props.when} onInput={(event) => props.onWhen(event.currentTarget.value)} />}
        </Field>
        <Field name="priority" label="Priority" hint="" error={undefined}>
          {(a11y) => (
            <select {...a11y} data-testid="send-priority" value={priority} onChange={(event) => props.onPriority(event.currentTarget.value as Priority)}>
              {Object.entries(PRIORITIES).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
            </select>
          )}
        </Field>
        <Field name="on-short" label="When the credit does not cover it" hint="" error={undefined}>
          {(a11y) => (
            <select {...a11y} data-testid="send-on-short" value={onShort} onChange={(event) => props.onOnShort(event.currentTarget.value as OnShort)}>
              {Object.entries(SHORT).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
            </select>
          )}
        </Field>
      </div>
    </details>
  );
}
