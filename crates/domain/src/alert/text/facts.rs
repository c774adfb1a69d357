//! What is the matter, shortly and as a sentence, while it lasts and when it is over.

use super::super::{ENDLESS, Figure, Notice, NoticeKind};
use super::About;
use super::level::level;
use super::span::{count, span};
use crate::units::Units;

/// The figure in a few words: `balance 950.00 units`.
pub(super) fn brief(notice: &Notice, about: &About<'_>) -> String {
    match notice.seen.figure {
        Figure::Balance { units } => format!("balance {}", about.amount(units)),
        Figure::Runway { left_ms: ENDLESS } => "credit lasts with no end in sight".to_owned(),
        Figure::Runway { left_ms } => format!("credit lasts {}", span(left_ms)),
        Figure::Drift { units, .. } => format!("{} unexplained in 24 h", about.amount(units)),
        Figure::NoFigure { for_ms } if is_over(notice) => format!("figure {} old", span(for_ms)),
        Figure::NoFigure { for_ms } => format!("no figure for {}", span(for_ms)),
        Figure::Failures { in_a_row } => format!("provider gave {} in a row", count(in_a_row.into(), "failure")),
        Figure::Key { refused } => format!("key {}, {}", if refused { "refused" } else { "accepted" }, balance(notice, about)),
        Figure::Burn { per_hour, .. } => format!("burns {} an hour", about.amount(per_hour)),
        Figure::Stuck { messages: 0, .. } => "0 messages stuck".to_owned(),
        Figure::Stuck { messages, for_ms } => format!("{} stuck, oldest {}", count(messages, "message"), span(for_ms)),
        Figure::Doubt { messages: 0, .. } => "0 messages in doubt".to_owned(),
        Figure::Doubt { messages, for_ms } => format!("{} in doubt, oldest {}", count(messages, "message"), span(for_ms)),
        Figure::Silence { messages, for_ms } => format!("{} without report, oldest {}", count(messages, "message"), span(for_ms)),
    }
}

/// The balance beside the figure: `balance 950.00 units`, or that none is known.
fn balance(notice: &Notice, about: &About<'_>) -> String {
    notice.seen.balance.map_or_else(|| "balance unknown".to_owned(), |units| format!("balance {}", about.amount(units)))
}

/// One sentence: what is the matter with which account, and the level.
pub(super) fn sentence(notice: &Notice, about: &About<'_>) -> String {
    let level = level(notice, about).unwrap_or_default();
    if is_over(notice) { over(notice, about, &level) } else { firing(notice, about, &level) }
}

pub(super) fn is_over(notice: &Notice) -> bool {
    notice.kind == NoticeKind::Recovered
}

fn firing(notice: &Notice, about: &About<'_>, level: &str) -> String {
    let account = about.account;
    match notice.seen.figure {
        Figure::Balance { units } => format!("The balance of account {account} is {}, at or below the level of {level}.", about.amount(units)),
        Figure::Runway { left_ms } => format!("The credit of account {account} lasts about {} at the present burn, not longer than {level}.", span(left_ms)),
        Figure::Drift { units, .. } => format!("From account {account} {} went in the last 24 h that nothing known explains; the level is {level}.", about.amount(units)),
        Figure::NoFigure { for_ms } => format!("The provider has said no figure for account {account} for {}; the level is {level}.", span(for_ms)),
        Figure::Failures { in_a_row } => format!("Asking the provider about account {account} brought {} in a row; the level is {level}.", count(in_a_row.into(), "failure")),
        Figure::Key { .. } => format!("The provider refuses the key of account {account}, so nothing is asked or sent by itself; {}.", balance(notice, about)),
        Figure::Burn { per_hour, usual } => format!("Account {account} burns {} an hour{}; the level is {level}.", about.amount(per_hour), against(per_hour, usual, about)),
        Figure::Stuck { messages, for_ms } => {
            format!("{} of account {account} should have left; the oldest has waited for {}; the level is {level}.", count(messages, "message"), span(for_ms))
        }
        Figure::Doubt { messages, for_ms } => {
            format!("{} of account {account} may have arrived or not; the oldest has been in doubt for {}; the level is {level}.", count(messages, "message"), span(for_ms))
        }
        Figure::Silence { messages, for_ms } => {
            format!("{} of account {account} went out and no delivery report has come, the first of them {} ago; the level is {level}.", count(messages, "message"), span(for_ms))
        }
    }
}

fn over(notice: &Notice, about: &About<'_>, level: &str) -> String {
    let account = about.account;
    match notice.seen.figure {
        Figure::Balance { units } => format!("The balance of account {account} is {}, above the level of {level} again.", about.amount(units)),
        Figure::Runway { left_ms: ENDLESS } => format!("The credit of account {account} lasts with no end in sight, longer than {level} again."),
        Figure::Runway { left_ms } => format!("The credit of account {account} lasts about {} at the present burn, longer than {level} again.", span(left_ms)),
        Figure::Drift { units, .. } => format!("What nothing known explains of account {account} is {} in the last 24 h, below the level of {level} again.", about.amount(units)),
        Figure::NoFigure { for_ms } => format!("The provider says figures for account {account} again; the last is {} old.", span(for_ms)),
        Figure::Failures { in_a_row } => format!("The provider answers about account {account} again: {} in a row.", count(in_a_row.into(), "failure")),
        Figure::Key { .. } => format!("The provider accepts the key of account {account} again; {}.", balance(notice, about)),
        Figure::Burn { per_hour, .. } => format!("Account {account} burns {} an hour, below the level of {level} again.", about.amount(per_hour)),
        Figure::Stuck { messages: 0, .. } => format!("Messages of account {account} leave again: 0 messages are late."),
        Figure::Stuck { messages, for_ms } => {
            format!("Messages of account {account} leave again: {} late, the oldest by {}; the level is {level}.", count(messages, "message"), span(for_ms))
        }
        Figure::Doubt { messages, .. } => format!("{} of account {account} left in doubt; the level is {level}.", count(messages, "message")),
        Figure::Silence { messages, .. } => format!("Delivery reports for account {account} come again, with {} still waiting for one.", count(messages, "message")),
    }
}

/// `, 3.2 times the usual 37.50 units`; nothing where nothing is usual.
fn against(per_hour: Units, usual: Units, about: &About<'_>) -> String {
    if usual <= Units::ZERO {
        return String::new();
    }
    let tenths = i128::from(per_hour.micros()) * 10 / i128::from(usual.micros());
    format!(", {}.{} times the usual {}", tenths / 10, tenths % 10, about.amount(usual))
}
