//! What a segment seems to cost, from how far the balance fell between settled observations. It only proposes: a person confirms. Knows nothing of observations, top-ups or who is
//! told.

use crate::units::Units;

/// An interval says something from so many segments on: with fewer, many prices fit a fall.
const LEAST_SEGMENTS: i64 = 5;
/// So many intervals must agree.
const LEAST_STEPS: usize = 3;
/// The newest intervals that are looked at: what was paid long ago says nothing of now.
const LOOKED_AT: usize = 12;

/// One settled interval in which messages of one price group were sent, and nothing was topped up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Segments that were charged in it.
    pub segments: i64,
    /// By how much the balance fell.
    pub fell: Units,
}

impl Step {
    /// The price that fits to the last millionth, if any.
    fn price(&self) -> Option<Units> {
        let (fell, segments) = (self.fell.micros(), self.segments);
        (fell > 0 && segments > 0 && fell % segments == 0).then(|| Units::from_micros(fell / segments))
    }
}

/// A price that what happened speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Units a segment.
    pub per_segment: Units,
    /// How many intervals agree on it.
    pub steps: usize,
    /// Their segments.
    pub segments: i64,
}

/// Proposes a price other than the one in force when the newest intervals (`steps` begin with the oldest) agree on it exactly: at least three of five segments or more, and since
/// the first of them at most a quarter that do not. None too when those that do not agree on one other price: then two prices are mixed, and neither is the price. And none while
/// the newest of all is at the price in force.
#[must_use]
pub fn learn(steps: &[Step], in_force: Units) -> Option<Proposal> {
    let telling: Vec<Step> = steps.iter().filter(|step| step.segments >= LEAST_SEGMENTS).copied().collect();
    let newest = telling.get(telling.len().saturating_sub(LOOKED_AT)..)?;
    if newest.last()?.price() == Some(in_force) {
        return None;
    }
    newest.iter().filter_map(Step::price).find_map(|price| agreed(newest, price)).filter(|proposal| proposal.per_segment != in_force)
}

/// Whether the steps since the first at this price agree on it.
fn agreed(newest: &[Step], price: Units) -> Option<Proposal> {
    let since = newest.iter().position(|step| step.price() == Some(price))?;
    let (agree, differ): (Vec<Step>, Vec<Step>) = newest.iter().skip(since).partition(|step| step.price() == Some(price));
    let mixed = differ.iter().enumerate().any(|(index, step)| step.price().is_some() && differ.iter().skip(index + 1).any(|other| other.price() == step.price()));
    let enough = agree.len() >= LEAST_STEPS && differ.len() * 4 <= agree.len() + differ.len();
    (enough && !mixed).then(|| Proposal { per_segment: price, steps: agree.len(), segments: agree.iter().fold(0, |sum, step| step.segments.saturating_add(sum)) })
}

#[cfg(test)]
#[path = "learn_tests.rs"]
mod tests;
