// Words and tones for what the server says. Enums are open: an unknown word is shown as it came, in a neutral tone.
// `satisfies never` makes the compiler ask for a case when the contract grows; the default keeps an older page working.
import type { ActivityKind, BalanceError, BalanceState, Encoding, Health, Message, MessageState, PauseCause, PriceSource, ReportOutcome, Tone } from "../api/types";

export type Shade = Tone | "info";

export interface Word {
  text: string;
  tone: Shade;
  hint: string;
}

/** An unknown word, as it came. */
export function asSent(text: string): Word {
  return { text: String(text).replaceAll("_", " "), tone: "neutral", hint: "" };
}

export function stateWord(state: BalanceState): Word {
  switch (state) {
    case "fresh":
      return { text: "fresh", tone: "good", hint: "The provider's figure, with nothing sent since." };
    case "settling":
      return { text: "settling", tone: "info", hint: "Messages went out; the provider has not confirmed their cost yet." };
    case "stale":
      return { text: "stale", tone: "warn", hint: "The provider was last asked too long ago." };
    case "unknown":
      return { text: "unknown", tone: "neutral", hint: "The provider has not told a figure yet." };
    default:
      return asSent(state satisfies never);
  }
}

export function healthWord(health: Health, error: BalanceError | null): Word {
  switch (health) {
    case "ok":
      return { text: "ok", tone: "good", hint: "The provider answered the last question." };
    case "degraded":
      return { text: "last try failed", tone: "warn", hint: error?.detail ?? "" };
    case "failing":
      return { text: failing(error?.code ?? ""), tone: "bad", hint: error?.detail ?? "" };
    default:
      return asSent(health satisfies never);
  }
}

function failing(code: string): string {
  if (/credential/.test(code)) return "credentials refused";
  if (code === "balance_form_changed" || code === "unreadable_balance") return "unreadable";
  return "not answering";
}

/** Why nothing is sent at present. */
export function pausedWords(paused: PauseCause): string {
  switch (paused) {
    case "person":
      return "Sending is paused: somebody paused it.";
    case "out_of_credit":
      return "Sending has stopped: out of credit. It goes on by itself after a top-up.";
    case "credentials_refused":
      return "Sending has stopped: the provider refused the credentials.";
    default:
      return `Sending has stopped: ${asSent(paused satisfies never).text}.`;
  }
}

export function priceHint(source: PriceSource, unit: string): string | null {
  switch (source) {
    case "assumed":
      return `Price assumed: 1 ${unit.replace(/s$/, "")} a segment`;
    case "configured":
    case "learned":
      return null;
    default:
      return `Price: ${asSent(source satisfies never).text}`;
  }
}

export function messageWord(state: MessageState): Word {
  switch (state) {
    case "scheduled":
    case "queued":
      return { text: state, tone: "neutral", hint: "On disk; it will be tried." };
    case "submitting":
      return { text: "submitting", tone: "info", hint: "Being handed to the provider." };
    case "sent":
      return { text: "sent", tone: "info", hint: "The provider took it." };
    case "delivered":
      return { text: "delivered", tone: "good", hint: "The network reports that it arrived." };
    case "undelivered":
      return { text: "undelivered", tone: "bad", hint: "The network gave up." };
    case "expired":
      return { text: "expired", tone: "warn", hint: "Its time passed." };
    case "rejected":
      return { text: "rejected", tone: "bad", hint: "Refused by the provider." };
    case "failed":
      return { text: "failed", tone: "bad", hint: "Given up before it could arrive." };
    case "cancelled":
      return { text: "cancelled", tone: "neutral", hint: "Cancelled before it left." };
    case "unknown":
      return { text: "unknown", tone: "warn", hint: "It may have reached the provider; it is not sent again by itself." };
    default:
      return asSent(state satisfies never);
  }
}

export function encodingWord(encoding: Encoding): string {
  switch (encoding) {
    case "gsm7":
      return "GSM-7";
    case "ucs2":
      return "UCS-2";
    default:
      return asSent(encoding satisfies never).text;
  }
}

export function outcomeWord(outcome: ReportOutcome): Word {
  switch (outcome) {
    case "delivered":
      return { text: "delivered", tone: "good", hint: "The report says that it arrived." };
    case "failed":
      return { text: "not delivered", tone: "bad", hint: "The report says that it did not arrive." };
    case "pending":
      return { text: "on its way", tone: "info", hint: "The report says that it is not decided yet." };
    case "unmapped":
      return { text: "not understood", tone: "neutral", hint: "A word that Salio does not know; it changes nothing." };
    default:
      return asSent(outcome satisfies never);
  }
}

/** Why a message is where it is, for people: the causes that have words of their own, the others as they came. */
export function causeWords(cause: string): string {
  if (cause.startsWith("report:")) return `delivery report: ${cause.slice("report:".length)}`;
  return CAUSES[cause] ?? asSent(cause).text;
}

/** What the cause adds to the state's own word; the report in the provider's spelling. */
export function tellingCause({ state, cause, report }: Pick<Message, "state" | "cause" | "report">): string | null {
  if (cause === null || state === "delivered" || cause === "accepted") return null;
  return cause.startsWith("report") && report !== null ? `delivery report: ${report.word ?? "without a word"}` : causeWords(cause);
}

const CAUSES: Record<string, string> = {
  person: "by a person",
  accepted: "taken by the provider",
  cancelled: "taken back",
  batch_cancelled: "its batch was cancelled",
  resolved_sent: "a person says that it was sent",
  resolved_not_sent: "a person says that it was not sent",
  resend: "to be sent once more",
  look_up: "found in the provider’s list",
  batch_receiving: "waits until its whole batch has come in",
  batch_paused: "waits: its batch is paused",
  insufficient_balance: "waits for credit",
  account_paused: "waits: sending is paused",
  out_of_credit: "waits: the provider says out of credit",
  credentials_refused: "waits: the provider refuses the credentials",
  report: "delivery report",
  timeout: "no answer in time",
  connection_reset: "the connection broke before the answer",
  no_message_id: "the provider gave it no id",
  missing_row: "the answer does not speak of it",
  contradictory_row: "the answer contradicts itself",
  ambiguous_code: "the answer does not say whether it was taken",
  http_status: "the provider answered with an HTTP error",
  contradictory_answer: "the answer contradicts itself",
  unreadable_answer: "the answer cannot be read",
  unreadable_row: "the answer cannot be read",
  refused_together: "refused together with others: goes again by itself",
  connect_failed: "no connection",
  dns_failed: "the provider’s name cannot be resolved",
  tls_failed: "the provider cannot be verified",
};

/** What a screen reader hears before the line; sighted people see a dot in the line's tone. */
export function activityWord(kind: ActivityKind): string {
  switch (kind) {
    case "sent": return "Sent";
    case "refused": return "Refused";
    case "agreed": return "Agreed";
    case "top_up": return "Top-up";
    case "drift": return "Drift";
    case "failure": return "Failure";
    case "recovered": return "Recovered";
    case "unknown": return "Unknown";
    case "late_charge": return "Late charge";
    case "paused": return "Stopped";
    case "resumed": return "Resumed";
    case "form_changed": return "New form";
    case "started": return "Started";
    default: return asSent(kind satisfies never).text;
  }
}

export function shade(tone: Tone): Shade {
  switch (tone) {
    case "neutral":
    case "good":
    case "warn":
    case "bad":
      return tone;
    default:
      return asSent(tone satisfies never).tone;
  }
}

export function count(n: number, one: string, many: string): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}
