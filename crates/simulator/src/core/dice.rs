//! Seeded chance. The model owns one die per purpose, so that asking for more ids does not change which faults come.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A stream of chance that is the same for the same seed.
#[derive(Debug)]
pub(crate) struct Dice(StdRng);

impl Dice {
    /// The stream number `purpose` of `seed`.
    pub(crate) fn new(seed: u64, purpose: u64) -> Self {
        // An odd constant spreads neighbouring purposes far apart (the golden ratio in 64 bits).
        Self(StdRng::seed_from_u64(seed ^ purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// True in `per_mille` of a thousand throws; takes nothing from the stream when the answer is certain.
    pub(crate) fn chance(&mut self, per_mille: u16) -> bool {
        match per_mille {
            0 => false,
            1000.. => true,
            some => self.0.random_range(0..1000_u16) < some,
        }
    }

    /// A number from 0 up to and without `end`; 0 for an empty range.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.0.random_range(0..end) }
    }

    /// An index below `len`.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        if len == 0 { 0 } else { self.0.random_range(0..len) }
    }

    /// One of `all`, or `fallback` if there is none.
    pub(crate) fn pick<T: Copy>(&mut self, all: &[T], fallback: T) -> T {
        if all.is_empty() { fallback } else { all[self.index(all.len())] }
    }

    /// 128 random bits.
    pub(crate) fn bits(&mut self) -> u128 {
        self.0.random()
    }
}
