// For a message in doubt: what is known, the three ways out, and what each one means.
import type { JSX } from "preact";
import type { Resolution } from "../api/types";
import { CHOICES } from "../format/resolving";
import { Confirm } from "./Confirm";

export function ResolvePanel({ isBusy, onResolve }: { isBusy: boolean; onResolve: (as: Resolution) => void }): JSX.Element {
  return (
    <section class="card resolve" data-testid="resolve" aria-labelledby="resolve-name">
      <h2 id="resolve-name">Did it arrive? Nobody knows yet</h2>
      <p>
        The connection broke, or the provider answered in a way that does not say whether it took the message. Salio does not send it again by itself, unless
        the account is set to: it could arrive twice. A delivery report settles it by itself if one comes. If you know better, say so here.
      </p>
      <dl>
        {CHOICES.map((choice) => (
          <div key={choice.as}>
            <dt>{choice.name}</dt>
            <dd>
              <p>{choice.means}</p>
              <Confirm name={choice.name} question={choice.sure} yes="Yes" testid={`resolve-${choice.as}`} disabled={isBusy} danger={choice.as === "resend"} onYes={() => onResolve(choice.as)} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
