//! Looking for a message in doubt: by its names, or page by page through the list of sent messages. Reports rows and decides nothing.
//!
//! Knows nothing of: when to ask, what follows from a row.

use std::collections::HashSet;

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
/// Pages asked for at most, so that a look-up on a busy account ends.
pub(super) const MAX_PAGES: usize = 20;
/// Names asked for at most; a message has one, or two where it was sent again.
const MAX_NAMES: usize = 4;
/// How much of a row's text is kept, in bytes.
const TEXT_BYTES: usize = 16 * 1024;
/// Digits of a number without country code and leading zero.
const LOCAL_DIGITS: usize = 9;

impl Onfon {
    pub(super) async fn find(&self, ask: &LookUp) -> Result<Vec<Found>, LookUpError> {
        let found = if ask.provider_message_ids.is_empty() { self.find_in_list(ask).await? } else { self.find_by_names(&ask.provider_message_ids).await? };
        Ok(found.into_iter().map(|row| self.without_secrets(row)).collect())
    }

    async fn find_by_names(&self, names: &[String]) -> Result<Vec<Found>, LookUpError> {
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

    /// Newest first as far as is known, but nothing depends on it.
    async fn find_in_list(&self, ask: &LookUp) -> Result<Vec<Found>, LookUpError> {
        let (from, end) = days_around(ask.submitted_at);
        let mut search = Search::new(ask);
        for _ in 0..MAX_PAGES {
            let page = Page { start: search.start, length: PAGE_ROWS, from: &from, end: &end };
            let listed = self.ask_list("SMS", self.endpoints.sent(page)).await?;
            if search.take(listed) == Progress::AtTheEnd {
                return search.result();
            }
        }
        search.is_complete = false;
        search.result()
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

/// A way through the list.
pub(super) struct Search<'a> {
    ask: &'a LookUp,
    text: String,
    /// How many rows have been seen: where the next page begins.
    pub start: usize,
    /// Rows move down while new ones come in at the top, so one may be met on two pages.
    seen: HashSet<Found>,
    found: Vec<Found>,
    unread: bool,
    is_complete: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(ask: &'a LookUp) -> Self {
        Self { ask, text: newlines(&ask.text), start: 0, seen: HashSet::new(), found: Vec::new(), unread: false, is_complete: true }
    }

    /// Takes a page and says whether there may be more.
    pub(super) fn take(&mut self, listed: Listed) -> Progress {
        let mut news = listed.count > listed.rows.len();
        self.unread |= news;
        self.start += listed.count;
        for row in listed.rows {
            // What became of it may change from one page to the next.
            let key = Found { outcome: ReportOutcome::Unmapped, word: None, ..row.clone() };
            if !self.seen.insert(key) {
                continue;
            }
            news = true;
            // Without its name a row is nothing that could be told from another.
            if row.provider_message_id.is_empty() {
                self.unread |= self.fits(&row);
            } else if self.fits(&row) {
                self.found.push(row);
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

    fn fits(&self, row: &Found) -> bool {
        same_number(&self.ask.to, &row.number) && newlines(&row.text) == self.text
    }

    /// What was found; an error where nothing was and something may have been missed.
    pub(super) fn result(self) -> Result<Vec<Found>, LookUpError> {
        match (self.found.is_empty(), self.unread, self.is_complete) {
            (true, true, _) => Err(failed(Trouble::new("unreadable_answer", "Onfon's list holds rows that cannot be read"))),
            (true, false, false) => {
                Err(failed(Trouble::new("too_many_rows", "Onfon's list of those days is too long to be read whole, and the message was not in the part that was read")))
            }
            _ => Ok(self.found),
        }
    }
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
