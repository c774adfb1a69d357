//! The same bytes give the same blocks, lines and refusals, whatever their chunks; every line is told of; nothing panics.

mod cutting;
mod reading;
mod writing;
