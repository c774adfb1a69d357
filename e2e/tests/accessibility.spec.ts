// axe on every state of every page, light and dark, wide and narrow; and no page wider than its window.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { Dashboard } from "../harness/dashboard.ts";
import { expect, test } from "../harness/test.ts";
import { FAILED_CONNECTION, FAILED_RESPONSE } from "../harness/words.ts";

const LOOKS = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "light", width: 360 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "dark", width: 360 },
] as const;

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.beforeEach(({ watch }) => watch.expects(FAILED_RESPONSE, FAILED_CONNECTION));

/** Without the second page that it would open for each run: there are no frames to gather from. */
function axe(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
}

async function isSound(page: Page, dash: Dashboard): Promise<void> {
  for (const { colorScheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 800 });
    await dash.fitsItsWindow();
    const { violations } = await axe(page).analyze();
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
    expect(told, `${colorScheme}, ${width} wide`).toEqual([]);
  }
}

test("the balance with history and activity", async ({ salio, sim, page, dash }) => {
  await dash.ready("11,378.67");
  await sim.topUp("500");
  await salio.command("onfon:refresh-balance");
  await salio.send(["0712345678", "0722345678"], "habari");
  await expect(dash.activity.locator("li").nth(1)).toBeVisible();
  await dash.stateIs("fresh");
  await dash.id("chart-as-table").click();
  await expect(dash.id("chart").locator("table")).toBeVisible();
  await isSound(page, dash);
});

test("settling, with something unknown", async ({ salio, sim, page, dash }) => {
  await dash.ready("11,378.67");
  await sim.charging({ charge_delay_ms: 60_000 });
  await sim.fails("SendBulkSMS", { kind: "reset_after_effect" });
  await salio.send("0712345678", "habari");
  await expect(dash.id("unknown-onfon")).toContainText("1");
  await isSound(page, dash);
});

test("a success just now", async ({ salio: _, page, dash }) => {
  await dash.ready("11,378.67");
  await dash.sync.click();
  await expect(dash.toast).toBeVisible();
  await isSound(page, dash);
});

test("loading", async ({ salio: _, sim, page, dash }) => {
  await dash.ready("11,378.67");
  await sim.fails("Balance", { kind: "stall" });
  await dash.sync.click();
  await dash.syncIs("loading");
  await isSound(page, dash);
});

test("failing, with its notification", async ({ salio: _, sim, page, dash }) => {
  await dash.ready("11,378.67");
  await sim.fails("Balance", { kind: "http_status", code: 503 });
  await dash.sync.click();
  await expect(dash.toast).toBeVisible();
  await dash.healthIs("failing");
  await isSound(page, dash);
});

test("a changed form, with its button", async ({ salio: _, sim, page, dash }) => {
  await dash.ready("11,378.67");
  await sim.variants({ credits: "ksh" });
  await dash.sync.click();
  await expect(dash.id("accept-form-onfon")).toBeVisible();
  await isSound(page, dash);
});

test("stale", async ({ salio, page, dash }) => {
  await dash.ready("11,378.67");
  await salio.clearCache();
  await dash.stateIs("stale");
  await isSound(page, dash);
});

test("no figure yet", async ({ idle, sim, page, dash }) => {
  await sim.fails("Balance", { kind: "http_status", code: 503 });
  await idle.start();
  await dash.open();
  await expect(dash.figure).toHaveText("No figure yet");
  await isSound(page, dash);
});

test("reconnecting", async ({ salio, page, dash }) => {
  await dash.ready("11,378.67");
  await salio.killed();
  await expect(dash.banner).toBeVisible();
  await isSound(page, dash);
});

test("the send form with a quote, its errors, its result", async ({ salio: _, page, dash }) => {
  await dash.open("#/send");
  await dash.id("send-submit").click();
  await expect(dash.id("send-error-to")).toHaveText(/\S/);
  await isSound(page, dash);
  await dash.id("send-to").fill("0712345678, 12");
  await dash.id("send-text").fill("habari ✓");
  await expect(dash.id("send-quote")).toContainText("UCS-2 because of");
  await isSound(page, dash);
  await dash.id("send-submit").click();
  await expect(dash.id("send-result")).toContainText("1 refused");
  await isSound(page, dash);
});

test.describe("without an account", () => {
  test.use({ withAccount: false });

  test("what to set", async ({ salio: _, page, dash }) => {
    await dash.open();
    await expect(dash.id("setup")).toBeVisible();
    await isSound(page, dash);
  });
});
