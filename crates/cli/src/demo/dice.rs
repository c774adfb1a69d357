//! Chance for the demo, by seed.
//!
//! Knows nothing of: what is decided by it.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// The same numbers for the same seed and purpose.
#[derive(Debug)]
pub struct Dice(StdRng);

impl Dice {
    /// `purpose` keeps uses of one seed apart.
    pub fn new(seed: u64, purpose: u64) -> Self {
        Self(StdRng::seed_from_u64(seed.rotate_left(32) ^ purpose))
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low + u32::try_from(self.0.next_u64() % span).unwrap_or(0)
    }

    /// True so many times of a hundred.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of them.
    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let last = u32::try_from(items.len()).ok()?.checked_sub(1)?;
        items.get(usize::try_from(self.between(0, last)).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_stays_inside_and_repeats() {
        let rolls = |seed| {
            let mut dice = Dice::new(seed, 1);
            (0..200).map(|_| dice.between(3, 9)).collect::<Vec<_>>()
        };
        assert_eq!(rolls(7), rolls(7));
        assert_ne!(rolls(7), rolls(8));
        assert!(rolls(7).iter().all(|roll| (3..=9).contains(roll)) && (3..=9).all(|wanted| rolls(7).contains(&wanted)));
        assert_eq!(Dice::new(1, 1).one_of::<u8>(&[]), None);
    }
}
