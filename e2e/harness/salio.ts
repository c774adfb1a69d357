// The server of one test: its own directory, its own port, and what can be asked of it from outside of the browser.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child, type Variables } from "./child.ts";
import { until } from "./until.ts";

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "salio-e2e-"));
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

/** A port that was free a moment ago. A restarted server must find the same one again, so 0 will not do. */
export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

export class Salio {
  readonly url: string;
  private child: Child | null = null;

  constructor(readonly directory: string, private readonly port: number, private readonly variables: Variables) {
    this.url = `http://127.0.0.1:${port}`;
  }

  async start(args: readonly string[] = ["serve"]): Promise<this> {
    const child = Child.start(args, this.directory, { SALIO_LISTEN: `127.0.0.1:${this.port}`, ...this.variables });
    this.child = child;
    await until(`${this.url} to answer`, async () => {
      if (child.hasEnded) throw new Error(`"salio ${args.join(" ")}" ended early:\n${child.said}`);
      return (await fetch(`${this.url}/healthz`).catch(() => null))?.ok ?? null;
    });
    return this;
  }

  /** No goodbye: the power is gone. */
  async killed(): Promise<void> {
    await this.child?.stop("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.child?.stop();
  }

  /** What the server printed. */
  get said(): string {
    return this.child?.said ?? "";
  }

  /** Another process in the same directory with the same settings, as cron would start it. */
  async command(...args: string[]): Promise<{ code: number; said: string }> {
    const child = Child.start(args, this.directory, this.variables);
    const code = await child.exit();
    return { code, said: child.said };
  }

  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    return (await fetch(this.url + path)).json() as Promise<T>;
  }

  /** Whether the provider has told a figure. Looks at the questions: whoever reads the balance may cause one. */
  async hasAnAnswer(account = "onfon"): Promise<boolean> {
    const { questions } = await this.get<{ questions: { balance: string | null }[] }>(`/api/v1/accounts/${account}/questions`);
    return questions.some((question) => question.balance !== null);
  }

  /** A program that is no browser. */
  async send(to: string | string[], text: string): Promise<Response> {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ to, text }) };
    const answer = await fetch(`${this.url}/api/v1/messages`, init);
    if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  /** A person stops an account's sending, or lets it go on. */
  async steer(verb: "pause" | "resume", account = "onfon"): Promise<void> {
    const answer = await fetch(`${this.url}/api/v1/accounts/${account}/${verb}`, { method: "POST" });
    if (!answer.ok) throw new Error(`no ${verb}: ${answer.status}`);
  }

  async clearCache(account = "onfon"): Promise<void> {
    const answer = await fetch(`${this.url}/api/v1/accounts/${account}/balance/cache`, { method: "DELETE" });
    if (!answer.ok) throw new Error(`the cache was not cleared: ${answer.status}`);
  }
}
