// A small server that speaks Salio's contract with made-up accounts, for working on the page without the real one.
//   node dev/mock.mjs [--port 8099] [--scenario many|solo|empty] [--dist] [--calm]
// --dist also serves web/dist under the strict CSP; --calm makes no traffic.
// POST /__mock {"account":"onfon","fault":null|"down"|"limit"|"credentials"|"form"|"slow"|"html"} and {"drop":true}, {"spend":"onfon"} steer it.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { accountsOf, activityOf, balanceOf, decimal, historyOf } from "./mock-data.mjs";
import { batchesOf, messagesOf, sendingRoutes } from "./mock-sending.mjs";

const DIST = new URL("../dist/", import.meta.url).pathname;
export const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

export function startMock({ port = 0, scenario = "many", dist = false, calm = false } = {}) {
  const world = { scenario, accounts: accountsOf(scenario), activity: activityOf(scenario), messages: messagesOf(scenario), batches: batchesOf(scenario), fault: null, viewers: new Set(), calls: [], keys: new Map() };
  const server = createServer((request, answer) => {
    world.calls.push(`${request.method} ${request.url}`);
    handle(world, request, answer, dist).catch((error) => {
      console.error(error);
      answer.destroy();
    });
  });
  const traffic = calm ? undefined : setInterval(() => tick(world), 3_000);
  server.on("close", () => clearInterval(traffic));
  return new Promise((ready) => {
    server.listen(port, "127.0.0.1", () => {
      const stop = () => new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      });
      ready({ url: `http://127.0.0.1:${server.address().port}`, port: server.address().port, world, stop });
    });
  });
}

async function handle(world, request, answer, dist) {
  const url = new URL(request.url, "http://mock");
  const body = request.method === "POST" && !url.pathname.endsWith("/bulk") ? await read(request) : undefined;
  const found = url.pathname.match(/^\/api\/v1\/accounts\/([^/]+)\/balance(?:\/(\w[\w-]*))?$/);
  if (found) return balanceRoutes(world, request.method, found[1], found[2], url, answer);
  const pauses = url.pathname.match(/^\/api\/v1\/accounts\/([^/]+)\/(pause|resume)$/);
  if (pauses) return pause(world, pauses[1], pauses[2], answer);
  if (/^\/api\/v1\/(?:messages|batches)/.test(url.pathname) && !(request.method === "POST" && url.pathname === "/api/v1/messages")) {
    const ways = {
      say: (status, said) => json(answer, status, said),
      refuse: (status, code, detail, more) => problem(answer, status, code, detail, more),
      tell: (event, said) => publish(world, event, said),
    };
    if ((await sendingRoutes(world, request, url, body, ways)) !== false) return undefined;
  }
  switch (`${request.method} ${url.pathname}`) {
    case "GET /api/v1/info": return json(answer, 200, infoOf(world));
    case "GET /api/v1/accounts": return json(answer, 200, { accounts: world.accounts.map(({ id, slug, provider, unit, sender_id, default: isDefault }) => ({ id, slug, provider, unit, sender_id, default: isDefault, demo: true, paused: null, held: null })) });
    case "GET /api/v1/activity": return json(answer, 200, { activity: world.activity.slice(0, Number(url.searchParams.get("limit") ?? 50)) });
    case "GET /api/v1/events": return events(world, request, answer);
    case "POST /api/v1/messages/quote": return json(answer, 200, quoteOf(world, body));
    case "POST /api/v1/messages": return send(world, body, answer);
    case "POST /__mock": return steer(world, body, answer);
    default: return dist && request.method === "GET" ? file(url.pathname, answer) : problem(answer, 404, "not_found", "There is nothing here");
  }
}

function pause(world, id, verb, answer) {
  const account = world.accounts.find((a) => a.id === id || a.slug === id);
  account.paused = verb === "pause" ? { cause: "person", since: new Date().toISOString() } : null;
  bump(world, account);
  return json(answer, 200, { id: account.id, slug: account.slug, paused: account.paused, held: account.held });
}

function infoOf(world) {
  const needed = world.accounts.length === 0;
  return { version: "0.1.0", demo: !needed, setup: { needed, missing: needed ? ["ONFON_API_KEY", "ONFON_CLIENT_ID"] : [], hint: "" }, timezone: "Africa/Nairobi" };
}

