//! Problems (RFC 9457): what is wrong, by a stable code, in our own words.
//!
//! Never holds SQL, a path, a key or a provider's raw text: details are our own words, or what the caller sent.

mod codes;
mod from;

use std::borrow::Cow;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

pub use codes::Code;
pub(crate) use from::{conflict, none_valid, sentence, short};

const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A problem on its way out. Boxed: it is rare, and what could have been it is moved all the time.
#[derive(Clone, Debug)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    code: Code,
    /// A driver may know more words than the table.
    word: Cow<'static, str>,
    status: u16,
    detail: String,
    more: Map<String, Value>,
    retry_after: Option<u64>,
}

#[derive(Serialize)]
struct Written<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    code: &'a str,
    detail: &'a str,
    #[serde(flatten)]
    more: &'a Map<String, Value>,
}

impl Problem {
    /// A problem with its usual status.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts { code, word: Cow::Borrowed(code.as_str()), status: code.status(), detail: detail.into(), more: Map::new(), retry_after: None }))
    }

    /// With another status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.0.status = status;
        self
    }

    /// With one more member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.0.more.insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
        self
    }

    fn word(mut self, word: impl Into<Cow<'static, str>>) -> Self {
        self.0.word = word.into();
        self
    }

    fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Status, detail and seconds to wait, for answers in another form.
    pub(crate) fn parts(&self) -> (u16, &str, Option<u64>) {
        (self.0.status, &self.0.detail, self.0.retry_after)
    }

    /// What is wrong with an account in the address.
    pub(crate) fn unknown_account(word: &str) -> Self {
        Self::new(Code::UnknownAccount, format!("There is no account {word:?}. GET /api/v1/accounts lists them."))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Parts { code, word, status, detail, more, retry_after } = *self.0;
        let written = Written { r#type: format!("/docs/errors/{}", code.as_str()), title: code.title(), status, code: &word, detail: &detail, more: &more };
        let mut response = Response::new(Body::from(serde_json::to_vec(&written).unwrap_or_default()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, PROBLEM_JSON);
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
