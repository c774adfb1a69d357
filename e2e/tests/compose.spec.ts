// The send form: when, how urgently, to how many, and what is done when the credit does not reach.
import { expect, test, until } from "../harness/test.ts";
import { FAILED_RESPONSE } from "../harness/words.ts";

test("not before tomorrow: scheduled, found, and taken back", async ({ salio: _, dash }) => {
  await dash.open("#/send");
  await dash.id("send-to").fill("0712345678");
  await dash.id("send-text").fill("later");
  await dash.id("send-options").click();
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await dash.id("send-when").fill(`${tomorrow}T09:30`);
  await dash.id("send-priority").selectOption("high");
  await expect(dash.id("send-options")).toContainText("09:30, high priority");
  await dash.id("send-submit").click();
  const result = dash.id("send-result");
  await expect(result.locator("[data-value]")).toHaveAttribute("data-value", "scheduled");
  await result.getByRole("link", { name: "254712345678" }).click();
  await expect(dash.id("message-state")).toHaveAttribute("data-value", "scheduled");
  await expect(dash.page.locator(".about")).toContainText("09:30");
  await expect(dash.page.locator(".about")).toContainText("high");
  await dash.id("message-cancel").click();
  await dash.id("message-cancel-yes").click();
  await expect(dash.id("message-state")).toHaveAttribute("data-value", "cancelled");
});

test("a time that has passed is told at its field, and nothing is sent", async ({ salio: _, sim, dash }) => {
  await dash.open("#/send");
  await dash.id("send-to").fill("0712345678");
  await dash.id("send-text").fill("too late");
  await dash.id("send-options").click();
  await dash.id("send-when").fill("2020-01-01T09:30");
  await dash.id("send-submit").click();
  await expect(dash.id("send-error-when")).toHaveText("This time has passed.");
  await expect(dash.id("send-when")).toBeFocused();
  expect((await sim.state()).accepted).toBe(0);
});

test("a hundred numbers are one batch, which has a page of its own", async ({ salio: _, sim, dash }) => {
  await dash.open("#/send");
  const numbers = Array.from({ length: 100 }, (_, i) => `0712${String(345_000 + i)}`);
  await dash.id("send-to").fill([...numbers, "12"].join("\n"));
  await dash.id("send-text").fill("habari");
  await expect(dash.id("send-quote")).toContainText("costs 100.00 units, leaves 11,278.67 units");
  await expect(dash.id("quote-rejected")).toHaveText("1 number cannot be sent to: “12”");
  await expect(dash.id("send-submit")).toHaveText("Send to 101");
  await dash.id("send-submit").click();
  await expect(dash.id("send-result").getByRole("heading")).toHaveText("100 messages accepted, 1 refused");
  await until("all at the provider", async () => (await sim.state()).accepted === 100);
  await dash.id("result-batch").click();
  await expect(dash.id("batch-state")).toHaveAttribute("data-value", "done");
  await expect(dash.id("batch-spent")).toHaveText("100.00 units");
});

test("credit for one of three: told before and after pressing, and partly sent when a person says so", async ({ salio: _, sim, dash, watch }) => {
  watch.expects(FAILED_RESPONSE);
  await sim.credit("1");
  await dash.ready();
  await dash.syncs("1.00");
  await dash.id("nav-send").click();
  await dash.id("send-to").fill("0712345678, 0722345678, 0732345678");
  await dash.id("send-text").fill("habari");
  await expect(dash.id("quote-short")).toContainText("2.00 units more than can be spent");
  await dash.id("send-submit").click();
  await expect(dash.id("short")).toContainText("It costs 3.00 units; 1.00 units can be spent. Nothing has been sent.");
  await expect(dash.id("short")).toBeFocused();
  expect((await sim.state()).accepted).toBe(0);
  await dash.id("short-partial").click();
  await expect(dash.id("send-result").getByRole("heading")).toHaveText("1 message accepted, 2 refused");
  await until("one at the provider", async () => (await sim.state()).accepted === 1);
});

test("credit for none: all wait when a person says so, and go after a top-up", async ({ salio: _, sim, dash, watch }) => {
  watch.expects(FAILED_RESPONSE);
  await sim.credit("0");
  await dash.ready();
  await dash.syncs("0.00");
  await dash.id("nav-send").click();
  await dash.id("send-to").fill("0712345678, 0722345678");
  await dash.id("send-text").fill("habari");
  await dash.id("send-submit").click();
  await dash.id("short-hold").click();
  await expect(dash.id("send-result").locator('[data-value="queued"]')).toHaveCount(2);
  await sim.topUp("10");
  await dash.id("nav-balance").click();
  await dash.syncs("8.00");
  await until("both at the provider", async () => (await sim.state()).accepted === 2);
});
