// Everything with the keyboard alone: the order of the tabs, sync by Enter and Space, the focus that stays.
import type { Page } from "@playwright/test";
import type { Dashboard } from "../harness/dashboard.ts";
import type { Salio } from "../harness/salio.ts";
import { holdsBack } from "../harness/held.ts";
import { expect, test } from "../harness/test.ts";
import { FAILED_RESPONSE } from "../harness/words.ts";

async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const it = document.activeElement;
    if (!(it instanceof HTMLElement) || it === document.body) return "nothing";
    return it.dataset["testid"] ?? it.getAttribute("aria-label") ?? it.textContent.trim();
  });
}

async function tabs(page: Page, count: number): Promise<string[]> {
  const order: string[] = [];
  for (let i = 0; i < count; i += 1) {
    await page.keyboard.press("Tab");
    order.push(await focused(page));
  }
  return order;
}

/** With something in every part of the page. */
async function full(salio: Salio, dash: Dashboard): Promise<void> {
  await dash.ready();
  await salio.send("0712345678", "habari");
  await expect(dash.activity.locator('[data-kind="sent"]')).toBeVisible();
  await expect(dash.id("chart-plot")).toBeVisible();
}

test("the balance page in reading order", async ({ salio, page, dash }) => {
  await full(salio, dash);
  expect(await tabs(page, 15)).toEqual([
    "Skip to the content", "Salio, balance", "nav-balance", "nav-messages", "nav-send", "nav-batches", "sync-onfon", "pause-onfon",
    "range-1h", "range-24h", "range-7d", "range-30d", "chart-plot", "chart-as-table", "Activity, newest first",
  ]);
});

test("what has the focus can be seen to have it", async ({ salio, page, dash }) => {
  await full(salio, dash);
  for (let i = 0; i < 15; i += 1) {
    await page.keyboard.press("Tab");
    const ring = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement ?? document.body);
      return { outline: style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2, shadow: style.boxShadow !== "none" };
    });
    expect(ring.outline || ring.shadow, `a ring around ${await focused(page)}`).toBe(true);
  }
});

for (const key of ["Enter", "Space"]) {
  test(`${key} on sync asks once, and the focus stays on the button`, async ({ salio: _, page, dash, sim, watch }) => {
    await dash.ready("11,378.67");
    await sim.spend("2.17");
    const letGo = await holdsBack(page, "**/balance/refresh");
    await dash.sync.focus();
    await page.keyboard.press(key);
    await dash.syncIs("loading");
    letGo();
    await dash.syncIs("success");
    await expect(dash.figure).toHaveText("11,376.50");
    await expect(dash.sync).toBeFocused();
    await dash.syncIs("idle");
    await expect(dash.sync).toBeFocused();
    expect(watch.refreshes).toHaveLength(1);
  });
}

test("the skip link leads to the content", async ({ salio: _, page, dash }) => {
  await dash.ready();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator("main h1")).toBeFocused();
});

test("a message is written and sent without a mouse", async ({ salio: _, page, dash }) => {
  await dash.ready();
  await dash.id("nav-send").focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("main h1")).toBeFocused();
  // The page's own script may still be on its way.
  await expect(dash.id("send-to")).toBeVisible();
  for (const name of ["mode-numbers", "mode-file", "send-to"]) {
    await page.keyboard.press("Tab");
    await expect(dash.id(name)).toBeFocused();
  }
  await page.keyboard.type("0712345678");
  await page.keyboard.press("Tab");
  await page.keyboard.type("habari");
  await page.keyboard.press("Tab");
  await expect(dash.id("send-from")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(dash.id("send-options")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(dash.id("send-submit")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dash.id("send-result").locator("[data-value]")).toHaveAttribute("data-value", "sent");
});

/** Presses Tab until this has the focus; a page that cannot be walked through fails here. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  while (passed.at(-1) !== name) {
    expect(passed.length, `tabs to ${name}, past ${passed.join(", ")}`).toBeLessThan(30);
    passed.push(...await tabs(page, 1));
  }
}

test("several numbers, when and how, and the credit that is short, without a mouse", async ({ salio: _, sim, page, dash, watch }) => {
  watch.expects(FAILED_RESPONSE);
  await sim.credit("1");
  await dash.ready();
  await dash.syncs("1.00");
  await tabTo(page, "nav-send");
  await page.keyboard.press("Enter");
  await expect(dash.id("send-to")).toBeVisible();
  await tabTo(page, "send-to");
  await page.keyboard.type("0712345678, 0722345678");
  await tabTo(page, "send-text");
  await page.keyboard.type("It’s ready");
  await expect(dash.id("make-plain")).toBeVisible();
  await tabTo(page, "make-plain");
  await page.keyboard.press("Enter");
  await expect(dash.id("send-text")).toHaveValue("It's ready");
  await expect(dash.id("send-text")).toBeFocused();
  await tabTo(page, "send-options");
  await page.keyboard.press("Enter");
  await tabTo(page, "send-priority");
  await page.keyboard.type("High");
  await expect(dash.id("send-priority")).toHaveValue("high");
  await tabTo(page, "send-submit");
  await page.keyboard.press("Enter");
  await expect(dash.id("short")).toBeFocused();
  await tabTo(page, "short-partial");
  await page.keyboard.press("Enter");
  await expect(dash.id("send-result").getByRole("heading")).toHaveText("1 message accepted, 1 refused");
});

test("a message in doubt is found and resolved without a mouse", async ({ salio, sim, page, dash }) => {
  await sim.fails("SendBulkSMS", { kind: "http_status", code: 503 });
  await salio.send("0712345678", "perhaps");
  await dash.ready();
  await expect(dash.id("unknown-onfon").getByRole("link")).toHaveText("1");
  await dash.id("unknown-onfon").getByRole("link").focus();
  await page.keyboard.press("Enter");
  await expect(dash.id("messages").locator("tbody tr")).toHaveCount(1);
  await tabTo(page, "254712345678");
  await page.keyboard.press("Enter");
  await expect(dash.id("resolve")).toBeVisible();
  await tabTo(page, "resolve-not_sent");
  await page.keyboard.press("Enter");
  await expect(dash.id("resolve-not_sent-no")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dash.id("resolve-not_sent")).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Tab");
  await expect(dash.id("resolve-not_sent-yes")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dash.id("message-state")).toHaveAttribute("data-value", "failed");
  // What asked is gone: the focus is on the message, not lost.
  await expect(dash.id("message-to")).toBeFocused();
});

test("a notification can be closed with the keyboard", async ({ salio: _, page, dash }) => {
  await dash.ready();
  await dash.sync.focus();
  await page.keyboard.press("Enter");
  await expect(dash.toast).toBeVisible();
  await dash.toast.getByRole("button").focus();
  await page.keyboard.press("Enter");
  await expect(dash.toast).toHaveCount(0);
});
