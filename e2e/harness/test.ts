// What a test is given: a provider, a server that watches it, the page, and a watch over the page that every test must pass.
import { test as base } from "@playwright/test";
import type { Variables } from "./child.ts";
import { Dashboard } from "./dashboard.ts";
import { freePort, removeDirectory, Salio, temporaryDirectory } from "./salio.ts";
import { Simulator } from "./simulator.ts";
import { until } from "./until.ts";
import { Watch } from "./watch.ts";

export { expect } from "@playwright/test";
export { until } from "./until.ts";

interface Options {
  /** More arguments of the simulator. */
  provider: string[];
  /** More settings of the server. */
  settings: Variables;
  /** Without: the server starts without an account. */
  withAccount: boolean;
}

interface Fixtures {
  directory: string;
  sim: Simulator;
  /** Ready to start. */
  idle: Salio;
  /** Running, with a fresh figure. */
  salio: Salio;
  watch: Watch;
  dash: Dashboard;
}

/**
 * Short settling, so that "the provider confirms" takes a second and not five; and no call by the clock on the wall, which would step into
 * tests that count calls whenever they run across a fifth minute. Everything else is as shipped.
 */
const SETTINGS: Variables = { SALIO_BALANCE__SETTLE_AFTER: "400ms,1s,2s,4s", SALIO_BALANCE__SCHEDULE: "0 0 1 1 *", ONFON_SENDER_ID: "MYSHOP" };

export const test = base.extend<Options & Fixtures>({
  provider: [[], { option: true }],
  settings: [{}, { option: true }],
  withAccount: [true, { option: true }],

  directory: async ({}, use) => {
    const directory = temporaryDirectory();
    await use(directory);
    removeDirectory(directory);
  },
  sim: async ({ directory, provider }, use) => {
    const sim = await Simulator.start(directory, provider);
    await use(sim);
    await sim.stop();
  },
  idle: async ({ directory, sim, settings, withAccount }, use) => {
    const variables = withAccount ? { ...sim.variables, ...SETTINGS, ...settings } : settings;
    const salio = new Salio(directory, await freePort(), variables);
    await use(salio);
    await salio.stop();
  },
  salio: async ({ idle, withAccount }, use) => {
    await idle.start();
    if (withAccount) await until("the first answer", () => idle.hasAnAnswer());
    await use(idle);
  },
  watch: [async ({ page, idle }, use) => {
    const watch = await Watch.over(page, idle.url);
    await use(watch);
    watch.verify();
  }, { auto: true }],
  dash: async ({ page, idle, watch }, use) => {
    void watch;
    await use(new Dashboard(page, idle.url));
  },
});
