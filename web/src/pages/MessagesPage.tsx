// The messages page: search, filters, the list; or one message.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { serverNow } from "../api/http";
import { browse, reading } from "../state/browse";
import { filtersOf, isEmpty, NO_FILTERS, recognise, toQuery, type FilterName, type Filters } from "../state/filters";
import { shownAccounts, zone } from "../state/model";
import { addressOf, go, place } from "../state/route";
import { FilterBar } from "../ui/FilterBar";
import { Empty, Failed, Loading, Older } from "../ui/ListState";
import { MessageTable } from "../ui/MessageTable";
import { MessagePage } from "./MessagePage";

export function MessagesPage(): JSX.Element {
  const { id, query } = place.value;
  return id === null ? <MessageList filters={filtersOf(query)} /> : <MessagePage key={id} id={id} />;
}

function show(filters: Filters): void {
  go(addressOf.messages(toQuery(filters)));
}

function search(text: string, filters: Filters): void {
  const found = recognise(text);
  switch (found.kind) {
    case "nothing":
      return;
    case "message":
      return go(addressOf.message(found.id));
    case "filter":
      return show({ ...filters, [found.name]: found.value });
  }
}

function MessageList({ filters }: { filters: Filters }): JSX.Element {
  const query = toQuery(filters);
  useEffect(() => {
    browse(query);
  }, [query]);
  useEffect(() => () => reading.leave(), []);
  const set = (name: FilterName, value: string): void => show({ ...filters, [name]: value });
  return (
    <section class="card" aria-labelledby="messages-name">
      <h2 id="messages-name">Messages</h2>
      <FilterBar filters={filters} accounts={shownAccounts.value ?? []} onSearch={(text) => search(text, filters)} onFilter={set} onClear={() => show(NO_FILTERS)} />
      <Rows isFiltered={!isEmpty(filters)} />
    </section>
  );
}

function Rows({ isFiltered }: { isFiltered: boolean }): JSX.Element {
  const listing = reading.listing.value;
  const failure = reading.failure.value;
  const failed = failure === null ? null : <Failed what="The messages could not be loaded" failure={failure} onRetry={() => void reading.again()} />;
  if (listing === null) return failed ?? <Loading />;
  return (
    <>
      {failed}
      {listing.rows.length === 0
        ? <Empty>{isFiltered ? "No message fits these filters." : <>No message has been sent yet. <a href="#/send">Send one</a></>}</Empty>
        : <MessageTable label="Messages" messages={listing.rows} wallNow={serverNow()} zone={zone.value} isWide />}
      <Older isThere={listing.next !== null} isBusy={reading.isReadingOn.value} onPress={() => void reading.readOn()} />
    </>
  );
}
