//! What handlers take out of an address: accounts, messages and parameters, each refused as a problem.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use salio_domain::{AccountId, MessageId};
use serde::de::DeserializeOwned;

use crate::problem::{Code, Problem, sentence};
use crate::state::ApiState;

/// The account named in the path, by id or slug.
pub(crate) struct InPath(pub AccountId);

impl FromRequestParts<ApiState> for InPath {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let word = word(parts, state).await?;
        state.engine().find(&word).map(Self).ok_or_else(|| Problem::unknown_account(&word))
    }
}

/// The message named in the path.
pub(crate) struct MessageInPath(pub MessageId);

impl FromRequestParts<ApiState> for MessageInPath {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let word = word(parts, state).await?;
        word.parse().map(Self).map_err(|_| Problem::new(Code::UnknownMessage, "There is no such message: an id looks like msg_ and 13 letters or digits."))
    }
}

async fn word(parts: &mut Parts, state: &ApiState) -> Result<String, Problem> {
    let path = Path::<String>::from_request_parts(parts, state).await;
    path.map(|Path(word)| word).map_err(|_| Problem::new(Code::NotFound, "There is nothing here."))
}

/// The parameters of the address; unknown ones are refused.
pub(crate) struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<ApiState> for Params<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        Query::try_from_uri(&parts.uri).map(|Query(params)| Self(params)).map_err(|refused| {
            let text = std::error::Error::source(&refused).map_or_else(|| refused.body_text(), ToString::to_string);
            Problem::new(Code::InvalidParameter, sentence(&text))
        })
    }
}

/// A parameter that cannot be used.
pub(crate) fn wrong(parameter: &str, detail: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidParameter, detail).with("parameter", parameter)
}

/// How many rows are wanted.
pub(crate) fn limit(asked: Option<usize>, most: usize) -> Result<usize, Problem> {
    const USUAL: usize = 50;
    match asked.unwrap_or(USUAL) {
        limit if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(wrong("limit", format!("\"limit\" goes from 1 to {most}."))),
    }
}
