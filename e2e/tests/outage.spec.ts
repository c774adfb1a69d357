// When the provider is silent, refuses, or says something that nobody can read: the last figure stays, with its age and the reason.
import { expect, test } from "../harness/test.ts";
import { FAILED_RESPONSE } from "../harness/words.ts";

test.beforeEach(({ watch }) => watch.expects(FAILED_RESPONSE));

test("provider down: the last figure, its age growing, the reason, never zero; and it recovers by itself", async ({ salio: _, sim, dash, watch }) => {
  await dash.ready("11,378.67");
  await dash.mark();
  await sim.fails("Balance", { kind: "http_status", code: 503 });
  await dash.sync.click();
  await dash.healthIs("degraded");
  await expect(dash.error).toContainText("503");
  await expect(dash.error).toContainText(/tr(y|ies) since \d\d:\d\d/);
  await dash.healthIs("failing");
  await expect(dash.health).toHaveText("not answering");
  await expect(dash.error).toContainText(/\d tries since/);
  const age = await dash.ageSeconds();
  await expect.poll(() => dash.ageSeconds()).toBeGreaterThan(age);
  await expect(dash.figure).toHaveText("11,378.67");

  await sim.spend("8.67");
  await sim.works();
  await expect(dash.figure).toHaveText("11,370.00", { timeout: 20_000 });
  await dash.healthIs("ok");
  await expect(dash.error).toHaveCount(0);
  await expect(dash.activity.locator('[data-kind="failure"]')).toBeVisible();
  await expect(dash.activity.locator('[data-kind="recovered"]')).toBeVisible();
  expect((await watch.seen()).figures).toEqual(["11,378.67", "11,370.00"]);
  await dash.isStillThere();
});

test("a sync ends an outage at once", async ({ salio: _, sim, dash }) => {
  await dash.ready("11,378.67");
  await sim.fails("Balance", { kind: "reset_before_effect" });
  await dash.sync.click();
  await dash.healthIs("failing");
  await sim.works();
  await dash.syncIs("idle");
  await dash.sync.click();
  await dash.syncIs("success");
  await dash.healthIs("ok");
  await expect(dash.error).toHaveCount(0);
});

test("credentials refused: one call, the words, and no further call until a person acts", async ({ salio: _, sim, dash }) => {
  await dash.ready("11,378.67");
  await sim.fails("Balance", { kind: "refuse", code: 7, http: 401 });
  const before = await sim.balanceCalls();
  await dash.sync.click();
  await dash.syncIs("error");
  await dash.healthIs("failing");
  await expect(dash.health).toHaveText("credentials refused");
  await expect(dash.error).toHaveAttribute("data-code", "credentials_refused");
  await expect(dash.error).toContainText("no further try until a person syncs");
  await expect.poll(() => dash.ageSeconds()).toBeGreaterThan(4);
  expect(await sim.balanceCalls()).toBe(before + 1);
  await sim.works();
  await dash.syncIs("idle");
  await dash.sync.click();
  await dash.healthIs("ok");
});

test("no figure was ever told: no number, least of all a zero; the first one arrives by itself", async ({ idle, sim, dash, watch }) => {
  await sim.fails("Balance", { kind: "http_status", code: 503 });
  await idle.start();
  await dash.open();
  await expect(dash.figure).toHaveText("No figure yet");
  await dash.stateIs("unknown");
  await expect(dash.error).toContainText("503");
  await sim.works();
  await expect(dash.figure).toHaveText("11,378.67", { timeout: 20_000 });
  await dash.stateIs("fresh");
  expect((await watch.seen()).figures).toEqual(["No figure yet", "11,378.67"]);
});

test("zero is shown when the provider says zero", async ({ salio: _, sim, dash }) => {
  await dash.ready("11,378.67");
  await sim.credit("0");
  await dash.sync.click();
  await expect(dash.figure).toHaveText("0.00");
  await expect(dash.toast).toContainText("Balance updated: 0.00 units");
});

test("a figure that cannot be read is no figure", async ({ salio: _, sim, dash }) => {
  await dash.ready("11,378.67");
  await sim.variants({ credits: "continental" });
  await dash.sync.click();
  await dash.syncIs("error");
  await expect(dash.error).toHaveAttribute("data-code", "unreadable_balance");
  await expect(dash.figure).toHaveText("11,378.67");
});

test("a changed form waits for a person, who accepts it", async ({ salio: _, sim, dash, watch }) => {
  await dash.ready("11,378.67");
  await sim.variants({ credits: "ksh4" });
  await sim.spend("1");
  await dash.sync.click();
  await dash.syncIs("error");
  await expect(dash.error).toHaveAttribute("data-code", "balance_form_changed");
  await expect(dash.figure).toHaveText("11,378.67");
  await expect(dash.activity.locator('[data-kind="form_changed"]')).toBeVisible();
  await dash.syncIs("idle");
  await dash.id("accept-form-onfon").click();
  await expect(dash.figure).toHaveText("11,377.67");
  await expect(dash.error).toHaveCount(0);
  await dash.healthIs("ok");
  // Between the two the old figure may be withdrawn: in another form it need not mean the same.
  expect((await watch.seen()).figures.filter((text) => text !== "No figure yet")).toEqual(["11,378.67", "11,377.67"]);
});

test("a cleared cache makes the figure stale, and the next page that opens makes it fresh for all", async ({ salio, sim, dash, context }) => {
  await dash.ready("11,378.67");
  await sim.spend("2.17");
  await salio.clearCache();
  await dash.stateIs("stale", { timeout: 1_000 });
  await expect(dash.figure).toHaveText("11,378.67");
  const before = await sim.balanceCalls();
  const other = await context.newPage();
  await other.goto(salio.url);
  await expect(other.getByTestId("figure-onfon")).toHaveText("11,376.50", { timeout: 2_000 });
  await dash.stateIs("fresh");
  await expect(dash.figure).toHaveText("11,376.50");
  expect(await sim.balanceCalls()).toBe(before + 1);
});
