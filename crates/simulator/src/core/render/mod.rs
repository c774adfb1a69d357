//! Writing answers down in the forms that installations use. Must not decide anything: what to say comes in, the text goes out.

mod credits;
mod json;
mod rows;
mod xml;

pub(super) use rows::{balance, listing, listing_xml, refusal, submission};
pub(super) use xml::{balance as balance_xml, refusal as refusal_xml, submission as submission_xml};

pub(super) use json::Listed;
