//! The simulator from outside: the pure model through its public face, and the whole over real sockets.

#[cfg(test)]
mod client;
#[cfg(test)]
mod control;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod inbound;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod money;
#[cfg(test)]
mod options;
#[cfg(test)]
mod receiver;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod run;
#[cfg(test)]
mod wire;
