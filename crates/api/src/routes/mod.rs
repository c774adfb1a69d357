//! The routes. Each handler reads what was asked, asks the engine, and writes the answer.

pub(crate) mod accounts;
pub(crate) mod activity;
pub(crate) mod balance;
pub(crate) mod batches;
pub(crate) mod bulk;
mod extract;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod ledger;
pub(crate) mod live;
pub(crate) mod messages;
pub(crate) mod onfon;
mod period;
pub(crate) mod reports;
pub(crate) mod send;
pub(crate) mod stops;
pub(crate) mod tokens;
