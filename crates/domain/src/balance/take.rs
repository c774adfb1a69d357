//! One answer of the provider folded into the estimate: what it confirms, what it leaves open, what it reveals. Product section 2.3.
//!
//! Order is by sequence numbers from the database, never by the wall clock; the clock only says when the settle schedule has ended.

use std::time::Duration;

use super::charge::{OpenCharge, use_up};
use crate::ids::SubmissionId;
use crate::planted::{Mistake, planted};
use crate::time::Timestamp;
use crate::units::Units;

/// The figure last taken. Its charges that were not confirmed are the open charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What the provider said.
    pub units: Units,
    /// The number of the question.
    pub question: i64,
    /// The sequence number at which it was asked.
    pub asked_seq: i64,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When it was answered.
    pub answered_at: Timestamp,
}

/// An answer, with the sequence number at which it was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The figure and its question.
    pub taken: Taken,
    /// The sequence number of the answer.
    pub answered_seq: i64,
}

/// A charge that left the estimate unconfirmed: a later fall is explained by it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// Whose charge.
    pub submission: SubmissionId,
    /// How much of it.
    pub amount: Units,
    /// Until when it explains a fall.
    pub until: Timestamp,
}

/// A figure whose meaning is still open because charges stood unconfirmed when it came: some of them may already be in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The first figure ever has no top-up behind it.
    pub first_figure: bool,
    /// A top-up of at least this.
    pub low: Units,
    /// A top-up of at most this.
    pub high: Units,
}

/// When charges stop being waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettleRules {
    /// The last entry of the settle schedule, after the last submission ended.
    pub settle_end: Duration,
    /// Under traffic that never pauses: after the charge's own submission ended.
    pub close_interval: Duration,
    /// How long a charge is remembered.
    pub late_charge_window: Duration,
}

impl SettleRules {
    /// Product section 2.6: "under traffic that never pauses, at least every 5 minutes".
    pub const CLOSE_INTERVAL: Duration = Duration::from_mins(5);
}

/// Everything one taking depends on.
#[derive(Clone, Debug)]
pub struct TakeInput<'a> {
    /// The figure last taken.
    pub base: Option<Taken>,
    /// All charges that count and are not confirmed.
    pub charges: &'a [OpenCharge],
    /// All remembered ones.
    pub remembered: &'a [Remembered],
    /// An open figure.
    pub opening: Option<Opening>,
    /// When the last submission ended; none while one is in flight counts as not ended.
    pub last_ended_at: Option<Timestamp>,
    /// The answer.
    pub observed: Observed,
    /// The settle schedule.
    pub rules: SettleRules,
}

/// A top-up whose amount is now between these, or fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopUp {
    /// At least.
    pub low: Units,
    /// At most.
    pub high: Units,
}

/// What an answer meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// An answer to an older question than the newest answered: kept, and nothing else.
    Older,
    /// The first figure.
    First,
    /// Exactly as expected.
    Agreed,
    /// The provider has not charged this much yet.
    Uncharged(Units),
    /// More is there than can be late charging.
    ToppedUp(TopUp),
    /// Less is there than expected.
    Fell {
        /// Explained by remembered charges.
        late: Units,
        /// Explained by nothing known.
        drift: Units,
    },
}

/// What to write down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Take {
    /// What it meant.
    pub verdict: Verdict,
    /// The new base; none for an older answer.
    pub base: Option<Taken>,
    /// Charges that changed: what of them is still open.
    pub open: Vec<OpenCharge>,
    /// What leaves the pending sum: confirmed, absorbed or forgotten.
    pub released: Units,
    /// Charges that left the estimate unconfirmed.
    pub forgotten: Vec<Remembered>,
    /// Remembered charges that changed: what of them is still remembered. Zero means used up.
    pub remembered: Vec<Remembered>,
    /// Remembered charges whose time is over.
    pub expired: Vec<Remembered>,
    /// What is open now.
    pub opening: Option<Opening>,
    /// The amount of an earlier top-up, fixed now.
    pub settled: Option<TopUp>,
    /// The lowest and the highest figure that late charging allowed; none without a base.
    pub expected: Option<(Units, Units)>,
}

