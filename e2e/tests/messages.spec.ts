// The messages page: finding, following, and what a person decides of a message in doubt.
import type { Dashboard } from "../harness/dashboard.ts";
import type { Salio } from "../harness/salio.ts";
import { expect, test, until } from "../harness/test.ts";
import { FAILED_RESPONSE } from "../harness/words.ts";

const TOKEN = "made-up-webhook-000";

test.use({ settings: { SALIO_ACCOUNTS__ONFON__WEBHOOK_TOKEN: TOKEN } });

function post(salio: Salio, body: object): Promise<Response> {
  return fetch(`${salio.url}/api/v1/messages`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

async function inDoubt(salio: Salio, dash: Dashboard): Promise<void> {
  await salio.send("0712345678", "perhaps");
  await dash.open("#/messages?state=unknown");
  await dash.id("messages").getByRole("link").click();
  await expect(dash.id("resolve")).toBeVisible();
}

async function decide(dash: Dashboard, as: string): Promise<void> {
  await dash.id(`resolve-${as}`).click();
  await dash.id(`resolve-${as}-yes`).click();
}

test("filters and the search box narrow the list, stand in the address, and are taken off one by one", async ({ salio, page, dash }) => {
  await post(salio, { to: "0712345678", text: "one", reference: "order 7" });
  await post(salio, { to: "0722345678", text: "two", send_at: new Date(Date.now() + 3_600_000).toISOString() });
  await dash.open("#/messages");
  const rows = dash.id("messages").locator("tbody tr");
  await expect(rows).toHaveCount(2);
  await dash.id("filter-state").selectOption("scheduled");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("254722345678");
  await page.reload();
  await expect(dash.id("filter-state")).toHaveValue("scheduled");
  await expect(rows).toHaveCount(1);
  await dash.id("search").fill("order 7");
  await dash.id("search-go").click();
  await expect(dash.id("list-empty")).toHaveText("No message fits these filters.");
  await dash.id("filter-state").selectOption("");
  await expect(rows).toContainText("254712345678");
  await expect(dash.id("chip-reference")).toContainText("order 7");
  await dash.id("chip-reference").click();
  await expect(rows).toHaveCount(2);
  await dash.id("search").fill("+254 722 345 678");
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(1);
  await page.goBack();
  await expect(rows).toHaveCount(2);
});

test("the id of a message leads to it, one that is not there says so", async ({ salio, page, dash, watch }) => {
  watch.expects(FAILED_RESPONSE);
  const { id } = await (await post(salio, { to: "0712345678", text: "one" })).json() as { id: string };
  await dash.open("#/messages");
  await dash.id("search").fill(id);
  await page.keyboard.press("Enter");
  await expect(dash.id("message-to")).toHaveText("254712345678");
  await dash.open("#/messages/msg_00000000000000000000000000");
  await expect(dash.id("list-failed")).toContainText("The message could not be loaded");
});

test("a list that is open follows each message without asking the person to reload", async ({ salio, dash }) => {
  await salio.steer("pause");
  await dash.open("#/messages");
  await expect(dash.id("list-empty")).toBeVisible();
  await dash.mark();
  await salio.send("0712345678", "waits");
  const state = dash.id("messages").locator("tbody [data-value]");
  await expect(state).toHaveAttribute("data-value", "queued");
  await salio.steer("resume");
  await expect(state).toHaveAttribute("data-value", "sent");
  await dash.isStillThere();
});

test("a delivery report: the state, the timeline, and the report as it came, without its secret", async ({ salio, sim, dash }) => {
  await sim.reports({ url: `${salio.url}/webhooks/onfon/dlr?token=${TOKEN}`, shape: "s1", delay_ms: 500, outcomes: [{ word: "DELIVRD", per_mille: 1000 }] });
  await salio.send("0712345678", "habari");
  await dash.open("#/messages");
  await dash.id("messages").getByRole("link").click();
  await expect(dash.id("message-state")).toHaveAttribute("data-value", "delivered");
  await expect(dash.id("timeline").locator("b")).toHaveText(["queued", "submitting", "sent", "delivered"]);
  await expect(dash.id("timeline").locator("li").last()).toContainText("delivery report: delivrd");
  const report = dash.id("reports").locator("li");
  await expect(report).toHaveCount(1);
  await expect(report).toContainText("DELIVRD");
  await expect(dash.id("report-effect")).toHaveText("It made the message delivered.");
  await report.locator("summary").click();
  await expect(report.locator("pre")).toContainText("DELIVRD");
  await expect(report.locator("pre")).not.toContainText(TOKEN);
});

test("in doubt, not sent: given up, its charge taken back", async ({ salio, sim, dash }) => {
  await sim.fails("SendBulkSMS", { kind: "http_status", code: 503 });
  await inDoubt(salio, dash);
  await decide(dash, "not_sent");
  await expect(dash.id("message-state")).toHaveAttribute("data-value", "failed");
  await expect(dash.id("timeline").locator("li").last()).toContainText("a person says that it was not sent");
  await dash.id("nav-balance").click();
  await expect(dash.figure).toHaveText("11,378.67");
  await expect(dash.id("unknown-onfon")).toContainText("0");
});

test("in doubt, again: it goes out once more, and only once", async ({ salio, sim, dash }) => {
  await sim.fails("SendBulkSMS", { kind: "http_status", code: 503 });
  await inDoubt(salio, dash);
  await sim.works();
  await decide(dash, "resend");
  await expect(dash.id("message-state")).toHaveAttribute("data-value", "sent");
  await expect(dash.toast).toContainText("It will be sent again");
  await until("one message at the provider", async () => (await sim.state()).accepted === 1);
});

test("settled by a report while a person looks: the question goes away by itself", async ({ salio, sim, dash }) => {
  await sim.fails("SendBulkSMS", { kind: "reset_after_effect" });
  await inDoubt(salio, dash);
  const [taken] = await sim.accepted();
  const report = new URLSearchParams({ token: TOKEN, messageId: taken?.message_id ?? "", mobile: taken?.number ?? "", status: "DELIVRD" });
  expect((await fetch(`${salio.url}/webhooks/onfon/dlr?${report}`)).status).toBe(200);
  await expect(dash.id("message-state")).toHaveAttribute("data-value", "delivered");
  await expect(dash.id("resolve")).toHaveCount(0);
});
