//! Looking for a message in doubt: by its names, or page by page through the list of sent messages. Reports rows and decides nothing.
//!
//! Knows nothing of: when to ask, what follows from a row.

use std::collections::{BTreeMap, HashSet};

use reqwest::Url;
use salio_domain::report::ReportOutcome;

use super::answer::Trouble;
use super::dates::days_around;
use super::listed::{self, Listed};
use super::text::{clip, shorten};
use super::url::Page;
use super::{FIGURE_CHARS, Onfon, no_balance};
use crate::{Found, LookUp, LookUpError};

/// Rows asked for at once: with the longest texts still well under the cap of an answer.
const PAGE_ROWS: usize = 100;
/// Pages asked for at most in one call for all, so that a look-up on a busy account ends.
const MAX_PAGES: usize = 50;
/// Names asked for at most; a message has one, or two where it was sent again.
const MAX_NAMES: usize = 4;
/// Questions about names at most in one call for all.
const MAX_NAMED_CALLS: usize = 40;
/// How much of a row's text is kept, in bytes.
const TEXT_BYTES: usize = 16 * 1024;
/// Digits of a number without country code and leading zero.
const LOCAL_DIGITS: usize = 9;

type Answer = Result<Vec<Found>, LookUpError>;

impl Onfon {
    /// One answer for each, in order. Those with a name are asked for one by one; for the others the list of their days is read once, newest days first.
    pub(super) async fn find_all(&self, asks: &[LookUp]) -> Vec<Answer> {
        let mut answers: Vec<Answer> = vec![Err(LookUpError::NotReached); asks.len()];
        self.find_named(asks, &mut answers).await;
        self.find_listed(asks, &mut answers).await;
        answers.into_iter().map(|answer| Ok(answer?.into_iter().map(|row| self.without_secrets(row)).collect())).collect()
    }

    async fn find_named(&self, asks: &[LookUp], answers: &mut [Answer]) {
        let (mut calls, mut is_down) = (0, None);
        for (ask, answer) in asks.iter().zip(answers) {
            let names = ask.provider_message_ids.len().min(MAX_NAMES);
            if names == 0 {
                continue;
            }
            if let Some(error) = &is_down {
                *answer = Err(LookUpError::clone(error));
            } else if calls + names <= MAX_NAMED_CALLS {
                calls += names;
                *answer = self.find_by_names(&ask.provider_message_ids).await;
                is_down = answer.as_ref().err().filter(|error| concerns_all(error)).cloned();
            }
        }
    }

    async fn find_by_names(&self, names: &[String]) -> Answer {
        let mut found = Vec::new();
        for name in names.iter().take(MAX_NAMES) {
            let listed = self.ask_list("MessageStatus", self.endpoints.message_status(name)).await?;
            let unread = listed.rows.len() < listed.count;
            // A row that does not repeat the name is the answer to it; one with another name is not.
            let about = listed.rows.into_iter().filter(|row| row.provider_message_id == *name || row.provider_message_id.is_empty());
            let before = found.len();
            found.extend(about.map(|row| Found { provider_message_id: name.clone(), ..row }));
            if found.len() == before && unread {
                return Err(failed(Trouble::new("unreadable_answer", "Onfon's answer holds a row that cannot be read")));
            }
        }
        Ok(found)
    }

    async fn find_listed(&self, asks: &[LookUp], answers: &mut [Answer]) {
        let mut by_days: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (place, ask) in asks.iter().enumerate().filter(|(_, ask)| ask.provider_message_ids.is_empty()) {
            by_days.entry(days_around(ask.submitted_at)).or_default().push(place);
        }
        let mut pages = MAX_PAGES;
        for ((from, end), places) in by_days.iter().rev() {
            if pages == 0 {
                return;
            }
            let mut search = Search::new(places.iter().filter_map(|place| asks.get(*place)));
            let read = self.read_list(&mut search, (from, end), &mut pages).await;
            let results = search.results();
            for (place, result) in places.iter().zip(results) {
                if let Some(answer) = answers.get_mut(*place) {
                    *answer = read.clone().and(result);
                }
            }
            if read.is_err() {
                // What failed for these days will fail for the others: they are asked for another time.
                return;
            }
        }
    }

    /// Page after page. Newest first as far as is known, but nothing depends on it.
    async fn read_list(&self, search: &mut Search<'_>, (from, end): (&str, &str), pages: &mut usize) -> Result<(), LookUpError> {
        while *pages > 0 {
            *pages -= 1;
            let page = Page { start: search.start, length: PAGE_ROWS, from, end };
            let listed = self.ask_list("SMS", self.endpoints.sent(page)).await?;
            if search.take(listed) == Progress::AtTheEnd {
                return Ok(());
            }
        }
        search.is_complete = false;
        Ok(())
    }

