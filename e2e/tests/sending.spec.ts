// Files, batches, messages one by one, and what a person decides: from the page to the provider and back.
import { csv } from "../harness/files.ts";
import { isSound } from "../harness/sound.ts";
import { expect, test, until } from "../harness/test.ts";
import { FAILED_RESPONSE } from "../harness/words.ts";

test.use({ contextOptions: { reducedMotion: "reduce" } });

test("the counter points at the very characters that force UCS-2, and takes them out", async ({ salio: _, page, dash }) => {
  await dash.open("#/send");
  await dash.id("send-text").fill("It’s ready… soon");
  const marked = dash.id("text-preview");
  await expect(marked.locator("li")).toHaveText([/^Character 3: .* right single quotation mark U\+2019$/, /^Character 11: .* ellipsis U\+2026$/]);
  await expect(dash.id("send-quote")).toHaveAttribute("data-encoding", "ucs2");
  await isSound(page);
  await dash.id("make-plain").click();
  await expect(dash.id("send-text")).toHaveValue("It's ready... soon");
  await expect(marked).toHaveCount(0);
  await expect(dash.id("send-quote")).toHaveAttribute("data-encoding", "gsm7");
});

test("a CSV file: columns, first messages, progress, and the lines that were not taken", async ({ salio: _, sim, page, dash }) => {
  await dash.open("#/send");
  await dash.id("mode-file").click();
  await dash.id("send-file").setInputFiles(csv("name;contact\nAmina;0712345678\nJuma;0722345678\nZawadi;12\n"));
  await expect(dash.id("send-submit")).toBeDisabled();
  await dash.id("file-column").selectOption("contact");
  await dash.id("send-text").fill("Hi ");
  await dash.id("insert-name").click();
  await expect(dash.id("send-text")).toHaveValue("Hi {name}");
  await expect(dash.id("first-messages").locator("li").first()).toContainText("Hi Amina");
  await isSound(page);
  await dash.id("send-submit").click();
  const result = dash.id("bulk-result");
  await expect(result.getByRole("heading")).toHaveText("2 messages accepted of 3 lines");
  await expect(dash.id("line-errors").locator("tbody tr")).toHaveCount(1);
  await expect(dash.id("line-errors").locator("tbody th")).toHaveText("4");
  await expect(dash.id("bulk-state")).toHaveAttribute("data-value", "done");
  await until("two messages at the provider", async () => (await sim.state()).accepted === 2);
  await isSound(page);
  await dash.id("bulk-batch").click();
  await expect(dash.id("batch")).toContainText("people.csv");
  await expect(dash.id("batch-spent")).toHaveText("2.00 units");
  await isSound(page);
  await dash.id("batch-messages").click();
  await expect(dash.id("messages").locator("tbody tr")).toHaveCount(2);
  await dash.id("nav-batches").click();
  await expect(dash.id("batches").locator("li")).toHaveCount(1);
  await isSound(page);
});

test("a file whose credit is short names what is missing, and can wait for it", async ({ salio: _, sim, dash, watch }) => {
  watch.expects(FAILED_RESPONSE);
  await sim.credit("1");
  await dash.ready();
  await dash.syncs("1.00");
  await dash.id("nav-send").click();
  await dash.id("mode-file").click();
  await dash.id("send-file").setInputFiles(csv("to,name\n0712345678,Amina\n0722345678,Juma\n"));
  await dash.id("send-text").fill("Hi {name}");
  await dash.id("send-submit").click();
  await expect(dash.id("short")).toContainText("1.00 units short");
  expect((await sim.state()).accepted).toBe(0);
  await dash.id("short-hold").click();
  await expect(dash.id("bulk-result").getByRole("heading")).toHaveText("2 messages accepted of 2 lines");
  await sim.topUp("100");
  await dash.id("nav-balance").click();
  await dash.syncs("99.00");
  await until("both at the provider", async () => (await sim.state()).accepted === 2);
});

test("a message in doubt is resolved by a person, who is asked first", async ({ salio, sim, page, dash }) => {
  await sim.fails("SendBulkSMS", { kind: "http_status", code: 503 });
  await salio.send("0712345678", "perhaps");
  await dash.open("#/messages?state=unknown");
  const rows = dash.id("messages").locator("tbody tr");
  await expect(rows).toHaveCount(1);
  await isSound(page);
  await rows.getByRole("link").click();
  await expect(dash.id("resolve")).toContainText("could arrive twice");
  await dash.id("resolve-sent").click();
  await expect(dash.id("resolve-sent-no")).toBeFocused();
  await isSound(page);
  await page.keyboard.press("Escape");
  await expect(dash.id("resolve-sent")).toBeFocused();
  await expect(dash.id("message-state")).toHaveAttribute("data-value", "unknown");
  await dash.id("resolve-sent").click();
  await dash.id("resolve-sent-yes").click();
  await expect(dash.id("message-state")).toHaveAttribute("data-value", "sent");
  await expect(dash.id("resolve")).toHaveCount(0);
  await expect(dash.toast).toContainText("Recorded as sent");
});

test("sending is paused and resumed; what waits can be found and taken back", async ({ salio, sim, page, dash }) => {
  await dash.ready("11,378.67");
  await dash.id("pause-onfon").click();
  await expect(dash.id("paused-onfon")).toHaveAttribute("data-cause", "person");
  await salio.send("0712345678", "one");
  await salio.send("0722345678", "two");
  await dash.id("nav-messages").click();
  await expect(dash.id("messages").locator("tbody tr")).toHaveCount(2);
  await dash.id("search").fill("0712 345 678");
  await dash.id("search").press("Enter");
  await expect(dash.id("chip-to")).toContainText("0712345678");
  await expect(dash.id("messages").locator("tbody tr")).toHaveCount(1);
  await dash.id("messages").getByRole("link").click();
  await expect(dash.id("message-text")).toHaveText("one");
  await dash.id("message-cancel").click();
  await isSound(page);
  await dash.id("message-cancel-yes").click();
  await expect(dash.id("message-state")).toHaveAttribute("data-value", "cancelled");
  await dash.id("nav-balance").click();
  await dash.id("pause-onfon").click();
  await expect(dash.id("paused-onfon")).toHaveCount(0);
  await until("the other one at the provider", async () => (await sim.state()).accepted === 1);
});
