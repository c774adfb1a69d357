// What changes on the page by itself: the figure, its mark, its pulse, what is read out, the activity.
import { holdsBack } from "../harness/held.ts";
import { expect, test, until } from "../harness/test.ts";

/** Product promise: the page opens with a figure within this. */
const OPENS_WITHIN_MS = 2_000;
/** Product promise: what another process did is seen within this. */
const SEEN_WITHIN_MS = 1_000;

test("the figure is there within two seconds of opening the page", async ({ idle, dash }) => {
  await idle.start();
  const begun = performance.now();
  await dash.open();
  await expect(dash.figure).toHaveText("11,378.67");
  expect(performance.now() - begun).toBeLessThan(OPENS_WITHIN_MS);
  await dash.stateIs("fresh");
  await dash.healthIs("ok");
  await expect(dash.age).toHaveText(/^(just now|\d+ s ago)$/);
});

test("a change pulses, carries its mark for a while, and is read out; the same figure does none of it", async ({ salio: _, sim, dash, watch }) => {
  await dash.ready("11,378.67");
  await dash.sync.click();
  await dash.syncIs("success");
  await expect(dash.updated).toHaveCount(0);
  await expect(dash.announcer).toHaveText("");
  expect((await watch.seen()).pulses, "pulses without a change").toBe(0);
  await dash.syncIs("idle");

  await sim.spend("1");
  await dash.sync.click();
  await expect(dash.figure).toHaveText("11,377.67");
  await expect(dash.updated).toBeVisible();
  await expect(dash.announcer).toHaveText("onfon: 11,377.67 units");
  await expect(dash.announcer).toHaveAttribute("aria-live", "polite");
  await expect.poll(async () => (await watch.seen()).pulses).toBe(1);
  await expect(dash.updated).toHaveCount(0);
  await dash.syncIs("idle");

  await sim.spend("1");
  await dash.sync.click();
  await expect(dash.figure).toHaveText("11,376.67");
  await expect.poll(async () => (await watch.seen()).pulses).toBe(2);
});

test.describe("for those who asked for less motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("nothing pulses or spins, the mark and the words stay", async ({ salio: _, sim, page, dash, watch }) => {
    await dash.ready("11,378.67");
    await sim.spend("1");
    const letGo = await holdsBack(page, "**/balance/refresh");
    await dash.sync.click();
    await dash.syncIs("loading");
    expect(await page.evaluate(() => document.getAnimations().length), "animations while loading").toBe(0);
    letGo();
    await expect(dash.figure).toHaveText("11,377.67");
    await expect(dash.updated).toBeVisible();
    await expect(dash.announcer).toHaveText("onfon: 11,377.67 units");
    expect((await watch.seen()).pulses).toBe(0);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});

test("a send by another program lowers the estimate at once; the provider's word makes it fresh, without a reload", async ({ salio, sim, dash }) => {
  await sim.charging({ charge_delay_ms: 3_000 });
  await dash.ready("11,378.67");
  await dash.mark();
  await salio.send("0712345678", "habari");
  await expect(dash.figure).toHaveText("11,377.67", { timeout: SEEN_WITHIN_MS });
  await dash.stateIs("settling");
  await expect(dash.page.getByTestId("card-onfon")).toContainText("1.00 pending");
  await dash.stateIs("fresh");
  await expect(dash.page.getByTestId("card-onfon")).not.toContainText("pending");
  await expect(dash.figure).toHaveText("11,377.67");
  await expect(dash.activity.locator('[data-kind="sent"]')).toContainText("1 message");
  await expect(dash.activity.locator('[data-kind="sent"]')).toContainText("−1.00");
  await dash.isStillThere();
});

test("another process in the same directory refreshes: the open page shows it within a second", async ({ salio, sim, dash }) => {
  await dash.ready("11,378.67");
  await dash.mark();
  await sim.spend("2.17");
  const { code, said } = await salio.command("onfon:refresh-balance");
  await expect(dash.figure).toHaveText("11,376.50", { timeout: SEEN_WITHIN_MS });
  expect({ code, said }).toEqual({ code: 0, said: "Balance updated: 11,376.50 units\n" });
  await dash.isStillThere();
});

test("every open page shows the same figure", async ({ salio: _, sim, dash, context, idle }) => {
  await dash.ready("11,378.67");
  const other = await context.newPage();
  await other.goto(idle.url);
  await expect(other.getByTestId("live-indicator")).toHaveAttribute("data-state", "live");
  await sim.spend("5");
  await dash.sync.click();
  await expect(dash.figure).toHaveText("11,373.67");
  await expect(other.getByTestId("figure-onfon")).toHaveText("11,373.67", { timeout: SEEN_WITHIN_MS });
});

test("the age counts on by itself", async ({ salio: _, dash }) => {
  await dash.ready();
  const first = await dash.ageSeconds();
  await expect.poll(() => dash.ageSeconds()).toBeGreaterThan(first + 1);
});

test("under steady traffic nobody goes back, and the last figure is what the provider holds", async ({ salio, sim, dash, watch }) => {
  await dash.ready("11,378.67");
  for (let i = 0; i < 10; i += 1) await salio.send(["0712345678", "0722345678"], `line ${i}`);
  await expect(dash.figure).toHaveText("11,358.67");
  await dash.stateIs("fresh");
  await until("twenty messages at the provider", async () => (await sim.state()).accepted === 20);
  const { versions, figures } = await watch.seen();
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  const amounts = figures.map((text) => Number(text.replaceAll(",", "")));
  expect(amounts, "an estimate that only fell").toEqual([...amounts].sort((a, b) => b - a));
});
