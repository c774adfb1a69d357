//! What a notice says on each kind of channel: [`mail`], [`sms`], [`chat`] and the [`data`] of a webhook; and what a [`Drill`] says.
//!
//! Every text names the account, the figure with its unit, since when, and what to do. Plain text: escaping and markup are the channel's own.
//! Knows no time zone: instants become text through a function that comes in.

mod data;
mod drill;
mod facts;
mod level;
mod prose;
mod short;
mod span;
mod todo;

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;
use crate::time::Timestamp;
use crate::units::Units;

pub use data::{AlertData, data};
pub use drill::{Drill, DrillData, DrillKind, DrillSubject};
pub use prose::{chat, mail};
pub use short::sms;
pub use span::span;

/// Longer reasons are cut: they come from outside.
const LONGEST_REASON: usize = 200;

/// What a notice is about, and how instants are written.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// The account's id.
    pub account_id: AccountId,
    /// The account's slug.
    pub account: &'a str,
    /// What the provider counts: `units`, `KES`.
    pub unit: &'a str,
    /// An instant in local time: `18 Nov 2026, 14:06`. Short ones suit an SMS: it shows 24 characters at most.
    pub local: &'a dyn Fn(Timestamp) -> String,
    /// Where somebody can act: the address of the page of alerts.
    pub link: Option<&'a str>,
}

impl About<'_> {
    fn amount(&self, units: Units) -> String {
        amount(units, self.unit)
    }
}

/// An e-mail, plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// One line.
    pub subject: String,
    /// Lines that end in `\n`.
    pub body: String,
}

/// A text for a chat or a push message, plain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// One line.
    pub title: String,
    /// A few lines.
    pub body: String,
}

fn amount(units: Units, unit: &str) -> String {
    clean(&format!("{} {unit}", units.grouped()))
}

/// One line: what comes from outside must not break out of a subject or a header.
fn clean(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests;
