// Whether what a page shows now is sound: axe, light and dark, wide and narrow, and nothing wider than the window. Must not know what the page is about.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

export const LOOKS = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "light", width: 360 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "dark", width: 360 },
] as const;

/** Without the second page that it would open for each run: there are no frames to gather from. */
function axe(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
}

/** The drawing of the chart follows a change of the window one frame later. */
export async function fitsItsWindow(page: Page): Promise<void> {
  const tooWide = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(tooWide, "pixels by which the page is wider than its window").toBe(0);
}

export async function isSound(page: Page): Promise<void> {
  const before = page.viewportSize();
  for (const { colorScheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 800 });
    await fitsItsWindow(page);
    const { violations } = await axe(page).analyze();
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
    expect(told, `${colorScheme}, ${width} wide`).toEqual([]);
  }
  if (before !== null) await page.setViewportSize(before);
}
