//! `salio account`.
//!
//! Knows nothing of: transports.

use super::{account_path, accounts, begin, open, parsed, show_rows};
use crate::args::{AccountCommand, Common, OneAccount};
use crate::client::Client;
use crate::client::wire::{Account, Accounts};
use crate::failure::Outcome;
use crate::{out, say};

/// `salio account …`
pub async fn run(common: &Common, command: &AccountCommand) -> Outcome {
    let settings = begin(common)?;
    let client = open(&settings, "account").await?;
    let timezone = settings.server.timezone.as_str();
    let done = match command {
        AccountCommand::List(json) => list(&client, json.json, timezone).await,
        AccountCommand::Pause(args) => order(&client, args, "pause", timezone).await,
        AccountCommand::Resume(args) => order(&client, args, "resume", timezone).await,
    };
    client.close().await;
    done
}

async fn list(client: &Client, as_json: bool, timezone: &str) -> Outcome {
    let body = client.get("/api/v1/accounts").await?.ok()?;
    if as_json {
        out::json(&body);
        return Ok(());
    }
    let all: Accounts = parsed(body)?;
    let heads = ["ACCOUNT", "PROVIDER", "SENDER", "PRICE", "SENDING", ""];
    show_rows("no account is configured yet", &heads, all.accounts.iter().map(|account| row(account, timezone)).collect(), &[3]);
    Ok(())
}

fn row(account: &Account, timezone: &str) -> Vec<String> {
    vec![
        account.slug.clone(),
        account.provider.clone(),
        account.sender_id.clone().unwrap_or_default(),
        format!("{} ({})", say::amount(&account.price_per_segment), account.price_source),
        sending(account, timezone),
        if account.default { "default".to_owned() } else { String::new() },
    ]
}

/// Whether it sends, or why not.
fn sending(account: &Account, timezone: &str) -> String {
    if let Some(paused) = &account.paused {
        let why = if paused.cause == "person" { "by a person".to_owned() } else { paused.cause.replace('_', " ") };
        return format!("paused {why}, since {}", say::instant(&paused.since, timezone));
    }
    if let Some(held) = &account.held {
        return format!("waits for credit: {} needed, {} there, since {}", say::amount(&held.needed), say::amount(&held.available), say::instant(&held.since, timezone));
    }
    "yes".to_owned()
}

async fn order(client: &Client, args: &OneAccount, order: &str, timezone: &str) -> Outcome {
    let slug = accounts(client).await?.find(&args.account)?.slug.clone();
    let body = client.post(&account_path(&slug, &format!("/{order}")), None).await?.ok()?;
    if args.json.json {
        out::json(&body);
        return Ok(());
    }
    let account: Account = parsed(body)?;
    out::line(&format!("{}  sends: {}", account.slug, sending(&account, timezone)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::wire::{Held, Paused};

    #[test]
    fn why_an_account_sends_nothing_is_said() {
        let since = "2026-11-18T11:06:40Z".to_owned();
        let mut account = Account::default();
        assert_eq!(sending(&account, "UTC"), "yes");
        account.held = Some(Held { since: since.clone(), needed: "1.00".into(), available: "0.50".into() });
        assert_eq!(sending(&account, "UTC"), "waits for credit: 1.00 needed, 0.50 there, since 2026-11-18 11:06:40");
        account.paused = Some(Paused { cause: "credentials_refused".into(), since });
        assert_eq!(sending(&account, "UTC"), "paused credentials refused, since 2026-11-18 11:06:40");
    }
}
