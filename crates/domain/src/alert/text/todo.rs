//! What to do, as an order somebody can follow: at length, and in the few words that an SMS has room for.

use super::super::{Advice, Notice, RuleKind};
use super::About;
use super::facts::is_over;

/// What to do when it is over.
pub(super) const NOTHING: &str = "Carry on: nothing needs to be done.";
const NOTHING_SHORT: &str = "Carry on.";

/// What to do, in a sentence or two.
pub(super) fn todo(notice: &Notice, about: &About<'_>) -> String {
    if is_over(notice) {
        return NOTHING.to_owned();
    }
    let text = match notice.condition.kind() {
        RuleKind::BalanceBelow | RuleKind::RunwayBelow => return notice.seen.advice.map_or_else(|| "Top up the account.".to_owned(), |advice| top_up(&advice, about)),
        RuleKind::DriftAbove => "Check who else uses the key of this account; if nobody should, change the key at the provider. Then explain the amount on the account's page.",
        RuleKind::NoObservation => "Check the connection to the provider, and press sync on the account's card.",
        RuleKind::ProviderFailing => "Check the provider's service and the connection to it with `salio doctor`.",
        RuleKind::CredentialsRefused => "Check the key and the client id in the configuration, and press sync on the account's card.",
        RuleKind::BurnAbove => "Check what is being sent, and pause the batch or the account if it is not meant.",
        RuleKind::MessagesStuck => "Check the account's card for what holds them up, and whether the provider takes messages.",
        RuleKind::UnknownWaiting => "Settle them on the page of messages: sent, not sent, or send again.",
        RuleKind::ReportSilence => "Check at the provider that delivery reports go to this server's address.",
    };
    text.to_owned()
}

fn top_up(advice: &Advice, about: &About<'_>) -> String {
    let by = advice.by.map(|by| format!(" by {}", (about.local)(by))).unwrap_or_default();
    let days = match advice.days {
        None => String::new(),
        Some(1) => ": that lasts 1 day".to_owned(),
        Some(days) => format!(": that lasts {days} days"),
    };
    format!("Top up {}{by}{days}.", about.amount(advice.units))
}

/// What to do, in at most 28 characters where no amount is advised. `with_amount`: names the amount advised, in `unit`.
pub(super) fn todo_short(notice: &Notice, unit: &str, with_amount: bool) -> String {
    if is_over(notice) {
        return NOTHING_SHORT.to_owned();
    }
    let text = match notice.condition.kind() {
        RuleKind::BalanceBelow | RuleKind::RunwayBelow => match notice.seen.advice.filter(|_| with_amount) {
            Some(advice) => return format!("Top up {}.", super::amount(advice.units, unit)),
            None => "Top up.",
        },
        RuleKind::DriftAbove => "Check who else uses the key.",
        RuleKind::NoObservation => "Check the connection.",
        RuleKind::ProviderFailing => "Check the provider.",
        RuleKind::CredentialsRefused => "Check the key.",
        RuleKind::BurnAbove => "Check what is being sent.",
        RuleKind::MessagesStuck => "Check what holds them up.",
        RuleKind::UnknownWaiting => "Settle them.",
        RuleKind::ReportSilence => "Check the report address.",
    };
    text.to_owned()
}
