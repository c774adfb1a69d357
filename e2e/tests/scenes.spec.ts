// The pages about sending in every state they can be in: each is sound (axe, light and dark, wide and narrow), and has its picture in e2e/output.
import type { Page } from "@playwright/test";
import { crowd, csv } from "../harness/files.ts";
import { takePictures } from "../harness/pictures.ts";
import { isSound } from "../harness/sound.ts";
import { expect, test } from "../harness/test.ts";
import { FAILED_RESPONSE } from "../harness/words.ts";

const TOKEN = "made-up-webhook-000";
const OUTCOMES = [{ word: "DELIVRD", per_mille: 700 }, { word: "UNDELIV", per_mille: 300, error_code: "027" }];

test.use({
  contextOptions: { reducedMotion: "reduce" },
  settings: { SALIO_ACCOUNTS__ONFON__WEBHOOK_TOKEN: TOKEN, SALIO_ACCOUNTS__ONFON__CALLS_PER_SECOND: "3", SALIO_ACCOUNTS__ONFON__BATCH_SIZE: "5" },
});
test.beforeEach(({ watch }) => watch.expects(FAILED_RESPONSE));

async function scene(page: Page, name: string): Promise<void> {
  await isSound(page);
  await takePictures(page, name);
}

test("nothing sent yet", async ({ salio: _, page, dash }) => {
  await dash.open("#/messages");
  await expect(dash.id("list-empty")).toBeVisible();
  await scene(page, "messages-empty");
  await dash.open("#/batches");
  await expect(dash.id("list-empty")).toBeVisible();
  await scene(page, "batches-empty");
});