async function balanceRoutes(world, method, id, action, url, answer) {
  const account = world.accounts.find((a) => a.id === id || a.slug === id);
  if (account === undefined) return problem(answer, 404, "unknown_account", "No such account");
  if (method === "GET" && action === undefined) return json(answer, 200, balanceOf(account));
  if (method === "GET" && action === "history") return json(answer, 200, historyOf(account, Date.parse(url.searchParams.get("from")), Date.parse(url.searchParams.get("to"))));
  if (method === "POST" && action === "refresh") return refresh(world, account, answer);
  if (method === "POST" && action === "accept-form") {
    Object.assign(account, { fault: null, error: null, health: "ok" });
    return refresh(world, account, answer);
  }
  return problem(answer, 405, "not_allowed", "Not here");
}

async function refresh(world, a, answer) {
  publish(world, "refresh", { account: a.slug, phase: "started" });
  await new Promise((done) => setTimeout(done, a.fault === "slow" ? 5_000 : 700));
  const previous = balanceOf(a).balance;
  if (a.fault === "limit" || a.fault === "html") publish(world, "refresh", { account: a.slug, phase: "failed" });
  if (a.fault === "limit") return problem(answer, 429, "budget_exhausted", "The provider has been asked 120 times in the last hour", { last: balanceOf(a) }, { "retry-after": "42" });
  if (a.fault === "html") return answer.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>");
  if (a.fault !== null && a.fault !== "slow") return refuse(world, a, answer);
  a.observed = (a.observed ?? a.base) - a.pending;
  Object.assign(a, { pending: 0, observedAt: Date.now(), state: "fresh", health: "ok", error: null });
  bump(world, a);
  publish(world, "refresh", { account: a.slug, phase: "done" });
  return json(answer, 200, { ...balanceOf(a), previous, changed: previous !== balanceOf(a).balance });
}

const REASONS = {
  down: ["provider_unavailable", "The provider answered HTTP 503", 41_000],
  credentials: ["credentials_refused", "The provider refused the API key or the client id", null],
  form: ["balance_form_changed", "The provider's balance changed its form from a bare figure to “KSh 11,375.50”", null],
};

function refuse(world, a, answer) {
  const [code, detail, next] = REASONS[a.fault] ?? REASONS.down;
  const attempts = (a.error?.attempts ?? 0) + 1;
  a.error = { code, detail, since: a.error?.since ?? new Date().toISOString(), attempts, next_try_at: next === null ? null : new Date(Date.now() + next).toISOString() };
  a.health = attempts >= 3 || a.fault === "credentials" ? "failing" : "degraded";
  bump(world, a);
  publish(world, "refresh", { account: a.slug, phase: "failed" });
  return problem(answer, 502, code, detail, { last: balanceOf(a) });
}

function bump(world, a) {
  a.version = Math.max(a.version + 1, Date.now() * 1_000);
  publish(world, "balance", balanceOf(a));
}

/** Gentle traffic: some messages go out, and a little later the provider agrees. */
function tick(world) {
  for (const a of world.accounts.filter((one) => one.traffic)) spend(world, a, 100 * (1 + Math.floor(Math.random() * 3)));
}

function spend(world, a, hundredths) {
  if (a.pending > 900) {
    a.observed -= a.pending;
    Object.assign(a, { pending: 0, observedAt: Date.now(), state: "fresh" });
    note(world, a, "agreed", "The provider agrees with the estimate", "0.00");
  } else {
    a.pending += hundredths;
    a.state = "settling";
    note(world, a, "sent", `${hundredths / 100} messages from PROMO`, decimal(-hundredths));
  }
  bump(world, a);
}

function note(world, a, kind, text, amount) {
  world.activity.unshift({ at: new Date().toISOString(), kind, account: a.slug, text, amount, tone: "neutral" });
  world.activity.length = Math.min(world.activity.length, 200);
}

function quoteOf(world, body) {
  const forced = [...body.text].map((character, index) => ({ index, character })).filter(({ character }) => character.codePointAt(0) > 0xff);
  const length = body.text.length;
  const [one, many] = forced.length > 0 ? [70, 67] : [160, 153];
  const segments = length <= one ? 1 : Math.ceil(length / many);
  const charge = segments * 100 * Math.max(1, [body.to ?? []].flat().length);
  const a = world.accounts.find((x) => x.slug === body.account) ?? world.accounts[0];
  return { encoding: forced.length > 0 ? "ucs2" : "gsm7", segments, characters: length, charge: decimal(charge), balance_after: decimal(a.observed - a.pending - charge), short: null, rejected: [], forced_by: forced };
}