impl Take {
    const fn older() -> Self {
        Self {
            verdict: Verdict::Older,
            base: None,
            open: Vec::new(),
            released: Units::ZERO,
            forgotten: Vec::new(),
            remembered: Vec::new(),
            expired: Vec::new(),
            opening: None,
            settled: None,
            expected: None,
        }
    }
}

/// Folds one answer in.
#[must_use]
pub fn take(input: &TakeInput<'_>) -> Take {
    let observed = &input.observed;
    let newest = input.base.map_or(i64::MIN, |base| base.question);
    if observed.taken.question <= newest && !planted(Mistake::TakeLateAnswer) {
        return Take { opening: input.opening, ..Take::older() };
    }
    let mut related = related_charges(input);
    let open_sum: Units = related.iter().map(OpenCharge::left).sum();
    let said = observed.taken.units;
    let expected = input.base.map(|base| (base.units.minus(open_sum), base.units));
    let mut out = Take { base: Some(observed.taken), expected, ..Take::older() };
    (out.verdict, out.expired) = (verdict(said, expected, open_sum), expired(input));
    match out.verdict {
        Verdict::Agreed => {
            confirm(&mut related, open_sum);
            out.settled = input.opening.map(|opening| fixed(opening.low));
        }
        Verdict::Uncharged(left) => {
            confirm(&mut related, open_sum.minus(left));
            out.opening = input.opening.map(|opening| Opening { high: opening.high.min(opening.low.plus(left)), ..opening });
        }
        Verdict::ToppedUp(top_up) => {
            out.settled = input.opening.map(|opening| fixed(opening.low));
            out.opening = (top_up.low != top_up.high).then_some(Opening { first_figure: false, low: top_up.low, high: top_up.high });
        }
        Verdict::First => out.opening = (!open_sum.is_zero()).then_some(Opening { first_figure: true, low: Units::ZERO, high: open_sum }),
        Verdict::Fell { late: excess, .. } => {
            confirm(&mut related, open_sum);
            out.settled = input.opening.map(|opening| fixed(opening.low));
            (out.remembered, out.verdict) = explain(input, &out.expired, excess);
        }
        Verdict::Older => {}
    }
    let opening_first = out.opening.is_some_and(|opening| opening.first_figure);
    close(input, &mut related, &mut out);
    out.settled = out.settled.filter(|_| !opening_first && !input.opening.is_some_and(|opening| opening.first_figure));
    out.released = open_sum.minus(related.iter().map(OpenCharge::left).sum());
    out.open = changed(input, related);
    out
}

const fn fixed(amount: Units) -> TopUp {
    TopUp { low: amount, high: amount }
}

/// A refused submission turned out to have been confirmed by `excess`: passes that on to the charges that the last figure, written down at `answered_seq`,
/// must have meant. Returns what changed and what leaves the pending sum; what finds no charge is the spending of somebody else.
#[must_use]
pub fn reassign(charges: &[OpenCharge], answered_seq: i64, excess: Units) -> (Vec<OpenCharge>, Units) {
    let mut meant: Vec<OpenCharge> = charges.iter().filter(|charge| charge.begun_seq < answered_seq).copied().collect();
    meant.sort_by_key(order);
    let before: Units = meant.iter().map(OpenCharge::left).sum();
    confirm(&mut meant, excess);
    let after: Units = meant.iter().map(OpenCharge::left).sum();
    meant.retain(|charge| !charges.contains(charge));
    (meant, before.minus(after))
}

fn order(charge: &OpenCharge) -> (i64, i64) {
    (charge.ended.map_or(i64::MAX, |(seq, _)| seq), charge.begun_seq)
}

/// Charges before or overlapping, the ones the provider most likely took first in front: accepted by end, unended, and the doubtful at last.
fn related_charges(input: &TakeInput<'_>) -> Vec<OpenCharge> {
    let skip_overlapping = planted(Mistake::ForgetOverlapping);
    let mut related: Vec<OpenCharge> =
        input.charges.iter().filter(|charge| !(charge.is_after(&input.observed) || (skip_overlapping && charge.is_overlapping(&input.observed)))).copied().collect();
    related.sort_by_key(order);
    related
}

