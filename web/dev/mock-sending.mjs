// The mock's messages and batches: canned ones to look at, and a file upload that becomes a running batch. Nothing is sent anywhere.
import { decimal } from "./mock-data.mjs";

const MINUTE = 60_000;
const iso = (ago) => new Date(Date.now() - ago).toISOString();
const NO_COUNTS = { scheduled: 0, queued: 0, submitting: 0, sent: 0, delivered: 0, undelivered: 0, expired: 0, rejected: 0, failed: 0, cancelled: 0, unknown: 0 };

const SAMPLES = [
  ["delivered", "report:delivrd", null, 0], ["sent", null, "order-1042", 0], ["unknown", "no answer within 20 s", null, 0], ["queued", "insufficient_balance", "order-1043", 0],
  ["scheduled", null, "reminder", 0], ["rejected", "007", null, 0], ["undelivered", "report:undeliv", null, 0], ["failed", "no connection, given up", null, 0], ["cancelled", null, null, 0],
  ["delivered", "report:delivrd", "november", 1], ["expired", "valid_until", null, 0], ["queued", "batch_paused", null, 1],
];

export function messagesOf(scenario) {
  if (scenario === "empty") return [];
  return Array.from({ length: 64 }, (_, i) => canned(i));
}

function canned(i) {
  const [state, cause, reference, inBatch] = SAMPLES[i % SAMPLES.length];
  return {
    id: `msg_${String(900 - i).padStart(6, "0")}`, to: `2547${String(12345678 + i * 1_117).slice(0, 8)}`, from: "MYSHOP", reference, state, cause, account: "onfon", encoding: i % 5 === 4 ? "ucs2" : "gsm7",
    segments: 1 + (i % 3), charge: decimal(100 * (1 + (i % 3))), priority: "normal", batch_id: inBatch ? "bat_november" : null, line: inBatch ? 17 + i : null, attempts: 1,
    created_at: iso(i * 7 * MINUTE), updated_at: iso(i * 7 * MINUTE - 4_000), send_at: state === "scheduled" ? iso(-90 * MINUTE) : null, valid_until: null,
    next_try_at: null, report: cause?.startsWith("report:") ? { word: cause.slice(7).toUpperCase(), at: iso(i * 7 * MINUTE - 9_000) } : null,
  };
}

function detailOf(message) {
  const at = Date.parse(message.created_at);
  const step = (after, state, cause, submission) => ({ at: new Date(at + after).toISOString(), state, cause: cause ?? null, submission_id: submission ?? null });
  const isOut = !["queued", "scheduled", "cancelled"].includes(message.state);
  const timeline = [step(0, "queued"), ...(isOut ? [step(300, "submitting", null, "sub_01hy4kq2"), step(900, "sent")] : []), step(4_000, message.state, message.cause)];
  const raw = "messageId=onf-77120&mobile=254712345678&status=DELIVRD&errorCode=000&submitDate=2026-11-22 09:04:11&doneDate=2026-11-22 09:04:15";
  const reports = message.report === null ? [] : [{ id: "rep_1", received_at: message.report.at, outcome: message.state === "delivered" ? "delivered" : "failed", word: message.report.word, error_code: "000", number: message.to, text: null, raw, effect: message.state }];
  return { ...message, text: message.encoding === "ucs2" ? "Karibu tena! Tutaonana ✓" : "Hujambo Amina, your order 1042 is ready. Collect it before 18:00.", timeline, provider_message_ids: isOut ? ["onf-77120"] : [], reports };
}

export function batchesOf(scenario) {
  if (scenario === "empty") return [];
  const batch = (id, over) => ({
    id, account: "onfon", name: null, state: "running", cause: null, source: "csv", priority: "bulk", lines: 1_000, messages: 988, rejected: 12, duplicates: 3, charge: "988.00", spent: "402.00",
    counts: { ...NO_COUNTS }, created_at: iso(20 * MINUTE), released_at: iso(19 * MINUTE), first_begun_at: iso(19 * MINUTE), ended_at: null, rate_per_second: null, time_left_ms: null, ...over,
  });
  return [
    batch("bat_november", { name: "november.csv", counts: { ...NO_COUNTS, delivered: 301, sent: 88, unknown: 4, undelivered: 9, submitting: 20, queued: 566 }, rate_per_second: 38.2, time_left_ms: 754_000 }),
    batch("bat_paused", { name: "A very long name of a file that somebody exported from a spreadsheet on a Friday.csv", state: "paused", counts: { ...NO_COUNTS, sent: 120, queued: 868 } }),
    batch("bat_list", { source: "list", name: "invite", state: "done", lines: 40, messages: 40, rejected: 0, duplicates: 0, charge: "40.00", spent: "38.00", counts: { ...NO_COUNTS, delivered: 38, rejected: 2 }, ended_at: iso(MINUTE), created_at: iso(1_600 * MINUTE) }),
    batch("bat_refused", { source: "ndjson", name: "codes.ndjson", state: "refused", cause: "insufficient_balance", spent: "0.00", counts: { ...NO_COUNTS, cancelled: 988 }, created_at: iso(3_000 * MINUTE) }),
  ];
}

