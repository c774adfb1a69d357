//! An account's row: read whole, kept in the writer, changed through the domain's standing, written back whole before a commit.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use salio_domain::balance::{BalanceForm, Failure, Opening, Standing, Taken};
use salio_domain::outbox::Pause;
use salio_domain::pricing::PriceSource;
use salio_domain::{AccountId, Timestamp};

use super::books::Books;
use super::fault::{Fault, Outcome};
use super::words::{Sql, at, micros, optional_at, optional_word, units};
use crate::{AccountSnapshot, Held, StoredPrice};

/// What the writer keeps of an account: everything shown, and its counters.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) shown: AccountSnapshot,
    pub(super) seq: i64,
    pub(super) last_question: i64,
    pub(super) books: Books,
    /// Messages that waited may go sooner; not stored.
    pub(super) hurried: bool,
}

impl Account {
    /// The next place in the account's order of events.
    pub(super) const fn next_seq(&mut self) -> i64 {
        self.seq += 1;
        self.seq
    }
}

const SELECT: &str = "SELECT a.*, p.per_segment, p.source FROM accounts a JOIN prices p USING (price_id) WHERE a.account_id = ?1";

const UPDATE: &str = "UPDATE accounts SET slug = :slug, seq = :seq, last_question = :last_question, version = :version,
    base_units = :base_units, base_question = :base_question, base_asked_seq = :base_asked_seq, base_asked_at = :base_asked_at, base_answered_at = :base_answered_at,
    pending = :pending, queued = :queued, unknown_messages = :unknown_messages, in_flight = :in_flight,
    last_begun_seq = :last_begun_seq, last_ended_seq = :last_ended_seq, last_ended_at = :last_ended_at, cleared_seq = :cleared_seq,
    opening_first = :opening_first, opening_low = :opening_low, opening_high = :opening_high,
    failure_code = :failure_code, failure_detail = :failure_detail, failure_since = :failure_since, failure_attempts = :failure_attempts,
    failure_next_try_at = :failure_next_try_at, failure_credentials = :failure_credentials, last_asked_at = :last_asked_at,
    form = :form, quarantined = :quarantined, paused = :paused, paused_at = :paused_at, price_id = :price_id,
    stopped_at = :stopped_at, held_since = :held_since, held_rank = :held_rank, held_needed = :held_needed, held_available = :held_available,
    ledger_number = :ledger_number, ledger_hash = :ledger_hash, ledger_day = :ledger_day
    WHERE account_id = :account_id";

/// The account, or that there is none.
pub(super) fn load(connection: &Connection, id: AccountId) -> Outcome<Account> {
    let mut account = connection.prepare_cached(SELECT)?.query_row([id.raw()], read).optional()?.ok_or_else(|| Fault::not_found("account"))?;
    account.shown.prices = Arc::new(prices(connection, id)?);
    Ok(account)
}

pub(super) const PRICES: &str = "SELECT prefix, price_id, per_segment, source FROM prices WHERE account_id = ?1 AND ended_at IS NULL AND prefix > '' ORDER BY prefix";

