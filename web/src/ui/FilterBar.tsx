// The search box and the filters of the messages page; what is set stands under them and can be taken off one by one.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Account, MessageState } from "../api/types";
import type { FilterName, Filters } from "../state/filters";
import { CrossIcon } from "./icons";

const STATES: readonly MessageState[] = [
  "scheduled", "queued", "submitting", "sent", "delivered", "undelivered", "expired", "rejected", "failed", "cancelled", "unknown",
];

interface Props {
  filters: Filters;
  accounts: readonly Account[];
  onSearch: (text: string) => void;
  onFilter: (name: FilterName, value: string) => void;
  onClear: () => void;
}

export function FilterBar({ filters, accounts, onSearch, onFilter, onClear }: Props): JSX.Element {
  const [text, setText] = useState("");
  const search = (event: Event): void => {
    event.preventDefault();
    onSearch(text);
    setText("");
  };
  return (
    <>
      <form class="filters" role="search" aria-label="Messages" onSubmit={search}>
        <input type="search" class="control grow" aria-label="Search: a number, a reference, or the id of a message or batch" data-testid="search" autocomplete="off"
          spellcheck={false} placeholder="Number, reference or id" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <button type="submit" class="button" data-testid="search-go">Search</button>
        <select class="control" aria-label="State" data-testid="filter-state" value={filters.state} onChange={(event) => onFilter("state", event.currentTarget.value)}>
          <option value="">Any state</option>
          {STATES.map((state) => <option key={state} value={state}>{state}</option>)}
        </select>
        {accounts.length > 1 && (
          <select class="control" aria-label="Account" data-testid="filter-account" value={filters.account} onChange={(event) => onFilter("account", event.currentTarget.value)}>
            <option value="">All accounts</option>
            {accounts.map((account) => <option key={account.id} value={account.slug}>{account.slug}</option>)}
          </select>
        )}
      </form>
      <Chips filters={filters} onFilter={onFilter} onClear={onClear} />
    </>
  );
}

/** State and account show themselves where they are chosen. */
const CHIPS: readonly { name: FilterName; label: string }[] = [
  { name: "to", label: "To" },
  { name: "reference", label: "Reference" },
  { name: "batch", label: "Batch" },
];

function Chips({ filters, onFilter, onClear }: Pick<Props, "filters" | "onFilter" | "onClear">): JSX.Element | null {
  const set = CHIPS.filter(({ name }) => filters[name] !== "");
  if (set.length === 0) return null;
  return (
    <p class="chips">
      {set.map(({ name, label }) => (
        <button key={name} type="button" class="chip" data-testid={`chip-${name}`} aria-label={`Take off: ${label} ${filters[name]}`} onClick={() => onFilter(name, "")}>
          {label}: <b>{filters[name]}</b><CrossIcon />
        </button>
      ))}
      <button type="button" class="chip" data-testid="clear-filters" onClick={onClear}>Show all</button>
    </p>
  );
}
