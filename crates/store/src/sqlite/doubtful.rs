//! The money of a message in doubt: what evidence makes of its charge, in the estimate and in the books.
//!
//! Knows nothing of: what the evidence is, and what becomes of the message.

use rusqlite::{Connection, Row, params};
use salio_domain::balance::OpenCharge;
use salio_domain::ledger::EntryKind;
use salio_domain::{MessageId, Timestamp, Units};

use super::account::Account;
use super::fault::Outcome;
use super::words::{Sql, units};
use super::{books, ending, taking};

/// The doubtful submission of a message, and its charge there.
struct Doubtful {
    message: MessageId,
    open: OpenCharge,
    charge: Units,
    remembered: Units,
    suspense: Units,
    books_pending: Units,
    books_suspense: Units,
}

/// A message that was sent again may be in doubt more than once: the latest first.
pub(super) const DOUBTFUL: &str =
    "SELECT s.submission_id, s.begun_seq, s.ended_seq, s.ended_at, s.sure_left, s.doubtful_left, c.charge, s.remembered, s.suspense, s.books_pending, s.books_suspense
    FROM submission_messages c CROSS JOIN submissions s USING (submission_id) WHERE c.message_id = ?1 AND c.state = 'unknown' ORDER BY c.submission_id DESC";

fn load(connection: &Connection, message: MessageId) -> Outcome<Vec<Doubtful>> {
    let read = |row: &Row<'_>| -> Sql<Doubtful> {
        Ok(Doubtful {
            message,
            open: taking::open_charge(row)?,
            charge: units(row, 6)?,
            remembered: units(row, 7)?,
            suspense: units(row, 8)?,
            books_pending: units(row, 9)?,
            books_suspense: units(row, 10)?,
        })
    };
    let mut statement = connection.prepare_cached(DOUBTFUL)?;
    let rows = statement.query_map([message.raw()], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The provider took the message, which is about the last time it was sent: that charge is sure. What is shown does not change, only what a figure would
/// confirm first.
pub(super) fn taken(connection: &Connection, account: &mut Account, message: MessageId, now: Timestamp) -> Outcome<()> {
    let Some(mut doubtful) = load(connection, message)?.into_iter().next() else { return Ok(()) };
    doubtful.open.taken(doubtful.charge);
    doubtful.book(connection, account, (EntryKind::ChargePosted, EntryKind::SuspensePosted), now)?;
    doubtful.keep(connection, Units::ZERO)
}

/// The message never left, whenever it was tried: no charge of it happened.
pub(super) fn void(connection: &Connection, account: &mut Account, message: MessageId, now: Timestamp) -> Outcome<()> {
    load(connection, message)?.into_iter().try_for_each(|doubtful| void_one(connection, account, doubtful, now))
}

/// What was no longer open of it explains no fall any more; what a figure had confirmed meant other charges.
fn void_one(connection: &Connection, account: &mut Account, mut doubtful: Doubtful, now: Timestamp) -> Outcome<()> {
    let released = doubtful.open.void(doubtful.charge);
    let gone = doubtful.charge.minus(released);
    let gone = use_up(&mut doubtful.remembered, gone);
    let confirmed = use_up(&mut doubtful.suspense, gone);
    doubtful.book(connection, account, (EntryKind::ChargeVoided, EntryKind::SuspenseVoided), now)?;
    doubtful.keep(connection, doubtful.charge)?;
    let passed_on = ending::pass_on(connection, account.shown.account, confirmed)?;
    let standing = &mut account.shown.standing;
    standing.pending = standing.pending.minus(released.plus(passed_on));
    Ok(())
}

/// Takes as much of `amount` as there is; the rest.
fn use_up(left: &mut Units, amount: Units) -> Units {
    let used = (*left).min(amount);
    *left = left.minus(used);
    amount.minus(used)
}

impl Doubtful {
    /// Out of what the books hold of it: pending first, then suspense.
    fn book(&mut self, connection: &Connection, account: &mut Account, kinds: (EntryKind, EntryKind), now: Timestamp) -> Outcome<()> {
        let left = use_up(&mut self.books_pending, self.charge);
        let suspended = left.minus(use_up(&mut self.books_suspense, left));
        for (kind, amount) in [(kinds.0, self.charge.minus(left)), (kinds.1, suspended)] {
            books::write(connection, account, kind, amount, Some(self.open.submission), Some(self.message), now)?;
        }
        Ok(())
    }

    fn keep(&self, connection: &Connection, voided: Units) -> Outcome<()> {
        let update = "UPDATE submissions SET sure_left = ?2, doubtful_left = ?3, remembered = ?4, suspense = ?5, books_pending = ?6, books_suspense = ?7, voided = voided + ?8 WHERE submission_id = ?1";
        connection.prepare_cached(update)?.execute(params![
            self.open.submission.raw(),
            self.open.sure.micros(),
            self.open.doubtful.micros(),
            self.remembered.micros(),
            self.suspense.micros(),
            self.books_pending.micros(),
            self.books_suspense.micros(),
            voided.micros()
        ])?;
        Ok(())
    }
}
