//! `salio token`.
//!
//! Knows nothing of: transports. The only room that prints secrets: those of a key that was just made.

use serde_json::{Map, Value, json};

use super::{begin, open, parsed, show_facts, show_rows};
use crate::args::{Common, TokenCommand, TokenCreateArgs, TokenRevokeArgs};
use crate::client::wire::{Token, Tokens};
use crate::client::{Client, escaped};
use crate::config::settings::Settings;
use crate::failure::{Failure, Outcome};
use crate::{out, say};

/// `salio token …`
pub async fn run(common: &Common, command: &TokenCommand) -> Outcome {
    let settings = begin(common)?;
    let client = open(&settings, "token").await?;
    let done = match command {
        TokenCommand::Create(args) => create(&client, args, &settings).await,
        TokenCommand::List(json) => list(&client, json.json, &settings.server.timezone).await,
        TokenCommand::Revoke(args) => revoke(&client, args).await,
    };
    client.close().await;
    done
}

async fn create(client: &Client, args: &TokenCreateArgs, settings: &Settings) -> Outcome {
    let mut wanted = Map::new();
    wanted.insert("name".to_owned(), json!(args.name));
    wanted.insert("scope".to_owned(), json!(args.scope));
    for (name, value) in [("account", &args.account), ("credits_format", &args.credits_format), ("dlr_url", &args.dlr_url)] {
        wanted.extend(value.as_ref().map(|value| (name.to_owned(), json!(value))));
    }
    let body = client.post("/api/v1/tokens", Some(&Value::Object(wanted))).await?.ok()?;
    if args.json.json {
        out::json(&body);
        return Ok(());
    }
    let token: Token = parsed(body)?;
    show_facts(&[
        ("key", format!("{} ({})", token.name, token.id)),
        ("account", token.account.clone()),
        ("ApiKey", token.api_key),
        ("ClientId", token.client_id),
        ("AccessKey", format!("{} (a program may leave it out)", token.access_key)),
        ("Credits", token.credits_format),
        ("reports to", token.dlr_url.unwrap_or_default()),
    ]);
    let base = settings.client.url.clone().or_else(|| settings.server.public_url.clone()).unwrap_or_else(|| format!("http://{}", settings.server.listen));
    out::note(&format!(
        "The secrets are shown this once. In the program, put them in place of Onfon's, and the base URL {}/v1/sms in place of Onfon's.",
        base.trim_end_matches('/')
    ));
    Ok(())
}

async fn list(client: &Client, as_json: bool, timezone: &str) -> Outcome {
    let body = client.get("/api/v1/tokens").await?.ok()?;
    if as_json {
        out::json(&body);
        return Ok(());
    }
    let all: Tokens = parsed(body)?;
    let at = |instant: &Option<String>, none: &str| instant.as_deref().map_or_else(|| none.to_owned(), |at| say::instant(at, timezone));
    let rows = all.tokens.iter().map(|token| {
        let state = token.revoked_at.as_deref().map_or_else(|| "living".to_owned(), |at| format!("revoked {}", say::instant(at, timezone)));
        vec![
            token.id.clone(),
            token.name.clone(),
            token.scope.clone(),
            token.account.clone(),
            token.client_id.clone(),
            say::instant(&token.created_at, timezone),
            at(&token.last_used_at, "never"),
            state,
        ]
    });
    show_rows("no keys", &["ID", "NAME", "SCOPE", "ACCOUNT", "CLIENT ID", "CREATED", "LAST USED", "STATE"], rows.collect(), &[]);
    Ok(())
}

async fn revoke(client: &Client, args: &TokenRevokeArgs) -> Outcome {
    let id = if args.token.starts_with("tok_") { args.token.clone() } else { named(client, &args.token).await? };
    let body = client.delete(&format!("/api/v1/tokens/{}", escaped(&id))).await?.ok()?;
    if args.json.json {
        out::json(&body);
    } else {
        out::line(&format!("{id}  revoked"));
    }
    Ok(())
}

/// The living key of a name.
async fn named(client: &Client, name: &str) -> Outcome<String> {
    let all: Tokens = parsed(client.get("/api/v1/tokens").await?.ok()?)?;
    let found = all.tokens.into_iter().find(|token| token.name == name && token.revoked_at.is_none());
    found.map(|token| token.id).ok_or_else(|| Failure::failed(format!("there is no living key {name:?}; `salio token list` shows them all")))
}
