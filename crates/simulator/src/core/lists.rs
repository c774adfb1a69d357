//! The two ways of asking what became of messages, in the shapes of the white-label portal. Must not know how they are written down.

use super::calendar::{listed, sortable};
use super::model::Model;
use super::query::Query;
use super::record::Accepted;
use super::render::Listed;

/// Rows in one page when the caller names no length, and at most.
const PAGE: (usize, usize) = (100, 1000);

impl Model {
    /// `MessageStatus`: the message with this id, if there is one.
    pub(super) fn message_status(&self, query: &Query) -> Vec<Listed> {
        let id = query.get("MessageId").unwrap_or_default();
        self.record.find(id).map(|message| self.listed(message)).into_iter().collect()
    }

    /// `SMS`: a page of the sent messages, newest first, and how many there are in all.
    pub(super) fn sent_list(&self, query: &Query) -> (Vec<Listed>, usize) {
        let number = |name| query.get(name).and_then(|text| text.parse::<usize>().ok());
        let (start, length) = (number("start").unwrap_or(0), number("length").unwrap_or(PAGE.0).min(PAGE.1));
        let date = |name| query.get(name).filter(|text| !text.is_empty());
        let (from, end) = (date("fromdate"), date("enddate"));
        let inside = |message: &&Accepted| {
            if from.is_none() && end.is_none() {
                return true;
            }
            // Dates as YYYY-MM-DD order as text.
            let day = &sortable(message.at)[..10];
            from.is_none_or(|from| day >= from) && end.is_none_or(|end| day <= end)
        };
        let found = || self.accepted().iter().rev().filter(inside);
        (found().skip(start).take(length).map(|message| self.listed(message)).collect(), found().count())
    }

    fn listed(&self, message: &Accepted) -> Listed {
        let done = self.now >= message.done_at && !message.outcome.is_empty();
        vec![
            ("MobileNumber", message.number.to_string()),
            ("SenderId", message.sender.to_string()),
            ("Message", message.text.to_string()),
            ("SubmitDate", listed(message.at)),
            ("DoneDate", if done { listed(message.done_at) } else { String::new() }),
            ("MessageId", message.message_id.to_string()),
            ("Status", if done { message.outcome.to_string() } else { "SUBMITTED".to_owned() }),
        ]
    }
}
