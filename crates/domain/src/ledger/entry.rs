//! Entries and the balances they make. Each kind of entry has fixed sides, so an entry cannot be one-sided.

use crate::ids::{AccountId, MessageId, SubmissionId};
use crate::time::Timestamp;
use crate::units::Units;
use crate::words::words;

words! {
    /// What a ledger account is for.
    Purpose {
        /// What was bought and is not spent.
        Credit = "credit",
        /// Charges of submissions that have begun and not ended.
        Pending = "pending",
        /// Charges of messages that the provider took.
        Spend = "spend",
        /// Charges of messages in doubt.
        Suspense = "suspense",
        /// Where credit comes from.
        Outside = "outside",
    }
}

words! {
    /// What an entry records.
    EntryKind {
        /// A submission begins.
        ChargePending = "charge_pending",
        /// The provider took the message.
        ChargePosted = "charge_posted",
        /// It certainly did not happen.
        ChargeVoided = "charge_voided",
        /// Nobody knows whether it happened.
        ChargeSuspended = "charge_suspended",
        /// Evidence came that it happened.
        SuspensePosted = "suspense_posted",
        /// Evidence came that it did not happen.
        SuspenseVoided = "suspense_voided",
        /// Spent before there were books.
        CarriedSpend = "carried_spend",
        /// Pending when the books began.
        CarriedPending = "carried_pending",
        /// In doubt when the books began.
        CarriedSuspense = "carried_suspense",
    }
}

impl EntryKind {
    /// The side that the amount leaves.
    #[must_use]
    pub const fn from(self) -> Purpose {
        match self {
            Self::ChargePending | Self::CarriedSpend | Self::CarriedPending | Self::CarriedSuspense => Purpose::Credit,
            Self::ChargePosted | Self::ChargeVoided | Self::ChargeSuspended => Purpose::Pending,
            Self::SuspensePosted | Self::SuspenseVoided => Purpose::Suspense,
        }
    }

    /// The side that the amount reaches.
    #[must_use]
    pub const fn to(self) -> Purpose {
        match self {
            Self::ChargePending | Self::CarriedPending => Purpose::Pending,
            Self::ChargePosted | Self::SuspensePosted | Self::CarriedSpend => Purpose::Spend,
            Self::ChargeVoided | Self::SuspenseVoided => Purpose::Credit,
            Self::ChargeSuspended | Self::CarriedSuspense => Purpose::Suspense,
        }
    }
}

/// One entry: an amount that moves from one side to the other. Never changed once written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// In whose books.
    pub account: AccountId,
    /// 1, 2, 3… within the account.
    pub number: i64,
    /// When it was written.
    pub at: Timestamp,
    /// What it records.
    pub kind: EntryKind,
    /// How much; more than nothing.
    pub amount: Units,
    /// The submission it is about.
    pub submission: Option<SubmissionId>,
    /// The message it is about.
    pub message: Option<MessageId>,
}

/// What stands on each side of one account's books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// What was bought less what was spent, is pending or in doubt; counts from zero while top-ups are not booked, so it is below zero.
    pub credit: Units,
    /// Begun and not ended.
    pub pending: Units,
    /// Spent.
    pub spend: Units,
    /// In doubt.
    pub suspense: Units,
    /// Where credit comes from.
    pub outside: Units,
}

impl Balances {
    /// Books an entry on both sides.
    pub fn apply(&mut self, entry: &Entry) {
        let from = self.side(entry.kind.from());
        *from = from.minus(entry.amount);
        let to = self.side(entry.kind.to());
        *to = to.plus(entry.amount);
    }

    /// What stands on one side.
    #[must_use]
    pub const fn of(&self, purpose: Purpose) -> Units {
        match purpose {
            Purpose::Credit => self.credit,
            Purpose::Pending => self.pending,
            Purpose::Spend => self.spend,
            Purpose::Suspense => self.suspense,
            Purpose::Outside => self.outside,
        }
    }

    /// The sum of all sides: nothing, whatever was booked.
    #[must_use]
    pub fn sum(&self) -> Units {
        Purpose::ALL.iter().map(|purpose| self.of(*purpose)).sum()
    }

    const fn side(&mut self, purpose: Purpose) -> &mut Units {
        match purpose {
            Purpose::Credit => &mut self.credit,
            Purpose::Pending => &mut self.pending,
            Purpose::Spend => &mut self.spend,
            Purpose::Suspense => &mut self.suspense,
            Purpose::Outside => &mut self.outside,
        }
    }
}
