// The page's head: name, the pages there are, and how the page hangs on the server.
import type { JSX } from "preact";
import { linkWord, type Link } from "../state/link";
import type { PageId } from "../state/route";
import { Mark } from "./icons";

const PAGES: readonly { id: PageId; href: string; name: string }[] = [
  { id: "balance", href: "#/", name: "Balance" },
  { id: "messages", href: "#/messages", name: "Messages" },
  { id: "send", href: "#/send", name: "Send" },
  { id: "batches", href: "#/batches", name: "Batches" },
];

export function Header({ page, link }: { page: PageId; link: Link }): JSX.Element {
  return (
    <div class="top">
      <a class="logo" href="#/" aria-label="Salio, balance"><Mark />Salio</a>
      <nav aria-label="Pages">
        {PAGES.map(({ id, href, name }) => (
          <a key={id} href={href} data-testid={`nav-${id}`} aria-current={page === id ? "page" : undefined}>{name}</a>
        ))}
      </nav>
      <LiveIndicator link={link} />
    </div>
  );
}

function LiveIndicator({ link }: { link: Link }): JSX.Element {
  const shown = link.phase === "connecting" ? "reconnecting" : link.phase;
  return (
    <span class={`live-link ${link.phase}`} role="status" data-testid="live-indicator" data-state={shown}>
      <i aria-hidden="true" />{linkWord(link)}
    </span>
  );
}
