// Holds answers back until let go, so that what shows only meanwhile can be looked at in peace, however slow the machine.
import type { Page } from "@playwright/test";

/** Requests to these addresses reach the server, but the page hears nothing until the returned function is called. */
export async function holdsBack(page: Page, url: string): Promise<() => void> {
  let go = (): void => undefined;
  const gone = new Promise<void>((done) => { go = done; });
  await page.route(url, async (route) => {
    const response = await route.fetch();
    await gone;
    await route.fulfill({ response });
  });
  // The route stays: taking it away while an answer is held would answer twice.
  return () => go();
}
