//! A fake Onfon: the vendor's HTTP API with its oddities and its faults, for people without an account and for tests.
//!
//! Three rooms. [`core`] is a pure model of one prepaid account (time comes in as an argument, randomness from a seed), usable in one
//! process without sockets. [`http`] puts that model behind real HTTP, with faults on the wire and a control API under `/sim`.
//! [`options`] starts both from plain settings, for the command line.
//!
//! It is written from the protocol notes alone. It must never know Salio's own drivers, segment counting or estimates: a simulator that
//! shared their code would share their mistakes, and would then confirm them.

pub mod core;
mod error;
pub mod http;
pub mod options;
mod wall;

pub use core::{Model, SimConfig};
pub use error::SimError;
pub use http::{SimHandle, Simulator};
pub use options::{SimOptions, run, start};
