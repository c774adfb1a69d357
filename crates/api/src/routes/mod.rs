//! The routes. Each handler reads what was asked, asks the engine, and writes the answer.

pub(crate) mod accounts;
pub(crate) mod activity;
pub(crate) mod balance;
mod extract;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod live;
pub(crate) mod messages;
pub(crate) mod onfon;
mod period;
pub(crate) mod send;
