// axe on every state of every page, light and dark, wide and narrow; and no page wider than its window.
import { isSound } from "../harness/sound.ts";
import { expect, test } from "../harness/test.ts";
import { FAILED_CONNECTION, FAILED_RESPONSE } from "../harness/words.ts";

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.beforeEach(({ watch }) => watch.expects(FAILED_RESPONSE, FAILED_CONNECTION));

test("the balance with history and activity", async ({ salio, sim, page, dash }) => {
  await dash.ready("11,378.67");
  await sim.topUp("500");
  await salio.command("onfon:refresh-balance");
  await salio.send(["0712345678", "0722345678"], "habari");
  await expect(dash.activity.locator("li").nth(1)).toBeVisible();
  await dash.stateIs("fresh");
  await dash.id("chart-as-table").click();
  await expect(dash.id("chart").locator("table")).toBeVisible();
  await isSound(page);
});

test("settling, with something unknown", async ({ salio, sim, page, dash }) => {
  await dash.ready("11,378.67");
  await sim.charging({ charge_delay_ms: 60_000 });
  await sim.fails("SendBulkSMS", { kind: "reset_after_effect" });
  await salio.send("0712345678", "habari");
  await expect(dash.id("unknown-onfon")).toContainText("1");
  await isSound(page);
});

test("a success just now", async ({ salio: _, page, dash }) => {
  await dash.ready("11,378.67");
  await dash.sync.click();
  await expect(dash.toast).toBeVisible();
  await isSound(page);
});

test("loading", async ({ salio: _, sim, page, dash }) => {
  await dash.ready("11,378.67");
  await sim.fails("Balance", { kind: "stall" });
  await dash.sync.click();
  await dash.syncIs("loading");
  await isSound(page);
});

test("failing, with its notification", async ({ salio: _, sim, page, dash }) => {
  await dash.ready("11,378.67");
  await sim.fails("Balance", { kind: "http_status", code: 503 });
  await dash.sync.click();
  await expect(dash.toast).toBeVisible();
  await dash.healthIs("failing");
  await isSound(page);
});

test("a changed form, with its button", async ({ salio: _, sim, page, dash }) => {
  await dash.ready("11,378.67");
  await sim.variants({ credits: "ksh" });
  await dash.sync.click();
  await expect(dash.id("accept-form-onfon")).toBeVisible();
  await isSound(page);
});

test("stale", async ({ salio, page, dash }) => {
  await dash.ready("11,378.67");
  await salio.clearCache();
  await dash.stateIs("stale");
  await isSound(page);
});

test("no figure yet", async ({ idle, sim, page, dash }) => {
  await sim.fails("Balance", { kind: "http_status", code: 503 });
  await idle.start();
  await dash.open();
  await expect(dash.figure).toHaveText("No figure yet");
  await isSound(page);
});

test("reconnecting", async ({ salio, page, dash }) => {
  await dash.ready("11,378.67");
  await salio.killed();
  await expect(dash.banner).toBeVisible();
  await isSound(page);
});

test("the send form with a quote, its errors, its result", async ({ salio: _, page, dash }) => {
  await dash.open("#/send");
  await dash.id("send-submit").click();
  await expect(dash.id("send-error-to")).toHaveText(/\S/);
  await isSound(page);
  await dash.id("send-to").fill("0712345678, 12");
  await dash.id("send-text").fill("habari ✓");
  await expect(dash.id("send-quote")).toContainText("UCS-2 because of");
  await isSound(page);
  await dash.id("send-submit").click();
  await expect(dash.id("send-result")).toContainText("1 refused");
  await isSound(page);
});

test.describe("without an account", () => {
  test.use({ withAccount: false });

  test("what to set", async ({ salio: _, page, dash }) => {
    await dash.open();
    await expect(dash.id("setup")).toBeVisible();
    await isSound(page);
  });
});
