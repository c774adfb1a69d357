// Made-up accounts for the mock server: balances, histories, activity. Nothing here is sent anywhere.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const SCENARIOS = ["many", "solo", "empty"];

/** Amounts are hundredths of a unit inside the mock. */
export function decimal(hundredths) {
  const sign = hundredths < 0 ? "-" : "";
  const whole = Math.abs(hundredths);
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, "0")}`;
}

export function formatted(hundredths, unit) {
  return `${decimal(hundredths).replace(/\B(?=(\d{3})+\.)/g, ",")} ${unit}`;
}

function account(slug, over = {}) {
  return {
    id: `acc_${slug.replaceAll("-", "")}`, slug, provider: "onfon", unit: "units", sender_id: "PROMO", default: false,
    observed: 1_137_850, observedAt: Date.now() - 4_000, pending: 300, queued: 0, unknown: 0, state: "settling", health: "ok", error: null,
    price: "configured", version: Date.now() * 1_000, fault: null, traffic: true, topUps: [], base: 1_137_850, wobble: 160, ...over,
  };
}

export function accountsOf(scenario) {
  const now = Date.now();
  const main = account("onfon", { default: true, topUps: [{ at: now - 9 * HOUR, low: 500_000, high: 500_000, settled: true }, { at: now - 12 * DAY, low: 1_000_000, high: 1_000_000, settled: true }] });
  if (scenario === "empty") return [];
  if (scenario === "solo") return [main];
  return [
    main,
    account("onfon-marketing", {
      sender_id: null, observed: 84_210, observedAt: now - 12_000, pending: 0, queued: 36_000, unknown: 2, state: "fresh", price: "assumed", traffic: false, base: 84_210, wobble: 60,
      held: { since: new Date(now - 14 * MINUTE).toISOString(), needed: "1000.00", available: "842.10" },
    }),
    account("onfon-alerts", {
      observed: 178_550, observedAt: now - 23 * MINUTE, pending: 0, state: "stale", health: "failing", traffic: false, fault: "down", base: 178_550, wobble: 12,
      error: { code: "provider_unavailable", detail: "The provider answered HTTP 503", since: new Date(now - 22 * MINUTE).toISOString(), attempts: 4, next_try_at: new Date(now + 41_000).toISOString() },
    }),
  ];
}

export function balanceOf(a) {
  const now = Date.now();
  const estimate = a.observed === null ? null : a.observed - a.pending;
  return {
    account: a.slug, account_id: a.id, provider: a.provider, unit: a.unit,
    balance: estimate === null ? null : decimal(estimate), formatted: estimate === null ? null : formatted(estimate, a.unit),
    observed: a.observed === null ? null : decimal(a.observed), observed_at: a.observed === null ? null : new Date(a.observedAt).toISOString(),
    pending: decimal(a.pending), queued: decimal(a.queued), unknown_messages: a.unknown, state: a.observed === null ? "unknown" : a.state,
    health: a.health, error: a.error, price_source: a.price, age_ms: a.observed === null ? null : now - a.observedAt,
    next_refresh_at: a.error === null ? new Date(a.observedAt + 30_000).toISOString() : a.error.next_try_at, paused: a.paused ?? null, held: a.held ?? null, version: a.version,
  };
}

/** Walks back from the present figure: spent a little in each step, jumped at each top-up, silent for a while in the night. */
export function historyOf(a, from, to) {
  const span = to - from;
  const step = span <= HOUR ? 30_000 : span <= DAY ? 5 * MINUTE : span <= 7 * DAY ? HOUR : 4 * HOUR;
  const points = [];
  if (a.observed === null) return { account: a.slug, unit: a.unit, from: iso(from), to: iso(to), step_ms: step, points, top_ups: [] };
  const end = Math.min(to, a.observedAt);
  let level = a.observed - a.pending;
  for (let at = end; at >= from; at -= step) {
    const silent = span <= DAY && span > HOUR && at > end - 17 * HOUR && at < end - 16 * HOUR;
    const used = Math.round(((a.wobble * step) / MINUTE) * (14 + 10 * Math.sin((at / DAY) * 2 * Math.PI) + 5 * Math.sin(at / 3_000_000)) / 10);
    if (!silent) points.unshift({ at: iso(at), balance: decimal(level), low: decimal(level), high: decimal(level + (step > 5 * MINUTE ? used : 0)) });
    for (const topUp of a.topUps) if (topUp.at <= at && topUp.at > at - step) level -= topUp.high;
    level += used;
  }
  const tops = a.topUps.filter((t) => t.at >= from && t.at <= to)
    .map((t) => ({ at: iso(t.at), amount_low: decimal(t.low), amount_high: decimal(t.high), settled: t.settled }));
  return { account: a.slug, unit: a.unit, from: iso(from), to: iso(to), step_ms: step, points, top_ups: tops };
}

const iso = (ms) => new Date(ms).toISOString();

export function activityOf(scenario) {
  if (scenario === "empty") return [];
  const now = Date.now();
  const line = (minutes, kind, account, text, amount, tone) => ({ at: iso(now - minutes * MINUTE), kind, account, text, amount, tone });
  const lines = [
    line(0.2, "sent", "onfon", "3 messages from PROMO", "-3.00", "neutral"),
    line(1, "agreed", "onfon", "The provider agrees with the estimate", "0.00", "neutral"),
    line(6, "sent", "onfon", "1,000 messages from PROMO", "-1000.00", "neutral"),
    line(22, "failure", "onfon-alerts", "The provider stopped answering: HTTP 503", null, "bad"),
    line(31, "drift", "onfon", "A change that nothing known explains", "-0.17", "warn"),
    line(48, "unknown", "onfon-marketing", "2 messages may or may not have gone out", null, "warn"),
    line(95, "late_charge", "onfon", "The provider charged a message late", "-1.00", "neutral"),
    line(540, "top_up", "onfon", "Top-up seen", "5000.00", "good"),
    line(1_300, "recovered", "onfon", "The provider answers again", null, "good"),
    line(1_900, "started", "onfon", "Salio started", null, "neutral"),
  ];
  return scenario === "solo" ? lines.filter((l) => l.account === "onfon") : lines;
}
