// Without an account the server starts, and the page says what to set.
import { expect, test } from "../harness/test.ts";

test.use({ withAccount: false });

test("no account: what to set, what is missing, and nothing that looks like a figure", async ({ salio: _, dash }) => {
  await dash.open();
  const setup = dash.id("setup");
  await expect(setup).toBeVisible();
  for (const name of ["ONFON_API_KEY", "ONFON_CLIENT_ID", "ONFON_API_URL"]) await expect(setup).toContainText(name);
  await expect(setup).toContainText(/Missing now: .*ONFON_API_KEY.*ONFON_CLIENT_ID/);
  await expect(dash.id("demo-banner")).toHaveCount(0);
  await expect(dash.page.locator("main")).not.toContainText("0.00");
  await dash.isLive();
});

test("the send page says the same", async ({ salio: _, dash }) => {
  await dash.open("#/send");
  await expect(dash.id("setup")).toBeVisible();
  await expect(dash.id("send-submit")).toHaveCount(0);
});

test.describe("half a configuration", () => {
  test.use({ settings: { ONFON_API_KEY: "made-up-key-half" } });

  test("names only what is missing, and not what is there", async ({ salio: _, dash }) => {
    await dash.open();
    await expect(dash.id("setup")).toContainText("Missing now: ONFON_CLIENT_ID.");
    expect(await dash.page.content()).not.toContain("made-up-key-half");
  });
});
