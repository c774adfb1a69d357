// Takes pictures of every state of the built page at 1280 and 360 wide, light and dark, and runs axe on each; exits 1 on a violation,
// on an error in the console, or when the page is wider than its window.
//   npm run build && npm run shots [-- OUTPUT_DIR]      (CHROMIUM=/path/to/chromium)
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { startMock } from "./mock.mjs";

const OUT = process.argv[2] ?? new URL("../shots/", import.meta.url).pathname;
mkdirSync(OUT, { recursive: true });
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const SCENES = {
  many: { scenario: "many", ready: (page) => page.getByTestId("figure-onfon").waitFor() },
  solo: { scenario: "solo", ready: (page) => page.getByTestId("figure-onfon").waitFor() },
  empty: { scenario: "empty", ready: (page) => page.getByTestId("setup").waitFor() },
  synced: {
    scenario: "solo",
    async ready(page) {
      await page.getByTestId("sync-onfon").click();
      await page.getByTestId("toast").waitFor();
    },
  },
  failed: {
    scenario: "many",
    async ready(page, mock) {
      mock.world.accounts[0].fault = "form";
      mock.world.accounts[1].fault = "limit";
      await page.getByTestId("sync-onfon").click();
      await page.getByTestId("sync-onfon-marketing").click();
      await page.getByTestId("toast").nth(1).waitFor();
    },
  },
  nofigure: {
    scenario: "solo",
    async ready(page, mock) {
      Object.assign(mock.world.accounts[0], { observed: null, version: mock.world.accounts[0].version + 1 });
      await page.reload();
      await page.getByText("No figure yet").waitFor();
    },
  },
  lost: {
    scenario: "many",
    async ready(page, mock) {
      await page.getByTestId("figure-onfon").waitFor();
      await mock.stop();
      await page.locator('[data-testid="live-indicator"][data-state="reconnecting"]').waitFor();
    },
  },
  table: {
    scenario: "solo",
    async ready(page) {
      await page.getByTestId("range-7d").click();
      await page.getByTestId("chart-as-table").click();
      await page.locator(".rows table").waitFor();
      await page.getByTestId("chart-plot").press("ArrowLeft");
    },
  },
  send: {
    scenario: "many", path: "#/send",
    async ready(page) {
      await page.getByTestId("send-to").fill("0712345678, 0722000111, 12");
      await page.getByTestId("send-text").fill("Hujambo! Your order is ready ✓");
      await page.locator('[data-segments="1"]').waitFor();
      await page.getByTestId("send-submit").click();
      await page.getByTestId("send-result").waitFor();
      await page.getByTestId("send-text").fill("Karibu tena — tutaonana");
      await page.locator('[data-segments="1"]').waitFor();
    },
  },
  senderror: {
    scenario: "solo", path: "#/send",
    async ready(page) {
      await page.getByTestId("send-to").fill("12");
      await page.getByTestId("send-submit").click();
      await page.getByText("Write a text.").waitFor();
    },
  },
};

