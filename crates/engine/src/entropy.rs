//! The only source of randomness, and of ids, which need a little of it.

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use salio_domain::Timestamp;
use salio_domain::ids::IdSource;

/// Seeded in simulations, from the operating system otherwise.
#[derive(Debug)]
pub struct Entropy {
    inner: Mutex<(StdRng, IdSource)>,
}

impl Entropy {
    /// From the operating system; ids grow from `last_id`.
    #[must_use]
    pub fn system(last_id: i64) -> Self {
        Self::from_rng(rand::make_rng(), last_id)
    }

    /// The same numbers for the same seed.
    #[must_use]
    pub fn seeded(seed: u64, last_id: i64) -> Self {
        Self::from_rng(StdRng::seed_from_u64(seed), last_id)
    }

    fn from_rng(rng: StdRng, last_id: i64) -> Self {
        Self { inner: Mutex::new((rng, IdSource::new(last_id))) }
    }

    /// 0 to 999.
    pub fn jitter(&self) -> u32 {
        self.inner.lock().0.next_u32() % 1000
    }

    /// A secret of so many letters and digits, each as likely as the others.
    pub fn letters(&self, count: usize) -> String {
        const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let (rng, _) = &mut *self.inner.lock();
        let mut text = String::with_capacity(count);
        while text.len() < count {
            // 62 of 64 values stand for a letter; the others are drawn again, so that none is likelier.
            if let Some(letter) = ALPHABET.get((rng.next_u32() >> 26) as usize) {
                text.push(char::from(*letter));
            }
        }
        text
    }

    /// The number of a new id.
    pub fn id(&self, now: Timestamp) -> i64 {
        let (rng, source) = &mut *self.inner.lock();
        let random = rng.next_u32();
        source.next(now.millis(), random)
    }
}
