//! Notices as one SMS of one segment: at most 160 septets of GSM 03.38, whatever the account's name or the figure.
//!
//! Written at length first, then shortened rung by rung: the level goes first, then the reason, the advised amount, and the ends of long names.
//! Account, figure, since when and what to do are on every rung.

use super::super::{Confirmation, Notice};
use super::About;
use super::facts::{brief, is_over};
use super::level::level;
use super::prose::lead;
use super::todo::todo_short;
use crate::segments::septets;

/// One segment.
const MOST: usize = 160;

/// How much of what is written; lengths in septets.
struct Rung {
    level: bool,
    amount: bool,
    reason: usize,
    account: usize,
    unit: usize,
}

/// What is shown of an instant.
const SINCE: usize = 24;

/// The last fits whatever comes. Longest are 21 (lead) + 2 + 16 (account) + 2 + 56 (messages without report) + 8 + 24 (since) + 2 + 25 (what to do) = 156,
/// and where a figure can be in doubt 21 + 2 + 16 + 2 + 40 + 8 + 24 + 24 (doubt) + 2 + 7 = 146.
const LADDER: [Rung; 7] = [
    Rung { level: true, amount: true, reason: 60, account: 64, unit: 12 },
    Rung { level: false, amount: true, reason: 60, account: 64, unit: 12 },
    Rung { level: false, amount: true, reason: 24, account: 64, unit: 12 },
    Rung { level: false, amount: true, reason: 24, account: 32, unit: 12 },
    Rung { level: false, amount: true, reason: 0, account: 32, unit: 12 },
    Rung { level: false, amount: false, reason: 0, account: 32, unit: 12 },
    Rung { level: false, amount: false, reason: 0, account: 16, unit: 6 },
];

/// An SMS of one segment.
#[must_use]
pub fn sms(notice: &Notice, about: &About<'_>) -> String {
    fitting(LADDER.iter().map(|rung| written(notice, about, rung)))
}

/// The first that fits one segment; the last is cut if it must be.
pub(super) fn fitting(candidates: impl Iterator<Item = String>) -> String {
    let mut last = String::new();
    for candidate in candidates {
        last = candidate;
        if length(&last) <= MOST {
            return last;
        }
    }
    gsm(&last, MOST)
}

fn written(notice: &Notice, about: &About<'_>, rung: &Rung) -> String {
    let unit = gsm(about.unit, rung.unit);
    let short = About { unit: &unit, ..*about };
    let level = level(notice, &short).filter(|_| rung.level && !is_over(notice)).map(|level| format!(" (level {level})")).unwrap_or_default();
    let since = gsm(&(about.local)(notice.since), SINCE);
    let since = if is_over(notice) { format!(". Alert since {since} is over") } else { format!(", since {since}") };
    let account = gsm(about.account, rung.account);
    format!("{}: {account}: {}{level}{since}{}. {}", lead(notice), brief(notice, &short), doubt(notice, rung.reason), todo_short(notice, &unit, rung.amount))
}

fn doubt(notice: &Notice, room: usize) -> String {
    match &notice.confirmation {
        Confirmation::Failed { .. } if room == 0 && !is_over(notice) => ", could not be confirmed".to_owned(),
        Confirmation::Failed { reason } if !is_over(notice) => format!(", could not be confirmed: {}", gsm(reason.trim_end_matches('.'), room)),
        _ => String::new(),
    }
}

fn length(text: &str) -> usize {
    text.chars().map(|character| septets(character).unwrap_or(1)).sum()
}

/// In characters that GSM 03.38 carries, at most `room` septets; what is cut ends in two points.
pub(super) fn gsm(text: &str, room: usize) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).map(|c| if septets(c).is_some() { c } else { '?' }).collect();
    if length(&plain) <= room {
        return plain;
    }
    let mut kept = String::new();
    let mut used = 2;
    for character in plain.chars() {
        used += septets(character).unwrap_or(1);
        if used > room {
            break;
        }
        kept.push(character);
    }
    kept + ".."
}
