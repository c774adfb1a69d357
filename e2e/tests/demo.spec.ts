// `salio demo`: nothing to configure, and a page worth looking at within two seconds.
import { test as base } from "@playwright/test";
import { Dashboard } from "../harness/dashboard.ts";
import { freePort, removeDirectory, Salio, temporaryDirectory } from "../harness/salio.ts";
import { expect } from "../harness/test.ts";
import { Watch } from "../harness/watch.ts";

const OPENS_WITHIN_MS = 2_000;

const test = base.extend<{ demo: Salio; watch: Watch }>({
  demo: async ({}, use) => {
    const directory = temporaryDirectory();
    const port = await freePort();
    const demo = await new Salio(directory, port, {}).start(["demo", "--listen", `127.0.0.1:${port}`]);
    await use(demo);
    await demo.stop();
    removeDirectory(directory);
  },
  watch: [async ({ page, demo }, use) => {
    const watch = await Watch.over(page, demo.url);
    await use(watch);
    watch.verify();
  }, { auto: true }],
});

test("says that it is a demo; two cards have a figure within two seconds", async ({ demo, page }) => {
  const begun = performance.now();
  await page.goto(demo.url);
  const figures = page.locator('[data-testid^="figure-"]');
  await expect(figures).toHaveCount(2);
  for (const figure of await figures.all()) await expect(figure).toHaveText(/^\d{1,3}(,\d{3})*\.\d{2,6}$/);
  expect(performance.now() - begun).toBeLessThan(OPENS_WITHIN_MS);
  await expect(page.getByTestId("demo-banner")).toContainText("demo");
  await expect(page.getByTestId("live-indicator")).toHaveAttribute("data-state", "live");
});

test("has a history of several days with a top-up, and an activity", async ({ demo, page }) => {
  await page.goto(demo.url);
  await page.getByTestId("range-7d").click();
  await page.getByTestId("chart-as-table").click();
  const days = page.getByTestId("chart").locator("tbody th");
  await expect.poll(async () => new Set((await days.allInnerTexts()).map((text) => text.split(",")[0])).size).toBeGreaterThan(3);
  await expect(page.getByTestId("chart").locator("tbody td", { hasText: /^\+/ }).first()).toBeVisible();
  await expect(page.getByTestId("activity").locator("li").nth(4)).toBeVisible();
});

test("moves by itself, and the sync button works", async ({ demo, page, watch }) => {
  const [account] = (await demo.get<{ accounts: { slug: string }[] }>("/api/v1/accounts")).accounts;
  const dash = await new Dashboard(page, demo.url, account?.slug).ready();
  await expect.poll(async () => (await watch.seen()).figures.length, { timeout: 30_000 }).toBeGreaterThan(1);
  await dash.sync.click();
  await expect(dash.sync).toHaveAttribute("data-state", /success|error/);
  await expect(dash.toast.first()).toBeVisible();
});
