//! The stop list: who is on it, and what intake makes of it.

use insta::assert_json_snapshot as snapshot;
use serde_json::Value;

use crate::support::world;

const LIST: &str = "/api/v1/stop-list";

#[tokio::test]
async fn stopped_numbers_are_refused_until_they_are_taken_off() {
    let world = world().await;
    let added = world.post(LIST, r#"{"numbers":["0712345678","+254 722 000 000","0712345678"]}"#).await;
    assert_eq!((added.status, added.text.as_str()), (200, r#"{"numbers":["254712345678","254722000000","254712345678"]}"#));
    snapshot!("stop_list", world.get(LIST).await.shown());

    snapshot!("stopped_one", world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await.shown());
    let many = world.post("/api/v1/messages", r#"{"to":["0733000000","0722000000"],"text":"Hello"}"#).await.json();
    assert_eq!((&many["rejected"][0]["code"], &many["rejected"][0]["index"], many["messages"].as_array().unwrap().len()), (&Value::from("stopped"), &1.into(), 1), "{many}");

    for was_stopped in [true, false] {
        let removed = world.ask("DELETE", &format!("{LIST}/%2B254712345678"), &[], "").await;
        assert_eq!((removed.status, removed.json()), (200, serde_json::json!({"number": "254712345678", "was_stopped": was_stopped})));
    }
    assert_eq!(world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await.status, 202);
    assert_eq!(world.get(LIST).await.json()["numbers"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn all_or_none_are_put_on_it() {
    let world = world().await;
    let refused = world.post(LIST, r#"{"numbers":["0712345678","07"]}"#).await;
    assert_eq!((refused.status, refused.code().as_str(), &refused.json()["index"]), (422, "invalid_number", &1.into()), "{}", refused.text);
    for (body, code) in [
        ("{}", "invalid_field"),
        (r#"{"numbers":[]}"#, "invalid_field"),
        (r#"{"numbers":"0712345678"}"#, "invalid_field"),
        (r#"{"numbers":[],"why":"x"}"#, "unknown_field"),
        ("[", "malformed_json"),
    ] {
        let refused = world.post(LIST, body).await;
        assert_eq!((refused.status, refused.code().as_str()), (400, code), "{body}");
    }
    assert_eq!(world.ask("DELETE", &format!("{LIST}/07"), &[], "").await.code(), "invalid_number");
    assert_eq!(world.get(&format!("{LIST}/0712345678")).await.code(), "method_not_allowed");
    assert_eq!(world.ask("DELETE", LIST, &[], "").await.code(), "method_not_allowed");
    assert_eq!(world.get(LIST).await.text, r#"{"numbers":[]}"#);
}
