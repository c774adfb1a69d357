//! When a balance meets its outlook: when it runs out, how much to buy, and by when. Knows nothing of how the outlook was made.

use std::time::Duration;

use super::history::HOUR;
use super::outlook::{HORIZON, Outlook, between};
use super::{Basis, Range};
use crate::time::Timestamp;
use crate::units::{MICROS_PER_UNIT, Units};

/// When a balance runs out. None of an instant: later than in 60 days, or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Runway {
    /// With 10 %, before this: at the 90 % burn.
    pub early: Option<Timestamp>,
    /// As likely before as after.
    pub mid: Option<Timestamp>,
    /// With 90 %, before this: at the 10 % burn.
    pub late: Option<Timestamp>,
    /// How much that stands on.
    pub basis: Basis,
}

/// What to buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// How much, rounded up to two digits and whole units; nothing when the balance is enough.
    pub amount: Units,
    /// For how many days from now that is enough at the 90 % burn, the balance included.
    pub days: u32,
    /// By when, so that even at the 90 % burn the balance does not run out in the time that a top-up takes. Never before now; none when the balance lasts longer than 60 days.
    pub by: Option<Timestamp>,
}

impl Outlook {
    /// When a balance runs out. None when nothing is known: never a made-up figure. A balance of zero or less is out now.
    #[must_use]
    pub fn runs_out(&self, balance: Units) -> Option<Runway> {
        if self.basis == Basis::None {
            return None;
        }
        let at = |of: fn(&Range) -> Units| self.meets(balance, of);
        Some(Runway { early: at(|range| range.high), mid: at(|range| range.mid), late: at(|range| range.low), basis: self.basis })
    }

    /// What to buy so that the balance lasts `days` days from now at the 90 % burn, and by when, where a top-up takes `lead`. Further ahead than 60 days the burn of those goes
    /// on. None when nothing is known.
    #[must_use]
    pub fn advise(&self, balance: Units, days: u32, lead: Duration) -> Option<Advice> {
        let early = self.runs_out(balance)?.early;
        let seen = days.min(60);
        let high = self.burn(Duration::from_hours(u64::from(seen) * 24))?.high;
        let burn = if days > seen { i64::try_from(i128::from(high.micros()) * i128::from(days) / i128::from(seen)).map_or(Units::MAX, Units::from_micros) } else { high };
        Some(Advice { amount: buyable(burn.minus(balance)), days, by: early.map(|at| at.before(lead).max(self.now)) })
    }

    /// The first instant at which what has gone by one edge of the range, and what was certain to come, reaches the balance.
    fn meets(&self, balance: Units, of: fn(&Range) -> Units) -> Option<Timestamp> {
        if balance <= Units::ZERO {
            return Some(self.now);
        }
        let mut left = balance;
        for upcoming in &self.upcoming {
            match self.reaches(left, of) {
                Some(at) if at <= upcoming.at => return Some(at),
                _ => left = left.minus(upcoming.charge),
            }
            if left <= self.gone(upcoming.at, of)? {
                return Some(upcoming.at);
            }
        }
        self.reaches(left, of)
    }

    /// When the usual burn alone reaches an amount above zero.
    fn reaches(&self, amount: Units, of: fn(&Range) -> Units) -> Option<Timestamp> {
        let hour = self.path.partition_point(|range| of(range) < amount);
        let to = of(self.path.get(hour)?);
        let from = self.path.get(hour.checked_sub(1)?).map_or(Units::ZERO, of);
        let (step, part) = (i128::from(to.minus(from).micros()), i128::from(amount.minus(from).micros()));
        let into = (part * i128::from(HOUR)).checked_add(step - 1)?.checked_div(step)?;
        let micros = i64::try_from(hour - 1).ok()?.checked_mul(HOUR)?.checked_add(i64::try_from(into).ok()?)?;
        Some(self.now.after(Duration::from_micros(micros.unsigned_abs())))
    }

    /// What has gone by the usual burn alone until an instant; none beyond the horizon.
    fn gone(&self, at: Timestamp, of: fn(&Range) -> Units) -> Option<Units> {
        let micros = i64::try_from(self.now.until(at).as_micros()).ok()?;
        let hour = usize::try_from(micros / HOUR).ok().filter(|hour| *hour <= HORIZON)?;
        let from = of(self.path.get(hour)?);
        Some(between(from, self.path.get(hour + 1).map_or(from, of), micros % HOUR))
    }
}

/// Rounded up to something that a person would buy: whole units, two digits that are not zero. Nothing of nothing.
fn buyable(amount: Units) -> Units {
    let whole = amount.micros().max(0).unsigned_abs().div_ceil(MICROS_PER_UNIT.unsigned_abs());
    let step = 10_u64.pow(whole.max(1).ilog10().saturating_sub(1));
    i64::try_from(whole.next_multiple_of(step)).map_or(Units::MAX, Units::whole)
}
