// The wire contract of /api/v1, in the shape a generator makes from openapi.json, so that the generated file can take this one's place.
// Written by hand; e2e/tests/contract.spec.ts holds it against the server's own description. It must not know anything but the wire: no formatting, no state. Units are decimal strings, times RFC 3339. Enums are open:
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
      paused: components["schemas"]["Paused"] | null;
      held: components["schemas"]["Held"] | null;
    };
    Accounts: { accounts: components["schemas"]["Account"][] };
    BalanceState: "unknown" | "stale" | "settling" | "fresh";
    Health: "ok" | "degraded" | "failing";
    PriceSource: "assumed" | "configured" | "learned";
    PauseCause: "person" | "out_of_credit" | "credentials_refused";
    Paused: { cause: components["schemas"]["PauseCause"]; since: string };
    Held: { since: string; needed: string; available: string };
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
      held: components["schemas"]["Held"] | null;
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
    Priority: "high" | "normal" | "bulk";
    OnShort: "hold" | "refuse" | "partial";
    Message: {
      id: string;
      to: string;
      from: string | null;
      reference: string | null;
      state: components["schemas"]["MessageState"];
      cause: string | null;
      account: string;
      encoding: components["schemas"]["Encoding"];
      segments: number;
      charge: string;
      priority: components["schemas"]["Priority"];
      batch_id: string | null;
      line: number | null;
      attempts: number;
      created_at: string;
      updated_at: string;
      send_at: string | null;
      valid_until: string | null;
      next_try_at: string | null;
      report: { word: string | null; at: string } | null;
    };
    Step: { at: string; state: components["schemas"]["MessageState"]; cause: string | null; submission_id: string | null };
    ReportOutcome: "delivered" | "failed" | "pending" | "unmapped";
    Report: {
      id: string;
      received_at: string;
      outcome: components["schemas"]["ReportOutcome"];
      word: string | null;
      error_code: string | null;
      number: string | null;
      text: string | null;
      raw: string;
      /** The state that it brought its message to. */
      effect: components["schemas"]["MessageState"] | null;
    };
    MessageDetail: components["schemas"]["Message"] & {
      text: string;
      timeline: components["schemas"]["Step"][];
      provider_message_ids: string[];
      reports: components["schemas"]["Report"][];
    };
    Resolution: "sent" | "not_sent" | "resend";
    Resolve: { as: components["schemas"]["Resolution"] };
    BatchState: "receiving" | "running" | "paused" | "cancelled" | "refused" | "done";
    BatchSource: "list" | "csv" | "ndjson";
    BatchCounts: {
      scheduled: number;
      queued: number;
      submitting: number;
      sent: number;
      delivered: number;
      undelivered: number;
      expired: number;
      rejected: number;
      failed: number;
      cancelled: number;
      unknown: number;
    };
    Batch: {
      id: string;
      account: string;
      name: string | null;
      state: components["schemas"]["BatchState"];
      cause: string | null;
      source: components["schemas"]["BatchSource"];
      priority: components["schemas"]["Priority"];
      lines: number;
      messages: number;
      /** Duplicates included. */
      rejected: number;
      duplicates: number;
      charge: string;
      spent: string;
      counts: components["schemas"]["BatchCounts"];
      created_at: string;
      released_at: string | null;
      first_begun_at: string | null;
      ended_at: string | null;
      rate_per_second: number | null;
      time_left_ms: number | null;
    };
    Batches: { batches: components["schemas"]["Batch"][]; next_cursor: string | null };
    /** `field` and `given` are empty when it is about the line as a whole. */
    LineError: { line: number; field: string; code: string; detail: string; given: string };
    LineErrors: { errors: components["schemas"]["LineError"][]; next_cursor: string | null };
    BulkAccepted: {
      batch_id: string;
      state: components["schemas"]["BatchState"];
      account: string;
      lines: number;
      accepted: number;
      /** Taken back, because only part was to be sent. */
      not_covered: number;
      /** Duplicates included. */
      rejected: number;
      duplicates: number;
      charge: string;
      errors: components["schemas"]["LineError"][];
      errors_truncated: boolean;
    };
    Messages: { messages: components["schemas"]["Message"][]; next_cursor: string | null };
    MessageEvent: { id: string; to: string; state: components["schemas"]["MessageState"]; account: string; cause: string | null };
    RefreshEvent: { account: string; phase: "started" | "done" | "failed" };
    AlertEvent: { account: string; code: string; text: string };
    NewMessage: {
      to: string | string[];
      text: string;
      from?: string;
      account?: string;
      send_at?: string;
      priority?: components["schemas"]["Priority"];
      on_short?: components["schemas"]["OnShort"];
    };
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
    QuoteRequest: { to?: string | string[]; text: string; account?: string; priority?: components["schemas"]["Priority"] };
    Short: { charge: string; available: string; shortfall: string };
    Quote: {
      encoding: components["schemas"]["Encoding"];
      segments: number;
      characters: number;
      charge: string;
      balance_after: string | null;
      short: components["schemas"]["Short"] | null;
      /** The first hundred that cannot be sent to. */
      rejected: components["schemas"]["RefusedRecipient"][];
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
      charge?: string;
      available?: string;
      shortfall?: string;
      unit?: string;
      batch_id?: string;
      errors?: components["schemas"]["LineError"][];
    };
  };
}