function send(world, body, answer) {
  const list = [body.to].flat();
  const isNumber = (to) => /^\+?[\d ]{9,16}$/.test(to);
  const quote = quoteOf(world, { ...body, to: "1" });
  const rejected = list.map((to, index) => ({ index, to, code: "invalid_number", detail: "This is no number that can exist" })).filter(({ to }) => !isNumber(to));
  if (rejected.length === list.length) return problem(answer, 422, "invalid_number", `${list[0]} is no number that can exist`);
  const messages = list.filter(isNumber).map((to) => message(world, to, body, quote));
  const brief = messages.map(({ id, to, encoding, segments, charge, state }) => ({ id, to, encoding, segments, charge, state }));
  for (const m of messages) for (const [state, ms] of [["submitting", 300], ["sent", 900], ["delivered", 2_500]]) setTimeout(() => move(world, m, state), ms);
  const a = world.accounts[0];
  a.pending += Math.round(Number(quote.charge) * 100) * messages.length;
  a.state = "settling";
  bump(world, a);
  return json(answer, 202, list.length === 1 ? brief[0] : { batch_id: "bat_1", messages: brief, rejected, charge: decimal(100 * quote.segments * messages.length) });
}

function message(world, to, body, quote) {
  const made = {
    id: `msg_${String(world.messages.length + 1_000).padStart(6, "0")}`, to: to.replace(/^0/, "254").replace(/\D/g, ""), from: body.from ?? "PROMO", reference: null, state: "queued",
    cause: null, account: body.account ?? "onfon",
    encoding: quote.encoding, segments: quote.segments, charge: quote.charge, priority: "normal", batch_id: null, line: null, attempts: 0, report: null,
    created_at: new Date().toISOString(), updated_at: new Date().toISOString(), send_at: null, valid_until: null, next_try_at: null,
  };
  world.messages.unshift(made);
  return made;
}

function move(world, m, state) {
  m.state = state;
  publish(world, "message", { id: m.id, to: m.to, state, account: m.account });
}

function events(world, request, answer) {
  answer.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  answer.flushHeaders();
  for (const a of world.accounts) answer.write(`event: balance\ndata: ${JSON.stringify(balanceOf(a))}\n\n`);
  const beat = setInterval(() => answer.write(": beat\n\n"), 15_000);
  world.viewers.add(answer);
  request.on("close", () => {
    clearInterval(beat);
    world.viewers.delete(answer);
  });
}

function publish(world, event, data) {
  for (const viewer of world.viewers) viewer.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function steer(world, body, answer) {
  const a = world.accounts.find((x) => x.slug === (body.account ?? body.spend ?? body.old));
  if (body.drop === true) for (const viewer of world.viewers) viewer.destroy();
  if (body.spend !== undefined) spend(world, a, 100);
  if ("fault" in body) a.fault = body.fault;
  if (body.set !== undefined) {
    Object.assign(a, body.set);
    bump(world, a);
  }
  if (body.old !== undefined) publish(world, "balance", { ...balanceOf(a), balance: "1.00", version: a.version - 1 });
  return json(answer, 200, { viewers: world.viewers.size });
}

function file(path, answer) {
  const name = path === "/" ? "index.html" : normalize(path).slice(1);
  const full = join(DIST, name);
  if (!full.startsWith(DIST) || !existsSync(full)) return problem(answer, 404, "not_found", "There is nothing here");
  answer.writeHead(200, { "content-type": TYPES[extname(full)] ?? "application/octet-stream", "content-security-policy": CSP });
  return createReadStream(full).pipe(answer);
}

async function read(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? {} : JSON.parse(text);
}

function json(answer, status, body, headers = {}) {
  answer.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function problem(answer, status, code, detail, more = {}, headers = {}) {
  json(answer, status, { type: `/docs/errors/${code}`, title: code.replaceAll("_", " "), status, code, detail, ...more }, { "content-type": "application/problem+json", ...headers });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const option = (name, fallback) => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : fallback);
  const mock = await startMock({
    port: Number(option("port", "8099")), scenario: option("scenario", "many"), dist: process.argv.includes("--dist"), calm: process.argv.includes("--calm"),
  });
  console.log(`mock of Salio on ${mock.url}`);
}
