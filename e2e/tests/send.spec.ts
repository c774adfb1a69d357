// The send form: what it would cost, what is wrong with it, what became of it.
import { expect, test, until } from "../harness/test.ts";
import { FAILED_CONNECTION, FAILED_RESPONSE } from "../harness/words.ts";

const QUOTE = "send-quote";

test.beforeEach(async ({ salio: _, dash }) => {
  await dash.ready("11,378.67");
  await dash.id("nav-send").click();
  await expect(dash.id("send-to")).toBeVisible();
});

test("the quote follows the text: segments, encoding, cost, what is left", async ({ dash }) => {
  await dash.id("send-text").fill("habari");
  const quote = dash.id(QUOTE);
  await expect(quote).toContainText("GSM-7");
  await expect(quote).toContainText("1 segment, 6 characters");
  await expect(quote).not.toContainText("costs");
  await dash.id("send-to").fill("0712345678, 0722345678");
  await expect(quote).toContainText("costs 2.00 units, leaves 11,376.67 units");
  await dash.id("send-text").fill("a".repeat(161));
  await expect(quote).toContainText("2 segments, 161 characters");
  await expect(quote).toContainText("costs 4.00 units");
  await dash.id("send-text").fill("habari ✓");
  await expect(quote).toHaveAttribute("data-encoding", "ucs2");
  await expect(quote).toContainText("UCS-2 because of “✓”");
  await dash.id("send-text").fill("habari €");
  await expect(quote).toHaveAttribute("data-encoding", "gsm7");
  await expect(quote).toContainText("1 segment, 8 characters");
  await dash.id("send-text").fill("");
  await expect(quote).not.toContainText("segment");
});

test("one message: accepted, sent, in the list; the figure follows", async ({ dash }) => {
  await dash.id("send-to").fill("0712 345 678");
  await dash.id("send-text").fill("habari");
  await dash.id("send-submit").click();
  const result = dash.id("send-result");
  await expect(result.getByRole("heading")).toHaveText("1 message accepted");
  await expect(result.locator("li")).toContainText("254712345678");
  await expect(result.locator("[data-value]")).toHaveAttribute("data-value", "sent");
  await expect(dash.id("send-to")).toHaveValue("");
  await expect(dash.id("send-text")).toHaveValue("");
  const row = dash.id("messages").locator("tbody tr");
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("254712345678");
  await expect(row).toContainText("MYSHOP");
  await expect(row.locator("[data-value]")).toHaveAttribute("data-value", "sent");
  await dash.id("nav-balance").click();
  await expect(dash.figure).toHaveText("11,377.67");
});

test("many: the good ones go, the others are named with the reason", async ({ sim, dash }) => {
  await dash.id("send-to").fill("0712345678\n0722345678\n12");
  await dash.id("send-text").fill("habari");
  await expect(dash.id("send-submit")).toHaveText("Send to 3");
  await dash.id("send-submit").click();
  const result = dash.id("send-result");
  await expect(result.getByRole("heading")).toHaveText("2 messages accepted, 1 refused");
  await expect(result.locator('[data-value="sent"]')).toHaveCount(2);
  await expect(result.locator("li").last()).toContainText("12");
  await expect(result.locator("li").last()).toContainText("refused");
  await until("two messages at the provider", async () => (await sim.state()).accepted === 2);
});

test("errors stand at their fields and take the focus", async ({ dash, watch, sim }) => {
  watch.expects(FAILED_RESPONSE);
  await dash.id("send-submit").click();
  await expect(dash.id("send-error-to")).toHaveText("Name at least one number.");
  await expect(dash.id("send-error-text")).toHaveText("Write a text.");
  await expect(dash.id("send-to")).toBeFocused();
  await expect(dash.id("send-to")).toHaveAttribute("aria-invalid", "true");
  await dash.id("send-to").fill("12");
  await dash.id("send-text").fill("habari");
  await dash.id("send-submit").click();
  await expect(dash.id("send-error-to")).toHaveText(/\S/);
  await expect(dash.id("send-to")).toBeFocused();
  await expect(dash.id("send-text")).toHaveValue("habari");
  await dash.id("send-to").fill("0712345678");
  await dash.id("send-from").fill("A name that is too long");
  await dash.id("send-submit").click();
  await expect(dash.id("send-error-from")).toHaveText(/\S/);
  expect((await sim.state()).accepted).toBe(0);
});

test("a double click sends once", async ({ sim, dash }) => {
  await dash.id("send-to").fill("0712345678");
  await dash.id("send-text").fill("once");
  await dash.id("send-submit").dblclick();
  await expect(dash.id("send-result").locator("[data-value]")).toHaveAttribute("data-value", "sent");
  await expect(dash.id("messages").locator("tbody tr")).toHaveCount(1);
  expect((await sim.state()).accepted).toBe(1);
});

test("an answer that was lost: pressing send again sends nothing twice", async ({ page, sim, dash, watch }) => {
  watch.expects(FAILED_CONNECTION);
  await page.route("**/api/v1/messages", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch();
    return route.abort("connectionreset");
  });
  await dash.id("send-to").fill("0712345678");
  await dash.id("send-text").fill("once");
  await dash.id("send-submit").click();
  await expect(dash.id("send-error")).toHaveText("Network error. Please try again.");
  await until("the message at the provider", async () => (await sim.state()).accepted === 1);
  await page.unroute("**/api/v1/messages");
  await dash.id("send-submit").click();
  await expect(dash.id("send-result").getByRole("heading")).toHaveText("1 message accepted");
  await expect(dash.id("messages").locator("tbody tr")).toHaveCount(1);
  expect((await sim.state()).accepted).toBe(1);
});

test("an answer that is slower than the news of the message does not set it back", async ({ page, salio, dash, watch }) => {
  watch.expects(FAILED_CONNECTION);
  await page.route("**/api/v1/messages", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    const answer = await route.fetch();
    const { id } = await answer.json() as { id: string };
    await until("the message to be sent", async () => (await salio.get(`/api/v1/messages/${id}`))["state"] === "sent");
    await page.waitForFunction((sent) => window.seen.events.some((data) => data.includes(sent) && data.includes('"sent"')), id);
    // The list would tell it too; without it only what was heard can.
    await page.route("**/api/v1/messages?*", (list) => list.abort("connectionrefused"));
    return route.fulfill({ response: answer });
  });
  await dash.id("send-to").fill("0712345678");
  await dash.id("send-text").fill("habari");
  await dash.id("send-submit").click();
  await expect(dash.id("send-result").locator("[data-value]")).toHaveAttribute("data-value", "sent");
});

test("a message that may have arrived is called unknown, and counted", async ({ sim, dash }) => {
  await sim.fails("SendBulkSMS", { kind: "http_status", code: 503 });
  await dash.id("send-to").fill("0712345678");
  await dash.id("send-text").fill("perhaps");
  await dash.id("send-submit").click();
  await expect(dash.id("send-result").locator("[data-value]")).toHaveAttribute("data-value", "unknown");
  await dash.id("nav-balance").click();
  await expect(dash.id("unknown-onfon")).toContainText("1");
  await expect(dash.activity.locator('[data-kind="unknown"]')).toBeVisible();
});
