//! One submission's charge while no observation has confirmed it: how its end and later evidence change it. Knows nothing of what figures mean.

use super::take::Observed;
use crate::ids::SubmissionId;
use crate::planted::{Mistake, planted};
use crate::time::Timestamp;
use crate::units::Units;

/// The part of one submission's charge that counts and that no observation has confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenCharge {
    /// Whose charge.
    pub submission: SubmissionId,
    /// Sequence number of the commit that began it.
    pub begun_seq: i64,
    /// Sequence number and instant of its end, once it has ended.
    pub ended: Option<(i64, Timestamp)>,
    /// For messages the provider took, or whose submission has not ended.
    pub sure: Units,
    /// For messages in doubt.
    pub doubtful: Units,
}

impl OpenCharge {
    /// What of it is still open.
    #[must_use]
    pub fn left(&self) -> Units {
        self.sure.plus(self.doubtful)
    }

    /// The submission ended: `voided` of its charge did not happen, `doubtful` of the rest is in doubt. Returns what leaves the pending sum;
    /// where an observation had confirmed a part already, less leaves than was voided.
    pub fn end(&mut self, seq: i64, at: Timestamp, voided: Units, doubtful: Units) -> Units {
        let before = self.left();
        let left = if planted(Mistake::ForgetVoid) { before } else { before.minus(voided).max(Units::ZERO) };
        self.doubtful = doubtful.min(left);
        self.sure = left.minus(self.doubtful);
        self.ended = Some((seq, at));
        before.minus(left)
    }

    /// How much of `voided` a figure had seemed to confirm: that confirmation must have meant other charges ([`reassign`]).
    #[must_use]
    pub fn wrongly_confirmed(&self, voided: Units) -> Units {
        voided.minus(self.left()).max(Units::ZERO)
    }

    /// Evidence that the provider took messages in doubt: `amount` of their charge is sure now.
    pub fn taken(&mut self, amount: Units) {
        let unmoved = use_up(&mut self.doubtful, amount.max(Units::ZERO));
        self.sure = self.sure.plus(amount.max(Units::ZERO).minus(unmoved));
    }

    /// Evidence that messages in doubt never arrived: `amount` of the charge did not happen. Returns what leaves the pending sum; the rest was confirmed or
    /// forgotten before.
    pub fn void(&mut self, amount: Units) -> Units {
        let amount = amount.max(Units::ZERO);
        let rest = use_up(&mut self.doubtful, amount);
        let rest = use_up(&mut self.sure, rest);
        amount.minus(rest)
    }

    pub(super) const fn is_after(&self, observed: &Observed) -> bool {
        self.begun_seq > observed.answered_seq
    }

    pub(super) fn is_overlapping(&self, observed: &Observed) -> bool {
        !self.is_after(observed) && self.ended.is_none_or(|(seq, _)| seq > observed.taken.asked_seq)
    }
}

/// Takes up to `amount` out of `left`; returns what it could not.
pub(super) fn use_up(left: &mut Units, amount: Units) -> Units {
    let used = (*left).min(amount);
    *left = left.minus(used);
    amount.minus(used)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn units(micros: i64) -> Units {
        Units::from_micros(micros)
    }

    const fn charge(sure: i64, doubtful: i64) -> OpenCharge {
        OpenCharge { submission: SubmissionId::from_raw(1), begun_seq: 1, ended: None, sure: units(sure), doubtful: units(doubtful) }
    }

    fn parts(charge: &OpenCharge) -> (i64, i64) {
        (charge.sure.micros(), charge.doubtful.micros())
    }

    #[test]
    fn evidence_moves_or_takes_out_what_is_still_open() {
        for (before, amount, after_taken, after_void, left) in [
            ((3, 5), 2, (5, 3), (3, 3), 2),
            ((3, 5), 5, (8, 0), (3, 0), 5),
            ((3, 5), 7, (8, 0), (1, 0), 7),
            ((3, 5), 9, (8, 0), (0, 0), 8),
            ((3, 0), 2, (3, 0), (1, 0), 2),
            ((0, 0), 4, (0, 0), (0, 0), 0),
            ((3, 5), 0, (3, 5), (3, 5), 0),
            ((3, 5), -4, (3, 5), (3, 5), 0),
        ] {
            let mut taken = charge(before.0, before.1);
            taken.taken(units(amount));
            assert_eq!(parts(&taken), after_taken, "{before:?} taken {amount}");
            let mut void = charge(before.0, before.1);
            assert_eq!((void.void(units(amount)), parts(&void)), (units(left), after_void), "{before:?} void {amount}");
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        End(i64, i64),
        Taken(i64),
        Void(i64),
    }

    fn step() -> impl Strategy<Value = Step> {
        let amount = 0..2_000_000_i64;
        prop_oneof![(amount.clone(), amount.clone()).prop_map(|(voided, doubtful)| Step::End(voided, doubtful)), amount.clone().prop_map(Step::Taken), amount.prop_map(Step::Void)]
    }

    proptest! {
        /// The account's pending sum is kept by subtracting what each step says has left: it must stay what the charges add up to.
        #[test]
        fn what_leaves_the_pending_sum_is_what_leaves_the_charges(sures in prop::collection::vec(0..3_000_000_i64, 1..5), steps in prop::collection::vec((0..5_usize, step()), 0..40)) {
            let mut charges: Vec<OpenCharge> = sures.iter().map(|sure| charge(*sure, 0)).collect();
            let mut pending: Units = charges.iter().map(OpenCharge::left).sum();
            for (place, step) in steps {
                let place = place % charges.len();
                let touched = &mut charges[place];
                let before = *touched;
                match step {
                    Step::End(voided, doubtful) => pending = pending.minus(touched.end(7, Timestamp::from_micros(9), units(voided), units(doubtful))),
                    Step::Taken(amount) => {
                        touched.taken(units(amount));
                        prop_assert_eq!(touched.left(), before.left());
                        prop_assert_eq!(touched.sure, before.sure.plus(before.doubtful.min(units(amount))));
                    }
                    Step::Void(amount) => {
                        let left = touched.void(units(amount));
                        prop_assert_eq!(left, units(amount).min(before.left()));
                        prop_assert!(touched.sure == before.sure || touched.doubtful.is_zero(), "the doubtful part goes first");
                        pending = pending.minus(left);
                    }
                }
                prop_assert!(!touched.sure.is_negative() && !touched.doubtful.is_negative());
                prop_assert_eq!(pending, charges.iter().map(OpenCharge::left).sum::<Units>());
            }
        }
    }
}
