// A word in a tone.
import type { JSX } from "preact";
import type { Word } from "../format/words";

export function Tag(props: { word: Word; testid?: string; value?: string }): JSX.Element {
  const { word } = props;
  return (
    <span class={`tag ${word.tone}`} title={word.hint === "" ? undefined : word.hint} data-testid={props.testid} data-value={props.value}>
      {word.text}
    </span>
  );
}
