// Pictures of the pages in e2e/output, for people to look at. Each also proves that the state in it can be reached.
import { test as base } from "@playwright/test";
import { takePictures } from "../harness/pictures.ts";
import { freePort, removeDirectory, Salio, temporaryDirectory } from "../harness/salio.ts";
import { expect, test } from "../harness/test.ts";
import { FAILED_CONNECTION, FAILED_RESPONSE } from "../harness/words.ts";

base("demo", async ({ page }) => {
  const directory = temporaryDirectory();
  const port = await freePort();
  const demo = await new Salio(directory, port, {}).start(["demo", "--listen", `127.0.0.1:${port}`]);
  try {
    await page.goto(demo.url);
    await expect(page.getByTestId("figure-onfon")).toHaveText(/\d/);
    await page.getByTestId("range-7d").click();
    await expect(page.getByTestId("chart-plot").locator("canvas")).toBeVisible();
    await expect(page.getByTestId("activity").locator("li").nth(4)).toBeVisible();
    await expect(page.getByTestId("live-indicator")).toHaveAttribute("data-state", "live");
    await takePictures(page, "demo");
  } finally {
    await demo.stop();
    removeDirectory(directory);
  }
});

test("failing", async ({ salio: _, sim, page, dash, watch }) => {
  watch.expects(FAILED_RESPONSE);
  await dash.ready("11,378.67");
  await sim.fails("Balance", { kind: "http_status", code: 503 });
  await dash.sync.click();
  await expect(dash.toast).toBeVisible();
  await dash.healthIs("failing");
  await takePictures(page, "failing");
});

test("reconnecting", async ({ salio, page, dash, watch }) => {
  watch.expects(FAILED_CONNECTION);
  await dash.ready("11,378.67");
  await salio.killed();
  await expect(dash.banner).toBeVisible();
  await takePictures(page, "reconnecting");
});

test("synced, settling", async ({ salio, sim, page, dash }) => {
  await sim.charging({ charge_delay_ms: 60_000 });
  await dash.ready("11,378.67");
  await salio.send(["0712345678", "0722345678"], "habari");
  await dash.stateIs("settling");
  await expect(dash.activity.locator("li")).toBeVisible();
  await dash.sync.click();
  await expect(dash.toast).toBeVisible();
  await takePictures(page, "settling");
});

test("send", async ({ salio: _, page, dash }) => {
  await dash.open("#/send");
  await dash.id("send-to").fill("0712345678, 0722345678, 12");
  await dash.id("send-text").fill("Hujambo! Your order is ready ✓");
  await dash.id("send-submit").click();
  await expect(dash.id("send-result").locator('[data-value="sent"]')).toHaveCount(2);
  await dash.id("send-text").fill("Karibu tena, tutaonana ✓");
  await expect(dash.id("send-quote")).toContainText("UCS-2 because of");
  await takePictures(page, "send");
});

test.describe("without an account", () => {
  test.use({ withAccount: false });

  test("empty", async ({ salio: _, page, dash }) => {
    await dash.open();
    await expect(dash.id("setup")).toBeVisible();
    await takePictures(page, "empty");
  });
});
