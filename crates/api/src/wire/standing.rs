//! Why an account sends nothing, or not everything: stopped, or short of credit.

use salio_domain::outbox::Pause;
use salio_engine::{self as engine, store};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Amount, Moment};

/// Why sending has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PauseCause {
    /// A person stopped it: until a person resumes it.
    Person,
    /// The provider refused messages for lack of credit: until the balance has grown.
    OutOfCredit,
    /// The provider refused the credentials: until a person acts or the configuration changes.
    CredentialsRefused,
}

impl From<engine::PauseCause> for PauseCause {
    fn from(cause: engine::PauseCause) -> Self {
        match cause {
            engine::PauseCause::Person => Self::Person,
            engine::PauseCause::Provider(Pause::OutOfCredit) => Self::OutOfCredit,
            engine::PauseCause::Provider(Pause::CredentialsRefused) => Self::CredentialsRefused,
        }
    }
}

/// Nothing is sent for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Paused {
    /// Why.
    pub cause: PauseCause,
    /// Since when.
    pub since: Moment,
}

impl From<engine::Paused> for Paused {
    fn from(paused: engine::Paused) -> Self {
        Self { cause: paused.cause.into(), since: Moment(paused.since) }
    }
}

/// Messages wait because the credit does not cover the next one; they go by themselves after a top-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Held {
    /// Since when.
    pub since: Moment,
    /// What the next message takes.
    pub needed: Amount,
    /// What may be spent on it.
    pub available: Amount,
}

impl From<store::Held> for Held {
    fn from(held: store::Held) -> Self {
        Self { since: Moment(held.since), needed: Amount(held.needed), available: Amount(held.available) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_the_engines_own() {
        for cause in [engine::PauseCause::Person, engine::PauseCause::Provider(Pause::OutOfCredit), engine::PauseCause::Provider(Pause::CredentialsRefused)] {
            assert_eq!(serde_json::to_value(PauseCause::from(cause)).unwrap(), cause.as_str());
        }
    }
}
