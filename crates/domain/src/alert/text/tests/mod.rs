//! Every rule's words on every channel, as they are, and that none of them leaves out what somebody needs to act.

mod fitting;
mod samples;
mod snapshots;
mod what;
