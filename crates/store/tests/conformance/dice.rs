//! Chance for stories: from a seed, always the same.
//!
//! Knows nothing of: what is decided by it.

/// SplitMix64: the same numbers for the same seed, everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    pub fn number(&mut self, sides: u64) -> i64 {
        i64::try_from(self.roll(sides)).expect("small")
    }

    pub fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    pub fn of<T: Copy>(&mut self, options: &[T]) -> Option<T> {
        let count = u64::try_from(options.len()).expect("few");
        (count > 0).then(|| options[usize::try_from(self.roll(count)).expect("few")])
    }
}
