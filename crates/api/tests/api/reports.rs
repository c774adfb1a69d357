//! Delivery reports and messages from phones, as they are listed and as their messages show them.

use insta::assert_json_snapshot as snapshot;
use salio_domain::ids::{InboundId, ReportId};
use salio_domain::report::{DeliveryReport, ReportOutcome};
use salio_engine::store::{InboundRow, NewReport};
use serde_json::Value;

use crate::support::{World, serving, world};

async fn report(world: &World, id: i64, name: &str, outcome: ReportOutcome, word: &str) {
    let report = DeliveryReport {
        provider_message_id: Some(name.to_owned()),
        number: Some("254712345678".to_owned()),
        word: Some(word.to_owned()),
        outcome,
        error_code: Some("000".to_owned()),
        text: None,
        done_at: None,
    };
    let (account, received_at) = (world.engine.find("onfon").unwrap(), world.engine.clock().now());
    let new = NewReport { id: ReportId::from_raw(id), account, received_at, shape: "S1".to_owned(), report, raw: "GET made-up-call".to_owned() };
    world.engine.store().report(new).await.unwrap();
}

#[tokio::test]
async fn a_message_shows_the_networks_word_and_every_report_of_it() {
    let world = serving().await;
    let id = world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/messages/{id}");
    world.until(&path, |message| message["state"] == "sent").await;
    assert_eq!(world.get(&path).await.json()["report"], Value::Null);
    report(&world, 1, "made-up-id-0", ReportOutcome::Pending, "BUFFERED").await;
    report(&world, 2, "made-up-id-0", ReportOutcome::Delivered, "DELIVRD").await;
    report(&world, 3, "made-up-nobody", ReportOutcome::Delivered, "DELIVRD").await;
    snapshot!("message_delivered", world.get(&path).await.shown());
    let listed = world.get("/api/v1/messages").await.json();
    assert_eq!((&listed["messages"][0]["report"]["word"], listed["messages"][0].get("reports")), (&Value::from("DELIVRD"), None));

    snapshot!("reports", world.get("/api/v1/reports?limit=2").await.shown());
    let ids = |page: Value| page["reports"].as_array().unwrap().iter().map(|row| row["message_id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(world.get("/api/v1/reports?matched=true&account=onfon").await.json()), [id.as_str(), id.as_str()]);
    assert_eq!(ids(world.get("/api/v1/reports?matched=false").await.json()), [Value::Null]);
    assert_eq!(ids(world.get("/api/v1/reports?account=onfon-marketing").await.json()), [] as [Value; 0]);
    let next = world.get("/api/v1/reports?limit=2").await.json()["next_cursor"].as_str().unwrap().to_owned();
    let last = world.get(&format!("/api/v1/reports?limit=2&cursor={next}")).await.json();
    assert_eq!((last["reports"].as_array().unwrap().len(), &last["next_cursor"]), (1, &Value::Null));
}

#[tokio::test]
async fn messages_from_phones_are_listed() {
    let world = world().await;
    for raw in 1..=3 {
        let row = InboundRow {
            id: InboundId::from_raw(raw),
            account: world.engine.find("onfon").unwrap(),
            received_at: world.engine.clock().now(),
            from: "254712345678".to_owned(),
            to: Some("22141".to_owned()),
            text: format!("STOP {raw}"),
            provider_message_id: None,
            sent_at: None,
            raw: "GET made-up-call".to_owned(),
        };
        world.engine.store().inbound(row).await.unwrap();
    }
    let first = world.get("/api/v1/inbound?limit=2").await;
    snapshot!("inbound", first.shown());
    let next = first.json()["next_cursor"].as_str().unwrap().to_owned();
    let last = world.get(&format!("/api/v1/inbound?account=onfon&cursor={next}")).await.json();
    assert_eq!((&last["messages"][0]["text"], &last["next_cursor"]), (&Value::from("STOP 1"), &Value::Null));
    assert_eq!(world.get("/api/v1/inbound?account=onfon-marketing").await.text, r#"{"messages":[],"next_cursor":null}"#);
}

#[tokio::test]
async fn parameters_are_refused_by_name() {
    let world = world().await;
    for path in ["/api/v1/reports", "/api/v1/inbound"] {
        for query in ["limit=0", "limit=1001", "cursor=7", "colour=red"] {
            let refused = world.get(&format!("{path}?{query}")).await;
            assert_eq!((refused.status, refused.code().as_str()), (400, "invalid_parameter"), "{path} {query}");
        }
        assert_eq!(world.get(&format!("{path}?account=nobody")).await.code(), "unknown_account");
        assert_eq!(world.post(path, "{}").await.code(), "method_not_allowed");
    }
    assert_eq!(world.get("/api/v1/reports?matched=maybe").await.code(), "invalid_parameter");
}
