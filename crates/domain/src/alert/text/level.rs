//! The level of a rule in words: `1,000.00 units`, `24 h`, `10 messages or 24 h`.

use super::super::place::{burn_level, drift_level};
use super::super::{Condition, Figure, Notice};
use super::About;
use super::span::{count, span};
use crate::units::Units;

/// The level; none where the rule has only yes and no.
pub(super) fn level(notice: &Notice, about: &About<'_>) -> Option<String> {
    let text = match (notice.condition, notice.seen.figure) {
        (Condition::BalanceBelow { level }, _) => about.amount(level),
        (Condition::DriftAbove { least, share }, figure) => about.amount(of_drift(least, share, &figure)),
        (Condition::BurnAbove { ratio, least }, figure) => format!("{} an hour", about.amount(of_burn(ratio, least, &figure))),
        (Condition::ProviderFailing { failures }, _) => count(failures.into(), "failure"),
        (Condition::UnknownWaiting { count: number, level_ms }, _) => {
            let parts: Vec<String> = number.map(|number| count(number, "message")).into_iter().chain(level_ms.map(span)).collect();
            parts.join(" or ")
        }
        (Condition::RunwayBelow { level_ms } | Condition::NoObservation { level_ms } | Condition::MessagesStuck { level_ms } | Condition::ReportSilence { level_ms }, _) => {
            span(level_ms)
        }
        (Condition::CredentialsRefused, _) => return None,
    };
    Some(text)
}

fn of_drift(least: Units, share: i64, figure: &Figure) -> Units {
    let charges = if let Figure::Drift { charges, .. } = figure { *charges } else { Units::ZERO };
    narrow(drift_level(least, share, charges))
}

fn of_burn(ratio: i64, least: Units, figure: &Figure) -> Units {
    let usual = if let Figure::Burn { usual, .. } = figure { *usual } else { Units::ZERO };
    narrow(burn_level(ratio, least, usual))
}

fn narrow(micros: i128) -> Units {
    Units::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}
