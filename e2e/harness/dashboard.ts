// The page in the words of a person who looks at it. Knows test ids; must not know the API.
import { expect, type Locator, type Page } from "@playwright/test";

export class Dashboard {
  constructor(readonly page: Page, private readonly url: string, readonly slug = "onfon") {}

  async open(path = ""): Promise<this> {
    await this.page.goto(`${this.url}/${path}`);
    return this;
  }

  /** Open, with its figure on screen, the stream up, and its own reading of the balance over: a reader counts. */
  async ready(figure: string | RegExp = /\d/): Promise<this> {
    const hasRead = this.page.waitForResponse((response) => response.url().endsWith("/balance"));
    await this.open();
    await hasRead;
    await expect(this.figure).toHaveText(figure);
    await this.isLive();
    return this;
  }

  id(name: string): Locator {
    return this.page.getByTestId(name);
  }

  get figure(): Locator { return this.id(`figure-${this.slug}`); }
  get age(): Locator { return this.id(`age-${this.slug}`); }
  get state(): Locator { return this.id(`state-${this.slug}`); }
  get health(): Locator { return this.id(`health-${this.slug}`); }
  get error(): Locator { return this.id(`error-${this.slug}`); }
  get updated(): Locator { return this.id(`updated-${this.slug}`); }
  get sync(): Locator { return this.id(`sync-${this.slug}`); }
  get toast(): Locator { return this.id("toast"); }
  get announcer(): Locator { return this.id("announcer"); }
  get activity(): Locator { return this.id("activity"); }
  get banner(): Locator { return this.id("link-banner"); }

  async isLive(): Promise<void> {
    await this.linkIs("live");
  }

  async linkIs(state: "live" | "reconnecting" | "offline"): Promise<void> {
    await expect(this.id("live-indicator")).toHaveAttribute("data-state", state);
  }

  async syncIs(state: "idle" | "loading" | "success" | "error"): Promise<void> {
    await expect(this.sync).toHaveAttribute("data-state", state);
  }

  /** Presses sync as somebody who waits for the last one to be over: two presses at once are one wish. */
  async syncs(figure: string): Promise<void> {
    await this.syncIs("idle");
    await this.sync.click();
    await expect(this.figure).toHaveText(figure);
  }

  async stateIs(state: "unknown" | "stale" | "settling" | "fresh", options: { timeout?: number } = {}): Promise<void> {
    await expect(this.state).toHaveAttribute("data-value", state, options);
  }

  async healthIs(health: "ok" | "degraded" | "failing"): Promise<void> {
    await expect(this.health).toHaveAttribute("data-value", health);
  }

  /** A reload would lose it. */
  async mark(): Promise<void> {
    await this.page.evaluate(() => { document.documentElement.dataset["marker"] = "still here"; });
  }

  async isStillThere(): Promise<void> {
    expect(await this.page.evaluate(() => document.documentElement.dataset["marker"]), "the page was not reloaded").toBe("still here");
  }

  /** The age in whole seconds, as the page words it. */
  async ageSeconds(): Promise<number> {
    const text = await this.age.innerText();
    const match = /^(?:(\d+) min|(\d+) s) ago$/.exec(text);
    if (text === "just now") return 0;
    if (match === null) throw new Error(`"${text}" is no age`);
    return match[1] === undefined ? Number(match[2]) : Number(match[1]) * 60;
  }
}
