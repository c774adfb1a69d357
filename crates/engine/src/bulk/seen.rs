//! Which number got which text in a batch, so that none gets it twice. Remembers hashes alone, and only so many: memory stays flat however long a stream is.
//!
//! Two generations: when the younger is full it becomes the elder, and what the elder held is forgotten. So a repeat is found within the last
//! [`GENERATION`] messages for certain, and within twice as many at best. Keyed by the batch, so that a stream that is resumed decides as it did.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hasher};

use salio_domain::ids::BatchId;

/// Messages of one generation: as many as a table of 2^21 places holds before it would double, which is 18 MiB.
pub const GENERATION: usize = 1_835_008;
/// Of so many messages the line is remembered too, to be named.
const NAMED: usize = 100_000;

/// A hash needs no hashing.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

type State = BuildHasherDefault<AsItIs>;

/// Where something was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    Never,
    /// In this line, where that is remembered.
    Line(Option<i64>),
}

pub(super) struct Seen {
    key: i64,
    generation: usize,
    young: HashSet<u64, State>,
    old: HashSet<u64, State>,
    lines: HashMap<u64, i64, State>,
}

impl Seen {
    pub(super) fn new(batch: BatchId) -> Self {
        Self::of_size(batch, GENERATION)
    }

    fn of_size(batch: BatchId, generation: usize) -> Self {
        Self { key: batch.raw(), generation, young: HashSet::default(), old: HashSet::default(), lines: HashMap::default() }
    }

    /// Whether the number got the text before; from now on it did.
    pub(super) fn put(&mut self, number: &str, text: &str, line: i64) -> Before {
        let hash = self.hash(number, text);
        if self.old.contains(&hash) || self.young.contains(&hash) {
            return Before::Line(self.lines.get(&hash).copied());
        }
        if self.young.len() >= self.generation {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(hash);
        if self.lines.len() < NAMED {
            self.lines.insert(hash, line);
        }
        Before::Never
    }

    fn hash(&self, number: &str, text: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write_i64(self.key);
        hasher.write(number.as_bytes());
        // No number holds it: what follows is the text.
        hasher.write_u8(0);
        hasher.write(text.as_bytes());
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Seen {
        Seen::of_size(BatchId::from_raw(7), 3)
    }

    #[test]
    fn the_same_number_and_text_is_seen_again_and_its_line_named() {
        let mut seen = seen();
        assert_eq!(seen.put("254712345678", "a", 2), Before::Never);
        assert_eq!(seen.put("254712345678", "b", 3), Before::Never);
        assert_eq!(seen.put("25471234567", "8a", 4), Before::Never);
        assert_eq!(seen.put("254712345678", "a", 5), Before::Line(Some(2)));
    }

    #[test]
    fn a_repeat_is_found_within_a_generation_and_memory_is_bounded() {
        let mut seen = seen();
        for line in 0..100 {
            assert_eq!(seen.put("254712345678", &line.to_string(), line), Before::Never);
            assert!(seen.young.len() <= 3 && seen.old.len() <= 3);
            for back in 1..=line.min(3) {
                assert_eq!(seen.put("254712345678", &(line - back).to_string(), line), Before::Line(Some(line - back)));
            }
        }
    }

    #[test]
    fn a_full_generation_is_as_large_as_its_table() {
        let mut table: HashSet<u64, State> = HashSet::default();
        table.reserve(GENERATION);
        assert_eq!(table.capacity(), GENERATION);
    }
}
