// A button that asks before it acts: the question takes its place, and the keyboard with it.
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
  name: string;
  question: string;
  yes: string;
  testid: string;
  disabled: boolean;
  danger?: boolean;
  onYes: () => void;
}

export function Confirm({ name, question, yes, testid, disabled, danger, onYes }: Props): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  const no = useRef<HTMLButtonElement>(null);
  const ask = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  useLayoutEffect(() => {
    // The safe answer has the focus; afterwards the button that asked has it again.
    if (isAsking) no.current?.focus();
    else if (wasAsking.current) ask.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);
  if (!isAsking) {
    return <button ref={ask} type="button" class={`button ${danger === true ? "danger" : ""}`} data-testid={testid} disabled={disabled} onClick={() => setAsking(true)}>{name}</button>;
  }
  const answer = (act: boolean): void => {
    setAsking(false);
    if (act) onYes();
  };
  return (
    <span class="confirm" role="group" aria-label={question} onKeyDown={(event) => { if (event.key === "Escape") answer(false); }}>
      <span role="alert">{question}</span>
      <button type="button" class={`button ${danger === true ? "danger" : ""}`} data-testid={`${testid}-yes`} disabled={disabled} onClick={() => answer(true)}>{yes}</button>
      <button ref={no} type="button" class="button" data-testid={`${testid}-no`} onClick={() => answer(false)}>Leave it</button>
    </span>
  );
}
