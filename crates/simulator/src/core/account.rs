//! The books of the simulated account: what it really holds. Must not know calls, answers or time.

use super::micros::Micros;

/// One prepaid account. Every movement is kept by kind, so that the sum can be checked at any moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimAccount {
    credit: i64,
    pending: i64,
    initial: i64,
    charged: i64,
    topped_up: i64,
    spent_by_others: i64,
    adjusted: i64,
}

/// The books, for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Books {
    /// What a balance call shows.
    pub credit: Micros,
    /// What will be left when every pending charge has been taken.
    pub holds_after_pending: Micros,
    /// Charges of accepted messages that are still to be taken.
    pub pending: Micros,
    /// What the account began with.
    pub initial: Micros,
    /// Charges taken.
    pub charged: Micros,
    /// Top-ups received.
    pub topped_up: Micros,
    /// Taken by the other spender.
    pub spent_by_others: Micros,
    /// Set by hand: the sum of all corrections.
    pub adjusted: Micros,
}

impl SimAccount {
    pub(crate) const fn new(initial: i64) -> Self {
        Self { credit: initial, pending: 0, initial, charged: 0, topped_up: 0, spent_by_others: 0, adjusted: 0 }
    }

    /// What a balance call shows, in millionths.
    #[must_use]
    pub const fn credit(&self) -> i64 {
        self.credit
    }

    /// Credit less charges still to come.
    #[must_use]
    pub const fn holds_after_pending(&self) -> i64 {
        self.credit.saturating_sub(self.pending)
    }

    /// Promises a charge; [`SimAccount::take`] takes it, in one part or several.
    pub(crate) const fn promise(&mut self, amount: i64) {
        self.pending = self.pending.saturating_add(amount);
    }

    pub(crate) const fn take(&mut self, amount: i64) {
        self.pending = self.pending.saturating_sub(amount);
        self.credit = self.credit.saturating_sub(amount);
        self.charged = self.charged.saturating_add(amount);
    }

    pub(crate) const fn top_up(&mut self, amount: i64) {
        self.credit = self.credit.saturating_add(amount);
        self.topped_up = self.topped_up.saturating_add(amount);
    }

    /// Somebody else takes `wanted`, or what is free if that is less. Returns what was taken.
    pub(crate) fn spend_by_others(&mut self, wanted: i64) -> i64 {
        let taken = wanted.min(self.holds_after_pending()).max(0);
        self.credit = self.credit.saturating_sub(taken);
        self.spent_by_others = self.spent_by_others.saturating_add(taken);
        taken
    }

    pub(crate) const fn set_credit(&mut self, credit: i64) {
        self.adjusted = self.adjusted.saturating_add(credit.saturating_sub(self.credit));
        self.credit = credit;
    }

    /// The books as they stand.
    #[must_use]
    pub const fn books(&self) -> Books {
        Books {
            credit: Micros(self.credit),
            holds_after_pending: Micros(self.holds_after_pending()),
            pending: Micros(self.pending),
            initial: Micros(self.initial),
            charged: Micros(self.charged),
            topped_up: Micros(self.topped_up),
            spent_by_others: Micros(self.spent_by_others),
            adjusted: Micros(self.adjusted),
        }
    }
}

impl Books {
    /// Whether money was neither made nor lost: credit + charges + others = initial + top-ups + corrections.
    #[must_use]
    pub const fn balanced(&self) -> bool {
        self.credit.0 + self.charged.0 + self.spent_by_others.0 == self.initial.0 + self.topped_up.0 + self.adjusted.0
    }
}
