//! What Onfon calls us with: delivery reports in four shapes and messages from phones, read from whatever they are wrapped in. Pure; nothing here can fail.
//!
//! Knows nothing of: HTTP servers, tokens, storage, which message a report is about.

mod form;
mod inbound;
mod names;
mod record;
mod reports;
mod wrap;

#[cfg(test)]
mod flood_tests;
#[cfg(test)]
mod inbound_tests;
#[cfg(test)]
mod reports_tests;

pub(super) use inbound::{acknowledgement, read as read_inbound};
pub(super) use reports::read as read_reports;

use self::record::{Kind, Record};
use crate::RawCall;

/// What the engine underneath wants to see; otherwise it repeats.
const ENGINE_ACKNOWLEDGEMENT: &str = "ACK/Jasmin";

/// What a call holds of this kind: the records of its body, each completed from the query; without any, those of the query.
fn records(call: &RawCall<'_>, kind: &Kind) -> Vec<Record> {
    let in_query = form::records(call.query.iter().map(|(name, value)| (name.as_str(), value.as_str())), kind);
    let mut records = wrap::body_records(call.body, kind);
    if records.is_empty() {
        return in_query;
    }
    if let [query] = in_query.as_slice() {
        records.iter_mut().for_each(|record| record.complete(query));
    }
    records
}
