// The sync button: its four states, its notifications, and what it never does.
import { holdsBack } from "../harness/held.ts";
import { expect, test, until } from "../harness/test.ts";
import { FAILED_CONNECTION, FAILED_RESPONSE } from "../harness/words.ts";

test("success: the tick, the notification with the figure, and idle again", async ({ salio: _, sim, dash }) => {
  await dash.ready("11,378.67");
  await dash.mark();
  await sim.spend("2.17");
  await dash.sync.click();
  await dash.syncIs("success");
  await expect(dash.sync).toHaveText("Synced");
  await expect(dash.sync.locator("svg")).toBeVisible();
  await expect(dash.toast).toContainText("Balance updated: 11,376.50 units");
  await expect(dash.toast).toHaveRole("status");
  await expect(dash.figure).toHaveText("11,376.50");
  await dash.syncIs("idle");
  await expect(dash.sync).toHaveText("Sync");
  await dash.isStillThere();
});

test("loading: the button is disabled and busy, the figure stays", async ({ salio: _, page, dash }) => {
  await dash.ready("11,378.67");
  const letGo = await holdsBack(page, "**/balance/refresh");
  await dash.sync.click();
  await dash.syncIs("loading");
  await expect(dash.sync).toBeDisabled();
  await expect(dash.sync).toHaveAttribute("aria-busy", "true");
  await expect(dash.figure).toHaveText("11,378.67");
  letGo();
  await dash.syncIs("success");
});

test("failure: the cross, the reason, and the figure stays", async ({ salio: _, sim, dash, watch }) => {
  watch.expects(FAILED_RESPONSE);
  await dash.ready("11,378.67");
  await sim.fails("Balance", { kind: "http_status", code: 503 });
  await dash.sync.click();
  await dash.syncIs("error");
  await expect(dash.sync).toHaveText("Failed");
  await expect(dash.toast).toHaveRole("alert");
  await expect(dash.toast.locator(".what")).toHaveText("Failed to sync balance");
  await expect(dash.toast.locator(".why")).toHaveText(/503/);
  await expect(dash.figure).toHaveText("11,378.67");
  await expect(dash.error).toBeVisible();
  await dash.syncIs("idle");
  expect((await watch.seen()).figures).toEqual(["11,378.67"]);
});

test("network error: says so in the agreed words, and works again afterwards", async ({ salio: _, page, dash, watch }) => {
  watch.expects(FAILED_CONNECTION);
  await dash.ready("11,378.67");
  await page.route("**/balance/refresh", (route) => route.abort("connectionrefused"));
  await dash.sync.click();
  await dash.syncIs("error");
  await expect(dash.toast.locator(".what")).toHaveText("Network error. Please try again.");
  await expect(dash.figure).toHaveText("11,378.67");
  await dash.syncIs("idle");
  await page.unroute("**/balance/refresh");
  await dash.sync.click();
  await dash.syncIs("success");
});

test("a double click is one wish: one request, one call to the provider", async ({ salio: _, sim, dash, watch }) => {
  await dash.ready("11,378.67");
  const before = await sim.balanceCalls();
  await dash.sync.dblclick();
  await dash.syncIs("success");
  await dash.syncIs("idle");
  expect(watch.refreshes).toHaveLength(1);
  expect(await sim.balanceCalls()).toBe(before + 1);
  await expect(dash.toast).toHaveCount(1);
});

test("a second person who presses meanwhile joins the first one's question", async ({ salio: _, sim, dash, context, idle }) => {
  await dash.ready("11,378.67");
  const other = await context.newPage();
  await other.goto(idle.url);
  await expect(other.getByTestId("figure-onfon")).toHaveText("11,378.67");
  await sim.fails("Balance", { kind: "latency", ms: 5_000 });
  const before = await sim.balanceCalls();
  await dash.sync.click();
  await until("the provider to be asked", async () => (await sim.balanceCalls()) === before + 1);
  await other.getByTestId("sync-onfon").click();
  await expect(other.getByTestId("sync-onfon")).toHaveAttribute("data-state", "success");
  await dash.syncIs("success");
  expect(await sim.balanceCalls()).toBe(before + 1);
});

test.describe("out of calls", () => {
  test.use({
    settings: {
      SALIO_BALANCE__CALLS_PER_HOUR: "3",
      SALIO_BALANCE__RESERVED_FOR_PEOPLE: "1",
      SALIO_BALANCE__RESERVED_FOR_AUTOMATIC: "1",
    },
  });

  test("the button says when it works again, and the figure stays", async ({ salio: _, sim, dash, watch }) => {
    watch.expects(FAILED_RESPONSE);
    await dash.ready("11,378.67");
    for (let press = 1; press <= 3; press += 1) {
      await dash.syncIs("idle");
      await dash.sync.click();
      await expect(dash.sync).toHaveAttribute("data-state", /success|error/);
      if ((await dash.sync.getAttribute("data-state")) === "error") break;
    }
    await dash.syncIs("error");
    await expect(dash.toast.last().locator(".what")).toHaveText("Failed to sync balance");
    await expect(dash.toast.last().locator(".why")).toHaveText(/again in \d+/i);
    await expect(dash.id("retry-onfon")).toHaveText(/sync again in (59|1 h|\d+ min)/);
    await expect(dash.figure).toHaveText("11,378.67");
    expect(await sim.balanceCalls()).toBeLessThanOrEqual(3);
  });
});
