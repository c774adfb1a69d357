//! Messages from phones, sent over HTTP.

use crate::client::{control, start, until};
use crate::receiver;

const STOP: &str = r#"{"from":"254712345678","to":"20880","text":"STOP"}"#;

#[tokio::test]
async fn every_shape_arrives() {
    let (addr, received) = receiver::start("ACK/Jasmin").await;
    let sim = start("{}").await;
    for (turn, (shape, line, body)) in [
        ("pascal", "POST /in?token=made-up ", "\"Message\":\"STOP\""),
        ("snake", "POST /in?token=made-up ", "\"message\":\"STOP\""),
        ("engine", "POST /in?token=made-up ", "&content=STOP&binary=53544f50"),
        ("engine_get", "GET /in?token=made-up&id=mo-4&from=254712345678&to=20880&", ""),
        ("shortcode", "GET /in?token=made-up&shortcode=20880&mobile=254712345678&message=STOP ", ""),
    ]
    .into_iter()
    .enumerate()
    {
        control(&sim, "PUT", "/sim/inbound", &format!(r#"{{"url":"http://{addr}/in?token=made-up","shape":"{shape}"}}"#)).await;
        let answer = control(&sim, "POST", "/sim/inbound", STOP).await;
        assert_eq!(answer, serde_json::json!({"message_id": format!("mo-{}", turn + 1), "acknowledged": true}), "{shape}");
        let (first, sent) = received.lock().unwrap().last().cloned().unwrap();
        assert!(first.starts_with(line) && sent.contains(body), "{shape}: {first} {sent}");
    }
    assert_eq!((sim.inbound().acknowledged, sim.reports().sent), (5, 0));
    assert_eq!(control(&sim, "GET", "/sim/inbound", "").await["shape"], "shortcode");
    assert_eq!(control(&sim, "GET", "/sim/state", "").await["inbound"]["sent"], 5);
    sim.shutdown().await;
}

#[tokio::test]
async fn only_the_engine_repeats() {
    let (addr, received) = receiver::start("OK").await;
    let sim = start(&format!(r#"{{"dlr":{{"retry_ms":5}},"inbound":{{"url":"http://{addr}/in","shape":"engine"}}}}"#)).await;
    assert_eq!(control(&sim, "POST", "/sim/inbound", STOP).await["acknowledged"], false);
    until("one message and three repetitions", || sim.inbound().refused == 4).await;
    control(&sim, "PUT", "/sim/inbound", &format!(r#"{{"url":"http://{addr}/in"}}"#)).await;
    assert_eq!(control(&sim, "POST", "/sim/inbound", STOP).await["acknowledged"], true);
    assert_eq!(received.lock().unwrap().len(), 5);
    sim.shutdown().await;
}
