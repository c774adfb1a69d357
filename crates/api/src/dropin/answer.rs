//! What programs are answered: Onfon's envelope with integer codes, and data that is always a list.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use crate::text;

/// Onfon's codes, as far as they are answered here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// Done.
    Success,
    /// `ClientId` is blank.
    BlankClient,
    /// `ApiKey` is blank.
    BlankKey,
    /// No sender.
    NoSender,
    /// No text.
    NoText,
    /// No rows.
    NoRows,
    /// Nothing was accepted for a reason on our side.
    Server,
    /// Unknown key or client.
    Credentials,
    /// The account of the key is no longer configured.
    Inactive,
    /// Wrong access key.
    NotAuthorised,
    /// Too long a text.
    TextTooLong,
    /// A number that cannot exist, or that nobody may send to.
    Number,
    /// A sender that cannot be.
    Sender,
    /// An unreadable date.
    Schedule,
    /// A text or a number that cannot be sent.
    TextOrNumber,
    /// The balance does not cover it.
    NoCredit,
    /// A body that is no JSON object, or names no message.
    Parameter,
    /// No such message.
    NotFound,
}

impl Code {
    pub(super) const fn number(self) -> i32 {
        match self {
            Self::Success => 0,
            Self::BlankClient => 1,
            Self::BlankKey => 2,
            Self::NoSender => 3,
            Self::NoText => 4,
            Self::NoRows => 5,
            Self::Server => 6,
            Self::Credentials => 7,
            Self::Inactive => 8,
            Self::NotAuthorised => 10,
            Self::TextTooLong => 12,
            Self::Number => 13,
            Self::Sender => 15,
            Self::Schedule => 19,
            Self::TextOrNumber => 20,
            Self::NoCredit => 21,
            Self::Parameter => 25,
            Self::NotFound => 29,
        }
    }
}

/// A call that was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub code: Code,
    pub description: String,
    /// 200, as Onfon answers, but for what no service has seen.
    pub status: StatusCode,
}

pub(super) fn failed(code: Code, description: impl Into<String>) -> Failed {
    Failed { code, description: description.into(), status: StatusCode::OK }
}

impl Failed {
    pub(super) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'a, T> {
    error_code: i32,
    error_description: &'a str,
    data: T,
}

/// One message of a send call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SentRow {
    pub message_error_code: i32,
    pub message_error_description: String,
    pub mobile_number: String,
    pub message_id: String,
    pub custom: &'static str,
}

/// What is left.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BalanceRow {
    pub plugin_type: &'static str,
    pub credits: String,
}

/// One row of the sent-list shape.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedRow {
    pub mobile_number: String,
    pub sender_id: String,
    pub message: String,
    pub submit_date: String,
    pub done_date: String,
    pub message_id: String,
    pub status: &'static str,
}

const SUCCESS: &str = "Success";

/// The text of an accepted call.
pub(super) fn accepted_text<T: Serialize>(data: &[T]) -> String {
    serde_json::to_string(&Envelope { error_code: Code::Success.number(), error_description: SUCCESS, data }).unwrap_or_default()
}

/// The row of an accepted message.
pub(super) fn sent(number: &str, id: String) -> SentRow {
    SentRow { message_error_code: Code::Success.number(), message_error_description: SUCCESS.to_owned(), mobile_number: number.to_owned(), message_id: id, custom: "" }
}

/// The row of a refused one.
pub(super) fn refused(number: &str, code: Code, description: &str) -> SentRow {
    SentRow { message_error_code: code.number(), message_error_description: description.to_owned(), mobile_number: number.to_owned(), message_id: String::new(), custom: "" }
}

/// In the envelope, whatever happened.
pub(super) fn answer(told: Result<String, Failed>) -> Response {
    match told {
        Ok(accepted) => text::raw(StatusCode::OK, accepted),
        Err(failed) => {
            let data: [SentRow; 0] = [];
            let envelope = Envelope { error_code: failed.code.number(), error_description: &failed.description, data };
            text::raw(failed.status, serde_json::to_string(&envelope).unwrap_or_default())
        }
    }
}
