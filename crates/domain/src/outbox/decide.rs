//! What becomes of a message after its submission ended. The only place that may say "again".

use std::time::Duration;

use super::outcome::{RecipientOutcome, RefusalClass};
use crate::message::MessageState;
use crate::planted::{Mistake, planted};
use crate::time::Timestamp;

/// When to try again what certainly did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The first pause; doubled each time.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// Tries in all, the first included.
    pub max_attempts: u32,
    /// So long after its first try a message is given up,
    pub max_age: Duration,
    /// if it was tried so often: time in which it waited for a person, for credit or for its schedule is no fault of its.
    pub min_attempts: u32,
}

impl RetryPolicy {
    /// 1 s doubled up to 5 min, for a day: a provider that is down overnight loses nothing. 400 tries are a day at the longest pause, and some.
    pub const DEFAULT: Self = Self { first: Duration::from_secs(1), longest: Duration::from_mins(5), max_attempts: 400, max_age: Duration::from_hours(24), min_attempts: 20 };

    /// The pause after `attempts` tries.
    #[must_use]
    pub fn pause(&self, attempts: u32) -> Duration {
        self.first.saturating_mul(1_u32 << attempts.saturating_sub(1).min(20)).min(self.longest)
    }
}

/// What becomes of the charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargeFate {
    /// The provider took the message: the charge stands.
    Stands,
    /// Nobody knows: the charge stands until evidence comes, and is the first to be doubted.
    InDoubt,
    /// It certainly did not happen.
    Voided,
}

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The next state.
    pub state: MessageState,
    /// Stable word for the timeline.
    pub cause: String,
    /// What becomes of its charge.
    pub charge: ChargeFate,
    /// When it may be tried again, where it may.
    pub retry_at: Option<Timestamp>,
    /// The whole account must wait for a person or a top-up.
    pub pause: Option<Pause>,
}

/// Why an account stops sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Until the balance has grown.
    OutOfCredit,
    /// Until a person acts or the configuration changes.
    CredentialsRefused,
}

impl Pause {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OutOfCredit => "out_of_credit",
            Self::CredentialsRefused => "credentials_refused",
        }
    }

    /// What a stored word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "out_of_credit" => Some(Self::OutOfCredit),
            "credentials_refused" => Some(Self::CredentialsRefused),
            _ => None,
        }
    }
}

/// Cause of a message that was refused together with others, and is tried again by itself.
pub const REFUSED_TOGETHER: &str = "refused_together";

/// Decides for one message: `attempts` counts this try, `first_try_at` is when the first one began.
#[must_use]
pub fn decide(outcome: &RecipientOutcome, attempts: u32, first_try_at: Timestamp, now: Timestamp, policy: &RetryPolicy) -> Decision {
    let plain = |state, cause: &str, charge| Decision { state, cause: cause.to_owned(), charge, retry_at: None, pause: None };
    match outcome {
        RecipientOutcome::Submitted { .. } => plain(MessageState::Sent, "accepted", ChargeFate::Stands),
        RecipientOutcome::InDoubt { reason, .. } if planted(Mistake::DoubtIsNotSent) => again(reason, attempts, first_try_at, now, policy),
        RecipientOutcome::InDoubt { reason, .. } => plain(MessageState::Unknown, reason, ChargeFate::InDoubt),
        RecipientOutcome::NotSent { reason } => again(reason, attempts, first_try_at, now, policy),
        RecipientOutcome::Rejected(refusal) => {
            let next = match refusal.class {
                RefusalClass::Permanent => plain(MessageState::Rejected, &refusal.code, ChargeFate::Voided),
                RefusalClass::AfterTopUp | RefusalClass::AfterFix => again(&refusal.code, attempts, first_try_at, now, policy),
                RefusalClass::Alone => again(REFUSED_TOGETHER, attempts, first_try_at, now, policy),
            };
            Decision { pause: pause_of(refusal.class, refusal.stops_account), ..next }
        }
    }
}

const fn pause_of(class: RefusalClass, stops_account: bool) -> Option<Pause> {
    match (stops_account, class) {
        (false, _) => None,
        (true, RefusalClass::AfterTopUp) => Some(Pause::OutOfCredit),
        (true, RefusalClass::AfterFix | RefusalClass::Permanent | RefusalClass::Alone) => Some(Pause::CredentialsRefused),
    }
}

