// The routes the page uses, one function each.
import { ASK_TIMEOUT_MS, call, type Result } from "./http";
import type {
  Accepted, AcceptedMany, Account, Accounts, Activities, Balance, Batch, Batches, BatchVerb, History, Info, LineErrors, Message, MessageDetail, Messages, NewMessage, Quote,
  QuoteRequest, Refreshed, Resolution,
} from "./types";

export const EVENTS_PATH = "/api/v1/events";

const account = (id: string): string => `/api/v1/accounts/${encodeURIComponent(id)}`;

export const getInfo = (): Promise<Result<Info>> => call("/api/v1/info");

export const getAccounts = (): Promise<Result<Accounts>> => call("/api/v1/accounts");

export const getBalance = (id: string): Promise<Result<Balance>> => call(`${account(id)}/balance`);

export const refreshBalance = (id: string): Promise<Result<Refreshed>> =>
  call(`${account(id)}/balance/refresh`, { method: "POST", timeoutMs: ASK_TIMEOUT_MS });

export const acceptForm = (id: string): Promise<Result<Balance>> =>
  call(`${account(id)}/balance/accept-form`, { method: "POST", timeoutMs: ASK_TIMEOUT_MS });

export function getHistory(id: string, fromMs: number, toMs: number): Promise<Result<History>> {
  const range = new URLSearchParams({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() });
  return call(`${account(id)}/balance/history?${range.toString()}`);
}

export const getActivity = (limit: number): Promise<Result<Activities>> => call(`/api/v1/activity?limit=${limit}`);

export const pauseAccount = (id: string, verb: "pause" | "resume"): Promise<Result<Account>> => call(`${account(id)}/${verb}`, { method: "POST" });

/** `query`: the filters, the limit and the cursor, written as the address has them. */
export const getMessages = (query: string): Promise<Result<Messages>> => call(`/api/v1/messages?${query}`);

const message = (id: string): string => `/api/v1/messages/${encodeURIComponent(id)}`;

export const getMessage = (id: string): Promise<Result<MessageDetail>> => call(message(id));

export const cancelMessage = (id: string): Promise<Result<Message>> => call(message(id), { method: "DELETE" });

export const resolveMessage = (id: string, as: Resolution): Promise<Result<MessageDetail>> => call(`${message(id)}/resolve`, { method: "POST", body: { as } });

export const getBatches = (query: string): Promise<Result<Batches>> => call(`/api/v1/batches?${query}`);

const batch = (id: string): string => `/api/v1/batches/${encodeURIComponent(id)}`;

export const getBatch = (id: string): Promise<Result<Batch>> => call(batch(id));

export const getLineErrors = (id: string, query: string): Promise<Result<LineErrors>> => call(`${batch(id)}/errors?${query}`);

export const steerBatch = (id: string, verb: BatchVerb): Promise<Result<Batch>> => call(`${batch(id)}/${verb}`, { method: "POST", timeoutMs: ASK_TIMEOUT_MS });

export const postQuote = (body: QuoteRequest): Promise<Result<Quote>> =>
  call("/api/v1/messages/quote", { method: "POST", body });

/** The key makes a second try of the same form safe: the server answers with what the first one made. */
export const postMessages = (body: NewMessage, idempotencyKey: string): Promise<Result<Accepted | AcceptedMany>> =>
  call("/api/v1/messages", { method: "POST", body, headers: { "idempotency-key": idempotencyKey }, timeoutMs: ASK_TIMEOUT_MS });
