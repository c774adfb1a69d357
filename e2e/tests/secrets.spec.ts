// Planted keys appear in no answer, no event, no page, no console, no output of the server.
import { expect, test, until } from "../harness/test.ts";
import { FAILED_RESPONSE } from "../harness/words.ts";

const PLANTED = { key: "made-up-key-PLANTED-7Q", client: "made-up-client-PLANTED-8R", access: "made-up-access-PLANTED-9S", webhook: "made-up-webhook-PLANTED-1T" };

test.use({
  provider: ["--api-key", PLANTED.key, "--client-id", PLANTED.client, "--access-key", PLANTED.access, "--access-key-required", "header"],
  settings: { SALIO_ACCOUNTS__ONFON__WEBHOOK_TOKEN: PLANTED.webhook, SALIO_LOG: "trace" },
});

const PATHS = [
  "/api/v1/info", "/api/v1/accounts", "/api/v1/accounts/onfon", "/api/v1/accounts/onfon/balance", "/api/v1/accounts/onfon/questions", "/api/v1/activity", "/api/v1/messages",
  "/metrics", "/openapi.json", "/docs", "/healthz", "/readyz",
];

/** Answers of a provider that quote the question, break off, or come from something in between. */
const TROUBLES = [
  { kind: "refuse", code: 7, http: 401 },
  { kind: "http_status", code: 503 },
  { kind: "html200" },
  { kind: "truncated" },
  { kind: "redirect" },
  { kind: "reset_before_effect" },
  { kind: "credits", raw: `"${PLANTED.key}"` },
];

test("planted secrets are nowhere to be seen", async ({ salio, sim, page, dash, watch }) => {
  watch.expects(FAILED_RESPONSE);
  const heard: string[] = [];
  page.on("response", (response) => {
    if (response.headers()["content-type"] === "text/event-stream") return;
    void response.text().then((text) => heard.push(`${response.url()} ${text}`), () => undefined);
  });
  await dash.ready("11,378.67");
  for (const trouble of TROUBLES) {
    await sim.fails("Balance", trouble);
    // By hand where the button would make the test wait until it is idle again.
    const status = await page.evaluate(async () => (await fetch("/api/v1/accounts/onfon/balance/refresh", { method: "POST" })).status);
    expect(status, trouble.kind).toBe(502);
    await expect(dash.error).toBeVisible();
    heard.push(await page.content());
  }
  await dash.sync.click();
  await dash.syncIs("error");
  heard.push(await page.content());
  await sim.fails("SendBulkSMS", { kind: "refuse", code: 7, http: 401 });
  await dash.id("nav-send").click();
  await dash.id("send-to").fill("0712345678");
  await dash.id("send-text").fill("habari");
  await dash.id("send-submit").click();
  await expect(dash.id("send-result")).toBeVisible();
  heard.push(await page.content());
  for (const path of PATHS) heard.push(await (await fetch(salio.url + path)).text());
  heard.push(...(await watch.seen()).events, ...watch.complaints, salio.said);

  // The net catches: the run was a real one, with words in every place that is searched.
  await until("the page's own requests", () => heard.some((text) => text.includes("/balance/refresh ")));
  expect((await watch.seen()).events.length).toBeGreaterThan(5);
  expect(salio.said).toContain("salio_provider");
  const all = heard.join("\n");
  for (const [name, secret] of Object.entries(PLANTED)) expect(all.includes(secret), `the planted ${name}`).toBe(false);
  for (const half of ["PLANTED-7Q", "PLANTED-8R", "PLANTED-9S", "PLANTED-1T"]) expect(all.includes(half), `a part of ${half}`).toBe(false);
});
