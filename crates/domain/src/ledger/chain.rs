//! The chain: each entry's hash covers the entry before, each seal covers a day's end and the seal before. The encoding is fixed for good: old rows must verify.

use sha2::{Digest, Sha256};

use super::entry::{Entry, EntryKind};
use crate::ids::AccountId;
use crate::time::Timestamp;

/// SHA-256.
pub type Hash = [u8; 32];

/// What stands for the entry before the first, and for the seal before the first.
pub const NOTHING_BEFORE: Hash = [0; 32];

/// Kinds of hashes never collide: each begins with its own word.
const ENTRY: &[u8] = b"salio.ledger.entry.1";
const SEAL: &[u8] = b"salio.ledger.seal.1";
const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The end of a day in the books of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal {
    /// In whose books.
    pub account: AccountId,
    /// UTC days since the epoch.
    pub day: i64,
    /// The last entry that it covers.
    pub last_number: i64,
    /// The hash of that entry.
    pub last_hash: Hash,
    /// The hash of the seal before.
    pub previous: Hash,
    /// Over all of the above.
    pub hash: Hash,
}

impl Seal {
    /// Seals `day` at the entry `last_number`, after the seal whose hash is `previous`.
    #[must_use]
    pub fn new(previous: Hash, account: AccountId, day: i64, last_number: i64, last_hash: Hash) -> Self {
        Self { account, day, last_number, last_hash, previous, hash: seal_hash(&previous, account, day, last_number, &last_hash) }
    }
}

/// The UTC day of an instant, counted from the epoch.
#[must_use]
pub const fn day_of(at: Timestamp) -> i64 {
    at.micros().div_euclid(MICROS_PER_DAY)
}

/// SHA-256 over, without gaps: the word `salio.ledger.entry.1`; the previous entry's hash (32 bytes); account, number and instant in microseconds (8 bytes each,
/// big-endian, two's complement); the kind (1 byte: its place in [`EntryKind`], from 1); the amount in millionths (8 bytes); then submission and message, each 1 byte
/// 0 or 1 for absent or present and 8 bytes (zero when absent).
#[must_use]
pub fn entry_hash(previous: &Hash, entry: &Entry) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(ENTRY);
    hasher.update(previous);
    for number in [entry.account.raw(), entry.number, entry.at.micros()] {
        hasher.update(number.to_be_bytes());
    }
    hasher.update([code(entry.kind)]);
    hasher.update(entry.amount.micros().to_be_bytes());
    for id in [entry.submission.map(|id| id.raw()), entry.message.map(|id| id.raw())] {
        hasher.update([u8::from(id.is_some())]);
        hasher.update(id.unwrap_or(0).to_be_bytes());
    }
    hasher.finalize().into()
}

/// SHA-256 over, without gaps: the word `salio.ledger.seal.1`; the previous seal's hash (32 bytes); account, day and last number (8 bytes each, big-endian, two's
/// complement); the last entry's hash (32 bytes).
#[must_use]
pub fn seal_hash(previous: &Hash, account: AccountId, day: i64, last_number: i64, last_hash: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(SEAL);
    hasher.update(previous);
    for number in [account.raw(), day, last_number] {
        hasher.update(number.to_be_bytes());
    }
    hasher.update(last_hash);
    hasher.finalize().into()
}

/// The seal to write in the same commit as an entry at `next`, which follows the entry `head` (number and hash). `newest_day` is the latest day among the entries
/// so far (a clock that was set back opens no day again), `previous` the last seal's hash. None: the day goes on, or there is no entry yet.
#[must_use]
pub fn seal_due(account: AccountId, head: (i64, Hash), newest_day: i64, previous: Hash, next: Timestamp) -> Option<Seal> {
    (head.0 > 0 && day_of(next) > newest_day).then(|| Seal::new(previous, account, newest_day, head.0, head.1))
}

const fn code(kind: EntryKind) -> u8 {
    match kind {
        EntryKind::ChargePending => 1,
        EntryKind::ChargePosted => 2,
        EntryKind::ChargeVoided => 3,
        EntryKind::ChargeSuspended => 4,
        EntryKind::SuspensePosted => 5,
        EntryKind::SuspenseVoided => 6,
        EntryKind::CarriedSpend => 7,
        EntryKind::CarriedPending => 8,
        EntryKind::CarriedSuspense => 9,
    }
}
