//! `salio ledger`.
//!
//! Knows nothing of: transports, how books are kept.

use super::{account_path, accounts, begin, open, page_path, parsed, show_more, show_rows};
use crate::args::{Common, LedgerCommand, LedgerShowArgs};
use crate::client::Client;
use crate::client::wire::{Fault, Ledger, Verified, VerifiedAccount};
use crate::failure::{Failure, Outcome};
use crate::{out, say};

/// Where the books are gone through.
pub const VERIFY: &str = "/api/v1/ledger/verify";

/// `salio ledger …`
pub async fn run(common: &Common, command: &LedgerCommand) -> Outcome {
    let settings = begin(common)?;
    let client = open(&settings, "ledger").await?;
    let done = match command {
        LedgerCommand::Verify(json) => verify(&client, json.json).await,
        LedgerCommand::Show(args) => show(&client, args, &settings.server.timezone).await,
    };
    client.close().await;
    done
}

async fn verify(client: &Client, as_json: bool) -> Outcome {
    let body = client.get_slowly(VERIFY).await?.ok()?;
    let verified: Verified = parsed(body.clone())?;
    if as_json {
        out::json(&body);
    } else {
        verified.accounts.iter().for_each(tell);
    }
    for account in &verified.accounts {
        account.faults.iter().for_each(|fault| out::error(&fault_line(&account.account, fault)));
    }
    if verified.ok { Ok(()) } else { Err(Failure::failed("the books do not hold: keep this database as it is, and compare it with a backup")) }
}

fn tell(account: &VerifiedAccount) {
    let (sides, faults) = (&account.balances, account.faults.len());
    let how = if faults == 0 { "whole".to_owned() } else { say::count(faults, "fault") };
    let seal = account.last_seal.as_ref().map_or_else(|| "no day sealed yet".to_owned(), |seal| format!("sealed to {} ({})", seal.day, seal.hash));
    let figures = format!("spent {}, pending {}, in doubt {}", say::amount(&sides.spend), say::amount(&sides.pending), say::amount(&sides.suspense));
    let entries = if account.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", say::number(account.entries)) };
    out::line(&format!("{}  {how}  {entries}; {figures}; {seal}", account.account));
}

/// A fault in one line.
pub fn fault_line(account: &str, fault: &Fault) -> String {
    fault.number.map_or_else(|| format!("{account}: {}", fault.what), |number| format!("{account}, entry {number}: {}", fault.what))
}

async fn show(client: &Client, args: &LedgerShowArgs, timezone: &str) -> Outcome {
    let slug = accounts(client).await?.find(&args.account)?.slug.clone();
    let body = client.get(&page_path(&account_path(&slug, "/ledger"), &args.page, &[])).await?.ok()?;
    if args.json.json {
        out::json(&body);
        return Ok(());
    }
    let page: Ledger = parsed(body)?;
    let rows = page.entries.into_iter().map(|entry| {
        let about = entry.message_id.or(entry.submission_id).unwrap_or_default();
        vec![entry.number.to_string(), say::instant(&entry.at, timezone), entry.kind, say::amount(&entry.amount), format!("{} → {}", entry.from, entry.to), about]
    });
    show_rows("no entries", &["NUMBER", "AT", "KIND", "AMOUNT", "SIDES", "ABOUT"], rows.collect(), &[0, 3]);
    show_more(page.next_cursor.as_deref());
    Ok(())
}
