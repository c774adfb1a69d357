//! Notices for programs: the data of a webhook. Units are decimal strings, times RFC 3339.

use serde::{Deserialize, Serialize};

use super::super::{Advice, Condition, Confirmation, Figure, Notice, NoticeKind, RuleKind, Severity};
use super::prose::{confirmation, title};
use super::todo::todo;
use super::{About, facts};
use crate::ids::AccountId;
use crate::time::Timestamp;
use crate::units::Units;

/// What a program is told of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertData {
    /// Why it is told.
    pub notice: NoticeKind,
    /// The slug of the rule.
    pub rule: String,
    /// What the rule watches.
    pub rule_kind: RuleKind,
    /// How urgent it is.
    pub severity: Severity,
    /// The account's slug.
    pub account: String,
    /// The account's id.
    pub account_id: AccountId,
    /// What the provider counts.
    pub unit: String,
    /// What was seen.
    pub figure: Figure,
    /// The level.
    pub condition: Condition,
    /// The shown balance.
    pub balance: Option<Units>,
    /// What to top up.
    pub advice: Option<Advice>,
    /// Which crossing of this rule and account.
    pub crossing: i64,
    /// Which reminder; 0 for what is not one.
    pub reminder: u32,
    /// Since when.
    pub since: Timestamp,
    /// When it was decided, or recovered.
    pub at: Timestamp,
    /// Whether a fresh figure confirmed it.
    pub confirmation: Confirmation,
    /// One line for people.
    pub title: String,
    /// Sentences for people.
    pub text: String,
    /// What to do, for people.
    pub what_to_do: String,
    /// Where somebody can act.
    pub link: Option<String>,
}

/// The data of a webhook.
#[must_use]
pub fn data(notice: &Notice, about: &About<'_>) -> AlertData {
    let text = [Some(facts::sentence(notice, about)), confirmation(notice)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    AlertData {
        notice: notice.kind,
        rule: notice.rule.clone(),
        rule_kind: notice.condition.kind(),
        severity: notice.severity,
        account: about.account.to_owned(),
        account_id: about.account_id,
        unit: about.unit.to_owned(),
        figure: notice.seen.figure,
        condition: notice.condition,
        balance: notice.seen.balance,
        advice: notice.seen.advice,
        crossing: notice.crossing,
        reminder: notice.reminder,
        since: notice.since,
        at: notice.at,
        confirmation: notice.confirmation.clone(),
        title: title(notice, about),
        text,
        what_to_do: todo(notice, about),
        link: about.link.map(ToOwned::to_owned),
    }
}
