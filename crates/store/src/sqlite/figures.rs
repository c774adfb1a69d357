//! Figures of the past, for charts: what was shown after each answer, in steps, and the top-ups.

use std::time::Duration;

use rusqlite::Connection;
use salio_domain::balance::TopUp;
use salio_domain::{AccountId, Timestamp};

use super::fault::Outcome;
use super::words::{at, units};
use crate::{History, HistoryPoint, TopUpRow};

pub(super) const SHOWN: &str = "SELECT answered_at, shown FROM observations
    WHERE account_id = ?1 AND verdict <> 'older' AND answered_at BETWEEN ?2 AND ?3 AND shown IS NOT NULL ORDER BY answered_at, question";

/// From `from` to `to`, both included; steps are counted from the epoch, so that they stay where they are while a chart moves on.
pub(super) fn history(connection: &Connection, account: AccountId, from: Timestamp, to: Timestamp, step: Duration) -> Outcome<History> {
    let width = i64::try_from(step.as_micros()).unwrap_or(i64::MAX).max(1);
    let mut points: Vec<HistoryPoint> = Vec::new();
    let mut statement = connection.prepare_cached(SHOWN)?;
    let mut rows = statement.query((account.raw(), from.micros(), to.micros()))?;
    while let Some(row) = rows.next()? {
        let (at, shown) = (at(row, 0)?, units(row, 1)?);
        let place = |at: Timestamp| at.micros().div_euclid(width);
        let same_step = |point: &&mut HistoryPoint| place(point.at) == place(at);
        match points.last_mut().filter(same_step) {
            Some(point) => *point = HistoryPoint { at, shown, low: point.low.min(shown), high: point.high.max(shown) },
            None => points.push(HistoryPoint { at, shown, low: shown, high: shown }),
        }
    }
    Ok(History { points, top_ups: top_ups(connection, account, from, to)? })
}

fn top_ups(connection: &Connection, account: AccountId, from: Timestamp, to: Timestamp) -> Outcome<Vec<TopUpRow>> {
    let mut statement = connection.prepare_cached("SELECT seen_at, low, high FROM top_ups WHERE account_id = ?1 AND seen_at BETWEEN ?2 AND ?3 ORDER BY seen_at, top_up_id")?;
    let rows = statement.query_map((account.raw(), from.micros(), to.micros()), |row| {
        let amount = TopUp { low: units(row, 1)?, high: units(row, 2)? };
        Ok(TopUpRow { at: at(row, 0)?, amount, settled: amount.low == amount.high })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
