//! What a call about delivery says: the four shapes, told apart by their fields and not by their method, read into words of the domain.
//!
//! Knows nothing of: which message a report is about, what follows from it.

use salio_domain::report::{DeliveryReport, ReportOutcome};

use super::names::{CODE, DONE, ID, NUMBER, REPORT, TEXT, WORD};
use super::record::Record;
use super::{ENGINE_ACKNOWLEDGEMENT, records};
use crate::onfon::json::says_nothing;
use crate::onfon::text::clip;
use crate::onfon::words::{Figures, meaning};
use crate::{MOST_IN_CALL, RawCall, ReportCall};

/// How much of a field is kept, in bytes. No name that the vendor gave us is longer.
pub(super) const MAX_ID: usize = 200;
/// A word, a code, a number, a date.
pub(super) const MAX_WORD: usize = 100;
/// The beginning of a text is enough to compare.
const MAX_TEXT: usize = 4096;
/// What the engine writes where it has nothing.
const ENGINE_NOTHING: [&str; 2] = ["ND", "-"];

/// Reads any call.
pub(in crate::onfon) fn read(call: &RawCall<'_>) -> ReportCall {
    let records = records(call, &REPORT);
    let Some(first) = records.first() else { return ReportCall::not_understood() };
    let shape = Shape::of(first, call);
    let is_engine = records.iter().any(is_engine);
    // One more than are taken shows that there are more.
    let mut reports: Vec<DeliveryReport> = records.iter().flat_map(said).take(MOST_IN_CALL + 1).collect();
    if reports.len() <= MOST_IN_CALL {
        // The same name twice in a query, the same row twice in a list.
        reports.dedup();
    }
    ReportCall { reports, acknowledge: if is_engine { ENGINE_ACKNOWLEDGEMENT } else { ReportCall::OK }, shape: shape.word() }
}

#[derive(Clone, Copy)]
enum Shape {
    Portal,
    Push,
    Callback,
    Engine,
}

impl Shape {
    fn of(record: &Record, call: &RawCall<'_>) -> Self {
        let any = |names: &[&str]| names.iter().any(|name| record.has(name));
        if is_engine(record) {
            Self::Engine
        } else if any(&["shortmessage", "submitdate", "donedate", "mobile"]) {
            Self::Portal
        } else if any(&["deliverytime", "errormessage"]) {
            Self::Callback
        } else if any(&["mobilenumber", "statusdescription", "networkcode", "timestamp", "deliverystatus", "statustext", "msgid", "dlrstatus"]) {
            Self::Push
        } else if call.body.is_empty() {
            Self::Portal
        } else {
            Self::Callback
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Portal => "s1",
            Self::Push => "s2",
            Self::Callback => "s3",
            Self::Engine => "s4",
        }
    }
}

/// The engine's own fields; one alone may be a customer's choice of names.
fn is_engine(record: &Record) -> bool {
    let has = |name: &str| record.has(name);
    has("id") && (has("messagestatus") || has("idsmsc") || has("dlvrd") || has("level") && has("connector")) || has("messagestatus") && has("connector")
}

/// The reports of one record: one, or as many as it has values of a name, a number or a word. Made one by one, as they are wanted.
fn said(record: &Record) -> impl Iterator<Item = DeliveryReport> {
    let fields = Fields::of(record);
    let count = [&fields.ids, &fields.numbers, &fields.words].map(Vec::len).into_iter().max().unwrap_or(0).max(1);
    (0..count).map(move |at| fields.report(at, count))
}

struct Fields<'a> {
    figures: Figures,
    is_engine: bool,
    ids: Vec<&'a str>,
    numbers: Vec<&'a str>,
    /// Of the first name that says something.
    words: Vec<&'a str>,
    /// Of every name for a word, the first first.
    all_words: Vec<Vec<&'a str>>,
    codes: Vec<&'a str>,
    texts: Vec<&'a str>,
    dates: Vec<&'a str>,
}

impl<'a> Fields<'a> {
    fn of(record: &'a Record) -> Self {
        let is_engine = is_engine(record);
        let all_words: Vec<Vec<&str>> = WORD.iter().map(|name| record.of(name)).filter(|values| !values.is_empty()).collect();
        let texts = TEXT.iter().map(|name| record.raw(name)).find(|texts| !texts.is_empty()).unwrap_or_default();
        Self {
            figures: if is_engine { Figures::Foreign } else { Figures::Ours },
            is_engine,
            ids: record.values(ID),
            numbers: record.values(NUMBER),
            words: all_words.first().cloned().unwrap_or_default(),
            all_words,
            codes: record.values(CODE),
            texts: texts.iter().map(String::as_str).collect(),
            dates: record.values(DONE),
        }
    }

    fn report(&self, at: usize, count: usize) -> DeliveryReport {
        let (word, outcome) = self.word(at, count);
        let said = |values: &[&str]| pick(values, at, count).filter(|value| !(self.is_engine && ENGINE_NOTHING.contains(value))).map(str::to_owned);
        DeliveryReport {
            provider_message_id: said(&self.ids).map(|id| clip(id, MAX_ID)),
            number: said(&self.numbers).map(|number| clip(number, MAX_WORD)),
            word: word.map(|word| clip(word.to_owned(), MAX_WORD)),
            outcome,
            error_code: said(&self.codes).map(|code| clip(code, MAX_WORD)),
            text: said(&self.texts).map(|text| unquoted(&text).to_owned()).filter(|text| !says_nothing(text)).map(|text| clip(text, MAX_TEXT)),
            done_at: said(&self.dates).map(|date| clip(date, MAX_WORD)),
        }
    }

    /// The first word that has a meaning decides. Beside a figure, a word that means the same is the better one to keep; a word nobody knows is kept as it is.
    fn word(&self, at: usize, count: usize) -> (Option<&'a str>, ReportOutcome) {
        let said: Vec<(&str, ReportOutcome)> = self.all_words.iter().filter_map(|values| pick(values, at, count)).map(|word| (word, meaning(word, self.figures))).collect();
        let Some((word, outcome)) = said.iter().find(|(_, outcome)| *outcome != ReportOutcome::Unmapped).or(said.first()) else { return (None, ReportOutcome::Unmapped) };
        let is_figure = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
        let spelt = said.iter().find(|(other, same)| *outcome != ReportOutcome::Unmapped && is_figure(word) && same == outcome && !is_figure(other));
        (Some(spelt.map_or(word, |(other, _)| other)), *outcome)
    }
}

/// The value that belongs to one of several reports: its own, or the only one. Where there are others in number, none can be told to belong to it.
fn pick<'a>(values: &[&'a str], at: usize, count: usize) -> Option<&'a str> {
    if values.len() == count { values.get(at).copied() } else { values.first().copied().filter(|_| values.len() == 1 || count == 1) }
}

/// Without the single quotes that one of the shapes puts around a text.
fn unquoted(text: &str) -> &str {
    text.trim().strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text)
}
