// One process of the binary: started with exactly the environment that is given, its words kept, ended by its own id.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { BINARY } from "./binary.ts";
import { until } from "./until.ts";

const running = new Set<ChildProcess>();
/** A worker that ends early takes its processes with it. */
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

export type Variables = Record<string, string>;

export class Child {
  /** All that it printed, on both ways. */
  said = "";
  private readonly ended: Promise<number>;

  private constructor(private readonly process: ChildProcess, private readonly name: string) {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => { this.said += text; });
    }
    this.ended = once(process, "close").then(([code]) => {
      running.delete(process);
      return typeof code === "number" ? code : -1;
    });
  }

  /** Nothing of this machine's environment reaches it but the way to programs. */
  static start(args: readonly string[], cwd: string, variables: Variables = {}): Child {
    const env = { PATH: process.env["PATH"] ?? "", HOME: cwd, TZ: "UTC", ...variables };
    const child = spawn(BINARY, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    return new Child(child, `salio ${args.join(" ")}`);
  }

  /** The first match of a pattern in what it prints. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return until(`"${this.name}" to print ${pattern}`, () => {
      const match = pattern.exec(this.said);
      if (match === null && this.hasEnded) throw new Error(`"${this.name}" ended early:\n${this.said}`);
      return match;
    });
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  exit(): Promise<number> {
    return this.ended;
  }

  /** By its id; nothing else is touched. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (!this.hasEnded) this.process.kill(signal);
    const late = setTimeout(() => this.process.kill("SIGKILL"), 5_000);
    await this.ended;
    clearTimeout(late);
  }
}
