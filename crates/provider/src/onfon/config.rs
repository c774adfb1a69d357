//! What one Onfon account needs, checked when the driver is made.
//!
//! Knows nothing of: where settings come from, HTTP.

use std::time::Duration;

use crate::Secret;
use crate::http::SetupError;

/// Where the access key goes, when there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccessKeyIn {
    /// In the `AccessKey` header.
    #[default]
    Header,
    /// In the body of `SendBulkSMS`. `Balance` has no body, so there it goes in the header.
    Body,
    /// In both.
    Both,
}

impl AccessKeyIn {
    /// The setting's word, if it is one: `header`, `body`, `both`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "header" => Some(Self::Header),
            "body" => Some(Self::Body),
            "both" => Some(Self::Both),
            _ => None,
        }
    }

    /// The setting's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Body => "body",
            Self::Both => "both",
        }
    }

    pub(super) const fn in_header(self) -> bool {
        matches!(self, Self::Header | Self::Both)
    }

    pub(super) const fn in_body(self) -> bool {
        matches!(self, Self::Body | Self::Both)
    }
}

/// One account at Onfon.
#[derive(Clone, Debug)]
pub struct OnfonConfig {
    /// The base (`https://api.onfonmedia.co.ke`), with or without a prefix, `…/v1/sms`, or the full `…/v1/sms/SendBulkSMS`: all mean the same.
    pub api_url: String,
    /// The API key.
    pub api_key: Secret,
    /// The client id: a GUID on older accounts, a word on newer ones.
    pub client_id: Secret,
    /// The access key, for accounts that need one.
    pub access_key: Option<Secret>,
    /// Where the access key goes.
    pub access_key_in: AccessKeyIn,
    /// How long a balance question may take, everything included.
    pub balance_timeout: Duration,
    /// How long a submission may take, everything included.
    pub submit_timeout: Duration,
}

/// Why there is no driver. Names the setting; never shows a value.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A setting that is needed is blank.
    #[error("{0} is blank")]
    Blank(&'static str),
    /// The address is none.
    #[error("api_url {0}")]
    Url(#[from] UrlFault),
    /// The access key cannot stand in a header.
    #[error("access_key holds characters that an HTTP header cannot carry")]
    AccessKey,
    /// A time limit of nothing.
    #[error("{0} must be longer than nothing")]
    Timeout(&'static str),
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Http(#[from] SetupError),
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    /// Cannot be read as a URL.
    #[error("is not a URL such as https://api.onfonmedia.co.ke")]
    Unreadable,
    /// Neither http nor https.
    #[error("must begin with https:// (or http:// for a simulator)")]
    Scheme,
    /// Holds a user name, a password, a query or a fragment, where a secret could hide.
    #[error("must hold neither a user name nor a query; keys have settings of their own")]
    Extras,
}

impl ConfigError {
    /// The setting to change, if one is to blame.
    #[must_use]
    pub const fn key(&self) -> Option<&'static str> {
        match self {
            Self::Blank(key) | Self::Timeout(key) => Some(key),
            Self::Url(_) => Some("api_url"),
            Self::AccessKey => Some("access_key"),
            Self::Http(_) => None,
        }
    }
}

impl OnfonConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let blank = |secret: &Secret| secret.expose().trim().is_empty();
        if blank(&self.api_key) {
            return Err(ConfigError::Blank("api_key"));
        }
        if blank(&self.client_id) {
            return Err(ConfigError::Blank("client_id"));
        }
        if self.access_key.as_ref().is_some_and(blank) {
            return Err(ConfigError::Blank("access_key"));
        }
        if self.balance_timeout.is_zero() {
            return Err(ConfigError::Timeout("balance.timeout"));
        }
        if self.submit_timeout.is_zero() {
            return Err(ConfigError::Timeout("timeout"));
        }
        Ok(())
    }
}
