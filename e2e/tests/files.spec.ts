// Files: dropped, looked at, refused, broken off, and large.
import { crowd, csv } from "../harness/files.ts";
import { expect, test, until } from "../harness/test.ts";
import { FAILED_CONNECTION, FAILED_RESPONSE } from "../harness/words.ts";

test("a file that is dropped anywhere on the form is looked at; its columns stand in the text", async ({ salio: _, page, dash }) => {
  await dash.open("#/send");
  await expect(dash.id("send-to")).toBeVisible();
  const data = await page.evaluateHandle(() => {
    const carried = new DataTransfer();
    carried.items.add(new File(["phone\tfirst name\n0712345678\tAmina\n0722345678\tJuma\n"], "people.tsv", { type: "text/tab-separated-values" }));
    return carried;
  });
  await page.dispatchEvent("form.send", "drop", { dataTransfer: data });
  await expect(dash.id("file-name")).toContainText("people.tsv");
  await expect(dash.id("file-name")).toContainText("parted by tabs");
  await expect(dash.id("file-column")).toHaveValue("phone");
  await expect(dash.id("file-lines").locator("tbody tr")).toHaveCount(2);
  await dash.id("insert-first name").click();
  await dash.id("send-text").pressSequentially(", karibu");
  await expect(dash.id("first-messages").locator("li")).toContainText(["Amina, karibu", "Juma, karibu"]);
  await dash.id("send-text").fill("{nickname}, karibu");
  await expect(dash.id("file-trouble")).toHaveText("The file has no column {nickname}.");
  await expect(dash.id("send-submit")).toBeDisabled();
});

test("files that cannot be sent say why before anything is uploaded", async ({ salio: _, dash }) => {
  await dash.open("#/send");
  await dash.id("mode-file").click();
  for (const [text, trouble] of [["", "The file is empty."], ["to,name\n", "nothing under it"], ["0712345678,Amina\n0722345678,Juma\n", "looks like a number"]] as const) {
    await dash.id("send-file").setInputFiles(csv(text));
    await expect(dash.id("file-trouble")).toContainText(trouble);
    await expect(dash.id("send-submit")).toBeDisabled();
    await dash.id("file-other").click();
  }
});

test("a file without one good line is refused with its lines, and can be chosen anew", async ({ salio, sim, dash, watch }) => {
  watch.expects(FAILED_RESPONSE);
  await dash.open("#/send");
  await dash.id("mode-file").click();
  await dash.id("send-file").setInputFiles(csv("to,name\n12,Amina\nnobody,Juma\n"));
  await dash.id("send-text").fill("Hi {name}");
  await dash.id("send-submit").click();
  await expect(dash.id("file-error")).toBeVisible();
  await expect(dash.id("line-errors").locator("tbody th")).toHaveText(["2", "3"]);
  await expect(dash.id("line-errors").locator("tbody tr").first()).toContainText("to:");
  expect((await sim.state()).accepted).toBe(0);
  const { messages } = await salio.get<{ messages: unknown[] }>("/api/v1/messages");
  expect(messages).toEqual([]);
});

test("the same person twice is told apart from a line with an error", async ({ salio: _, dash }) => {
  await dash.open("#/send");
  await dash.id("mode-file").click();
  await dash.id("send-file").setInputFiles(csv("to\n0712345678\n+254 712 345 678\n12\n"));
  await dash.id("send-text").fill("habari");
  await dash.id("send-submit").click();
  const result = dash.id("bulk-result");
  await expect(result.getByRole("heading")).toHaveText("1 message accepted of 3 lines");
  await expect(result).toContainText("Not taken: 1 line with an error, 1 duplicate");
  await expect(dash.id("line-errors").locator('[data-code="duplicate"] th')).toHaveText("3");
});

test("no answer came: the same again is safe, and nobody gets it twice", async ({ salio: _, sim, page, dash, watch }) => {
  watch.expects(FAILED_CONNECTION);
  await page.route("**/api/v1/messages/bulk?*", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  }, { times: 1 });
  await dash.open("#/send");
  await dash.id("mode-file").click();
  await dash.id("send-file").setInputFiles(csv(crowd(3)));
  await dash.id("send-text").fill("Hi {name}");
  await dash.id("send-submit").click();
  await expect(dash.id("upload-unsure")).toContainText("the same file is never taken twice");
  await dash.id("upload-again").click();
  await expect(dash.id("bulk-result").getByRole("heading")).toHaveText("3 messages accepted of 3 lines");
  await expect(dash.id("bulk-state")).toHaveAttribute("data-value", "done");
  await until("three at the provider", async () => (await sim.state()).accepted === 3);
});

test.describe("fifty thousand lines", () => {
  test.use({ provider: ["--credit", "60000"], settings: { SALIO_ACCOUNTS__ONFON__CALLS_PER_SECOND: "20" } });

  test("go up with progress, and the page never stands still", async ({ salio: _, page, dash }) => {
    test.setTimeout(120_000);
    await dash.open("#/send");
    await dash.id("mode-file").click();
    await watchForStandstill(page);
    await dash.id("send-file").setInputFiles(csv(`${crowd(50_000)}12,Nobody\n`, "crowd.csv"));
    await dash.id("send-text").fill("Hi {name}");
    await expect(dash.id("file-lines").locator("tbody tr").first()).toContainText("Person 1");
    await dash.id("send-submit").click();
    await expect(dash.id("upload")).toBeVisible();
    const result = dash.id("bulk-result");
    await expect(result.getByRole("heading")).toHaveText("50,000 messages accepted of 50,001 lines", { timeout: 60_000 });
    await expect(dash.id("line-errors").locator("tbody th")).toHaveText("50,002");
    await expect(result.locator(".pace")).toHaveText(/^[1-9][\d,]* of 50,000/);
    await dash.id("nav-messages").click();
    await expect(dash.id("messages").locator("tbody tr")).toHaveCount(50);
    await dash.id("nav-batches").click();
    await dash.id("batches").getByRole("link").click();
    await expect(dash.id("batch")).toContainText("crowd.csv");
    await expect(dash.id("batch")).toContainText(/\d+ a second/);
    await dash.id("batch-pause").click();
    await expect(dash.id("batch-state")).toHaveAttribute("data-value", "paused");
    expect(await page.evaluate(() => window.longest), "the longest the page stood still, in ms").toBeLessThan(1_000);
  });
});

declare global {
  interface Window { longest: number }
}

/** The longest time in which the page drew nothing. */
async function watchForStandstill(page: import("@playwright/test").Page): Promise<void> {
  await page.evaluate(() => {
    window.longest = 0;
    let last = performance.now();
    const look = (now: number): void => {
      window.longest = Math.max(window.longest, now - last);
      last = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}
