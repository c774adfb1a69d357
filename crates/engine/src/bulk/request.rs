//! What goes into a stream of messages beside its bytes, and what comes of it. Knows nothing of HTTP.

use bytes::Bytes;
use futures::Stream;
use salio_domain::Timestamp;
use salio_domain::admission::{OnShort, Short};
use salio_domain::ids::{BatchId, TokenId};
use salio_domain::message::Priority;
use salio_store::{BatchRow, BatchSource, LineError, StoreError};
use sha2::{Digest, Sha256};

use super::cut::{Kind, Sum};
use crate::outbox::DraftError;

/// Refused lines that an answer tells; all of them can be read page by page.
pub const ERRORS_TOLD: usize = 100;

/// How the lines of a stream are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkForm {
    /// With a header; the delimiter (`,`, `;` or tab) is found in it when it is not given.
    Csv {
        /// One byte that is not a quote or a line break.
        delimiter: Option<u8>,
    },
    /// One JSON object a line.
    Ndjson,
}

/// What a stream of messages is, and what its lines have in common.
#[derive(Clone, Debug)]
pub struct BulkRequest {
    /// How its lines are written.
    pub form: BulkForm,
    /// Slug or id; needed only with several accounts and no default.
    pub account: Option<String>,
    /// The text of lines without one of their own, with placeholders.
    pub text: Option<String>,
    /// The sender of lines without one of their own; else the account's.
    pub from: Option<String>,
    /// The caller's own word for all lines without one of their own.
    pub reference: Option<String>,
    /// Not before.
    pub send_at: Option<Timestamp>,
    /// Not after.
    pub valid_until: Option<Timestamp>,
    /// Who goes first; `bulk` when not given.
    pub priority: Option<Priority>,
    /// What happens when the balance does not cover all of it; else what the account says, else it is refused.
    pub on_short: Option<OnShort>,
    /// The column with the recipients.
    pub to_column: Option<String>,
    /// What a person calls it.
    pub name: Option<String>,
    /// Scope and idempotency key: what a broken stream is resumed under.
    pub key: Option<(String, String)>,
    /// Whose key it came with.
    pub token: Option<TokenId>,
}

impl BulkRequest {
    pub(super) const fn source(&self) -> BatchSource {
        match self.form {
            BulkForm::Csv { .. } => BatchSource::Csv,
            BulkForm::Ndjson => BatchSource::Ndjson,
        }
    }

    pub(super) const fn kind(&self) -> Kind {
        match self.form {
            BulkForm::Csv { delimiter } => Kind::Csv(delimiter),
            BulkForm::Ndjson => Kind::Ndjson,
        }
    }

    /// What the stream depends on beside its bytes: the same bytes with another text are another request.
    pub(super) fn seed(&self) -> Sum {
        let time = |at: Option<Timestamp>| at.map(|at| at.micros().to_string());
        let delimiter = match self.form {
            BulkForm::Csv { delimiter } => delimiter.map(|delimiter| delimiter.to_string()),
            BulkForm::Ndjson => None,
        };
        let parts = [
            self.text.clone(),
            self.from.clone(),
            self.reference.clone(),
            time(self.send_at),
            time(self.valid_until),
            self.priority.map(|priority| priority.as_str().to_owned()),
            self.on_short.map(|on_short| on_short.as_str().to_owned()),
            self.to_column.clone(),
            delimiter,
            self.name.clone(),
        ];
        let mut hasher = Sha256::new();
        for part in parts {
            // Its length first: no two lists of parts are the same bytes.
            hasher.update(part.as_ref().map_or(-1, |part| i64::try_from(part.len()).unwrap_or(i64::MAX)).to_be_bytes());
            hasher.update(part.unwrap_or_default());
        }
        hasher.finalize().into()
    }
}

/// Why the bytes of a stream ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The sender left, or its connection broke.
    #[error("the stream broke off")]
    Cut,
    /// No byte came for too long.
    #[error("no byte came for too long")]
    Idle,
    /// Salio is shutting down.
    #[error("Salio is shutting down")]
    Stopping,
}

/// The bytes of a stream, in any chunks.
pub trait BulkBody: Stream<Item = Result<Bytes, Broken>> + Send + Unpin {}

impl<T: Stream<Item = Result<Bytes, Broken>> + Send + Unpin> BulkBody for T {}

/// A stream that was taken, or none of whose lines could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkOutcome {
    /// Its batch.
    pub row: BatchRow,
    /// The first refused lines, at most [`ERRORS_TOLD`].
    pub errors: Vec<LineError>,
    /// Whether there are more.
    pub truncated: bool,
    /// Whether it had been taken before: this is what was answered then.
    pub replayed: bool,
}

/// Why a stream was not taken.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BulkError {
    /// The stream is wrong as a whole; nothing of it was kept.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The key was used with another body, other parameters, another account or form.
    #[error("this Idempotency-Key was used with another body")]
    KeyReused,
    /// Another stream under the same key goes on with it.
    #[error("another stream under the same key has taken over")]
    TakenOver,
    /// Its batch was cancelled meanwhile.
    #[error("its batch was cancelled")]
    Cancelled(BatchId),
    /// No line could be accepted.
    #[error("no line can be sent")]
    NoneValid(Box<BulkOutcome>),
    /// The balance does not cover it.
    #[error("the balance does not cover it: {short}")]
    Short {
        /// Its batch, which is refused.
        batch: BatchId,
        /// By how much.
        short: Short,
        /// The slug of the account.
        account: String,
        /// What its amounts count.
        unit: String,
    },
    /// Its bytes ended before its end. The batch, if it waits for the rest under its key.
    #[error("{0}")]
    Broken(Broken, Option<BatchId>),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
