// The wire contract of /api/v1, in the shape a generator makes from openapi.json, so that the generated file can take this one's place.
// It must not know anything but the wire: no formatting, no state. Units are decimal strings, times RFC 3339. Enums are open:
// a newer server may send a word that is not listed, so every switch on one has a default.

export interface components {
  schemas: {
    Info: {
      version: string;
      demo: boolean;
      setup: { needed: boolean; missing: string[]; hint: string };
      timezone: string;
    };
    Account: {
      id: string;
      slug: string;
      provider: string;
      unit: string;
      sender_id: string | null;
      default: boolean;
      demo: boolean;
    };
    Accounts: { accounts: components["schemas"]["Account"][] };
    BalanceState: "unknown" | "stale" | "settling" | "fresh";
    Health: "ok" | "degraded" | "failing";
    PriceSource: "assumed" | "configured" | "learned";
    Paused: "out_of_credit" | "credentials_refused";
    BalanceError: {
      code: string;
      detail: string;
      since: string;
      attempts: number;
      next_try_at: string | null;
    };
    Balance: {
      account: string;
      account_id: string;
      provider: string;
      unit: string;
      balance: string | null;
      formatted: string | null;
      observed: string | null;
      observed_at: string | null;
      pending: string;
      queued: string;
      unknown_messages: number;
      state: components["schemas"]["BalanceState"];
      health: components["schemas"]["Health"];
      error: components["schemas"]["BalanceError"] | null;
      price_source: components["schemas"]["PriceSource"];
      age_ms: number | null;
      next_refresh_at: string | null;
      paused: components["schemas"]["Paused"] | null;
      version: number;
    };
    Refreshed: components["schemas"]["Balance"] & { previous: string | null; changed: boolean };
    HistoryPoint: { at: string; balance: string; low: string; high: string };
    TopUp: { at: string; amount_low: string; amount_high: string; settled: boolean };
    History: {
      account: string;
      unit: string;
      from: string;
      to: string;
      step_ms: number;
      points: components["schemas"]["HistoryPoint"][];
      top_ups: components["schemas"]["TopUp"][];
    };
    ActivityKind:
      | "sent" | "refused" | "unknown" | "agreed" | "top_up" | "late_charge" | "drift" | "failure"
      | "recovered" | "paused" | "resumed" | "form_changed" | "started";
    Tone: "neutral" | "good" | "warn" | "bad";
    Activity: {
      at: string;
      kind: components["schemas"]["ActivityKind"];
      account: string;
      text: string;
      amount: string | null;
      tone: components["schemas"]["Tone"];
    };
    Activities: { activity: components["schemas"]["Activity"][] };
    MessageState:
      | "scheduled" | "queued" | "submitting" | "sent" | "delivered" | "undelivered"
      | "expired" | "rejected" | "failed" | "cancelled" | "unknown";
    Encoding: "gsm7" | "ucs2";
    Message: {
      id: string;
      to: string;
      from: string | null;
      reference: string | null;
      state: components["schemas"]["MessageState"];
      cause?: string | null;
      account: string;
      encoding: components["schemas"]["Encoding"];
      segments: number;
      charge: string;
      created_at: string;
    };
    Messages: { messages: components["schemas"]["Message"][]; next_cursor: string | null };
    MessageEvent: { id: string; to: string; state: components["schemas"]["MessageState"]; account: string };
    RefreshEvent: { account: string; phase: "started" | "done" | "failed" };
    AlertEvent: { account: string; code: string; text: string };
    NewMessage: { to: string | string[]; text: string; from?: string; account?: string };
    Accepted: {
      id: string;
      to: string;
      encoding: components["schemas"]["Encoding"];
      segments: number;
      charge: string;
      state: components["schemas"]["MessageState"];
    };
    RefusedRecipient: { index: number; to: string; code: string; detail: string };
    AcceptedMany: {
      batch_id: string;
      messages: components["schemas"]["Accepted"][];
      rejected: components["schemas"]["RefusedRecipient"][];
      charge: string;
    };
    QuoteRequest: { to?: string | string[]; text: string; account?: string };
    Quote: {
      encoding: components["schemas"]["Encoding"];
      segments: number;
      characters: number;
      charge: string;
      balance_after: string | null;
      forced_by: { index: number; character: string }[];
    };
    Problem: {
      type: string;
      title: string;
      status: number;
      code: string;
      detail?: string;
      last?: components["schemas"]["Balance"] | null;
      rejected?: components["schemas"]["RefusedRecipient"][];
    };
  };
}
