// The frame around every page.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { now } from "../state/clock";
import { announcement, isDemo, link, toasts } from "../state/model";
import { dismiss } from "../state/notify";
import { page, type PageId } from "../state/route";
import { DemoBanner, LinkBanner } from "../ui/Banners";
import { Header } from "../ui/Header";
import { Toasts } from "../ui/Toasts";
import { BalancePage } from "./BalancePage";
import { SendPage } from "./SendPage";

const TITLES: Record<PageId, string> = { balance: "Balance", send: "Send" };

export function App(): JSX.Element {
  const open = page.value;
  const heading = useHeading(open);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); heading.current?.focus(); }}>Skip to the content</a>
      <header>
        <Header page={open} link={link.value} />
        {isDemo.value && <DemoBanner />}
        <Lost />
      </header>
      <main id="main">
        <h1 ref={heading} tabIndex={-1} class="hidden">{TITLES[open]}</h1>
        {open === "balance" ? <BalancePage /> : <SendPage />}
      </main>
      <p class="hidden" aria-live="polite" data-testid="announcer">{announcement.value}</p>
      <Toasts toasts={toasts.value} onClose={dismiss} />
    </>
  );
}

/** The only part of the frame that follows the seconds. */
function Lost(): JSX.Element {
  return <div role="status"><LinkBanner link={link.value} steady={now.value} /></div>;
}

/** A page change is told to those who cannot see it: the title, and the focus on the new page's heading. */
function useHeading(open: PageId): { current: HTMLHeadingElement | null } {
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${TITLES[open]} · Salio`;
    if (!isFirst.current) heading.current?.focus();
    isFirst.current = false;
  }, [open]);
  return heading;
}
