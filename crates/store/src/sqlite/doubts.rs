//! Messages in doubt, and those that wait to be sent again after a doubt: one row each, until evidence settles it.

use rusqlite::{Connection, OptionalExtension, Row};
use salio_domain::outbox::look_up_at;
use salio_domain::{AccountId, MessageId, Msisdn, Timestamp};

use super::fault::Outcome;
use super::journal::limited;
use super::lists;
use super::tx::Tx;
use super::words::{Sql, at, micros};
use crate::DoubtRow;

/// A message is in doubt from now on.
pub(super) fn doubt(connection: &Connection, message: MessageId, now: Timestamp) -> Outcome<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO doubts (message_id, account_id, number, since, look_up_at) SELECT message_id, account_id, recipient, ?2, ?3 FROM messages WHERE message_id = ?1",
        )?
        .execute((message.raw(), now.micros(), micros(look_up_at(now, 0))))?;
    Ok(())
}

/// It is settled, or was taken when it was sent again.
pub(super) fn forget(connection: &Connection, message: MessageId) -> Outcome<()> {
    connection.prepare_cached("DELETE FROM doubts WHERE message_id = ?1")?.execute([message.raw()])?;
    Ok(())
}

/// Whether it waits to be sent again; none when it is not in doubt.
pub(super) fn resending(connection: &Connection, message: MessageId) -> Outcome<Option<bool>> {
    Ok(connection.prepare_cached("SELECT resending FROM doubts WHERE message_id = ?1")?.query_row([message.raw()], |row| row.get(0)).optional()?)
}

/// It waits to be sent again, and evidence still stops that.
pub(super) fn resend(connection: &Connection, message: MessageId) -> Outcome<()> {
    connection.prepare_cached("UPDATE doubts SET resending = 1 WHERE message_id = ?1")?.execute([message.raw()])?;
    Ok(())
}

/// It will not be sent again after all, and is in doubt as before; false when it did not wait for that.
pub(super) fn stays(connection: &Connection, message: MessageId) -> Outcome<bool> {
    Ok(connection.prepare_cached("UPDATE doubts SET resending = 0 WHERE message_id = ?1 AND resending = 1")?.execute([message.raw()])? > 0)
}

/// The provider was asked about it. Evidence may have come meanwhile: then there is nothing to write.
pub(super) fn looked_up(tx: &Tx<'_>, message: MessageId, next_at: Option<Timestamp>) -> Outcome<()> {
    tx.connection.prepare_cached("UPDATE doubts SET looked_up = looked_up + 1, look_up_at = ?2 WHERE message_id = ?1")?.execute((message.raw(), micros(next_at)))?;
    Ok(())
}

/// The provider did not say.
pub(super) fn look_up_failed(tx: &Tx<'_>, message: MessageId, again_at: Option<Timestamp>) -> Outcome<()> {
    tx.connection.prepare_cached("UPDATE doubts SET look_up_at = ?2 WHERE message_id = ?1")?.execute((message.raw(), micros(again_at)))?;
    Ok(())
}

pub(super) const SINCE: &str = "SELECT d.message_id FROM doubts d CROSS JOIN messages m USING (message_id)
    WHERE d.account_id = ?1 AND d.resending = 0 AND d.since <= ?2 AND m.resends = 0 ORDER BY d.since, d.message_id LIMIT ?3";

/// Oldest first.
pub(super) fn since(connection: &Connection, account: AccountId, before: Timestamp, limit: usize) -> Outcome<Vec<MessageId>> {
    let mut statement = connection.prepare_cached(SINCE)?;
    let rows = statement.query_map((account.raw(), before.micros(), limited(limit)), |row| row.get(0).map(MessageId::from_raw))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) const TO_LOOK_UP: &str = "SELECT d.message_id, d.since, d.looked_up FROM doubts d CROSS JOIN messages m USING (message_id)
    WHERE d.account_id = ?1 AND d.look_up_at IS NOT NULL AND d.look_up_at <= ?2 AND m.state <> 'submitting' ORDER BY d.look_up_at, d.message_id LIMIT ?3";