test("what cannot be loaded", async ({ salio: _, page, dash }) => {
  await page.route("**/api/v1/{messages,batches}?*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ type: "about:blank", title: "Unavailable", status: 503, code: "store_unavailable", detail: "The database does not answer. Salio keeps trying." }) }));
  await dash.open("#/messages");
  await expect(dash.id("list-failed")).toBeVisible();
  await scene(page, "messages-error");
  await dash.open("#/batches");
  await expect(dash.id("list-failed")).toContainText("The database does not answer");
  await scene(page, "batches-error");
});

test("messages, one that was reported on, one in doubt", async ({ salio, sim, page, dash }) => {
  test.setTimeout(90_000);
  await sim.reports({ url: `${salio.url}/webhooks/onfon/dlr?token=${TOKEN}`, shape: "s1", delay_ms: 200, outcomes: OUTCOMES });
  await salio.send(Array.from({ length: 8 }, (_, i) => `071234567${i}`), "Your order is ready. Karibu tena!");
  await dash.open("#/messages");
  // All of them have left and were reported on before the provider begins to fail.
  await expect(dash.id("messages").locator("tbody tr")).toHaveCount(8);
  for (const state of ["queued", "submitting", "sent"]) await expect(dash.id("messages").locator(`[data-value="${state}"]`)).toHaveCount(0);
  await expect(dash.id("messages").locator('[data-value="delivered"]').first()).toBeVisible();
  await sim.fails("SendBulkSMS", { kind: "http_status", code: 503 });
  await salio.send("0722345678", "Your code is 123456");
  await expect(dash.id("messages").locator('[data-value="unknown"]')).toBeVisible();
  await dash.id("search").fill("0722 345 678");
  await page.keyboard.press("Enter");
  await expect(dash.id("messages").locator("tbody tr")).toHaveCount(1);
  await scene(page, "messages-filtered");
  await dash.id("chip-to").click();
  await scene(page, "messages");
  await dash.id("messages").locator("tr", { has: page.locator('[data-value="unknown"]') }).getByRole("link").click();
  await dash.id("resolve-resend").click();
  await scene(page, "message-doubt");
  await dash.open("#/messages?state=delivered");
  await dash.id("messages").getByRole("link").first().click();
  await dash.id("reports").locator("summary").click();
  await scene(page, "message");
});

test("batches: running, paused, cancelled, done", async ({ salio, page, dash }) => {
  const bulk = async (name: string, body: string): Promise<string> => {
    const init = { method: "POST", headers: { "content-type": "text/csv" }, body };
    const answer = await fetch(`${salio.url}/api/v1/messages/bulk?name=${name}&text=${encodeURIComponent("Hi {name}")}`, init);
    return ((await answer.json()) as { batch_id: string }).batch_id;
  };
  const steer = (id: string, verb: string): Promise<Response> => fetch(`${salio.url}/api/v1/batches/${id}/${verb}`, { method: "POST" });
  await dash.open("#/batches");
  await salio.send(["0712345678", "0722345678"], "habari");
  await expect(dash.id("batches").locator('[data-value="done"]')).toBeVisible();
  await steer(await bulk("a-file-with-a-name-that-is-much-longer-than-anybody-would-like-it-to-be.csv", crowd(60)), "pause");
  await steer(await bulk("wrong-list.csv", crowd(45)), "cancel");
  const id = await bulk("october-winners.csv", `${crowd(2_000)}12,Nobody\n254700000000,Person 1\nno number at all,Somebody\n`);
  await expect(dash.id("batches").locator("li")).toHaveCount(4);
  await scene(page, "batches");
  await dash.open(`#/batches/${id}`);
  await expect(dash.id("batch")).toContainText("a second");
  await expect(dash.id("line-errors").locator("tbody tr")).toHaveCount(3);
  await scene(page, "batch");
});

test("a file: chosen, looked at, taken", async ({ salio: _, page, dash }) => {
  await dash.open("#/send");
  await dash.id("mode-file").click();
  await scene(page, "file-none");
  await dash.id("send-file").setInputFiles(csv("contact;first name;town;note\n0712345678;Amina;Mombasa;regular customer, prefers the afternoon\n0722345678;Juma;Nairobi;\n0732345678;Zawadi’s shop;Kisumu;new\n12;Nobody;;\n", "customers.csv"));
  await dash.id("send-text").fill("Hi {first name}, your order waits in {town}.");
  await expect(dash.id("file-trouble")).toBeVisible();
  await scene(page, "file-trouble");
  await dash.id("file-column").selectOption("contact");
  await dash.id("send-options").click();
  await expect(dash.id("send-submit")).toBeEnabled();
  await scene(page, "file");
  await dash.id("send-submit").click();
  await expect(dash.id("bulk-state")).toHaveAttribute("data-value", "done");
  await scene(page, "file-taken");
});

test("a file on its way, and one without an answer", async ({ salio: _, page, dash, watch }) => {
  watch.expects(/net::ERR_/);
  await page.route("**/api/v1/messages/bulk?*", () => undefined);
  await dash.open("#/send");
  await dash.id("mode-file").click();
  await dash.id("send-file").setInputFiles(csv(crowd(1_000)));
  await dash.id("send-text").fill("Hi {name}");
  await dash.id("send-submit").click();
  await expect(dash.id("upload")).toBeVisible();
  await scene(page, "file-uploading");
  await dash.id("upload-stop").click();
  await expect(dash.id("upload-unsure")).toBeVisible();
  await scene(page, "file-unsure");
});

test("short of credit: on the form, and held on the card", async ({ salio, sim, page, dash }) => {
  await sim.credit("1");
  await dash.ready();
  await dash.syncs("1.00");
  await dash.id("nav-send").click();
  await dash.id("send-to").fill("0712345678, 0722345678, 0732345678");
  await dash.id("send-text").fill("It’s ready… Karibu tena, tutaonana ✓");
  await expect(dash.id("quote-short")).toBeVisible();
  await dash.id("send-submit").click();
  await expect(dash.id("short")).toBeVisible();
  await scene(page, "send-short");
  await salio.send("0712345678", "a".repeat(200));
  await dash.id("nav-balance").click();
  await expect(dash.id("held-onfon")).toBeVisible();
  await dash.id("pause-onfon").click();
  await expect(dash.id("paused-onfon")).toBeVisible();
  await scene(page, "card-paused");
});
