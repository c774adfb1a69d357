// What is true of the whole page: a demo, or a stream that has dropped.
import type { JSX } from "preact";
import { duration, wait } from "../format/time";
import type { Link } from "../state/link";
import { WarnIcon } from "./icons";

export function DemoBanner(): JSX.Element {
  return <p class="banner demo" data-testid="demo-banner">This is a demo: a simulated provider, made-up messages</p>;
}

/** The parts that tick are kept from screen readers, which would read them out every second. */
export function LinkBanner({ link, steady }: { link: Link; steady: number }): JSX.Element | null {
  if (link.phase !== "reconnecting" && link.phase !== "offline") return null;
  const lostFor = steady - (link.since ?? steady);
  return (
    <p class="banner lost" data-testid="link-banner">
      <WarnIcon />
      <span>
        <b>{link.phase === "offline" ? "This computer is offline." : "The live connection dropped."}</b>
        {" "}The figures below are the last ones known; their age keeps counting. Sync still works if the server can be reached.
        {" "}<span class="ticking" aria-hidden="true">{next(link, steady)}{lostFor >= 5_000 ? ` Without it for ${duration(lostFor)}.` : ""}</span>
      </span>
    </p>
  );
}

function next(link: Link, steady: number): string {
  if (link.nextTryAt === null) return "Connecting…";
  const ms = link.nextTryAt - steady;
  return ms < 1_000 ? "Connecting…" : `Trying again ${wait(ms)}.`;
}