/// Those whose look-up is due longest, first. One that is being sent again is passed over: nothing could be settled.
pub(super) fn to_look_up(connection: &Connection, account: AccountId, now: Timestamp, limit: usize) -> Outcome<Vec<DoubtRow>> {
    let mut statement = connection.prepare_cached(TO_LOOK_UP)?;
    let read = |row: &Row<'_>| Ok((MessageId::from_raw(row.get(0)?), at(row, 1)?, row.get(2)?));
    let found: Vec<(MessageId, Timestamp, u32)> = statement.query_map((account.raw(), now.micros(), limited(limit)), read)?.collect::<Result<_, _>>()?;
    found.into_iter().map(|(message, since, looked_up)| whole(connection, message, since, looked_up)).collect()
}

/// One, unless it is being sent again just now.
pub(super) fn one(connection: &Connection, message: MessageId) -> Outcome<Option<DoubtRow>> {
    let sql = "SELECT d.since, d.looked_up FROM doubts d CROSS JOIN messages m USING (message_id) WHERE d.message_id = ?1 AND m.state <> 'submitting'";
    let found = connection.prepare_cached(sql)?.query_row([message.raw()], |row| Ok((at(row, 0)?, row.get(1)?))).optional()?;
    found.map(|(since, looked_up)| whole(connection, message, since, looked_up)).transpose()
}

fn whole(connection: &Connection, id: MessageId, since: Timestamp, looked_up: u32) -> Outcome<DoubtRow> {
    let message = lists::one(connection, id)?;
    let begun_at = begun_at(connection, id)?.unwrap_or(since);
    let provider_message_ids = lists::names(connection, id)?;
    let others = others(connection, message.account, &message.to, id)?;
    Ok(DoubtRow { message, since, begun_at, looked_up, provider_message_ids, others })
}

/// When the submission began that left it in doubt.
fn begun_at(connection: &Connection, id: MessageId) -> Outcome<Option<Timestamp>> {
    let mut statement = connection.prepare_cached(
        "SELECT s.begun_at FROM submission_messages c CROSS JOIN submissions s USING (submission_id) WHERE c.message_id = ?1 AND c.state = 'unknown' ORDER BY c.submission_id DESC LIMIT 1",
    )?;
    Ok(statement.query_row([id.raw()], |row| at(row, 0)).optional()?)
}

/// Those of this many of the latest messages to a number: nobody looks further back.
const OTHERS: i64 = 1000;

/// Of those that have left, of those that are to be sent again, and of those that are being sent just now.
pub(super) const OTHER_NAMES: &str = "SELECT p.provider_message_id
    FROM (SELECT message_id FROM messages WHERE recipient = ?2 AND waits = 0 AND message_id <> ?3 ORDER BY message_id DESC LIMIT ?4) m
    CROSS JOIN provider_messages p INDEXED BY provider_messages_by_message USING (message_id) WHERE p.account_id = ?1
    UNION SELECT p.provider_message_id FROM doubts d CROSS JOIN provider_messages p INDEXED BY provider_messages_by_message USING (message_id)
    WHERE d.account_id = ?1 AND d.number = ?2 AND d.message_id <> ?3 AND p.account_id = ?1
    UNION SELECT p.provider_message_id FROM submissions s INDEXED BY submissions_running CROSS JOIN submission_messages c USING (submission_id) CROSS JOIN messages m USING (message_id)
    CROSS JOIN provider_messages p INDEXED BY provider_messages_by_message USING (message_id)
    WHERE s.ended_seq IS NULL AND s.account_id = ?1 AND m.recipient = ?2 AND m.message_id <> ?3 AND p.account_id = ?1 ORDER BY 1";

fn others(connection: &Connection, account: AccountId, to: &Msisdn, but: MessageId) -> Outcome<Vec<String>> {
    let mut statement = connection.prepare_cached(OTHER_NAMES)?;
    let rows = statement.query_map((account.raw(), to.as_str(), but.raw(), OTHERS), |row| row.get(0))?;
    Ok(rows.collect::<Sql<_>>()?)
}
