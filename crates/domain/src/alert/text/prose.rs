//! Notices where there is room: e-mail, and the title and body of a chat.

use super::super::{Confirmation, Notice, NoticeKind, RuleKind};
use super::facts::{brief, is_over, sentence};
use super::level::level;
use super::todo::todo;
use super::{About, Chat, LONGEST_REASON, Mail, clean};

/// An e-mail.
#[must_use]
pub fn mail(notice: &Notice, about: &About<'_>) -> Mail {
    let mut paragraphs = vec![vec![sentence(notice, about), since(notice, about)]];
    paragraphs.extend(confirmation(notice).map(|line| vec![line]));
    paragraphs.push([Some(todo(notice, about)), plea(notice)].into_iter().flatten().collect());
    paragraphs.push(particulars(notice, about));
    let written: Vec<String> = paragraphs.into_iter().map(lines_of).collect();
    Mail { subject: title(notice, about), body: written.join("\n\n") + "\n" }
}

/// A text for a chat or a push message.
#[must_use]
pub fn chat(notice: &Notice, about: &About<'_>) -> Chat {
    let told = [Some(sentence(notice, about)), Some(since(notice, about)), confirmation(notice), Some(todo(notice, about)), plea(notice), about.link.map(ToOwned::to_owned)];
    Chat { title: title(notice, about), body: lines_of(told.into_iter().flatten()) }
}

fn lines_of(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().map(|line| clean(&line)).collect::<Vec<_>>().join("\n")
}

/// `Salio critical: onfon: balance 950.00 units (level 1,000.00 units)`.
pub(super) fn title(notice: &Notice, about: &About<'_>) -> String {
    let level = level(notice, about).map(|level| format!(" (level {level})")).unwrap_or_default();
    clean(&format!("{}: {}: {}{level}", lead(notice), about.account, brief(notice, about)))
}

/// What kind of word this is.
pub(super) fn lead(notice: &Notice) -> String {
    match notice.kind {
        NoticeKind::Fired => format!("Salio {}", notice.severity.as_str()),
        NoticeKind::Reminder => "Salio reminder".to_owned(),
        NoticeKind::Recovered => "Salio recovered".to_owned(),
        NoticeKind::Escalated => "Salio, unacknowledged".to_owned(),
    }
}

fn since(notice: &Notice, about: &About<'_>) -> String {
    let since = (about.local)(notice.since);
    if is_over(notice) { format!("It lasted from {since} to {}.", (about.local)(notice.at)) } else { format!("It has been so since {since}.") }
}

/// What a fresh figure said, when it is told first; that it said nothing, for as long as that is so.
pub(super) fn confirmation(notice: &Notice) -> Option<String> {
    match &notice.confirmation {
        _ if is_over(notice) => None,
        Confirmation::Confirmed if notice.kind == NoticeKind::Fired => Some("A fresh figure from the provider confirmed it.".to_owned()),
        Confirmation::NotNeeded | Confirmation::Confirmed => None,
        Confirmation::Failed { reason } => Some(format!("The figure could not be confirmed: {}.", clean(&cut(reason)))),
    }
}

fn cut(reason: &str) -> String {
    reason.trim_end_matches('.').chars().take(LONGEST_REASON).collect()
}

/// What the sender of a second word wants.
fn plea(notice: &Notice) -> Option<String> {
    match notice.kind {
        NoticeKind::Fired | NoticeKind::Recovered => None,
        NoticeKind::Reminder => Some(format!("This is reminder {}: acknowledge the alert to stop reminders.", notice.reminder)),
        NoticeKind::Escalated => Some("Nobody has acknowledged this alert: acknowledge it, or find who does.".to_owned()),
    }
}

fn particulars(notice: &Notice, about: &About<'_>) -> Vec<String> {
    let mut lines = vec![format!("Account: {}", about.account), format!("Rule: {} ({}, {})", notice.rule, notice.condition.kind().as_str(), notice.severity.as_str())];
    if notice.condition.kind() != RuleKind::BalanceBelow {
        lines.push(notice.seen.balance.map_or_else(|| "Balance: unknown".to_owned(), |units| format!("Balance: {}", about.amount(units))));
    }
    lines.extend(about.link.map(ToOwned::to_owned));
    lines
}
