//! Short ways to drive the pure model in tests.

use std::fmt::Write as _;

use salio_simulator::core::{Answer, Call, Service};
use salio_simulator::{Model, SimConfig};
use serde_json::Value;

/// An hour in microseconds.
pub const HOUR: i64 = 3_600_000_000;
/// The login of the default account, as a query.
pub const LOGIN: &str = "ApiKey=made-up-key&ClientId=made-up-client";

/// A configuration from JSON.
pub fn config(json: &str) -> SimConfig {
    serde_json::from_str(json).unwrap()
}

/// A model at instant 0 from JSON.
pub fn model(json: &str) -> Model {
    Model::new(config(json), 0)
}

/// The body of a submission by the default account.
pub fn body(rows: &[(&str, &str)]) -> String {
    let mut parameters = String::new();
    for (number, text) in rows {
        let comma = if parameters.is_empty() { "" } else { "," };
        write!(parameters, "{comma}{{\"Number\":{number:?},\"Text\":{text:?}}}").unwrap();
    }
    format!("{{\"SenderId\":\"Shop\",\"MessageParameters\":[{parameters}],\"ApiKey\":\"made-up-key\",\"ClientId\":\"made-up-client\"}}")
}

/// Submits and returns the whole answer.
pub fn submit(model: &mut Model, now: i64, rows: &[(&str, &str)]) -> Answer {
    model.handle(now, &Call::SendBulkSMS { body: body(rows).as_bytes(), access_key: None })
}

/// Submits and reads the answer as JSON.
pub fn submit_json(model: &mut Model, now: i64, rows: &[(&str, &str)]) -> Value {
    json(&submit(model, now, rows))
}

/// Asks for the balance and returns the whole answer.
pub fn ask(model: &mut Model, now: i64) -> Answer {
    model.handle(now, &Call::Get { service: Service::Balance, query: LOGIN, access_key: None })
}

/// The body as JSON.
pub fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", text(answer)))
}

/// The body as text.
pub fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}