/// Of numbers that begin like this, in order.
fn prices(connection: &Connection, id: AccountId) -> Outcome<Vec<(String, StoredPrice)>> {
    let mut statement = connection.prepare_cached(PRICES)?;
    let rows = statement.query_map([id.raw()], |row| Ok((row.get(0)?, price(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn price(row: &Row<'_>) -> Sql<StoredPrice> {
    Ok(StoredPrice { id: row.get("price_id")?, per_segment: units(row, "per_segment")?, source: PriceSource::from_word(row.get_ref("source")?.as_str()?) })
}

fn read(row: &Row<'_>) -> Sql<Account> {
    let price = price(row)?;
    let paused = optional_word(row, "paused", Pause::from_word)?.zip(optional_at(row, "paused_at")?);
    let shown = AccountSnapshot {
        account: AccountId::from_raw(row.get("account_id")?),
        slug: row.get("slug")?,
        version: row.get("version")?,
        standing: standing(row, price.source)?,
        form: optional_word(row, "form", BalanceForm::from_word)?,
        quarantined: optional_word(row, "quarantined", BalanceForm::from_word)?,
        paused,
        stopped_at: optional_at(row, "stopped_at")?,
        held: held(row)?,
        price,
        prices: Arc::default(),
    };
    Ok(Account { shown, seq: row.get("seq")?, last_question: row.get("last_question")?, books: books(row)?, hurried: false })
}

fn held(row: &Row<'_>) -> Sql<Option<Held>> {
    let since = optional_at(row, "held_since")?;
    since.map(|since| Ok(Held { since, rank: row.get("held_rank")?, needed: units(row, "held_needed")?, available: units(row, "held_available")? })).transpose()
}

fn books(row: &Row<'_>) -> Sql<Books> {
    match row.get("ledger_hash")? {
        Some(hash) => Ok(Books { number: row.get("ledger_number")?, hash, day: row.get("ledger_day")? }),
        None => Ok(Books::EMPTY),
    }
}

fn standing(row: &Row<'_>, price_source: PriceSource) -> Sql<Standing> {
    Ok(Standing {
        base: base(row)?,
        pending: units(row, "pending")?,
        queued: units(row, "queued")?,
        unknown_messages: row.get("unknown_messages")?,
        in_flight: row.get("in_flight")?,
        last_begun_seq: row.get("last_begun_seq")?,
        last_ended_seq: row.get("last_ended_seq")?,
        last_ended_at: optional_at(row, "last_ended_at")?,
        cleared_seq: row.get("cleared_seq")?,
        opening: opening(row)?,
        failure: failure(row)?,
        last_asked_at: optional_at(row, "last_asked_at")?,
        price_source,
    })
}

fn base(row: &Row<'_>) -> Sql<Option<Taken>> {
    if row.get::<_, Option<i64>>("base_question")?.is_none() {
        return Ok(None);
    }
    let taken = Taken {
        units: units(row, "base_units")?,
        question: row.get("base_question")?,
        asked_seq: row.get("base_asked_seq")?,
        asked_at: at(row, "base_asked_at")?,
        answered_at: at(row, "base_answered_at")?,
    };
    Ok(Some(taken))
}

fn opening(row: &Row<'_>) -> Sql<Option<Opening>> {
    let first: Option<bool> = row.get("opening_first")?;
    first.map(|first_figure| Ok(Opening { first_figure, low: units(row, "opening_low")?, high: units(row, "opening_high")? })).transpose()
}

fn failure(row: &Row<'_>) -> Sql<Option<Failure>> {
    let code: Option<String> = row.get("failure_code")?;
    let rest = |code| {
        Ok(Failure {
            code,
            detail: row.get("failure_detail")?,
            since: at(row, "failure_since")?,
            attempts: row.get("failure_attempts")?,
            next_try_at: optional_at(row, "failure_next_try_at")?,
            credentials: row.get("failure_credentials")?,
        })
    };
    code.map(rest).transpose()
}

/// Writes it back whole.
pub(super) fn save(connection: &Connection, account: &Account) -> Outcome<()> {
    let AccountSnapshot { standing, form, quarantined, paused, held, .. } = &account.shown;
    let books = (account.books != Books::EMPTY).then_some(account.books);
    let (base, opening, failure) = (standing.base, standing.opening, standing.failure.as_ref());
    connection.prepare_cached(UPDATE)?.execute(named_params! {
        ":account_id": account.shown.account.raw(), ":slug": account.shown.slug, ":seq": account.seq, ":last_question": account.last_question, ":version": account.shown.version,
        ":base_units": base.map(|taken| taken.units.micros()), ":base_question": base.map(|taken| taken.question), ":base_asked_seq": base.map(|taken| taken.asked_seq),
        ":base_asked_at": base.map(|taken| taken.asked_at.micros()), ":base_answered_at": base.map(|taken| taken.answered_at.micros()),
        ":pending": standing.pending.micros(), ":queued": standing.queued.micros(), ":unknown_messages": standing.unknown_messages, ":in_flight": standing.in_flight,
        ":last_begun_seq": standing.last_begun_seq, ":last_ended_seq": standing.last_ended_seq, ":last_ended_at": micros(standing.last_ended_at), ":cleared_seq": standing.cleared_seq,
        ":opening_first": opening.map(|open| open.first_figure), ":opening_low": opening.map(|open| open.low.micros()), ":opening_high": opening.map(|open| open.high.micros()),
        ":failure_code": failure.map(|failure| &failure.code), ":failure_detail": failure.map(|failure| &failure.detail), ":failure_since": failure.map(|failure| failure.since.micros()),
        ":failure_attempts": failure.map(|failure| failure.attempts), ":failure_next_try_at": micros(failure.and_then(|failure| failure.next_try_at)),
        ":failure_credentials": failure.map(|failure| failure.credentials), ":last_asked_at": micros(standing.last_asked_at),
        ":form": form.map(BalanceForm::as_str), ":quarantined": quarantined.map(BalanceForm::as_str),
        ":paused": paused.map(|(why, _)| why.as_str()), ":paused_at": paused.map(|(_, since)| Timestamp::micros(since)), ":price_id": account.shown.price.id,
        ":stopped_at": micros(account.shown.stopped_at), ":held_since": micros(held.map(|held| held.since)), ":held_rank": held.map(|held| held.rank),
        ":held_needed": held.map(|held| held.needed.micros()), ":held_available": held.map(|held| held.available.micros()),
        ":ledger_number": account.books.number, ":ledger_hash": books.map(|books| books.hash), ":ledger_day": books.map(|books| books.day),
    })?;
    Ok(())
}
