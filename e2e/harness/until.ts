// Waiting on a condition with a deadline, for what is not in the browser.
const EVERY_MS = 20;
const DEADLINE_MS = 15_000;

/** The first value that is neither null nor false. */
export async function until<T>(what: string, look: () => T | null | false | Promise<T | null | false>, withinMs = DEADLINE_MS): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
}
