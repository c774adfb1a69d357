// The only fetch. Every answer becomes a value or a named failure; nothing here throws, formats or remembers,
// except how far the server's clock is from this one, which only an answer can tell.
import type { Problem } from "./types";

export type Failure =
  /** No answer: the network, the server is down, or it took too long. */
  | { kind: "network" }
  /** The server said no, in its own words (RFC 9457). */
  | { kind: "problem"; problem: Problem; retryAfterS: number | null }
  /** An answer in no form of ours (a proxy's page, say). */
  | { kind: "unreadable"; status: number };

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

const READ_TIMEOUT_MS = 10_000;
/** Longer than the server's own time limit for asking a provider (15 s), so that its reason arrives before ours. */
export const ASK_TIMEOUT_MS = 30_000;
/** The Date header has whole seconds only; less than this is no difference. */
const CLOCK_TOLERANCE_MS = 5_000;

let clockOffsetMs = 0;

/** The server's wall clock, as far as this page can know it; ages and "next try in" stay right when this computer's clock is not. */
export function serverNow(): number {
  return Date.now() + clockOffsetMs;
}

export interface Request {
  method?: "GET" | "POST" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

export async function call<T>(path: string, request: Request = {}): Promise<Result<T>> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(path, toInit(request));
    text = await answer.text();
  } catch {
    return { ok: false, failure: { kind: "network" } };
  }
  return read(answer.status, text, (name) => answer.headers.get(name));
}

/** What an answer means, however it came. */
export function read<T>(status: number, text: string, header: (name: string) => string | null): Result<T> {
  learnClock(header("date"));
  const body = parsed(text);
  if (status >= 200 && status < 300 && body !== undefined) return { ok: true, value: body as T };
  if (isProblem(body)) return { ok: false, failure: { kind: "problem", problem: body, retryAfterS: seconds(header("retry-after")) } };
  return { ok: false, failure: { kind: "unreadable", status } };
}

function toInit(request: Request): RequestInit {
  const headers: Record<string, string> = { accept: "application/json", ...request.headers };
  const init: RequestInit = {
    method: request.method ?? "GET",
    headers,
    cache: "no-store",
    signal: AbortSignal.timeout(request.timeoutMs ?? READ_TIMEOUT_MS),
  };
  if (request.body !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(request.body);
  }
  return init;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string";
}

function seconds(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number.parseInt(header, 10) : null;
}

function learnClock(date: string | null): void {
  const said = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(said)) return;
  const difference = said - Date.now();
  clockOffsetMs = Math.abs(difference) > CLOCK_TOLERANCE_MS ? difference : 0;
}
