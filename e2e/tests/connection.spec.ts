// When the server or the network goes away under an open page: it says so, keeps the last figure, and comes back by itself.
import { expect, test } from "../harness/test.ts";
import { FAILED_CONNECTION, FAILED_RESPONSE } from "../harness/words.ts";

test.beforeEach(({ watch }) => watch.expects(FAILED_CONNECTION, FAILED_RESPONSE));

test("the server is killed and restarted: the banner, the last figure, and back without a reload", async ({ salio, sim, dash, watch }) => {
  await dash.ready("11,378.67");
  await dash.mark();
  await salio.killed();
  await dash.linkIs("reconnecting");
  await expect(dash.banner).toContainText("The live connection dropped.");
  await expect(dash.figure).toHaveText("11,378.67");
  const age = await dash.ageSeconds();
  await expect.poll(() => dash.ageSeconds()).toBeGreaterThan(age);
  const versions = (await watch.seen()).versions;
  await sim.spend("3.67");

  await salio.start();
  await dash.isLive();
  await expect(dash.banner).toHaveCount(0);
  await expect(dash.figure).toHaveText("11,375.00");
  await dash.stateIs("fresh");
  const after = (await watch.seen()).versions;
  expect(after.length).toBeGreaterThan(versions.length);
  expect(after).toEqual([...after].sort((a, b) => a - b));
  expect(after.at(versions.length), "the first version after the restart").toBeGreaterThan(versions.at(-1) ?? Infinity);
  expect((await watch.seen()).figures).toEqual(["11,378.67", "11,375.00"]);
  await dash.isStillThere();
});

test("sync while the server is down says so, and works when it is back", async ({ salio, dash }) => {
  await dash.ready("11,378.67");
  await salio.killed();
  await dash.linkIs("reconnecting");
  await dash.sync.click();
  await dash.syncIs("error");
  await expect(dash.toast.locator(".what")).toHaveText("Network error. Please try again.");
  await expect(dash.state).toHaveText("last known", { timeout: 15_000 });
  await salio.start();
  await dash.isLive();
  await dash.syncIs("idle");
  await dash.sync.click();
  await dash.syncIs("success");
});

test("a server that stops in good order is a drop like any other", async ({ salio, dash }) => {
  await dash.ready("11,378.67");
  await salio.stop();
  await dash.linkIs("reconnecting");
  await expect(dash.figure).toHaveText("11,378.67");
  await salio.start();
  await dash.isLive();
});

test("the stream is cut, the server is well: sync still works meanwhile", async ({ salio: _, page, sim, dash }) => {
  await page.route("**/api/v1/events", (route) => route.abort("connectionrefused"));
  await dash.open();
  await expect(dash.figure).toHaveText("11,378.67");
  await dash.linkIs("reconnecting");
  await sim.spend("2.17");
  await dash.sync.click();
  await dash.syncIs("success");
  await expect(dash.figure).toHaveText("11,376.50");
  await page.unroute("**/api/v1/events");
  await dash.isLive();
});

test("offline and online again", async ({ salio: _, context, sim, dash }) => {
  await dash.ready("11,378.67");
  await dash.mark();
  await context.setOffline(true);
  await dash.linkIs("offline");
  await expect(dash.banner).toContainText("This computer is offline.");
  await expect(dash.figure).toHaveText("11,378.67");
  await sim.spend("8.67");
  await context.setOffline(false);
  await dash.isLive();
  await expect(dash.banner).toHaveCount(0);
  await dash.sync.click();
  await expect(dash.figure).toHaveText("11,370.00");
  await dash.isStillThere();
});

test("a page opened while the server is down says so, and fills itself when it is up", async ({ salio, page, dash }) => {
  await dash.ready();
  await page.route("**/api/v1/**", (route) => route.abort("connectionrefused"));
  await page.reload();
  await expect(dash.id("load-failed")).toBeVisible();
  await page.unroute("**/api/v1/**");
  await expect(dash.figure).toHaveText("11,378.67", { timeout: 20_000 });
  expect(salio.said).not.toContain("panicked");
});
