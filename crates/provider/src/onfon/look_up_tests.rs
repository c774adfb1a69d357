//! Rows of the vendor's lists in all forms, and the way through many pages.

use salio_domain::report::ReportOutcome::{Delivered, Pending, Unmapped};

use super::listed::{Listed, read};
use super::look_up::{Progress, Search};
use crate::http::{Ending, Reply};
use crate::{Found, LookUp, LookUpError};

fn list(body: &str) -> Result<Listed, &'static str> {
    read(&Reply { status: 200, body: body.as_bytes().to_vec(), ending: Ending::Whole }).map_err(|trouble| trouble.code)
}

const ROW: &str =
    r#"{"MobileNumber":"+254712345678","SenderId":"Shop","Message":"Habari\r\nyako","SubmitDate":"16-Mar-2018 05:12:28 PM","DoneDate":"","MessageId":"m-1","Status":"DELIVRD"}"#;

#[test]
fn rows_in_every_wrapping() {
    for (data, total) in [
        (format!("[{ROW}]"), None),
        (ROW.to_owned(), None),
        (format!(r#"{{"messages":[{ROW}],"total":"1"}}"#), Some(1)),
        (format!(r#"{{"messages":[{ROW},null],"total":1}}"#), Some(1)),
        (format!(r#"[{}]"#, ROW.to_lowercase().replace("delivrd", "DELIVRD").replace("\"shop\"", "\"Shop\"").replace("habari", "Habari")), None),
    ] {
        let listed = list(&format!(r#"{{"ErrorCode":0,"ErrorDescription":"null","Data":{data}}}"#)).expect("a list");
        let expected = Found {
            provider_message_id: "m-1".to_owned(),
            number: "254712345678".to_owned(),
            text: "Habari\r\nyako".to_owned(),
            sender: "Shop".to_owned(),
            submitted_at: Some("2018-03-16T14:12:28Z".parse().expect("an instant")),
            outcome: Delivered,
            word: Some("DELIVRD".to_owned()),
        };
        assert_eq!(listed, Listed { rows: vec![expected], count: 1, total }, "{data}");
    }
}

#[test]
fn rows_that_say_little_or_nothing() {
    let listed = list(r#"{"Data":[{"MessageId":42,"MobileNumber":254712345678},5,"x",[],{"MessageId":"a","messageid":"b"},{"MessageId":null,"Status":"odd"}]}"#).expect("a list");
    let rows: Vec<(&str, &str, _)> = listed.rows.iter().map(|row| (row.provider_message_id.as_str(), row.number.as_str(), row.outcome)).collect();
    assert_eq!((rows.as_slice(), listed.count), (&[("42", "254712345678", Unmapped), ("", "", Unmapped)][..], 5));
    assert_eq!(list(r#"{"ErrorCode":0,"Data":[]}"#), Ok(Listed { rows: vec![], count: 0, total: None }));
}

#[test]
fn what_is_no_list_is_an_error() {
    for (body, code) in [
        ("", "unreadable_answer"),
        ("<html></html>", "unreadable_answer"),
        ("<?xml version=\"1.0\"?><a/>", "unreadable_answer"),
        (r#"{"ErrorCode":0,"Data":[{"MessageId":"m-1""#, "unreadable_answer"),
        (r#"{"ErrorCode":0}"#, "unreadable_answer"),
        (r#"{"ErrorCode":0,"Data":null}"#, "unreadable_answer"),
        (r#"{"ErrorCode":0,"Data":"Success"}"#, "unreadable_answer"),
        (r#"{"ErrorCode":0,"Data":7}"#, "unreadable_answer"),
        (r#"{"ErrorCode":0,"Data":{"messages":[],"total":"1","Total":"2"}}"#, "unreadable_answer"),
        (r#"{"ErrorCode":7,"Data":null}"#, "credentials_refused"),
        (r#"{"ErrorCode":29,"Data":[{"MessageId":"m-1"}]}"#, "refused"),
    ] {
        assert_eq!(list(body), Err(code), "{body}");
    }
}

fn ask() -> LookUp {
    LookUp {
        to: "254712345678".to_owned(),
        sender: "Shop".to_owned(),
        text: "Habari\nyako".to_owned(),
        submitted_at: "2026-11-22T10:00:00Z".parse().expect("an instant"),
        provider_message_ids: Vec::new(),
    }
}

fn row(id: &str, number: &str, text: &str) -> Found {
    Found { provider_message_id: id.to_owned(), number: number.to_owned(), text: text.to_owned(), sender: "Shop".to_owned(), submitted_at: None, outcome: Pending, word: None }
}

fn page(rows: Vec<Found>, total: Option<usize>) -> Listed {
    Listed { count: rows.len(), rows, total }
}

fn others(from: usize, count: usize) -> Vec<Found> {
    (from..from + count).map(|i| row(&format!("o-{i}"), "254700000001", "other")).collect()
}

fn names(found: Result<Vec<Found>, LookUpError>) -> Result<Vec<String>, &'static str> {
    found.map(|rows| rows.into_iter().map(|row| row.provider_message_id).collect()).map_err(|error| error.code())
}

#[test]
fn only_rows_of_this_number_and_text() {
    let ask = ask();
    let mut search = Search::new([&ask]);
    let rows = vec![
        row("a", "254712345678", "Habari\nyako"),
        row("b", "254712345678", "Habari\r\nyako"),
        row("c", "0712345678", "Habari\ryako"),
        row("d", "712345678", "Habari\nyako"),
        row("e", "254712345678", "Habari\nyako "),
        row("f", "254712345679", "Habari\nyako"),
        row("g", "255712345678", "Habari\nyako"),
        row("h", "", "Habari\nyako"),
    ];
    assert_eq!(search.take(page(rows, Some(8))), Progress::AtTheEnd);
    assert_eq!(names(search.results().remove(0)), Ok(["a", "b", "c", "d"].map(str::to_owned).to_vec()));
}

#[test]
fn pages_until_the_end_each_row_once() {
    let ask = ask();
    let mut search = Search::new([&ask]);
    let mut first = others(0, 99);
    first.push(row("a", "254712345678", "Habari\nyako"));
    assert_eq!((search.take(page(first, Some(150))), search.start), (Progress::MoreToAsk, 100));
    // A new row came in at the top, so the last one is met again, and its word has changed.
    let mut second = vec![Found { outcome: Delivered, word: Some("DELIVRD".to_owned()), ..row("a", "254712345678", "Habari\nyako") }];
    second.extend(others(100, 49));
    assert_eq!(search.take(page(second, Some(150))), Progress::AtTheEnd);
    assert_eq!(names(search.results().remove(0)), Ok(vec!["a".to_owned()]));
}

#[test]
fn without_a_total_an_empty_page_is_the_end() {
    let ask = ask();
    let mut search = Search::new([&ask]);
    assert_eq!(search.take(page(others(0, 50), None)), Progress::MoreToAsk, "the page may be shorter than asked for");
    assert_eq!(search.take(page(Vec::new(), None)), Progress::AtTheEnd);
    assert_eq!(names(search.results().remove(0)), Ok(Vec::new()));
    // A total that only counts the page is not believed while pages are full.
    let mut search = Search::new([&ask]);
    assert_eq!(search.take(page(others(0, 100), Some(100))), Progress::MoreToAsk);
}

#[test]
fn what_may_have_been_missed_is_no_absence() {
    let ask = ask();
    // The same page again and again, of a longer list.
    let mut search = Search::new([&ask]);
    assert_eq!(search.take(page(others(0, 100), Some(500))), Progress::MoreToAsk);
    assert_eq!(search.take(page(others(0, 100), Some(500))), Progress::AtTheEnd);
    assert_eq!(names(search.results().remove(0)), Err("too_many_rows"));
    // A row that cannot be read, or that fits and has no name.
    for unread in [Listed { rows: Vec::new(), count: 1, total: Some(1) }, page(vec![row("", "254712345678", "Habari\nyako")], Some(1))] {
        let mut search = Search::new([&ask]);
        search.take(unread);
        assert_eq!(names(search.results().remove(0)), Err("unreadable_answer"));
    }
}

#[test]
fn one_pass_is_for_all_that_are_looked_for() {
    let (one, two, three) = (ask(), LookUp { to: "254700000077".to_owned(), ..ask() }, LookUp { text: "another".to_owned(), ..ask() });
    let mut search = Search::new([&one, &two, &three]);
    let mut rows = others(0, 98);
    rows.extend([row("a", "0712345678", "Habari\nyako"), row("b", "254712345678", "another")]);
    assert_eq!(search.take(page(rows, Some(500))), Progress::MoreToAsk);
    assert_eq!(search.take(page(others(0, 98), Some(500))), Progress::AtTheEnd, "the same again: the rest cannot be had");
    let results: Vec<_> = search.results().into_iter().map(names).collect();
    assert_eq!(results, [Ok(vec!["a".to_owned()]), Err("too_many_rows"), Ok(vec!["b".to_owned()])], "what was cut short concerns those that were not found alone");
}
