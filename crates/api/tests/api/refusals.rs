//! Who may ask, unknown paths and methods, health, and what is never told.

use salio_engine::{BalanceOptions, Mode};

use crate::support::{CLIENT, KEY, with, world};

#[tokio::test]
async fn hosts_and_origins() {
    let world = world().await;
    for (method, headers, status) in [
        ("GET", vec![("host", "localhost:8080")], 200),
        ("GET", vec![("host", "127.0.0.1")], 200),
        ("GET", vec![("host", "[::1]:9")], 200),
        ("GET", vec![("host", "sms.example.com")], 200),
        ("GET", vec![("host", "evil.example")], 403),
        ("GET", vec![("host", "localhost.evil.example")], 403),
        ("GET", vec![("origin", "https://evil.example")], 403),
        ("GET", vec![("origin", "http://localhost:8080")], 200),
        ("GET", vec![("origin", "null")], 200),
        ("GET", vec![("sec-fetch-site", "cross-site")], 200),
        ("POST", vec![("origin", "null")], 403),
        ("POST", vec![("origin", "http://localhost:3000")], 403),
        ("POST", vec![("origin", "https://sms.example.com")], 405),
        ("POST", vec![("sec-fetch-site", "cross-site")], 403),
        ("POST", vec![("sec-fetch-site", "same-origin")], 405),
    ] {
        let answer = world.ask(method, "/api/v1/info", &headers, "").await;
        assert_eq!(answer.status, status, "{method} {headers:?} {}", answer.text);
        if status == 403 {
            assert!(["host_not_allowed", "origin_not_allowed"].contains(&answer.code().as_str()));
        }
    }
    for path in ["/", "/openapi.json", "/docs", "/metrics", "/nowhere", "/api/v1/events"] {
        assert_eq!(world.ask("GET", path, &[("host", "evil.example")], "").await.code(), "host_not_allowed", "{path}");
    }
    let twice = world.ask("GET", "/api/v1/info", &[("host", "localhost"), ("host", "evil.example")], "").await;
    assert_eq!((twice.status, twice.code().as_str()), (400, "host_not_allowed"));
    let bare = axum::http::Request::builder().uri("/api/v1/info").body(axum::body::Body::empty()).unwrap();
    assert_eq!(world.send(bare).await.code(), "host_not_allowed");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let world = world().await;
    for path in
        ["/api", "/api/v1", "/api/v2/accounts", "/api/v1/accounts/onfon/nothing", "/v1/other", "/webhooks/onfon", "/assets/none.js", "/none.css", "/docs/none", "/docs/errors/none"]
    {
        let answer = world.get(path).await;
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{path}");
    }
    for path in ["/api/v1/accounts/nobody", "/api/v1/accounts/nobody/balance", "/api/v1/accounts/acc_0000000000001/questions", "/api/v1/accounts/%FF/balance"] {
        assert_eq!(world.get(path).await.status, 404, "{path}");
    }
    let wrong = world.ask("PUT", "/api/v1/messages", &[], "").await;
    assert_eq!((wrong.status, wrong.code().as_str()), (405, "method_not_allowed"));
    let allowed: Vec<&str> = wrong.header("allow").split(',').map(str::trim).collect();
    assert!(allowed.contains(&"GET") && allowed.contains(&"POST"), "{allowed:?}");
    assert_eq!(world.ask("OPTIONS", "/api/v1/accounts", &[], "").await.status, 405);
    assert_eq!(world.ask("POST", "/send", &[], "").await.code(), "not_found");
}

