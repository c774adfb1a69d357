//! Mistakes that tests switch on to prove that they would be caught. Without the feature `planted-mistakes` every switch is `false` and vanishes.

/// A mistake that somebody could make here one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mistake {
    /// Takes an answer to an older question than the newest answered.
    TakeLateAnswer,
    /// Forgets charges that overlap the question.
    ForgetOverlapping,
    /// Leaves a refused message's charge counted.
    ForgetVoid,
    /// Says `fresh` although something was sent since the question.
    FreshTooEarly,
    /// After a crash, sends again what had begun.
    ResendAfterCrash,
    /// After a crash, charges again what had begun.
    ChargeTwiceAfterCrash,
    /// Treats a submission in doubt as certainly not sent.
    DoubtIsNotSent,
    /// Shows zero when the provider fails.
    ZeroOnFailure,
    /// Lets the version start over after a restart.
    VersionStartsOver,
    /// Does not count questions that were begun before a restart.
    ForgetBudget,
    /// Drops what the provider has not charged yet from the estimate at once.
    DropUncharged,
    /// Sends a message in doubt again although the account's policy is to hold it.
    ResendUnknown,
    /// Lets a later report change a state that is final.
    FoldAfterFinal,
    /// Of several messages that a report may mean, takes the first.
    GuessByNumber,
    /// Admits new messages as if nothing waited already.
    ForgetQueued,
}

#[cfg(feature = "planted-mistakes")]
mod switch {
    use super::Mistake;
    use std::cell::Cell;

    thread_local!(static PLANTED: Cell<Option<Mistake>> = const { Cell::new(None) });

    /// Whether `mistake` is switched on in this thread.
    #[must_use]
    pub fn planted(mistake: Mistake) -> bool {
        PLANTED.get() == Some(mistake)
    }

    /// Switches one mistake on (or all off) in this thread.
    pub fn plant(mistake: Option<Mistake>) {
        PLANTED.set(mistake);
    }
}

#[cfg(not(feature = "planted-mistakes"))]
mod switch {
    use super::Mistake;

    /// No mistake is ever switched on here.
    #[must_use]
    pub const fn planted(_: Mistake) -> bool {
        false
    }
}

pub use switch::*;
