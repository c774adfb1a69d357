// The chart: its ranges, the top-up in it, its reading by keyboard and as a table.
import { expect, test } from "../harness/test.ts";

test("a top-up is marked in the table, told in the activity, and drawn", async ({ salio: _, sim, dash }) => {
  await dash.ready("11,378.67");
  await sim.topUp("500");
  await dash.sync.click();
  await expect(dash.figure).toHaveText("11,878.67");
  const line = dash.activity.locator('[data-kind="top_up"]');
  await expect(line).toContainText("+500.00");
  await dash.id("range-1h").click();
  await dash.id("chart-as-table").click();
  await expect(dash.id("chart").locator("tbody td", { hasText: "+500.00" })).toHaveCount(1);
  await expect(dash.id("chart-plot").locator("canvas")).toBeVisible();
});

test("every range asks for its own time, and only the chosen one is pressed", async ({ salio: _, page, dash }) => {
  await dash.ready();
  const hours = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 } as const;
  for (const [range, length] of Object.entries(hours)) {
    const button = dash.id(`range-${range}`);
    // The card's line has asked for the day already.
    const asked = range === "24h" ? null : page.waitForRequest((request) => spanHours(request.url()) === length);
    await button.click();
    await asked;
    await expect(button).toHaveAttribute("aria-pressed", "true");
    await expect(dash.id("chart").locator('[aria-pressed="true"]')).toHaveCount(1);
    await expect(dash.id("chart-plot").locator("canvas")).toBeVisible();
  }
});

test("arrow keys and the mouse read the chart", async ({ salio, dash }) => {
  await dash.ready("11,378.67");
  await salio.send("0712345678", "habari");
  await dash.stateIs("fresh");
  await dash.id("range-1h").click();
  const plot = dash.id("chart-plot");
  const readout = dash.id("chart-readout");
  await expect(readout).toContainText(" to ");
  await plot.focus();
  // The line goes on growing while it is read.
  await expect(async () => {
    await plot.press("End");
    const [at, last] = await plot.evaluate((it) => [it.getAttribute("aria-valuenow"), it.getAttribute("aria-valuemax")]);
    expect(at).toBe(last);
  }).toPass();
  await expect(readout).toContainText("11,377.67 units");
  await expect(plot).toHaveAttribute("aria-valuetext", /11,377\.67 units/);
  await plot.press("Home");
  await expect(plot).toHaveAttribute("aria-valuenow", "0");
  await expect(readout).toContainText("units");
  await plot.press("ArrowRight");
  await expect(plot).toHaveAttribute("aria-valuenow", "1");
  // Figures that came within seconds share a pixel: each is reached all the same.
  await plot.press("ArrowRight");
  await expect(plot).toHaveAttribute("aria-valuenow", "2");
  await plot.press("Escape");
  await expect(readout).toContainText(" to ");
  const box = await plot.boundingBox();
  if (box === null) throw new Error("the chart has no size");
  await dash.page.mouse.move(box.x + box.width - 30, box.y + box.height / 2);
  await expect(readout).toContainText("units");
});

/** How long a history that a request asks for is; `null` for other requests. */
function spanHours(url: string): number | null {
  const { pathname, searchParams } = new URL(url);
  if (!pathname.endsWith("/balance/history")) return null;
  return Math.round((Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "")) / 3_600_000);
}
