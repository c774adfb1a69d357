// The segment counter under the text, as the server counts: what is billed is what is shown.
import type { JSX } from "preact";
import type { Quote } from "../api/types";
import { withUnit } from "../format/units";
import { count, encodingWord } from "../format/words";

interface Props {
  quote: Quote | null;
  recipients: number;
  unit: string;
}

export function QuoteLine({ quote, recipients, unit }: Props): JSX.Element {
  if (quote === null) return <span data-testid="send-quote">&nbsp;</span>;
  return (
    <span data-testid="send-quote" data-encoding={quote.encoding} data-segments={quote.segments}>
      <span class="tag info">{encodingWord(quote.encoding)}</span>{" "}
      {count(quote.segments, "segment", "segments")}, {count(quote.characters, "character", "characters")}
      {recipients > 0 && <> · costs {withUnit(quote.charge, unit)}{quote.balance_after !== null && <>, leaves {withUnit(quote.balance_after, unit)}</>}</>}
      {quote.forced_by.length > 0 && <><br />UCS-2 because of {forced(quote)}</>}
    </span>
  );
}

const NAMED = 5;

function forced(quote: Quote): string {
  const distinct = [...new Set(quote.forced_by.map((f) => f.character))];
  const named = distinct.slice(0, NAMED).map((c) => `“${c}”`).join(" ");
  return distinct.length > NAMED ? `${named} and ${distinct.length - NAMED} more` : named;
}
