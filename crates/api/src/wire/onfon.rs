//! The answer of the previous system's route: the one place where a balance is a JSON number.
//!
//! The number is the exact decimal text put into the JSON as it stands; no float is made of it.

use salio_domain::Units;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// What the previous system answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnfonRefresh {
    /// Whether the provider said a figure.
    pub success: bool,
    /// The figure, or the last known one; null when there is none.
    #[schema(value_type = Option<f64>, example = json!(11376.50))]
    pub balance: Option<Box<RawValue>>,
    /// The same as on screen.
    #[schema(example = "11,376.50 units")]
    pub formatted: Option<String>,
    /// For people.
    #[schema(example = "Balance updated: 11,376.50 units")]
    pub message: String,
}

/// The exact digits as a JSON number.
pub(crate) fn number(units: Units) -> Option<Box<RawValue>> {
    RawValue::from_string(units.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_stay_as_they_are() {
        for (micros, text) in [(11_376_500_000, "11376.50"), (0, "0.00"), (-1_500_000, "-1.50"), (1, "0.000001"), (i64::MAX, "9223372036854.775807")] {
            assert_eq!(number(Units::from_micros(micros)).unwrap().get(), text);
        }
    }
}
