//! The kinds of trouble. Must not know when they strike (that is `plan`) nor how bytes leave (that is `http`).

use serde::{Deserialize, Serialize};

use super::fault_parts::{Effect, NoId, StatusBody, Where};

/// What goes wrong with one call. JSON: `{"kind":"stall"}`, `{"kind":"http_status","code":503}` …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Nothing.
    None {},
    /// The call waits `before_ms` before anything happens (a balance is read after that), and its answer a further `ms`.
    Latency {
        /// After the effect, before the answer.
        #[serde(default)]
        ms: u64,
        /// Before the effect.
        #[serde(default)]
        before_ms: u64,
    },
    /// No answer, ever: the connection stays open until the caller gives up.
    Stall {
        /// Whether the submission counts.
        #[serde(default)]
        effect: Effect,
    },
    /// The connection is reset after the request was read; nothing was done.
    ResetBeforeEffect {},
    /// The connection is reset after the request was carried out.
    ResetAfterEffect {},
    /// An HTTP status instead of an answer.
    HttpStatus {
        /// 100 to 599; 200 is allowed.
        code: u16,
        /// What stands in the body.
        #[serde(default)]
        body: StatusBody,
        /// Whether the submission counts.
        #[serde(default)]
        effect: Effect,
        /// Seconds for a `Retry-After` header.
        #[serde(default)]
        retry_after_s: Option<u32>,
        /// The code in the envelope, if the body is one.
        #[serde(default)]
        error_code: Option<i64>,
    },
    /// Status 200 with a proxy's page.
    Html200 {
        /// Whether the submission counts.
        #[serde(default)]
        effect: Effect,
    },
    /// Status 200 with an empty body.
    Empty200 {
        /// Whether the submission counts.
        #[serde(default = "now")]
        effect: Effect,
    },
    /// The real answer, cut off.
    Truncated {
        /// How much of the body arrives.
        #[serde(default = "half")]
        keep_per_mille: u16,
        /// True: the length of the whole is announced and the connection closed early. False: a complete response with half a body.
        #[serde(default)]
        cut_connection: bool,
    },
    /// The real answer under another `Content-Type`.
    WrongContentType {
        /// The value sent.
        #[serde(default = "text_html")]
        value: String,
    },
    /// The real answer after a byte order mark, spaces and line ends.
    Bom {},
    /// The real answer as XML.
    Xml {},
    /// A 302 to another path of the same host.
    Redirect {
        /// Where to.
        #[serde(default = "elsewhere")]
        location: String,
        /// Whether the submission counts.
        #[serde(default)]
        effect: Effect,
    },
    /// The envelope refuses the whole call; nothing is accepted.
    Refuse {
        /// `ErrorCode`.
        code: i64,
        /// `ErrorDescription`; the vendor's words for the code when left out.
        #[serde(default)]
        text: Option<String>,
        /// HTTP status of the refusal.
        #[serde(default = "ok")]
        http: u16,
    },
    /// As if nothing were left on the account, in the form that the variants choose.
    OutOfCredit {},
    /// Some rows are refused by chance, the others accepted.
    PartialRefusals {
        /// Of a thousand rows.
        per_mille: u16,
        /// `MessageErrorCode`.
        #[serde(default = "filter_code")]
        code: i64,
        /// `MessageErrorDescription`.
        #[serde(default = "filter_text")]
        text: String,
    },
    /// Accepted rows that carry no id. The messages have one all the same, and reports use it.
    NoMessageId {
        /// Of a thousand rows.
        #[serde(default = "all")]
        per_mille: u16,
        /// How the id is missing.
        #[serde(default)]
        form: NoId,
    },
    /// Rows left out of the answer; their messages count. On Balance: an empty `Data`.
    MissingRows {
        /// How many; all when larger than the call.
        #[serde(default = "one")]
        count: usize,
        /// Which.
        #[serde(default)]
        at: Where,
    },
    /// Rows for numbers that nobody asked for. On Balance: further plugins.
    ExtraRows {
        /// How many.
        #[serde(default = "one")]
        count: usize,
    },
    /// The rows in another order than the numbers of the call.
    ReorderedRows {},
    /// All messages of the call share one id.
    DuplicateIds {},
    /// The first rows stand in the answer twice.
    DuplicatedRows {
        /// How many.
        #[serde(default = "one")]
        count: usize,
    },
    /// The real answer, blown up.
    Oversize {
        /// To at least this many bytes.
        #[serde(default = "two_mebibytes")]
        bytes: usize,
    },
    /// Balance only: this raw JSON in place of `Credits` (it may be invalid JSON).
    Credits {
        /// Put into the answer as it is.
        raw: String,
    },
    /// Balance only: the figure of the last answer once more, whatever happened since.
    StaleFigure {},
}

impl Default for Fault {
    fn default() -> Self {
        Self::None {}
    }
}

const fn now() -> Effect {
    Effect::Now
}
const fn half() -> u16 {
    500
}
const fn ok() -> u16 {
    200
}
const fn filter_code() -> i64 {
    401
}
const fn all() -> u16 {
    1000
}
const fn one() -> usize {
    1
}
const fn two_mebibytes() -> usize {
    2 * 1024 * 1024
}
fn text_html() -> String {
    "text/html".to_owned()
}
fn elsewhere() -> String {
    "/v1/redirected".to_owned()
}
fn filter_text() -> String {
    "source_address filter mismatch".to_owned()
}

impl Fault {
    /// What happens to a submission whose answer this fault replaces; `None` when the answer is the real one (perhaps disfigured).
    #[must_use]
    pub const fn replaces_answer(&self) -> Option<Effect> {
        match self {
            Self::ResetBeforeEffect {} => Some(Effect::None),
            Self::ResetAfterEffect {} => Some(Effect::Now),
            Self::Stall { effect } | Self::HttpStatus { effect, .. } | Self::Html200 { effect } | Self::Empty200 { effect } | Self::Redirect { effect, .. } => Some(*effect),
            _ => None,
        }
    }

    /// Milliseconds to wait before the call is carried out.
    #[must_use]
    pub const fn before_ms(&self) -> u64 {
        match self {
            Self::Latency { before_ms, .. } => *before_ms,
            _ => 0,
        }
    }

    /// Whether this is no fault.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::None {})
    }
}
