//! Keys for programs: secrets are shown once, names are unique among the living, a revoked key stays in the list.

use insta::assert_json_snapshot as snapshot;
use salio_engine::{BalanceOptions, Mode};
use serde_json::Value;

use crate::support::{account, with_accounts, world};

const TOKENS: &str = "/api/v1/tokens";

#[tokio::test]
async fn secrets_are_shown_once() {
    let world = world().await;
    let made = world.post(TOKENS, r#"{"name":"shop","scope":"drop-in"}"#).await;
    snapshot!("token_made", made.shown());
    assert_eq!(made.header("cache-control"), "no-store");
    let secret = |name: &str| made.json()[name].as_str().unwrap().to_owned();
    let (api_key, client_id, access_key) = (secret("api_key"), secret("client_id"), secret("access_key"));
    assert!(world.engine.keys().check(&api_key, &client_id, Some(&access_key)).is_ok());

    let other =
        world.post(TOKENS, r#"{"name":"till 2","scope":"drop-in","account":"onfon-marketing","credits_format":"plain","dlr_url":"https://shop.example.com/dlr?shop=2"}"#).await;
    assert_eq!(other.status, 201, "{}", other.text);
    let list = world.get(TOKENS).await;
    snapshot!("tokens", list.shown());
    for hidden in [&api_key, &access_key] {
        assert!(!list.text.contains(hidden.as_str()));
    }

    let path = format!("{TOKENS}/{}", made.json()["id"].as_str().unwrap());
    let revoked = world.ask("DELETE", &path, &[], "").await;
    assert_eq!((revoked.status, revoked.json()["revoked_at"].is_string(), revoked.json().get("api_key")), (200, true, None), "{}", revoked.text);
    assert_eq!(world.ask("DELETE", &path, &[], "").await.text, revoked.text);
    assert!(world.engine.keys().check(&api_key, &client_id, Some(&access_key)).is_err());
    assert_eq!(world.get(TOKENS).await.json()["tokens"].as_array().unwrap().len(), 2);
    for missing in ["tok_0000000000001", "7"] {
        let refused = world.ask("DELETE", &format!("{TOKENS}/{missing}"), &[], "").await;
        assert_eq!((refused.status, refused.code().as_str()), (404, "unknown_token"), "{missing}");
    }
}

#[tokio::test]
async fn a_name_is_free_again_when_its_key_is_revoked() {
    let world = world().await;
    let body = r#"{"name":"shop","scope":"drop-in"}"#;
    let id = world.post(TOKENS, body).await.json()["id"].as_str().unwrap().to_owned();
    let taken = world.post(TOKENS, body).await;
    assert_eq!((taken.status, taken.code().as_str()), (409, "name_taken"), "{}", taken.text);
    world.ask("DELETE", &format!("{TOKENS}/{id}"), &[], "").await;
    assert_eq!(world.post(TOKENS, body).await.status, 201);
}

#[tokio::test]
async fn what_cannot_be_a_key_is_refused_by_name() {
    let world = world().await;
    for (body, status, code, field) in [
        ("{}", 400, "invalid_field", "name"),
        (r#"{"name":"shop"}"#, 400, "invalid_field", "scope"),
        (r#"{"name":"shop","scope":"all"}"#, 400, "invalid_field", "scope"),
        (r#"{"name":" shop","scope":"drop-in"}"#, 400, "invalid_field", "name"),
        (r#"{"name":"","scope":"drop-in"}"#, 400, "invalid_field", "name"),
        (r#"{"name":"shop","scope":"drop-in","role":"x"}"#, 400, "unknown_field", "role"),
        (r#"{"name":"shop","scope":"drop-in","credits_format":"usd"}"#, 400, "invalid_field", "credits_format"),
        (r#"{"name":"shop","scope":"drop-in","dlr_url":"https://user:made-up@shop.example.com/"}"#, 400, "invalid_field", "dlr_url"),
        (r#"{"name":"shop","scope":"drop-in","dlr_url":"shop.example.com"}"#, 400, "invalid_field", "dlr_url"),
        (r#"{"name":"shop","scope":"drop-in","account":"nobody"}"#, 422, "unknown_account", "account"),
    ] {
        let refused = world.post(TOKENS, body).await;
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{body} {}", refused.text);
        assert_eq!(refused.json()["field"].as_str().unwrap_or_default(), field, "{body} {}", refused.text);
    }
    assert_eq!(world.get(TOKENS).await.text, r#"{"tokens":[]}"#);
    assert_eq!(world.ask("DELETE", TOKENS, &[], "").await.code(), "method_not_allowed");
}

#[tokio::test]
async fn with_several_accounts_and_no_default_one_must_be_named() {
    let body = r#"{"name":"shop","scope":"drop-in"}"#;
    let two = with_accounts(Mode::Command { dispatch: false }, BalanceOptions::default(), |provider| ["a", "b"].map(|slug| account(slug, provider.clone(), false)).into());
    let refused = two.await.post(TOKENS, body).await;
    assert_eq!((refused.status, refused.code().as_str()), (422, "account_needed"));
    let only = with_accounts(Mode::Command { dispatch: false }, BalanceOptions::default(), |provider| vec![account("a", provider.clone(), false)]);
    assert_eq!(only.await.post(TOKENS, body).await.json()["account"], Value::from("a"));
    let none = with_accounts(Mode::Command { dispatch: false }, BalanceOptions::default(), |_| Vec::new());
    assert_eq!(none.await.post(TOKENS, body).await.code(), "no_account");
}
