//! Numbers that nobody may send to.

use salio_domain::{Msisdn, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Moment;

/// A number that nobody may send to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Stop {
    /// E.164 digits.
    #[schema(example = "254712345678")]
    pub number: String,
    /// Since when.
    pub since: Moment,
}

impl From<(Msisdn, Timestamp)> for Stop {
    fn from((number, since): (Msisdn, Timestamp)) -> Self {
        Self { number: number.to_string(), since: Moment(since) }
    }
}

/// The whole list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StopList {
    /// By number.
    pub numbers: Vec<Stop>,
}

/// Numbers to put on the list.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStops {
    /// As people write them; all or none are taken.
    pub numbers: Vec<String>,
}

/// Numbers that are on the list now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Stopped {
    /// E.164 digits, in the order of the request.
    pub numbers: Vec<String>,
}

/// A number that is off the list now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Unstopped {
    /// E.164 digits.
    pub number: String,
    /// Whether it was on the list.
    pub was_stopped: bool,
}
