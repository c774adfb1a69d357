//! Whose call it is: the key that Salio issued, with its client id; an access key in the header, the body or the query, or none.

use axum::http::HeaderMap;
use salio_engine::store::TokenRow;
use salio_engine::{Engine, KeyError};

use super::answer::{Code, Failed, failed};

const ACCESS_KEY: &str = "accesskey";

/// What a call shows.
#[derive(Clone, Default)]
pub(super) struct Shown {
    pub api_key: String,
    pub client_id: String,
    pub access_key: Option<String>,
}

impl Shown {
    /// A header wins over what stands in body or query.
    pub(super) fn with_header(mut self, headers: &HeaderMap) -> Self {
        let header = headers.get(ACCESS_KEY).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        self.access_key = header.or(self.access_key).filter(|key| !key.is_empty());
        self
    }
}

/// The key, when it is one of ours.
pub(super) async fn key(engine: &Engine, shown: &Shown) -> Result<TokenRow, Failed> {
    if shown.client_id.is_empty() {
        return Err(failed(Code::BlankClient, "ClientId is blank"));
    }
    if shown.api_key.is_empty() {
        return Err(failed(Code::BlankKey, "ApiKey is blank"));
    }
    let key = engine.keys().check(&shown.api_key, &shown.client_id, shown.access_key.as_deref()).map_err(|error| match error {
        KeyError::Unknown => failed(Code::Credentials, "Invalid API credentials"),
        KeyError::AccessKey => failed(Code::NotAuthorised, "API access is not authorised"),
    })?;
    engine.key_used(&key).await;
    Ok(key)
}
