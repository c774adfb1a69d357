// A labelled field with its hint and its error, tied together for screen readers.
import type { ComponentChildren, JSX } from "preact";

export interface Tied {
  id: string;
  name: string;
  "aria-invalid": boolean;
  "aria-describedby": string;
}

interface Props {
  name: string;
  label: string;
  optional?: boolean;
  hint: ComponentChildren;
  error: string | undefined;
  children: (tied: Tied) => JSX.Element;
}

export function Field({ name, label, optional, hint, error, children }: Props): JSX.Element {
  const id = `send-${name}`;
  const isWrong = error !== undefined;
  return (
    <div class="field">
      <label for={id}>{label}{optional === true && <small> optional</small>}</label>
      {children({ id, name, "aria-invalid": isWrong, "aria-describedby": `${id}-error ${id}-hint` })}
      <p id={`${id}-error`} class="error" role="alert" data-testid={`send-error-${name}`}>{error ?? ""}</p>
      <p id={`${id}-hint`} class="hint">{hint}</p>
    </div>
  );
}