const CSV = `phone;name;city\n${Array.from({ length: 2_000 }, (_, i) => `07${String(12345678 + i)};${["Amina", "Juma’s", "Zawadi"][i % 3]};Nairobi`).join("\n")}\n`;
const pickFile = (page, name, text) => page.getByTestId("send-file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

Object.assign(SCENES, {
  messages: { scenario: "many", path: "#/messages", ready: (page) => page.getByTestId("messages").waitFor() },
  found: {
    scenario: "many", path: "#/messages",
    async ready(page) {
      await page.getByTestId("search").fill("november");
      await page.getByTestId("search").press("Enter");
      await page.getByTestId("chip-reference").waitFor();
      await page.getByTestId("filter-state").selectOption("unknown");
      await page.getByTestId("list-empty").waitFor();
    },
  },
  message: {
    scenario: "solo", path: "#/messages/msg_000900",
    async ready(page) {
      await page.getByTestId("reports").waitFor();
      await page.getByText("As it came").click();
    },
  },
  resolve: {
    scenario: "solo", path: "#/messages/msg_000898",
    async ready(page) {
      await page.getByTestId("resolve-resend").click();
      await page.getByTestId("resolve-resend-yes").waitFor();
    },
  },
  resolved: {
    scenario: "solo", path: "#/messages/msg_000898",
    async ready(page) {
      await page.getByTestId("resolve-sent").click();
      await page.getByTestId("resolve-sent-yes").click();
      await page.locator('[data-testid="message-state"][data-value="sent"]').waitFor();
    },
  },
  batches: { scenario: "many", path: "#/batches", ready: (page) => page.getByTestId("batches").waitFor() },
  batch: {
    scenario: "many", path: "#/batches/bat_november",
    async ready(page) {
      await page.getByTestId("line-errors").waitFor();
      await page.getByTestId("batch-cancel").click();
    },
  },
  nothing: { scenario: "solo", path: "#/messages/msg_0", ready: (page) => page.getByTestId("list-failed").waitFor() },
  forced: {
    scenario: "many", path: "#/send",
    async ready(page) {
      await page.getByTestId("send-to").fill("0712345678");
      await page.getByTestId("send-text").fill("Don’t miss it… our new shop opens\u00a0tomorrow 🎉");
      await page.getByTestId("send-options").click();
      await page.getByTestId("send-when").fill("2030-01-01T09:00");
      await page.locator('[data-segments="1"]').waitFor();
    },
  },
  file: {
    scenario: "many", path: "#/send",
    async ready(page) {
      await page.getByTestId("mode-file").click();
      await pickFile(page, "november.csv", CSV);
      await page.getByTestId("file-lines").waitFor();
      await page.getByTestId("send-text").fill("Hi , your city is ");
      await page.getByTestId("send-text").evaluate((area) => area.setSelectionRange(3, 3));
      await page.getByTestId("insert-name").click();
      await page.getByTestId("send-text").press("End");
      await page.getByTestId("insert-city").click();
      await page.getByText("Hi Amina, your city is Nairobi").waitFor();
    },
  },
  filedrop: { scenario: "solo", path: "#/send", ready: (page) => page.getByTestId("mode-file").click() },
  filewrong: {
    scenario: "solo", path: "#/send",
    async ready(page) {
      await page.getByTestId("mode-file").click();
      await pickFile(page, "numbers.csv", "0712345678,Amina\n0722345678,Juma\n");
      await page.getByTestId("file-trouble").waitFor();
    },
  },
  short: {
    scenario: "solo", path: "#/send",
    async ready(page, mock) {
      mock.world.fault = "short";
      await SCENES.file.ready(page);
      await page.getByTestId("send-submit").click();
      await page.getByTestId("short").waitFor();
    },
  },
  unsure: {
    scenario: "solo", path: "#/send",
    async ready(page, mock) {
      mock.world.fault = "break";
      await SCENES.file.ready(page);
      await page.getByTestId("send-submit").click();
      await page.getByTestId("upload-unsure").waitFor();
      await page.getByTestId("upload-again").click();
      await page.getByTestId("upload").waitFor({ state: "detached" });
      await page.getByTestId("upload-unsure").waitFor();
      const keys = mock.world.calls.filter((call) => call.startsWith("key "));
      if (keys.length < 2 || new Set(keys).size !== 1) throw new Error(`the second try had another key: ${keys.join(", ")}`);
    },
  },
  taken: {
    scenario: "solo", path: "#/send",
    async ready(page) {
      await SCENES.file.ready(page);
      await page.getByTestId("send-submit").click();
      await page.locator('[data-testid="bulk-state"][data-value="done"]').waitFor();
    },
  },
  pausing: {
    scenario: "many",
    async ready(page) {
      await page.getByTestId("pause-onfon").click();
      await page.getByTestId("paused-onfon").waitFor();
      await page.getByTestId("held-onfon-marketing").waitFor();
    },
  },
});

const only = process.env.SCENES?.split(",") ?? Object.keys(SCENES);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
let faults = 0;
for (const name of only) for (const colorScheme of ["light", "dark"]) for (const width of [1280, 360]) faults += await shoot(name, SCENES[name], colorScheme, width);
await browser.close();
console.log(faults === 0 ? "no fault" : `${faults} faults`);
process.exit(faults === 0 ? 0 : 1);

async function shoot(name, scene, colorScheme, width) {
  const mock = await startMock({ scenario: scene.scenario, dist: true, calm: true });
  // axe is brought in from outside the page, which the page's CSP rightly refuses; everything else runs under it.
  const context = await browser.newContext({ viewport: { width, height: width === 360 ? 780 : 860 }, colorScheme, reducedMotion: "reduce", deviceScaleFactor: width === 360 ? 2 : 1 });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => message.type() === "error" && !/ERR_CONNECTION|Failed to load resource/.test(message.text()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(`${mock.url}/${scene.path ?? ""}`);
  await scene.ready(page, mock);
  await page.waitForFunction(() => document.querySelector(".plot") === null || document.querySelector(".plot canvas") !== null);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path: `${OUT}/${name}-${colorScheme}-${width}.png`, fullPage: true });
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  if (tooWide) said.push("wider than its window");
  await page.evaluate(AXE).catch((error) => said.push(`axe: ${error}`));
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  for (const { id, nodes } of violations) said.push(`axe ${id}: ${nodes.map((n) => `${n.target.join(" ")} ${n.any[0]?.message ?? n.all[0]?.message ?? ""}`).slice(0, 3).join(" | ")}`);
  for (const line of said) console.error(`${name} ${colorScheme} ${width}: ${line}`);
  await context.close();
  await mock.stop().catch(() => undefined);
  return said.length;
}
