// The frame around every page.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { now } from "../state/clock";
import { announcement, isDemo, link, toasts } from "../state/model";
import { dismiss } from "../state/notify";
import { place, type PageId, type Place } from "../state/route";
import { DemoBanner, LinkBanner } from "../ui/Banners";
import { Header } from "../ui/Header";
import { Toasts } from "../ui/Toasts";
import { BalancePage } from "./BalancePage";
import { lazily } from "./lazily";

const TITLES: Record<PageId, string> = { balance: "Balance", messages: "Messages", send: "Send", batches: "Batches" };

const MessagesPage = lazily(() => import("./MessagesPage").then((file) => file.MessagesPage));
const SendPage = lazily(() => import("./SendPage").then((file) => file.SendPage));
const BatchesPage = lazily(() => import("./BatchesPage").then((file) => file.BatchesPage));

export function App(): JSX.Element {
  const { page, id } = place.value;
  const title = titleOf({ page, id });
  const heading = useHeading(title, `${page} ${id ?? ""}`);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); heading.current?.focus(); }}>Skip to the content</a>
      <header>
        <Header page={page} link={link.value} />
        {isDemo.value && <DemoBanner />}
        <Lost />
      </header>
      <main id="main">
        <h1 ref={heading} tabIndex={-1} class="hidden">{title}</h1>
        <Open page={page} />
      </main>
      <p class="hidden" aria-live="polite" data-testid="announcer">{announcement.value}</p>
      <Toasts toasts={toasts.value} onClose={dismiss} />
    </>
  );
}

function Open({ page }: { page: PageId }): JSX.Element {
  switch (page) {
    case "balance":
      return <BalancePage />;
    case "messages":
      return <MessagesPage />;
    case "send":
      return <SendPage />;
    case "batches":
      return <BatchesPage />;
  }
}

function titleOf({ page, id }: Pick<Place, "page" | "id">): string {
  if (id === null) return TITLES[page];
  return page === "messages" ? "Message" : "Batch";
}

/** The only part of the frame that follows the seconds. */
function Lost(): JSX.Element {
  return <div role="status"><LinkBanner link={link.value} steady={now.value} /></div>;
}

/** A page change is told to those who cannot see it: the title, and the focus on the new page's heading. Filters are no new page. */
function useHeading(title: string, where: string): { current: HTMLHeadingElement | null } {
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${title} · Salio`;
    if (!isFirst.current) heading.current?.focus();
    isFirst.current = false;
  }, [where]);
  return heading;
}
