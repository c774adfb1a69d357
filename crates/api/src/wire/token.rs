//! Keys that Salio issues to programs. Their secrets are shown once, when they are made.

use salio_engine::ShownKey;
use salio_engine::store::TokenRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Moment;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The drop-in endpoint under `/v1/sms`.
    DropIn,
}

impl Scope {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DropIn => "drop-in",
        }
    }
}

/// How a program is told the balance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CreditsFormat {
    /// `KSh11376.5000`
    #[default]
    Ksh,
    /// `11376.50`, for programs that cast.
    Plain,
}

impl CreditsFormat {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ksh => "ksh",
            Self::Plain => "plain",
        }
    }
}

/// A key to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What a person calls it: 1 to 64 visible characters, unique among living keys.
    #[schema(example = "shop")]
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// Whose credit it spends: slug or id; needed only with several accounts and no default.
    #[serde(default)]
    pub account: Option<String>,
    /// How the program is told the balance; `ksh` without it.
    #[serde(default)]
    pub credits_format: Option<CreditsFormat>,
    /// Where delivery reports of its messages go: http or https, without a user.
    #[serde(default)]
    #[schema(example = "https://shop.example.com/dlr")]
    pub dlr_url: Option<String>,
}

/// A key, without its secrets.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// What a person called it.
    pub name: String,
    /// What it may do.
    #[schema(example = "drop-in")]
    pub scope: String,
    /// The slug of the account whose credit it spends.
    pub account: String,
    /// The client id, which is no secret.
    pub client_id: String,
    /// How the program is told the balance.
    #[schema(example = "ksh")]
    pub credits_format: String,
    /// Where delivery reports of its messages go.
    pub dlr_url: Option<String>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was used last, to the minute.
    pub last_used_at: Option<Moment>,
    /// When it was taken back; null while it lives.
    pub revoked_at: Option<Moment>,
}

impl Token {
    pub(crate) fn of(row: TokenRow, account: String) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            scope: row.scope,
            account,
            client_id: row.client_id,
            credits_format: row.credits_format,
            dlr_url: row.dlr_url,
            created_at: Moment(row.created_at),
            last_used_at: row.last_used_at.map(Moment),
            revoked_at: row.revoked_at.map(Moment),
        }
    }
}

/// A new key with its secrets, which are shown this once.
#[derive(Clone, Serialize, ToSchema)]
pub struct CreatedToken {
    /// The key.
    #[serde(flatten)]
    pub token: Token,
    /// The secret.
    pub api_key: String,
    /// The second secret, which a program may leave out.
    pub access_key: String,
}

impl CreatedToken {
    pub(crate) fn of(shown: ShownKey, account: String) -> Self {
        Self { token: Token::of(shown.row, account), api_key: shown.api_key, access_key: shown.access_key }
    }
}

/// All keys.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Tokens {
    /// Oldest first; revoked ones too.
    pub tokens: Vec<Token>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_that_are_kept() {
        assert_eq!(serde_json::to_value(Scope::DropIn).unwrap(), Scope::DropIn.as_str());
        for format in [CreditsFormat::Ksh, CreditsFormat::Plain] {
            assert_eq!(serde_json::to_value(format).unwrap(), format.as_str());
        }
    }
}
