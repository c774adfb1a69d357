// Takes a page's pictures in every look, for people to look at. Must not know what is on them.
import type { Page } from "@playwright/test";
import { OUTPUT } from "./binary.ts";
import { LOOKS } from "./sound.ts";

export async function takePictures(page: Page, name: string): Promise<void> {
  for (const { colorScheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: width === 360 ? 780 : 860 });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.screenshot({ path: `${OUTPUT}${name}-${colorScheme}-${width}.png`, fullPage: true });
  }
}