/// `field` names the part of the body, `parameter` that of the address.
#[tokio::test]
async fn every_refusal_names_its_part() {
    let world = world().await;
    let long = "x".repeat(201);
    let many = serde_json::json!({ "to": vec!["0712345678"; 10_001], "text": "x" }).to_string();
    let too_long = serde_json::json!({ "to": "0712345678", "text": "x".repeat(4000) }).to_string();
    let reference = serde_json::json!({ "to": "0712345678", "text": "x", "reference": long }).to_string();
    let passed = r#"{"to":"0712345678","text":"x","valid_until":"2020-01-01T00:00:00Z"}"#;
    for (body, code, field) in [
        (r#"{"to":"0712345678","text":" "}"#, "text_missing", "text"),
        (r#"{"to":"0712345678","text":"a\u0007"}"#, "text_invalid", "text"),
        (&too_long, "text_too_long", "text"),
        (r#"{"to":"0712345678","text":"x","from":"TWELVE-CHARS"}"#, "sender_invalid", "from"),
        (&reference, "reference_too_long", "reference"),
        (passed, "valid_until_passed", "valid_until"),
        (r#"{"to":"0712345678","text":"x","account":"nobody"}"#, "unknown_account", "account"),
        (&many, "too_many_recipients", "to"),
    ] {
        // Whatever is refused when it is sent is refused when it is asked for.
        for path in ["/api/v1/messages", "/api/v1/messages/quote"] {
            let refused = world.post(path, body).await;
            assert_eq!((refused.status, refused.code().as_str()), (422, code), "{path} {}", refused.text);
            assert_eq!(refused.json()["field"], field, "{path} {}", refused.text);
        }
    }
    for (body, code) in [(r#"{"to":"07","text":"x"}"#, "invalid_number"), (r#"{"to":["07","08"],"text":"x"}"#, "no_valid_recipient")] {
        let refused = world.post("/api/v1/messages", body).await;
        assert_eq!((refused.code().as_str(), &refused.json()["field"]), (code, &"to".into()), "{}", refused.text);
    }
    for (path, parameter) in [
        ("/api/v1/messages?colour=red", "colour"),
        ("/api/v1/messages?limit=many", "limit"),
        ("/api/v1/messages?limit=5&limit=6", "limit"),
        ("/api/v1/messages?state=gone", "state"),
        ("/api/v1/messages?account=onfon&Limit=5", "Limit"),
        ("/api/v1/reports?matched=maybe", "matched"),
        ("/api/v1/accounts/onfon/ledger?cursor=x", "cursor"),
    ] {
        let refused = world.get(path).await;
        assert_eq!((refused.status, refused.code().as_str()), (400, "invalid_parameter"), "{path}");
        assert_eq!(refused.json()["parameter"], parameter, "{path} {}", refused.text);
    }
}

#[tokio::test]
async fn a_parameter_that_would_be_passed_over_is_refused() {
    let world = world().await;
    let refused = world.post("/api/v1/messages?dry_run=true", r#"{"to":"0712345678","text":"Hello"}"#).await;
    assert_eq!((refused.status, refused.code().as_str(), &refused.json()["parameter"]), (400, "invalid_parameter", &"dry_run".into()));
    let id = "msg_0000000000001";
    for (method, path) in [
        ("POST", "/api/v1/messages/quote".to_owned()),
        ("POST", format!("/api/v1/messages/{id}/resolve")),
        ("DELETE", format!("/api/v1/messages/{id}")),
        ("POST", "/api/v1/batches/bat_0000000000001/cancel".to_owned()),
        ("POST", "/api/v1/accounts/onfon/pause".to_owned()),
        ("POST", "/api/v1/accounts/onfon/balance/refresh".to_owned()),
        ("DELETE", "/api/v1/accounts/onfon/balance/cache".to_owned()),
        ("POST", "/api/v1/tokens".to_owned()),
        ("DELETE", "/api/v1/tokens/tok_0000000000001".to_owned()),
        ("POST", "/api/v1/stop-list".to_owned()),
        ("DELETE", "/api/v1/stop-list/0712345678".to_owned()),
    ] {
        let refused = world.ask(method, &format!("{path}?force=1"), &[("content-type", "application/json")], "{}").await;
        assert_eq!((refused.status, &refused.json()["parameter"]), (400, &"force".into()), "{method} {path} {}", refused.text);
    }
    assert_eq!(world.get("/api/v1/messages").await.json()["messages"], serde_json::json!([]));
}

#[tokio::test]
async fn a_list_is_no_object() {
    let world = world().await;
    for (path, body) in [
        ("/api/v1/messages", r#"["0712345678","hi"]"#),
        ("/api/v1/messages/quote", r#"["0712345678","hi"]"#),
        ("/api/v1/tokens", r#"["shop","drop-in"]"#),
        ("/api/v1/stop-list", r#"[["0712345678"]]"#),
        ("/api/v1/messages/msg_0000000000001/resolve", r#"["sent"]"#),
    ] {
        let refused = world.post(path, body).await;
        assert_eq!((refused.status, refused.code().as_str()), (400, "invalid_field"), "{path} {}", refused.text);
    }
    assert_eq!(world.get("/api/v1/messages").await.json()["messages"], serde_json::json!([]));
}

#[tokio::test]
async fn alive_ready_and_counted() {
    let world = with(Mode::Command { dispatch: false }, &["counted"], BalanceOptions::default()).await;
    assert_eq!(world.get("/healthz").await.text, r#"{"status":"ok"}"#);
    assert_eq!(world.get("/readyz").await.text, r#"{"status":"ok"}"#);
    world.post("/api/v1/accounts/counted/balance/refresh", "").await;
    world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await;
    world.get("/api/v1/accounts/counted/balance?secret=made-up").await;
    let metrics = world.get("/metrics").await;
    assert!(metrics.header("content-type").starts_with("text/plain"), "{:?}", metrics.headers);
    for line in [
        "salio_balance_units{account=\"counted\"} 11378.5",
        "salio_queued_units{account=\"counted\"} 1",
        "salio_pending_units{account=\"counted\"} 0",
        "salio_paused{account=\"counted\"} 0",
        "salio_held{account=\"counted\"} 0",
        "salio_viewers 0",
        "salio_http_requests_total{route=\"/api/v1/accounts/{id}/balance\",method=\"GET\",status=\"200\"} 1",
    ] {
        assert!(metrics.text.contains(line), "{line}\n{}", metrics.text);
    }
    assert!(metrics.text.contains("salio_messages_accepted_total ") && metrics.text.contains("salio_balance_age_seconds{account=\"counted\"} "));
    assert!(!metrics.text.contains("secret"));
    let page = include_str!("../../../../docs/api.md");
    for name in metrics.text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).filter_map(|rest| rest.split(' ').next()) {
        assert!(page.contains(&format!("`{name}`")), "docs/api.md does not name {name}");
    }
    world.engine.stop().await;
    let down = world.get("/readyz").await;
    assert_eq!((down.status, down.code().as_str()), (503, "not_ready"));
    assert_eq!(world.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn secrets_are_told_nowhere() {
    let world = world().await;
    world.provider.fails("credentials_refused", false);
    let mut said = world.post("/api/v1/accounts/onfon/balance/refresh", "").await.text;
    world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await;
    for path in [
        "/api/v1/info",
        "/api/v1/accounts",
        "/api/v1/accounts/onfon",
        "/api/v1/accounts/onfon/balance",
        "/api/v1/accounts/onfon/questions",
        "/api/v1/accounts/onfon/balance/history",
        "/api/v1/activity",
        "/api/v1/messages",
        "/metrics",
        "/api/v1/batches",
        "/api/v1/reports",
        "/api/v1/inbound",
        "/api/v1/ledger/verify",
    ] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        said.push_str(&answer.text);
    }
    for name in ["api_key", "client_id", "access_key", "webhook_token"] {
        assert!(!said.contains(name), "{name}");
    }
    // The document names the secrets of keys that Salio issues; it holds none.
    said.push_str(&world.get("/openapi.json").await.text);
    for secret in [KEY, CLIENT, "made-up raw answer"] {
        assert!(!said.contains(secret), "{secret}");
    }
    assert!(said.len() > 10_000, "the document alone is longer");
}

#[tokio::test]
async fn every_answer_says_that_its_kind_is_final() {
    let world = world().await;
    for path in ["/", "/api/v1/info", "/api/v1/nothing", "/metrics", "/docs"] {
        let answer = world.get(path).await;
        assert_eq!((answer.header("x-content-type-options"), answer.header("referrer-policy")), ("nosniff", "no-referrer"), "{path}");
    }
    assert_eq!(world.get("/api/v1/accounts/onfon/balance").await.header("cache-control"), "no-store");
}

#[derive(Clone, Default)]
struct Log(std::sync::Arc<parking_lot::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_names_routes_and_never_what_was_in_them() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let world = world().await;
    world.get("/api/v1/messages?reference=made-up-query").await;
    world.post("/api/v1/messages", r#"{"to":"0712345678","text":"made-up-text","reference":"made-up-reference"}"#).await;
    world.get("/api/v1/accounts/made-up-word/balance").await;
    world.ask("GET", "/made-up-path.js?x=made-up-query", &[("authorization", "made-up-token")], "").await;
    let text = String::from_utf8(log.0.lock().clone()).unwrap();
    for line in [
        "method=GET route=\"/api/v1/messages\" status=200 ms=",
        "method=POST route=\"/api/v1/messages\" status=202 ms=",
        "route=\"/api/v1/accounts/{id}/balance\" status=404",
        "route=\"none\" status=404",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("made-up"), "{text}");
}
