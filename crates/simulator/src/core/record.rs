//! Everything the simulated vendor REALLY accepted, whatever it answered: the truth that tests compare with. Append-only.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// One message that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The recipient as it was sent.
    pub number: Box<str>,
    /// The text; shared between equal neighbours.
    pub text: Arc<str>,
    /// `SenderId`.
    pub sender: Arc<str>,
    /// Segments billed.
    pub segments: u32,
    /// Millionths billed.
    pub charge: i64,
    /// The id that delivery reports use, even where the answer did not show it.
    pub message_id: Arc<str>,
    /// When, in microseconds.
    pub at: i64,
    /// The call that brought it.
    pub call_no: u64,
    /// The word of its final delivery report; empty for a number that will never be delivered to.
    pub outcome: Arc<str>,
    /// When that becomes known.
    pub done_at: i64,
}

/// A recipient and text that were accepted more than once.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Duplicate {
    /// The recipient.
    pub number: String,
    /// The text.
    pub text: String,
    /// How many times.
    pub times: u32,
    /// In which calls.
    pub calls: Vec<u64>,
}

/// What was accepted, with counters that find repetitions without looking through everything.
#[derive(Debug, Default)]
pub(crate) struct Record {
    accepted: Vec<Accepted>,
    times: HashMap<u64, u32>,
    by_id: HashMap<u64, usize>,
    repeated: usize,
    last_text: Option<Arc<str>>,
    last_sender: Option<Arc<str>>,
}

impl Record {
    pub(crate) fn accepted(&self) -> &[Accepted] {
        &self.accepted
    }

    /// How many recipient-and-text pairs were accepted more than once.
    pub(crate) fn repeated(&self) -> usize {
        self.repeated
    }

    pub(crate) fn push(&mut self, message: Accepted) {
        let times = self.times.entry(pair_key(&message.number, &message.text)).or_insert(0);
        *times += 1;
        self.repeated += usize::from(*times == 2);
        self.by_id.insert(key(&*message.message_id), self.accepted.len());
        self.accepted.push(message);
    }

    /// `text` as a shared string, the same one as last time where it is equal.
    pub(crate) fn share_text(&mut self, text: &str) -> Arc<str> {
        share(&mut self.last_text, text)
    }

    /// `sender` as a shared string.
    pub(crate) fn share_sender(&mut self, sender: &str) -> Arc<str> {
        share(&mut self.last_sender, sender)
    }

    /// How many times `text` was accepted for `number`.
    pub(crate) fn times(&self, number: &str, text: &str) -> u32 {
        self.times.get(&pair_key(number, text)).copied().unwrap_or(0)
    }

    /// The message that last got this id.
    pub(crate) fn find(&self, message_id: &str) -> Option<&Accepted> {
        self.by_id.get(&key(message_id)).and_then(|index| self.accepted.get(*index)).filter(|found| *found.message_id == *message_id)
    }

    /// Recipients and texts accepted more than once, at most `limit`, in the order of their first acceptance.
    pub(crate) fn duplicates(&self, limit: usize) -> Vec<Duplicate> {
        let mut found: Vec<Duplicate> = Vec::new();
        let mut places: HashMap<u64, usize> = HashMap::new();
        if self.repeated == 0 {
            return found;
        }
        for message in &self.accepted {
            let key = pair_key(&message.number, &message.text);
            if let Some(place) = places.get(&key) {
                found[*place].calls.push(message.call_no);
                continue;
            }
            let times = self.times.get(&key).copied().unwrap_or(0);
            if times > 1 && found.len() < limit {
                places.insert(key, found.len());
                let (number, text) = (message.number.to_string(), message.text.to_string());
                found.push(Duplicate { number, text, times, calls: vec![message.call_no] });
            }
        }
        found
    }
}

fn share(last: &mut Option<Arc<str>>, value: &str) -> Arc<str> {
    match last {
        Some(known) if **known == *value => Arc::clone(known),
        _ => {
            let fresh: Arc<str> = Arc::from(value);
            *last = Some(Arc::clone(&fresh));
            fresh
        }
    }
}

fn pair_key(number: &str, text: &str) -> u64 {
    key(&(number.trim_start_matches('+'), text))
}

fn key<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
