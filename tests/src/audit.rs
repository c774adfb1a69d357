//! The auditor: holds what is shown and stored against what the provider really did. Uses no code of the engine.

use std::collections::BTreeMap;
use std::time::Duration;

use salio_domain::balance::State;
use salio_domain::message::MessageState;
use salio_domain::{Timestamp, Units};
use salio_store::{AccountSnapshot, Audit, MessageFilter, MessageRow, Store};

use crate::house::House;

/// Watches what viewers see.
#[derive(Debug, Default)]
pub struct Viewer {
    version: i64,
    question: i64,
    figure_seen: bool,
    had_figure: bool,
}

impl Viewer {
    /// Looks once; nothing may go back.
    ///
    /// # Errors
    /// What went back.
    pub fn look(&mut self, snapshot: &AccountSnapshot, now: Timestamp) -> Result<(), String> {
        if snapshot.version < self.version {
            return Err(format!("version {} after {}", snapshot.version, self.version));
        }
        let question = snapshot.standing.base.map_or(0, |base| base.question);
        if question < self.question {
            return Err(format!("an older answer {question} over a newer one {}", self.question));
        }
        (self.version, self.question) = (snapshot.version, question);
        let figure = snapshot.standing.estimate();
        if self.had_figure && figure.is_none() {
            return Err("a known figure was lost".into());
        }
        if figure == Some(Units::ZERO)
            && snapshot.standing.failure.is_some()
            && snapshot.standing.base.is_some_and(|base| base.units.minus(snapshot.standing.pending) != Units::ZERO)
        {
            return Err("zero is shown and the provider did not say so".into());
        }
        self.had_figure |= figure.is_some();
        self.figure_seen = snapshot.standing.state(now, Duration::from_mins(15)) == State::Fresh;
        Ok(())
    }
}

/// Everything shown derives from stored rows, and fresh means asked after the last send.
///
/// # Errors
/// What does not add up.
pub fn derivable(audit: &Audit, now: Timestamp) -> Result<(), String> {
    let standing = &audit.snapshot.standing;
    let open: Units = audit.submissions.iter().map(|submission| submission.open.left()).sum();
    if standing.pending != open {
        return Err(format!("pending {} and open charges {open}", standing.pending));
    }
    if standing.queued != audit.queued {
        return Err(format!("queued {} and waiting charges {}", standing.queued, audit.queued));
    }
    let newest = audit.observations.iter().filter(|row| row.verdict != "older").max_by_key(|row| row.taken.question);
    let derived = newest.map(|row| row.taken.units.minus(open));
    if standing.estimate() != derived {
        return Err(format!("shown {:?}, derived {derived:?}", standing.estimate()));
    }
    let asked = newest.map_or(0, |row| row.taken.asked_seq);
    let sent_since = audit.submissions.iter().any(|row| row.open.begun_seq > asked || row.open.ended.is_none_or(|(seq, _)| seq > asked));
    if sent_since && standing.state(now, Duration::from_mins(15)) == State::Fresh {
        return Err("fresh with a figure asked before the last send".into());
    }
    Ok(())
}

/// Never more than `most` balance calls begin in any 3,600 s.
///
/// # Errors
/// The fullest hour, when it is too full.
pub fn within_budget(calls: &[Timestamp], most: usize) -> Result<(), String> {
    let hour = Duration::from_hours(1);
    for (index, begin) in calls.iter().enumerate() {
        let within = calls.iter().skip(index).take_while(|at| at.since(*begin) < hour).count();
        if within > most {
            return Err(format!("{within} balance calls in the hour from {begin}"));
        }
    }
    Ok(())
}

/// All messages, whatever their number.
///
/// # Errors
/// When the store fails.
pub async fn all_messages(store: &dyn Store) -> Result<Vec<MessageRow>, String> {
    let mut all: Vec<MessageRow> = Vec::new();
    loop {
        let before = all.last().map(|row| row.id);
        let page = store.messages(&MessageFilter { before, limit: 500, ..MessageFilter::default() }).await.map_err(|error| error.to_string())?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// Acknowledged is accounted for; nothing is taken twice; what is called sent was taken, what is called refused was not.
///
/// # Errors
/// What does not add up.
pub async fn accounted(house: &House, acknowledged: &BTreeMap<String, usize>) -> Result<(), String> {
    let rows = all_messages(&house.process).await?;
    let taken = house.provider.look(|books| books.accepted.clone());
    let mut stored: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_text: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for row in &rows {
        *stored.entry(&row.text).or_default() += 1;
        let (sure, doubtful) = by_text.entry(&row.text).or_default();
        match row.state {
            MessageState::Sent => *sure += 1,
            MessageState::Unknown => *doubtful += 1,
            MessageState::Rejected | MessageState::Failed | MessageState::Cancelled | MessageState::Expired => {}
            other => return Err(format!("{} is still {other:?} ({:?})", row.id, row.cause)),
        }
    }
    for (text, count) in acknowledged {
        if stored.get(text.as_str()) != Some(count) {
            return Err(format!("{text:?}: {count} acknowledged, {:?} stored", stored.get(text.as_str())));
        }
    }
    for (text, (sure, doubtful)) in by_text {
        let times = taken.get(text).map_or(0, |(times, _)| *times);
        if times < sure || times > sure + doubtful {
            return Err(format!("{text:?}: the provider took {times}, {sure} are called sent and {doubtful} unknown"));
        }
    }
    Ok(())
}