const ERRORS = [
  { line: 4, field: "to", code: "invalid_number", detail: "12 is no number that can exist.", given: "12" },
  { line: 19, field: "to", code: "duplicate", detail: "The same number and text as line 3.", given: "0712345678" },
  { line: 244, field: "name", code: "missing_column", detail: "The text uses {name} and this line has none.", given: null },
];

/** Answers and is true when the route is one of these. `tell` publishes an event, `say` answers with JSON, `refuse` with a problem. */
export async function sendingRoutes(world, request, url, body, { say, refuse, tell }) {
  const [, , , what, id, verb] = url.pathname.split("/");
  const route = `${request.method} ${what}${id === undefined ? "" : "/id"}${verb === undefined ? "" : `/${verb}`}`;
  if (what === "messages" && id === "bulk") return takeFile(world, request, url, { say, refuse, tell });
  if (what === "messages" && id === "quote") return false;
  const message = world.messages.find((one) => one.id === id);
  const batch = world.batches.find((one) => one.id === id);
  switch (route) {
    case "GET messages":
      return say(200, page(world.messages.filter((one) => fits(one, url.searchParams)), "messages", url.searchParams));
    case "GET messages/id":
      return message === undefined ? refuse(404, "unknown_message", "There is no such message.") : say(200, detailOf(message));
    case "DELETE messages/id":
      Object.assign(message, { state: "cancelled", cause: null });
      tell("message", { id, to: message.to, state: message.state, account: message.account });
      return say(200, message);
    case "POST messages/id/resolve":
      Object.assign(message, { state: { sent: "sent", not_sent: "failed", resend: "queued" }[body.as], cause: "resolved by a person" });
      tell("message", { id, to: message.to, state: message.state, account: message.account });
      return say(200, detailOf(message));
    case "GET batches":
      return say(200, page(world.batches, "batches", url.searchParams));
    case "GET batches/id":
      return batch === undefined ? refuse(404, "unknown_batch", "There is no such batch.") : say(200, batch);
    case "GET batches/id/errors":
      return say(200, { errors: ERRORS, next_cursor: null });
    case "POST batches/id/pause":
    case "POST batches/id/resume":
    case "POST batches/id/cancel":
      batch.state = { pause: "paused", resume: "running", cancel: "cancelled" }[verb];
      tell("batch", batch);
      return say(200, batch);
    default:
      return false;
  }
}

function fits(message, said) {
  const has = (name, value) => said.get(name) === null || said.get(name) === value;
  return has("state", message.state) && has("account", message.account) && has("reference", message.reference) && has("batch", message.batch_id)
    && (said.get("to") === null || message.to.endsWith(said.get("to").replace(/^(?:\+|0)/, "")));
}

function page(rows, name, said) {
  const limit = Number(said.get("limit") ?? 50);
  const from = said.get("cursor") === null ? 0 : rows.findIndex((row) => row.id === said.get("cursor")) + 1;
  const shown = rows.slice(from, from + limit);
  return { [name]: shown, next_cursor: from + limit < rows.length ? shown.at(-1).id : null };
}

/** Counts lines as they come, as the real one does, and then lets a batch of them run. */
async function takeFile(world, request, url, { say, refuse, tell }) {
  let lines = -1;
  for await (const chunk of request) lines += chunk.toString("latin1").split("\n").length - 1;
  world.calls.push(`key ${request.headers["idempotency-key"]}`);
  if (world.fault === "break") return request.socket.destroy();
  const charge = decimal(100 * lines);
  if (world.fault === "short" && !url.searchParams.has("on_short")) {
    return refuse(409, "insufficient_balance", "The credit does not cover it.", { charge, available: "842.10", shortfall: decimal(100 * lines - 84_210), unit: "units" });
  }
  const batch = { ...batchesOf("many")[0], id: `bat_file${world.batches.length}`, name: url.searchParams.get("name"), lines, messages: lines - 3, rejected: 3, duplicates: 1, charge, spent: "0.00", counts: { ...NO_COUNTS, queued: lines - 3 } };
  world.batches.unshift(batch);
  run(batch, tell);
  return say(202, { batch_id: batch.id, state: "running", account: batch.account, lines, accepted: lines - 3, not_covered: 0, rejected: 3, duplicates: 1, charge, errors: ERRORS, errors_truncated: false });
}

function run(batch, tell) {
  const timer = setInterval(() => {
    const some = Math.min(batch.counts.queued, Math.ceil(batch.messages / 20));
    if (batch.state === "running") Object.assign(batch.counts, { queued: batch.counts.queued - some, sent: batch.counts.sent + some });
    Object.assign(batch, { rate_per_second: some * 2, time_left_ms: (batch.counts.queued / Math.max(1, some * 2)) * 1_000, spent: decimal(100 * batch.counts.sent) });
    if (batch.counts.queued === 0) Object.assign(batch, { state: "done", time_left_ms: null });
    if (batch.state !== "running") clearInterval(timer);
    tell("batch", batch);
  }, 500);
}
