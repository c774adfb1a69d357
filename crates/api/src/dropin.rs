//! The endpoint for programs written for Onfon: they change their base URL to Salio's and nothing else.
//!
//! Lenient in what it takes, strict in what it answers: Onfon's envelope, whatever happened. This room alone speaks Onfon's words to programs; the driver, which
//! speaks them to Onfon, lives elsewhere, and neither knows the other.

mod answer;
mod characters;
mod face;
mod fields;
mod forward;
mod key;
pub(crate) mod routes;
mod sending;

pub use forward::forward_url;