fn verdict(said: Units, expected: Option<(Units, Units)>, open_sum: Units) -> Verdict {
    let Some((low, high)) = expected else { return Verdict::First };
    let gap = said.minus(low);
    if gap.is_zero() {
        Verdict::Agreed
    } else if gap.is_negative() {
        Verdict::Fell { late: Units::ZERO.minus(gap), drift: Units::ZERO }
    } else if said <= high {
        Verdict::Uncharged(gap)
    } else {
        Verdict::ToppedUp(TopUp { low: gap.minus(open_sum), high: gap })
    }
}

/// Confirms `amount`: sure parts in order, then doubtful ones.
fn confirm(charges: &mut [OpenCharge], mut amount: Units) {
    for charge in charges.iter_mut() {
        amount = use_up(&mut charge.sure, amount);
    }
    for charge in charges.iter_mut() {
        amount = use_up(&mut charge.doubtful, amount);
    }
}

fn expired(input: &TakeInput<'_>) -> Vec<Remembered> {
    input.remembered.iter().filter(|old| old.until <= input.observed.taken.asked_at).copied().collect()
}

/// Explains a fall by remembered charges, oldest first; the rest is drift.
fn explain(input: &TakeInput<'_>, expired: &[Remembered], excess: Units) -> (Vec<Remembered>, Verdict) {
    let mut remembered: Vec<Remembered> = input.remembered.iter().filter(|old| !expired.contains(old)).copied().collect();
    remembered.sort_by_key(|old| (old.until, old.submission));
    let mut unexplained = excess;
    let mut used = Vec::new();
    for old in &mut remembered {
        let before = old.amount;
        unexplained = use_up(&mut old.amount, unexplained);
        if old.amount != before {
            used.push(*old);
        }
    }
    (used, Verdict::Fell { late: excess.minus(unexplained), drift: unexplained })
}

/// Lets charges go whose settle schedule has ended: into an open figure where there is one, else into memory.
fn close(input: &TakeInput<'_>, related: &mut [OpenCharge], out: &mut Take) {
    let quiet = is_quiet(input);
    for charge in related.iter_mut().filter(|charge| !charge.left().is_zero()) {
        if !(planted(Mistake::DropUncharged) || has_ended(input, charge, quiet)) {
            continue;
        }
        let absorbed = absorb(charge, out);
        let amount = charge.left().minus(absorbed);
        if !amount.is_zero() {
            out.forgotten.push(Remembered { submission: charge.submission, amount, until: input.observed.taken.asked_at.after(input.rules.late_charge_window) });
        }
        (charge.sure, charge.doubtful) = (Units::ZERO, Units::ZERO);
    }
    let still_open = related.iter().any(|charge| !charge.left().is_zero());
    if let (Some(opening), false) = (out.opening, still_open) {
        out.settled = Some(fixed(opening.low));
        out.opening = None;
    }
}

/// The sure part of a charge that was already in an open figure raises what the figure's low bound tells.
fn absorb(charge: &OpenCharge, out: &mut Take) -> Units {
    let Some(opening) = out.opening.as_mut() else { return Units::ZERO };
    let room = opening.high.minus(opening.low);
    let absorbed = charge.sure.min(room);
    opening.low = opening.low.plus(absorbed);
    absorbed
}

/// Whether the account's settle schedule had ended when the question was asked.
fn is_quiet(input: &TakeInput<'_>) -> bool {
    let ended = |charge: &OpenCharge| charge.ended.is_some_and(|(seq, _)| seq < input.observed.taken.asked_seq);
    input.charges.iter().all(ended) && input.last_ended_at.is_none_or(|at| at.after(input.rules.settle_end) <= input.observed.taken.asked_at)
}

fn has_ended(input: &TakeInput<'_>, charge: &OpenCharge, quiet: bool) -> bool {
    let Some((seq, at)) = charge.ended else { return false };
    let before = seq < input.observed.taken.asked_seq;
    before && (quiet || at.after(input.rules.close_interval) <= input.observed.taken.asked_at)
}

fn changed(input: &TakeInput<'_>, related: Vec<OpenCharge>) -> Vec<OpenCharge> {
    related.into_iter().filter(|charge| !input.charges.contains(charge)).collect()
}

#[cfg(test)]
#[path = "take_tests.rs"]
mod tests;
