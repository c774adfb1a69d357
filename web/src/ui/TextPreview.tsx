// The text once more, with each character marked that forces UCS-2, its place and its name; and a way to be rid of those that need not be.
import type { JSX } from "preact";
import { codePoint, glyph, madePlain, nameOfCharacter, plainFor } from "../format/characters";
import { pieces, segment } from "../format/segments";
import { count } from "../format/words";

/** More than this are counted and not named. */
const NAMED = 6;

export function TextPreview({ text, onPlain }: { text: string; onPlain: (text: string) => void }): JSX.Element | null {
  const forced = pieces(text).filter((piece) => piece.forcedAt !== null);
  if (forced.length === 0) return null;
  const plain = madePlain(text);
  return (
    <div class="mirror" data-testid="text-preview">
      <p class="sms" aria-hidden="true"><Marked text={text} /></p>
      <ul aria-label="Characters that force UCS-2">
        {forced.slice(0, NAMED).map((piece) => (
          <li key={piece.forcedAt} data-at={piece.forcedAt}>
            Character {piece.forcedAt}: <mark>{glyph(piece.text)}</mark> {nameOfCharacter(piece.text)} <span class="quiet">{codePoint(piece.text)}</span>
          </li>
        ))}
        {forced.length > NAMED && <li class="quiet">and {forced.length - NAMED} more</li>}
      </ul>
      {forced.some((piece) => plainFor(piece.text) !== null) && (
        <button type="button" class="button small" data-testid="make-plain" onClick={() => onPlain(plain)}>Use plain characters ({saving(text, plain)})</button>
      )}
    </div>
  );
}

/** A text with what forces UCS-2 marked. */
export function Marked({ text }: { text: string }): JSX.Element {
  return (
    <>
      {pieces(text).map((piece, i) => (
        piece.forcedAt === null ? piece.text : <mark key={i} title={`Character ${piece.forcedAt}: ${nameOfCharacter(piece.text)}`}>{glyph(piece.text)}</mark>
      ))}
    </>
  );
}

function saving(text: string, plain: string): string {
  const before = segment(text).segments;
  const after = segment(plain).segments;
  return before === after ? `still ${count(after, "segment", "segments")}` : `${before} → ${count(after, "segment", "segments")}`;
}
