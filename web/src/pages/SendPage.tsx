// The send page: the form, what became of it, and the newest messages.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { serverNow } from "../api/http";
import { bulk } from "../state/bulk";
import { account } from "../state/draft";
import { loadRecent, outcome, recent } from "../state/messages";
import { info, shownAccounts, zone } from "../state/model";
import { Empty, Loading } from "../ui/ListState";
import { MessageTable } from "../ui/MessageTable";
import { SendResult } from "../ui/SendResult";
import { Setup } from "../ui/Setup";
import { BulkResult } from "./BulkResult";
import { SendForm } from "./SendForm";

export function SendPage(): JSX.Element {
  useEffect(() => void loadRecent(), []);
  const all = shownAccounts.value;
  if (all !== null && all.length === 0) return <Setup missing={info.value?.setup.missing ?? []} hint={info.value?.setup.hint ?? ""} />;
  const unit = account()?.unit ?? "units";
  return (
    <div class="send-panels">
      <SendForm accounts={all ?? []} />
      <div class="stack">
        {bulk.value.phase === "taken" && <BulkResult answer={bulk.value.answer} unit={unit} />}
        {outcome.value !== null && <SendResult outcome={outcome.value} unit={unit} />}
        <section class="card" aria-labelledby="recent-name">
          <h2 id="recent-name">Newest messages</h2>
          {recent.value === null ? <Loading /> : recent.value.length === 0
            ? <Empty>No message has been sent yet.</Empty>
            : <MessageTable label="Newest messages" messages={recent.value} wallNow={serverNow()} zone={zone.value} isWide={false} />}
        </section>
      </div>
    </div>
  );
}
