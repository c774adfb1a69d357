//! Beginning submissions of what was picked: charge pending, committed before the first byte leaves.

use rusqlite::params;
use salio_domain::ledger::EntryKind;
use salio_domain::message::MessageState;
use salio_domain::{AccountId, SubmissionId, Timestamp, Units};

use super::account::Account;
use super::fault::{Fault, Outcome};
use super::journal::limited;
use super::picking::{Leaving, Picked, Picking};
use super::queue::{self, Place};
use super::tx::Tx;
use super::{books, doubts};
use crate::{BeginOutcome, BeginSubmissions, BegunSubmission, Held};

pub(super) fn begin(tx: &mut Tx<'_>, id: AccountId, begin: &BeginSubmissions) -> Outcome<BeginOutcome> {
    let mut account = tx.account(id)?;
    if account.shown.paused.is_some() || account.shown.stopped_at.is_some() {
        return Ok(BeginOutcome::default());
    }
    let mut picking = Picking::new(tx, id, &account.shown.standing, begin)?;
    let mut out = BeginOutcome::default();
    let (mut drained, mut lowest) = (false, -1);
    for submission in &begin.ids {
        let picked = picking.pick(tx)?;
        expire(tx, &mut account, &picked.expired, begin.now)?;
        out.expired.extend(picked.expired.iter().map(|leaving| leaving.place.message));
        if picked.chosen.is_empty() {
            drained = picking.short.is_none() && !picking.more;
            break;
        }
        lowest = picked.chosen.iter().map(|(_, leaving)| leaving.place.rank).fold(lowest, i64::max);
        out.begun.extend(submit(tx, &mut account, begin, *submission, picked)?);
    }
    out.more = picking.more;
    out.short = picking.short.map(|(_, short)| short);
    let before = account.shown.held;
    account.shown.held = match (picking.short, before) {
        (Some((rank, short)), _) => Some(Held { since: before.map_or(begin.now, |held| held.since), rank, needed: short.charge, available: short.available }),
        (None, held) => held.filter(|held| !drained && lowest < held.rank),
    };
    let changed = !out.begun.is_empty() || !out.expired.is_empty() || account.shown.held != before;
    out.snapshot = changed.then(|| tx.put(account));
    Ok(out)
}

/// Too late to be sent; what was to be sent again is in doubt as before.
fn expire(tx: &mut Tx<'_>, account: &mut Account, late: &[Leaving], now: Timestamp) -> Outcome<()> {
    for leaving in late {
        queue::leave(tx.connection, &leaving.place, None)?;
        let in_doubt = leaving.resent && doubts::stays(tx.connection, leaving.place.message)?;
        let to = if in_doubt { MessageState::Unknown } else { MessageState::Expired };
        account.shown.standing.unknown_messages += i64::from(in_doubt);
        queue::step(tx.connection, leaving.place.message, to, "valid_until", now)?;
        tx.moved(leaving.batch, Some(MessageState::Queued), to, leaving.charge, now)?;
        account.shown.standing.unqueue(leaving.charge);
    }
    Ok(())
}

const SUBMISSION: &str = "INSERT INTO submissions (submission_id, account_id, begun_seq, begun_at, claimed_until, sender, encoding, messages, charge, sure_left, books_pending)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?9)";

const SUBMITTING: &str = "UPDATE messages SET state = 'submitting', cause = NULL, attempts = attempts + 1, updated_at = ?2, next_try_at = NULL, resends = resends + ?3
    WHERE message_id = ?1";

const CARRIED: &str = "INSERT INTO submission_messages (submission_id, position, message_id, charge) VALUES (?1, ?2, ?3, ?4)";

fn submit(tx: &mut Tx<'_>, account: &mut Account, begin: &BeginSubmissions, id: SubmissionId, picked: Picked) -> Outcome<Option<BegunSubmission>> {
    let Some(encoding) = picked.encoding else { return Ok(None) };
    let charge: Units = picked.chosen.iter().map(|(_, leaving)| leaving.charge).sum();
    let seq = account.next_seq();
    tx.connection
        .prepare_cached(SUBMISSION)?
        .execute(params![
            id.raw(),
            account.shown.account.raw(),
            seq,
            begin.now.micros(),
            begin.claimed_until.micros(),
            picked.sender,
            encoding.as_str(),
            limited(picked.chosen.len()),
            charge.micros()
        ])
        .map_err(|error| Fault::or_conflict(error, "the submission has begun already"))?;
    carry(tx, id, &picked, begin.now)?;
    books::write(tx.connection, account, EntryKind::ChargePending, charge, Some(id), None, begin.now)?;
    account.shown.standing.begin(seq, charge);
    let messages = picked.chosen.into_iter().map(|(message, _)| message).collect();
    Ok(Some(BegunSubmission { id, sender: picked.sender, encoding, messages }))
}

/// Its messages leave the queue and are on their way. A doubt stays until the submission ends.
fn carry(tx: &mut Tx<'_>, id: SubmissionId, picked: &Picked, now: Timestamp) -> Outcome<()> {
    let connection = tx.connection;
    let (mut submitting, mut carried) = (connection.prepare_cached(SUBMITTING)?, connection.prepare_cached(CARRIED)?);
    leave_queue(tx, picked)?;
    for (position, (_, leaving)) in (0_i64..).zip(&picked.chosen) {
        let message = leaving.place.message.raw();
        submitting.execute((message, now.micros(), leaving.resent))?;
        carried.execute((id.raw(), position, message, leaving.charge.micros()))?;
        tx.moved(leaving.batch, Some(MessageState::Queued), MessageState::Submitting, leaving.charge, now)?;
    }
    Ok(())
}

/// Neighbours in a lane leave together: most submissions are one piece of one lane.
fn leave_queue(tx: &Tx<'_>, picked: &Picked) -> Outcome<()> {
    let places: Vec<&Place> = picked.chosen.iter().map(|(_, leaving)| &leaving.place).collect();
    for run in places.chunk_by(|a, b| (a.rank, a.lane) == (b.rank, b.lane)) {
        if let [first, .., last] = run
            && !picked.passed_over
        {
            queue::leave_range(tx.connection, first, last.message)?;
        } else {
            run.iter().try_for_each(|place| queue::leave(tx.connection, place, None))?;
        }
    }
    Ok(())
}
