// The empty state: nothing is configured yet, and here is what to set.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

const ENV = `ONFON_API_KEY=
ONFON_CLIENT_ID=
ONFON_SENDER_ID=
ONFON_API_URL=https://api.onfonmedia.co.ke/v1/sms/SendBulkSMS
`;

interface Props {
  missing: readonly string[];
  hint: string;
}

export function Setup({ missing, hint }: Props): JSX.Element {
  return (
    <section class="card setup" data-testid="setup">
      <h2>No account yet</h2>
      <p>
        Salio needs to know the account that it watches. Put these lines into a file named <code>.env</code> beside where Salio
        runs, fill them in, and start it again. <code>salio doctor</code> checks them.
      </p>
      <CopyBlock text={ENV} />
      {missing.length > 0 ? (
        <p>Missing now: {missing.map((name, i) => <>{i > 0 ? ", " : ""}<code key={name}>{name}</code></>)}.</p>
      ) : hint !== "" && <p class="quiet">{hint}</p>}
      <p class="quiet">Just looking? <code>salio demo</code> runs a simulated provider; nothing to configure.</p>
    </section>
  );
}

function CopyBlock({ text }: { text: string }): JSX.Element {
  const [outcome, setOutcome] = useState("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome("Copied");
    } catch {
      // Browsers refuse the clipboard to pages that are neither https nor loopback.
      setOutcome("Select the text and copy it");
    }
  };
  return (
    <div class="copy">
      <pre tabIndex={0} aria-label="The lines for .env">{text}</pre>
      <button type="button" class="button small" onClick={() => void copy()}>Copy</button>
      <span role="status" class="quiet">{outcome}</span>
    </div>
  );
}
