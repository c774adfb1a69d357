//! Who may use the simulated account. Must not know HTTP: the values arrive already read from body, query and header.

use std::fmt;

use serde::Deserialize;

/// The vendor's code for a wrong key or client id (007).
pub const BAD_CREDENTIALS: i64 = 7;
/// The vendor's code for missing API access (010), used here for a missing or wrong access key.
pub const NO_API_ACCESS: i64 = 10;

/// Where the access key must be, if anywhere: accounts differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessKeyRequired {
    /// Not looked at.
    #[default]
    None,
    /// In the `AccessKey` header.
    Header,
    /// In the JSON body; calls without a body may carry it in the query, and need not.
    Body,
    /// In either place.
    Either,
}

/// What a caller must present.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Credentials {
    /// `ApiKey`.
    pub api_key: String,
    /// `ClientId`.
    pub client_id: String,
    /// `AccessKey`, when the account has one.
    pub access_key: Option<String>,
    /// Where it is demanded.
    pub access_key_required: AccessKeyRequired,
}

impl Default for Credentials {
    fn default() -> Self {
        Self { api_key: "made-up-key".to_owned(), client_id: "made-up-client".to_owned(), access_key: None, access_key_required: AccessKeyRequired::None }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Credentials(…)")
    }
}

/// What a call presented.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Login {
    /// `ApiKey` from body or query.
    pub api_key: Option<String>,
    /// `ClientId` from body or query.
    pub client_id: Option<String>,
    /// `AccessKey` from the header.
    pub header: Option<String>,
    /// `AccessKey` from the body (or the query of a call that has no body).
    pub body: Option<String>,
    /// Whether this call has a body at all.
    pub has_body: bool,
}

impl fmt::Debug for Login {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Login(…)")
    }
}

impl Credentials {
    /// The login that this account accepts, for tests and for simulations without sockets.
    #[must_use]
    pub fn login(&self) -> Login {
        Login { api_key: Some(self.api_key.clone()), client_id: Some(self.client_id.clone()), header: self.access_key.clone(), body: self.access_key.clone(), has_body: true }
    }

    /// Refuses a wrong login with the vendor's code.
    pub(crate) fn check(&self, login: &Login) -> Result<(), i64> {
        if login.api_key.as_ref() != Some(&self.api_key) || login.client_id.as_ref() != Some(&self.client_id) {
            return Err(BAD_CREDENTIALS);
        }
        if self.access_allowed(login) { Ok(()) } else { Err(NO_API_ACCESS) }
    }

    fn access_allowed(&self, login: &Login) -> bool {
        let Some(key) = self.access_key.as_ref() else { return self.access_key_required == AccessKeyRequired::None };
        let header = login.header.as_ref() == Some(key);
        let body = login.body.as_ref() == Some(key);
        match self.access_key_required {
            AccessKeyRequired::None => true,
            AccessKeyRequired::Header => header,
            AccessKeyRequired::Body => body || (!login.has_body && login.body.is_none()),
            AccessKeyRequired::Either => header || body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_access_key_is_demanded_where_it_is_demanded() {
        use AccessKeyRequired::{Body, Either, Header, None};
        for (required, header, body, has_body, allowed) in [
            (None, false, false, true, true),
            (Header, true, false, true, true),
            (Header, false, true, true, false),
            (Body, false, true, true, true),
            (Body, true, false, true, false),
            (Body, false, false, false, true),
            (Either, true, false, true, true),
            (Either, false, true, true, true),
            (Either, false, false, true, false),
        ] {
            let key = "made-up-access".to_owned();
            let credentials = Credentials { access_key: Some(key.clone()), access_key_required: required, ..Credentials::default() };
            let login = Login { header: header.then(|| key.clone()), body: body.then(|| key.clone()), has_body, ..credentials.login() };
            assert_eq!(credentials.check(&login).is_ok(), allowed, "{required:?} {header} {body} {has_body}");
        }
    }

    #[test]
    fn wrong_keys_are_code_7_and_never_printed() {
        let credentials = Credentials::default();
        let login = Login { api_key: Some("made-up-other".to_owned()), ..credentials.login() };
        assert_eq!(credentials.check(&login), Err(BAD_CREDENTIALS));
        assert!(!format!("{credentials:?} {login:?}").contains("made-up"));
    }
}
