//! The answer to a submission before it is written down. Must not know how it came about.

use std::borrow::Cow;
use std::sync::Arc;

use super::codes;
use super::fault_parts::NoId;

/// The answer to a submission, before it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitReply {
    /// The whole call was refused.
    Refused(Refusal),
    /// An answer for each row, as far as the fault of the call lets them through.
    Rows(Vec<RowReply>),
    /// The fault swallowed the answer, whatever was accepted.
    Nothing,
}

/// The envelope of a refused call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `ErrorCode`
    pub code: i64,
    /// `ErrorDescription`
    pub text: Cow<'static, str>,
    /// HTTP status.
    pub http: u16,
}

/// One row of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowReply {
    /// `MobileNumber` as it was sent.
    pub number: Box<str>,
    /// `MessageErrorCode`
    pub code: i64,
    /// `MessageErrorDescription` of a refusal.
    pub text: Cow<'static, str>,
    /// The id, if the row was accepted.
    pub message_id: Option<Arc<str>>,
    /// How the answer hides that id.
    pub hidden: Option<NoId>,
}

/// Why a row is refused: code and text.
pub(super) type RowRefusal = (i64, Cow<'static, str>);

impl Refusal {
    /// A refusal in the vendor's words.
    pub(crate) const fn of(code: i64) -> Self {
        Self { code, text: Cow::Borrowed(codes::text(code)), http: 200 }
    }
}

impl RowReply {
    /// A row that was refused.
    pub(super) fn refused(number: &str, (code, text): RowRefusal) -> Self {
        Self { number: number.into(), code, text, message_id: None, hidden: None }
    }
}
