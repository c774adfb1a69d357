//! Whether the books hold.
//!
//! Knows nothing of: how books are kept.

use std::time::Duration;

use super::report::{Line, Report};
use crate::client::Client;
use crate::client::wire::{Verified, VerifiedAccount};
use crate::commands::ledger::{VERIFY, fault_line};
use crate::commands::parsed;
use crate::failure::Outcome;
use crate::say;

/// Large books take longer than a doctor should.
const PATIENCE: Duration = Duration::from_secs(20);
/// Faults that are shown.
const SHOWN: usize = 3;

/// Adds what was found.
pub async fn check(report: &mut Report, client: &Client) {
    match tokio::time::timeout(PATIENCE, verify(client)).await {
        Err(_) => report.add(Line::note("books", format!("not gone through within {} s; `salio ledger verify` takes the time it needs", PATIENCE.as_secs()))),
        Ok(Err(failure)) => {
            report.add(Line::warn("books", format!("they could not be gone through: {failure}"), "run `salio ledger verify`; restore a backup if the database is damaged"))
        }
        Ok(Ok(verified)) => verified.accounts.iter().for_each(|account| about(report, account)),
    }
}

async fn verify(client: &Client) -> Outcome<Verified> {
    parsed(client.get_slowly(VERIFY).await?.ok()?)
}

fn about(report: &mut Report, account: &VerifiedAccount) {
    if account.faults.is_empty() {
        return report.add(Line::ok("books", format!("{}: {} entries, all as they were written", account.account, say::number(account.entries))));
    }
    for fault in account.faults.iter().take(SHOWN) {
        report.add(Line::fail("books", fault_line(&account.account, fault), "keep this database as it is, compare it with a backup; `salio ledger verify` names every fault"));
    }
}
