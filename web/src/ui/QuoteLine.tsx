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
      {recipients > 0 && <> · costs {withUnit(quote.charge, unit)}{quote.short === null && quote.balance_after !== null && <>, leaves {withUnit(quote.balance_after, unit)}</>}</>}
      {recipients > 0 && quote.short !== null && <>, <b class="warn" data-testid="quote-short">{withUnit(quote.short.shortfall, unit)} more than can be spent</b></>}
      {quote.rejected.length > 0 && <><br /><span data-testid="quote-rejected">{count(quote.rejected.length, "number", "numbers")} cannot be sent to: {listed(quote.rejected.map((one) => one.to))}</span></>}
      {quote.forced_by.length > 0 && <><br />UCS-2 because of {forced(quote)}</>}
    </span>
  );
}

const NAMED = 5;

function forced(quote: Quote): string {
  return listed([...new Set(quote.forced_by.map((f) => f.character))]);
}

function listed(all: readonly string[]): string {
  const named = all.slice(0, NAMED).map((one) => `“${one}”`).join(" ");
  return all.length > NAMED ? `${named} and ${all.length - NAMED} more` : named;
}