    async fn ask_list(&self, service: &'static str, url: Url) -> Result<Listed, LookUpError> {
        let request = self.with_headers(self.balance_client.get(url), self.access_header.as_ref());
        let reply = self.send(service, request).await.map_err(|failure| {
            let error = no_balance(&failure);
            LookUpError::Failed { code: error.code, detail: error.detail, credentials: false }
        })?;
        listed::read(&reply).map_err(failed)
    }

    fn without_secrets(&self, row: Found) -> Found {
        let clean = |text: &str| self.redactor.clean(text);
        Found {
            provider_message_id: clean(&row.provider_message_id),
            number: clip(clean(&row.number), FIGURE_CHARS),
            text: clip(clean(&row.text), TEXT_BYTES),
            sender: shorten(&clean(&row.sender), FIGURE_CHARS),
            word: row.word.map(|word| shorten(&clean(&word), FIGURE_CHARS)),
            ..row
        }
    }
}

fn failed(Trouble { code, detail, credentials }: Trouble) -> LookUpError {
    LookUpError::Failed { code, detail, credentials }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    MoreToAsk,
    AtTheEnd,
}

/// A message that is looked for in the list.
struct Wanted<'a> {
    to: &'a str,
    text: String,
    found: Vec<Found>,
    /// A row that fits has no name.
    nameless: bool,
}

impl Wanted<'_> {
    /// What was found; an error where nothing was and something may have been missed.
    fn result(self, unread: bool, is_complete: bool) -> Answer {
        match (self.found.is_empty(), unread || self.nameless, is_complete) {
            (true, true, _) => Err(failed(Trouble::new("unreadable_answer", "Onfon's list holds rows that cannot be read"))),
            (true, false, false) => {
                Err(failed(Trouble::new("too_many_rows", "Onfon's list of those days is too long to be read whole, and the message was not in the part that was read")))
            }
            _ => Ok(self.found),
        }
    }
}

/// A way through the list, for all that are looked for in it.
pub(super) struct Search<'a> {
    wanted: Vec<Wanted<'a>>,
    /// How many rows have been seen: where the next page begins.
    pub start: usize,
    /// Rows move down while new ones come in at the top, so one may be met on two pages.
    seen: HashSet<Found>,
    unread: bool,
    is_complete: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(asks: impl IntoIterator<Item = &'a LookUp>) -> Self {
        let wanted = |ask: &'a LookUp| Wanted { to: &ask.to, text: newlines(&ask.text), found: Vec::new(), nameless: false };
        Self { wanted: asks.into_iter().map(wanted).collect(), start: 0, seen: HashSet::new(), unread: false, is_complete: true }
    }

    /// Takes a page and says whether there may be more.
    pub(super) fn take(&mut self, listed: Listed) -> Progress {
        let mut news = listed.count > listed.rows.len();
        self.unread |= news;
        self.start += listed.count;
        for row in listed.rows {
            // What became of it may change from one page to the next.
            let key = Found { outcome: ReportOutcome::Unmapped, word: None, ..row.clone() };
            if self.seen.insert(key) {
                news = true;
                self.compare(&row);
            }
        }
        // A full page is believed to be the last only when an empty one follows: some count a page and call it the total.
        let is_last = listed.count == 0 || listed.count < PAGE_ROWS && listed.total.is_some_and(|total| self.start >= total);
        if !is_last && news {
            return Progress::MoreToAsk;
        }
        // The same rows again: the place to begin at is not heeded, so the rest cannot be had.
        self.is_complete &= is_last || listed.total.is_none_or(|total| self.seen.len() >= total);
        Progress::AtTheEnd
    }

    fn compare(&mut self, row: &Found) {
        let text = newlines(&row.text);
        for wanted in self.wanted.iter_mut().filter(|wanted| same_number(wanted.to, &row.number) && wanted.text == text) {
            // Without its name a row is nothing that could be told from another.
            if row.provider_message_id.is_empty() {
                wanted.nameless = true;
            } else {
                wanted.found.push(row.clone());
            }
        }
    }

    /// One for each, in order.
    pub(super) fn results(self) -> Vec<Answer> {
        self.wanted.into_iter().map(|wanted| wanted.result(self.unread, self.is_complete)).collect()
    }
}

/// Whether what failed for one message will fail for every other.
fn concerns_all(error: &LookUpError) -> bool {
    matches!(error, LookUpError::Failed { code, credentials, .. } if *credentials || matches!(*code, "timeout" | "unreachable" | "connection_lost"))
}

/// Digits alone; a number without its country code by its last nine.
fn same_number(to: &str, row: &str) -> bool {
    let tail = |digits: &str| digits.len().checked_sub(LOCAL_DIGITS).and_then(|at| digits.get(at..)).map(str::to_owned);
    let is_local = row.len() == LOCAL_DIGITS || row.len() == LOCAL_DIGITS + 1 && row.starts_with('0');
    !row.is_empty() && (to == row || is_local && tail(to) == tail(row))
}

/// Line ends of any kind as one.
fn newlines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
