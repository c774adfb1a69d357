// The simulated provider of one test, and its control API in the words of docs/simulator.md.
import { Child, type Variables } from "./child.ts";

export type Service = "SendBulkSMS" | "Balance";
export type Fault = { kind: string } & Record<string, unknown>;

const ALWAYS_MS = 3_600_000;

export class Simulator {
  private constructor(private readonly child: Child, private readonly url: string, readonly variables: Variables) {}

  static async start(directory: string, args: readonly string[] = []): Promise<Simulator> {
    const child = Child.start(["simulate", "onfon", "--listen", "127.0.0.1:0", "--json", ...args], directory);
    const [line] = await child.says(/^\{.*\}$/m);
    const { environment, control_url: url } = JSON.parse(line) as { environment: Variables; control_url: string };
    return new Simulator(child, url, environment);
  }

  /** Somebody else on the account spends. */
  spend(units: string): Promise<unknown> {
    return this.ask("POST", "/spend", { units });
  }

  topUp(units: string): Promise<unknown> {
    return this.ask("POST", "/top-up", { units });
  }

  credit(units: string): Promise<unknown> {
    return this.ask("POST", "/credit", { units });
  }

  /** Every call of a service meets this fault, until `works`. */
  fails(service: Service, fault: Fault): Promise<unknown> {
    return this.ask("PUT", "/faults", { windows: [{ from_ms: 0, until_ms: ALWAYS_MS, service, fault }] });
  }

  works(): Promise<unknown> {
    return this.ask("PUT", "/faults", {});
  }

  variants(forms: Record<string, string>): Promise<unknown> {
    return this.ask("PUT", "/variants", forms);
  }

  charging(settings: Record<string, unknown>): Promise<unknown> {
    return this.ask("PUT", "/charging", settings);
  }

  reports(settings: Record<string, unknown>): Promise<unknown> {
    return this.ask("PUT", "/dlr", settings);
  }

  /** What it has really taken, oldest first. */
  async accepted(): Promise<Taken[]> {
    return ((await this.ask("GET", "/accepted")) as { items: Taken[] }).items;
  }

  state(): Promise<SimulatorState> {
    return this.ask("GET", "/state") as Promise<SimulatorState>;
  }

  async balanceCalls(): Promise<number> {
    return (await this.state()).calls["Balance"]?.total ?? 0;
  }

  stop(): Promise<void> {
    return this.child.stop();
  }

  private async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const init: RequestInit = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${this.url}${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the simulator answered ${method} ${path} with ${answer.status}: ${text}`);
    return JSON.parse(text) as unknown;
  }
}

export interface Taken {
  message_id: string;
  number: string;
}

export interface SimulatorState {
  calls: Record<string, { total: number } | undefined>;
  accepted: number;
}
