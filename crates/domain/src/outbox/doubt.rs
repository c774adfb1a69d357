//! What happens to a message in doubt while no evidence comes: when to look it up at the provider, and whether and when to send it again.

use std::time::Duration;

use crate::message::MessageState;
use crate::planted::{Mistake, planted};
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What an account does with messages in doubt that no evidence settles.
    OnUnknown {
        /// They wait for evidence or a person.
        Hold = "hold",
        /// They are sent again, once.
        Resend = "resend",
    }
}

/// Messages in doubt have been seen to be delivered an hour later: sending again earlier would repeat them.
pub const RESEND_AFTER: Duration = Duration::from_hours(2);

/// How long after the doubt began to look a message up: soon, and then while late delivery is still likely.
const LOOK_UPS: [Duration; 5] = [Duration::from_mins(2), Duration::from_mins(10), Duration::from_hours(1), Duration::from_hours(6), Duration::from_hours(24)];

/// A provider that does not say is asked no longer than this, and in such pauses.
const LOOKED_FOR: Duration = Duration::from_hours(48);
const SOONEST: Duration = Duration::from_mins(1);
const RAREST: Duration = Duration::from_hours(1);

/// When a message in doubt since `unknown_since` is sent again; `resends` counts how often it was already. Never a second time.
#[must_use]
pub fn resend_at(policy: OnUnknown, unknown_since: Timestamp, resends: u32) -> Option<Timestamp> {
    match policy {
        OnUnknown::Hold if planted(Mistake::ResendUnknown) && resends == 0 => Some(unknown_since.after(RESEND_AFTER)),
        OnUnknown::Resend if resends == 0 => Some(unknown_since.after(RESEND_AFTER)),
        OnUnknown::Hold | OnUnknown::Resend => None,
    }
}

/// When to look a message up at the provider that is in doubt since `unknown_since` and was looked up `looked_up` times. None: no more.
#[must_use]
pub fn look_up_at(unknown_since: Timestamp, looked_up: u32) -> Option<Timestamp> {
    LOOK_UPS.get(usize::try_from(looked_up).ok()?).map(|pause| unknown_since.after(*pause))
}

/// When to look a message up again after the provider did not say: soon at first, then every hour, for two days. None: no more.
#[must_use]
pub fn look_up_again_at(unknown_since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let age = now.since(unknown_since);
    (age < LOOKED_FOR).then(|| now.after((age / 4).clamp(SOONEST, RAREST)))
}

/// Where a message goes that was sent again after a doubt, when that submission ended in `decided`: what certainly did not arrive this time may have arrived the
/// first time, so it is in doubt as before unless it was taken or is tried once more.
#[must_use]
pub const fn after_doubt(decided: MessageState) -> MessageState {
    match decided {
        MessageState::Sent | MessageState::Queued => decided,
        _ => MessageState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SINCE: Timestamp = Timestamp::from_micros(1_000_000_000_000);

    #[test]
    fn only_the_policy_sends_again_and_only_once() {
        assert_eq!(resend_at(OnUnknown::Resend, SINCE, 0), Some(SINCE.after(Duration::from_hours(2))));
        for (policy, resends) in [(OnUnknown::Resend, 1), (OnUnknown::Resend, u32::MAX), (OnUnknown::Hold, 0), (OnUnknown::Hold, 1)] {
            assert_eq!(resend_at(policy, SINCE, resends), None, "{policy:?} {resends}");
        }
        assert_eq!(OnUnknown::ALL.iter().map(|policy| OnUnknown::from_word(policy.as_str())).collect::<Vec<_>>(), [Some(OnUnknown::Hold), Some(OnUnknown::Resend)]);
    }

    #[test]
    fn no_refusal_of_a_second_try_ends_the_first() {
        for state in MessageState::ALL.iter().copied() {
            let stays = matches!(state, MessageState::Sent | MessageState::Queued);
            assert_eq!(after_doubt(state), if stays { state } else { MessageState::Unknown }, "{state:?}");
        }
    }

    #[test]
    fn look_ups_get_rarer_and_end() {
        let pauses: Vec<Option<u64>> = (0..7).map(|looked_up| look_up_at(SINCE, looked_up).map(|at| at.since(SINCE).as_secs() / 60)).collect();
        assert_eq!(pauses, [Some(2), Some(10), Some(60), Some(360), Some(1440), None, None]);
        assert_eq!(look_up_at(SINCE, u32::MAX), None);
    }

    #[test]
    fn a_provider_that_does_not_say_is_asked_again_for_two_days() {
        let pauses: Vec<Option<u64>> = [0, 2, 60, 300, 2879, 2880]
            .into_iter()
            .map(|minutes| {
                let now = SINCE.after(Duration::from_mins(minutes));
                look_up_again_at(SINCE, now).map(|at| at.since(now).as_secs() / 60)
            })
            .collect();
        assert_eq!(pauses, [Some(1), Some(1), Some(15), Some(60), Some(60), None]);
    }
}
