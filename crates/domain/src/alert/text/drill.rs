//! Drills: a test of a channel that somebody pressed, and the weekly rehearsal. They say what a real alert would, and that they are none.

use serde::{Deserialize, Serialize};

use super::short::{fitting, gsm};
use super::{Chat, Mail, amount, clean};
use crate::ids::AccountId;
use crate::time::Timestamp;
use crate::units::Units;
use crate::words::words;

words! {
    /// Why a drill is told.
    DrillKind {
        /// Somebody pressed "Test this channel".
        Test = "test",
        /// The weekly rehearsal.
        Rehearsal = "rehearsal",
    }
}

/// An account to show in a drill, so that a real figure is seen to arrive.
#[derive(Clone, Copy, Debug)]
pub struct DrillSubject<'a> {
    /// Its id.
    pub account_id: AccountId,
    /// Its slug.
    pub account: &'a str,
    /// What the provider counts.
    pub unit: &'a str,
    /// The shown balance.
    pub balance: Option<Units>,
    /// When that figure was said.
    pub since: Option<Timestamp>,
}

/// A drill of one channel.
#[derive(Clone, Copy)]
pub struct Drill<'a> {
    /// Why.
    pub kind: DrillKind,
    /// The channel's name.
    pub channel: &'a str,
    /// When.
    pub at: Timestamp,
    /// The account that it shows; none while there is no account.
    pub subject: Option<DrillSubject<'a>>,
    /// An instant in local time.
    pub local: &'a dyn Fn(Timestamp) -> String,
    /// The address of the page of alerts.
    pub link: Option<&'a str>,
}

/// What a program is told of a drill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillData {
    /// Why.
    pub notice: DrillKind,
    /// The channel's name.
    pub channel: String,
    /// When.
    pub at: Timestamp,
    /// The account's slug.
    pub account: Option<String>,
    /// The account's id.
    pub account_id: Option<AccountId>,
    /// What the provider counts.
    pub unit: Option<String>,
    /// The shown balance.
    pub balance: Option<Units>,
    /// When that figure was said.
    pub since: Option<Timestamp>,
    /// One line for people.
    pub title: String,
    /// Sentences for people.
    pub text: String,
    /// What to do, for people.
    pub what_to_do: String,
}

const WHAT_TO_DO: &str = "Check that whoever acts on alerts has seen this.";

impl Drill<'_> {
    /// An e-mail.
    #[must_use]
    pub fn mail(&self) -> Mail {
        let link = self.link.map(|link| format!("\n{}\n", clean(link))).unwrap_or_default();
        Mail { subject: self.title(), body: format!("{}\n\n{WHAT_TO_DO}\n{link}", self.text()) }
    }

    /// A text for a chat or a push message.
    #[must_use]
    pub fn chat(&self) -> Chat {
        Chat { title: self.title(), body: format!("{}\n{WHAT_TO_DO}", self.text()) }
    }

    /// An SMS of one segment.
    #[must_use]
    pub fn sms(&self) -> String {
        let figure = |room: usize| self.subject.map(|subject| format!(" {}: {}.", gsm(subject.account, room), self.figure(&subject, |text| gsm(text, room.min(24)))));
        let written = |room: usize| {
            let at = gsm(&(self.local)(self.at), 24);
            format!("Salio {} of {}, {at}.{} Check that whoever acts on alerts saw it.", self.kind.as_str(), gsm(self.channel, room), figure(room).unwrap_or_default())
        };
        fitting([64, 24, 12, 6].into_iter().map(written))
    }

    /// The data of a webhook.
    #[must_use]
    pub fn data(&self) -> DrillData {
        DrillData {
            notice: self.kind,
            channel: self.channel.to_owned(),
            at: self.at,
            account: self.subject.map(|subject| subject.account.to_owned()),
            account_id: self.subject.map(|subject| subject.account_id),
            unit: self.subject.map(|subject| subject.unit.to_owned()),
            balance: self.subject.and_then(|subject| subject.balance),
            since: self.subject.and_then(|subject| subject.since),
            title: self.title(),
            text: self.text(),
            what_to_do: WHAT_TO_DO.to_owned(),
        }
    }

    fn title(&self) -> String {
        clean(&format!("Salio {}: {}", self.kind.as_str(), self.channel))
    }

    fn text(&self) -> String {
        let what = match self.kind {
            DrillKind::Test => "a test",
            DrillKind::Rehearsal => "the weekly rehearsal",
        };
        let subject = self.subject.map(|subject| format!(" Account {}: {}.", subject.account, self.figure(&subject, ToOwned::to_owned))).unwrap_or_default();
        clean(&format!("This is {what} of the channel {}, sent {}. Alerts would arrive like this; nothing is wrong.{subject}", self.channel, (self.local)(self.at)))
    }

    fn figure(&self, subject: &DrillSubject<'_>, cut: impl Fn(&str) -> String) -> String {
        let since = subject.since.map(|since| format!(" as of {}", cut(&(self.local)(since)))).unwrap_or_default();
        subject.balance.map_or_else(|| "balance unknown".to_owned(), |units| format!("balance {}{since}", amount(units, &cut(subject.unit))))
    }
}