fn again(cause: &str, attempts: u32, first_try_at: Timestamp, now: Timestamp, policy: &RetryPolicy) -> Decision {
    let is_old = now.since(first_try_at) >= policy.max_age && attempts >= policy.min_attempts;
    let given_up = attempts >= policy.max_attempts || is_old;
    Decision {
        state: if given_up { MessageState::Failed } else { MessageState::Queued },
        cause: cause.to_owned(),
        charge: ChargeFate::Voided,
        retry_at: (!given_up).then(|| now.after(policy.pause(attempts))),
        pause: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::outcome::Refusal;
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_000_000_000_000);

    fn refused(class: RefusalClass, stops_account: bool) -> RecipientOutcome {
        RecipientOutcome::Rejected(Refusal { code: "refused".into(), provider_code: "021".into(), class, stops_account, text: String::new() })
    }

    fn of(outcome: &RecipientOutcome, attempts: u32, age: Duration) -> Decision {
        decide(outcome, attempts, NOW.before(age), NOW, &RetryPolicy::DEFAULT)
    }

    #[test]
    fn each_outcome_has_one_fate() {
        let minute = Duration::from_mins(1);
        let doubt = of(&RecipientOutcome::in_doubt("timeout"), 1, minute);
        assert_eq!((doubt.state, doubt.charge, doubt.retry_at), (MessageState::Unknown, ChargeFate::InDoubt, None));
        let sent = of(&RecipientOutcome::Submitted { provider_message_id: "x".into() }, 1, minute);
        assert_eq!((sent.state, sent.charge), (MessageState::Sent, ChargeFate::Stands));
        let not_sent = of(&RecipientOutcome::NotSent { reason: "connect_failed".into() }, 3, minute);
        assert_eq!((not_sent.state, not_sent.charge, not_sent.retry_at), (MessageState::Queued, ChargeFate::Voided, Some(NOW.after(Duration::from_secs(4)))));
        let permanent = of(&refused(RefusalClass::Permanent, false), 1, minute);
        assert_eq!((permanent.state, permanent.charge, permanent.retry_at, permanent.pause), (MessageState::Rejected, ChargeFate::Voided, None, None));
        let empty = of(&refused(RefusalClass::AfterTopUp, true), 1, minute);
        assert_eq!((empty.state, empty.pause), (MessageState::Queued, Some(Pause::OutOfCredit)));
        assert_eq!(of(&refused(RefusalClass::AfterFix, true), 1, minute).pause, Some(Pause::CredentialsRefused));
    }

    #[test]
    fn a_message_that_waited_long_and_was_hardly_tried_is_not_given_up() {
        let week = Duration::from_hours(168);
        for outcome in [RecipientOutcome::NotSent { reason: "connect_failed".into() }, refused(RefusalClass::AfterTopUp, true), refused(RefusalClass::AfterFix, true)] {
            for attempts in [1, 2, 19] {
                assert_eq!(of(&outcome, attempts, week).state, MessageState::Queued, "{outcome:?} after {attempts} tries");
            }
        }
    }

    #[test]
    fn what_was_refused_together_is_tried_again_and_costs_nothing() {
        let together = of(&refused(RefusalClass::Alone, false), 1, Duration::ZERO);
        assert_eq!((together.state, together.charge, together.cause.as_str(), together.pause), (MessageState::Queued, ChargeFate::Voided, REFUSED_TOGETHER, None));
        assert_eq!(together.retry_at, Some(NOW.after(Duration::from_secs(1))));
    }

    #[test]
    fn trying_again_ends_by_count_and_by_age() {
        let not_sent = RecipientOutcome::NotSent { reason: "connect_failed".into() };
        assert_eq!(of(&not_sent, 400, Duration::ZERO).state, MessageState::Failed);
        assert_eq!(of(&not_sent, 20, Duration::from_hours(24)).state, MessageState::Failed);
        assert_eq!(of(&not_sent, 20, Duration::from_hours(23)).state, MessageState::Queued);
        assert_eq!(of(&not_sent, 399, Duration::from_hours(23)).retry_at, Some(NOW.after(Duration::from_mins(5))));
    }
}
