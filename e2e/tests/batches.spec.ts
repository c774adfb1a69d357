// The batches page: progress that moves by itself, pausing, resuming, taking back; and the credit that is short.
import { crowd, csv } from "../harness/files.ts";
import type { Salio } from "../harness/salio.ts";
import { expect, test, until } from "../harness/test.ts";
import { FAILED_RESPONSE } from "../harness/words.ts";

/** Ten messages a second: slow enough to step in. */
const SLOW = { SALIO_ACCOUNTS__ONFON__CALLS_PER_SECOND: "2", SALIO_ACCOUNTS__ONFON__BATCH_SIZE: "5" };

async function bulk(salio: Salio, count: number): Promise<string> {
  const init = { method: "POST", headers: { "content-type": "text/csv" }, body: crowd(count) };
  const answer = await fetch(`${salio.url}/api/v1/messages/bulk?name=crowd.csv&text=${encodeURIComponent("Hi {name}")}`, init);
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { batch_id: string }).batch_id;
}

test.describe("a slow batch", () => {
  test.use({ settings: SLOW });

  test("moves by itself in the list and on its own page; is paused, resumed and taken back", async ({ salio, sim, page, dash }) => {
    await dash.open("#/batches");
    await expect(dash.id("list-empty")).toBeVisible();
    await dash.mark();
    const id = await bulk(salio, 400);
    const line = dash.id("batches").locator("li");
    await expect(line).toContainText("crowd.csv");
    await expect(dash.id(`begun-${id}`)).toHaveText(/^[1-9]\d* of 400$/);
    await line.getByRole("link").click();
    await expect(dash.id("batch")).toContainText(/\d+ a second, about .* left/);

    await dash.id("batch-pause").click();
    await expect(dash.id("batch-state")).toHaveAttribute("data-value", "paused");
    await expect(dash.toast).toContainText("Batch paused");
    await expect(page.locator("#batch-name")).toBeFocused();
    // What was under way when it was paused ends; then nothing more leaves.
    await expect.poll(async () => (await salio.get<{ counts: { submitting: number } }>(`/api/v1/batches/${id}`)).counts.submitting).toBe(0);
    const before = (await sim.state()).accepted;
    await salio.send("0712345678", "overtakes");
    await until("the other message at the provider", async () => (await sim.state()).accepted > before);
    expect((await sim.state()).accepted).toBe(before + 1);

    await dash.id("batch-resume").click();
    await expect(dash.id("batch-state")).toHaveAttribute("data-value", "running");
    await until("more of it at the provider", async () => (await sim.state()).accepted > before + 1);

    await dash.id("batch-cancel").click();
    await expect(dash.id("batch-cancel-no")).toBeFocused();
    await dash.id("batch-cancel-yes").click();
    await expect(dash.id("batch-state")).toHaveAttribute("data-value", "cancelled");
    await expect(dash.id("batch").locator(".legend")).toContainText("cancelled");
    await expect(dash.id("batch-pause")).toHaveCount(0);
    await dash.isStillThere();
  });

  test("runs to its end while somebody looks", async ({ salio, dash }) => {
    const id = await bulk(salio, 40);
    await dash.open(`#/batches/${id}`);
    await expect(dash.id("batch-state")).toHaveAttribute("data-value", "running");
    await expect(dash.id("batch-state")).toHaveAttribute("data-value", "done", { timeout: 15_000 });
    await expect(dash.id(`begun-${id}`)).toHaveText("40 of 40");
    await expect(dash.id("batch-spent")).toHaveText("40.00 units");
    await expect(dash.id("batch")).not.toContainText("left");
  });

  test("the state of a batch leads to the messages in it", async ({ salio, dash }) => {
    const id = await bulk(salio, 300);
    await dash.open(`#/batches/${id}`);
    await dash.id("batch").getByRole("link", { name: /^queued/ }).click();
    await expect(dash.id("chip-batch")).toContainText(id);
    await expect(dash.id("filter-state")).toHaveValue("queued");
    await expect(dash.id("messages").locator("tbody tr")).toHaveCount(50);
    await dash.id("older").click();
    await expect(dash.id("messages").locator("tbody tr")).toHaveCount(100);
  });
});

test("a batch that is not there says so", async ({ salio: _, dash, watch }) => {
  watch.expects(FAILED_RESPONSE);
  await dash.open("#/batches/bat_00000000000000000000000000");
  await expect(dash.id("list-failed")).toContainText("The batch could not be loaded");
});

test("without credit: held on the card, waiting in words, and on by itself after a top-up", async ({ salio, sim, dash }) => {
  await sim.credit("0.50");
  await dash.ready();
  await dash.syncs("0.50");
  await salio.send("0712345678", "waits");
  await expect(dash.id("held-onfon")).toContainText("1.00 units needed, 0.50 units can be spent");
  await dash.id("nav-messages").click();
  await expect(dash.id("messages").locator("tbody")).toContainText("waits for credit");
  await sim.topUp("10");
  await dash.id("nav-balance").click();
  await dash.syncs("9.50");
  await expect(dash.id("held-onfon")).toHaveCount(0);
  await until("it at the provider", async () => (await sim.state()).accepted === 1);
});

test("a file whose credit is short can go as far as the credit reaches", async ({ salio: _, sim, dash, watch }) => {
  watch.expects(FAILED_RESPONSE);
  await sim.credit("2");
  await dash.ready();
  await dash.syncs("2.00");
  await dash.id("nav-send").click();
  await dash.id("mode-file").click();
  await dash.id("send-file").setInputFiles(csv(crowd(3)));
  await dash.id("send-text").fill("Hi {name}");
  await dash.id("send-submit").click();
  await expect(dash.id("short")).toContainText("1.00 units short");
  await dash.id("short-partial").click();
  await expect(dash.id("bulk-result").getByRole("heading")).toHaveText("2 messages accepted of 3 lines");
  await expect(dash.id("bulk-result")).toContainText("Not taken: 1 message that the credit does not cover");
  await until("two at the provider", async () => (await sim.state()).accepted === 2);
});
