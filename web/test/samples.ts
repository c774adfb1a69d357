// A balance as the server sends it, for tests.
import type { Balance } from "../src/api/types";

export function balance(over: Partial<Balance> = {}): Balance {
  return {
    account: "onfon", account_id: "acc_1", provider: "onfon", unit: "units", balance: "11375.50", formatted: "11,375.50 units", observed: "11378.50",
    observed_at: "2026-11-22T06:04:00Z", pending: "3.00", queued: "0.00", unknown_messages: 0, state: "settling", health: "ok", error: null,
    price_source: "configured", age_ms: 4_000, next_refresh_at: null, paused: null, held: null, version: 10, ...over,
  };
}
