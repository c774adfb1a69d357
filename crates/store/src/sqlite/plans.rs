//! No statement that runs often may walk a table: each is looked at as the database would run it over a database with rows.

use rusqlite::Connection;
use salio_domain::message::MessageState;
use salio_domain::{AccountId, MessageId};

use super::{
    account, batches, books_reading, doubtful, doubts, ending, figures, finding, forwards, inbound, journal, lists, migrate, opening, picking, queue, reports, streams, sweep,
    taking, tx,
};
use crate::MessageFilter;

fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let count = statement.parameter_count();
    let rows = statement.query_map(rusqlite::params_from_iter(vec![1_i64; count]), |row| row.get(3)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn schema() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    migrate::up(&mut connection, migrate::ALL).unwrap();
    connection
}

/// Indexes over what runs just now: short however long the tables grow, so that they may be walked.
const SHORT: [&str; 2] = ["INDEX batches_sweeping", "INDEX submissions_running"];

/// Neither a walk nor a sort.
fn reads_ranges(connection: &Connection, sql: &str) -> bool {
    let steps = plan(connection, sql);
    let short = |step: &str| SHORT.iter().any(|index| step.ends_with(index));
    let walks = |step: &str| (step.starts_with("SCAN") && !short(step)) || step.contains("TEMP B-TREE");
    steps.iter().any(|step| step.starts_with("SEARCH") || short(step)) && !steps.iter().any(|step| walks(step))
}

fn assert_ranges(connection: &Connection, sql: &str) {
    assert!(reads_ranges(connection, sql), "{:?} for {sql}", plan(connection, sql));
}

#[test]
fn the_queue_and_the_books_are_read_by_ranges() {
    let connection = schema();
    for sql in [
        picking::READY,
        picking::DUE,
        picking::NEXT,
        queue::LANE,
        tx::SERVED,
        lists::NEXT_DUE,
        ending::CARRIED,
        ending::UNMATCHED,
        journal::OF_ONE,
        taking::OPEN,
        taking::REMEMBERED,
        figures::SHOWN,
        account::PRICES,
        opening::PRICE,
        books_reading::ENTRIES,
        books_reading::SUBMISSIONS,
    ] {
        assert_ranges(&connection, sql);
    }
}

#[test]
fn batches_and_their_streams_are_read_by_ranges() {
    let connection = schema();
    for sql in [batches::ERRORS, streams::BY_KEY, streams::STAGED, streams::LEFT, sweep::ABANDONED, sweep::SWEEPING, sweep::LANE, sweep::EXPIRED] {
        assert_ranges(&connection, sql);
    }
}

#[test]
fn evidence_is_read_by_ranges() {
    let connection = schema();
    for sql in [
        doubtful::DOUBTFUL,
        doubts::SINCE,
        doubts::TO_LOOK_UP,
        finding::NAMED,
        finding::ONE,
        finding::ALONE,
        finding::IN_DOUBT,
        finding::ENDING_SO,
        finding::RUNNING,
        finding::UNNAMED,
        finding::SETTLED,
        reports::EARLY,
        reports::HELD,
        reports::UNMATCHED,
        forwards::DUE,
        forwards::NEXT,
        inbound::OF_ONE,
    ] {
        assert_ranges(&connection, sql);
    }
}

#[test]
fn lists_of_messages_are_read_by_ranges() {
    let connection = schema();
    let filter = |change: fn(&mut MessageFilter)| {
        let mut filter = MessageFilter { limit: 50, ..MessageFilter::default() };
        change(&mut filter);
        lists::parts(&filter).iter().map(|part| lists::query(&filter, *part).0).collect::<Vec<_>>()
    };
    let filters: [fn(&mut MessageFilter); 8] = [
        |f| f.account = Some(AccountId::from_raw(1)),
        |f| f.before = Some(MessageId::from_raw(1)),
        |f| f.state = Some(MessageState::Unknown),
        |f| f.state = Some(MessageState::Queued),
        |f| f.to = Some("254712345678".to_owned()),
        |f| f.reference = Some("x".to_owned()),
        |f| f.batch = Some(salio_domain::ids::BatchId::from_raw(1)),
        |f| (f.to, f.before, f.state) = (Some("254712345678".to_owned()), Some(MessageId::from_raw(9)), Some(MessageState::Sent)),
    ];
    for change in filters {
        filter(change).iter().for_each(|sql| assert_ranges(&connection, sql));
    }
    assert_eq!(plan(&connection, &filter(|_| {})[0]), ["SCAN messages"], "newest first along the key, up to the limit");
}

#[test]
fn a_walk_would_be_seen() {
    let connection = schema();
    assert!(!reads_ranges(&connection, "SELECT * FROM messages WHERE cause = ?1"));
    assert!(!reads_ranges(&connection, "SELECT * FROM messages WHERE account_id = ?1 ORDER BY body"));
}
