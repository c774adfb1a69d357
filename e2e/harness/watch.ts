// Watches a page for what no test wants: requests to other hosts, errors in the console, refusals by the content policy.
// It also keeps what the page showed in passing, which an assertion at the end cannot see.
import { expect, type Page } from "@playwright/test";

interface Recorder {
  figures: string[];
  pulses: number;
  announced: string[];
  versions: number[];
  events: string[];
}

declare global {
  interface Window { seen: Recorder }
}

export class Watch {
  readonly foreign: string[] = [];
  readonly complaints: string[] = [];
  readonly refreshes: string[] = [];
  /** What a test provokes and therefore expects to read in the console. */
  private readonly expected: RegExp[] = [];

  private constructor(readonly page: Page, private readonly origin: string) {}

  static async over(page: Page, origin: string): Promise<Watch> {
    const watch = new Watch(page, origin);
    page.on("request", (request) => watch.request(request.url()));
    page.on("console", (message) => { if (message.type() === "error" || message.type() === "warning") watch.complaints.push(message.text()); });
    page.on("pageerror", (error) => watch.complaints.push(String(error)));
    await page.addInitScript(record);
    return watch;
  }

  private request(url: string): void {
    if (!url.startsWith(`${this.origin}/`) && !url.startsWith("data:")) this.foreign.push(url);
    if (/\/balance\/refresh$/.test(url)) this.refreshes.push(url);
  }

  expects(...patterns: RegExp[]): void {
    this.expected.push(...patterns);
  }

  seen(): Promise<Recorder> {
    return this.page.evaluate(() => window.seen);
  }

  /** Every test ends with this. */
  verify(): void {
    expect(this.foreign, "requests to other hosts").toEqual([]);
    const unexpected = this.complaints.filter((text) => !this.expected.some((pattern) => pattern.test(text)));
    expect(unexpected, "complaints in the console").toEqual([]);
  }
}

/** Runs in the page, before its own code. */
function record(): void {
  const seen: Recorder = { figures: [], pulses: 0, announced: [], versions: [], events: [] };
  window.seen = seen;
  document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  document.addEventListener("animationstart", (event) => { if (event.animationName.startsWith("pulse")) seen.pulses += 1; });
  const note = (list: string[], text: string | null | undefined): void => {
    if (text != null && text !== "" && list.at(-1) !== text) list.push(text);
  };
  new MutationObserver(() => {
    note(seen.figures, document.querySelector('[data-testid^="figure-"]')?.textContent);
    note(seen.announced, document.querySelector('[data-testid="announcer"]')?.textContent);
  }).observe(document, { subtree: true, childList: true, characterData: true });
  const listen = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (this: EventSource, type: string, ...rest: [EventListener]): void {
    if (type === "balance") {
      listen.call(this, type, (event) => {
        const { data } = event as MessageEvent<string>;
        seen.versions.push((JSON.parse(data) as { version: number }).version);
      });
    }
    if (["balance", "message", "refresh", "alert"].includes(type)) listen.call(this, type, (event) => seen.events.push((event as MessageEvent<string>).data));
    listen.call(this, type, ...rest);
  } as typeof listen;
}
