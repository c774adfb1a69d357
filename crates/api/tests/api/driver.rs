//! Programs against the drop-in endpoint over a port: this project's own driver for Onfon, which shares no code with it, and one that speaks as the previous PHP
//! system did.

use std::net::SocketAddr;
use std::time::Duration;

use salio_domain::balance::BalanceForm;
use salio_domain::outbox::RecipientOutcome;
use salio_domain::report::ReportOutcome;
use salio_provider::{LookUp, Provider, Recipient, SubmitRequest};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::dropin::Keys;
use crate::traffic::{Plan, TOKEN, Traffic, onfon, traffic};

const BALANCE: &str = "/api/v1/accounts/onfon/balance";

fn recipient(to: &str, text: &str) -> Recipient {
    Recipient { to: to.to_owned(), text: text.to_owned() }
}

#[tokio::test]
async fn our_own_driver_takes_salio_for_onfon() {
    let traffic = traffic(Plan::default()).await;
    let address = traffic.listen().await;
    for (format, form) in [("ksh", BalanceForm::Currency), ("plain", BalanceForm::Bare)] {
        let keys = traffic.keys(json!({ "name": format, "credits_format": format })).await;
        for access_key in ["", keys.access_key.as_str()] {
            let driver = onfon(&format!("http://{address}"), [&keys.api_key, &keys.client_id, access_key]);
            // The figure moves while earlier messages settle: between two equal looks it stood still.
            traffic.world.until(BALANCE, |balance| balance["balance"].is_string()).await;
            let shown = || async { traffic.world.get(BALANCE).await.json()["balance"].as_str().unwrap().to_owned() };
            let mut before = shown().await;
            let (answer, after) = loop {
                let answer = driver.fetch_balance().await.unwrap();
                let after = shown().await;
                if before == after {
                    break (answer, after);
                }
                before = after;
            };
            assert_eq!((answer.units.to_string(), answer.form), (after, form));
            talk(&traffic, &driver).await;
        }
    }
    let keys = traffic.keys(json!({})).await;
    let wrong = |api_key: &str, client_id: &str, access_key: &str| onfon(&format!("http://{address}"), [api_key, client_id, access_key]);
    for driver in [wrong("made-up-key", &keys.client_id, ""), wrong(&keys.api_key, "made-up-client", ""), wrong(&keys.api_key, &keys.client_id, "made-up-access")] {
        let error = driver.fetch_balance().await.unwrap_err();
        assert!(error.credentials && error.code == "credentials_refused", "{error}");
    }
}

async fn talk(traffic: &Traffic, driver: &impl Provider) {
    let text = "Habari \"leo\" & kesho\nasante ж";
    let request =
        SubmitRequest { sender: "PROMO".to_owned(), unicode: true, recipients: vec![recipient("254712345678", text), recipient("2547", "x"), recipient("254722000000", "two")] };
    let submitted_at = traffic.world.engine.clock().now();
    let outcome = driver.submit(&request).await;
    let [RecipientOutcome::Submitted { provider_message_id: name }, refused, RecipientOutcome::Submitted { .. }] = outcome.recipients.as_slice() else { panic!("{outcome:?}") };
    assert!(matches!(refused, RecipientOutcome::Rejected(_)), "{refused:?}");
    let ask = LookUp { to: "254712345678".to_owned(), sender: "PROMO".to_owned(), text: text.to_owned(), submitted_at, provider_message_ids: vec![name.clone()] };
    let pending = look_up(driver, &ask, ReportOutcome::Pending).await;
    assert_eq!((pending.number.as_str(), pending.text.as_str(), pending.sender.as_str()), ("254712345678", text, "PROMO"));
    assert!(pending.submitted_at.is_some_and(|at| at.since(submitted_at) < Duration::from_mins(1)), "{pending:?}");
    let id = traffic.world.get("/api/v1/messages?to=254712345678&limit=1").await.json()["messages"][0]["id"].as_str().unwrap().to_owned();
    let theirs = traffic.until_state(&id, "sent").await["provider_message_ids"][0].as_str().unwrap().to_owned();
    let answer = traffic.world.get(&format!("/webhooks/onfon/dlr?token={TOKEN}&messageId={theirs}&status=UNDELIV")).await;
    assert_eq!(answer.text, "OK");
    look_up(driver, &ask, ReportOutcome::Failed).await;
}

/// Asks until the one row says so; fails after 10 s.
async fn look_up(driver: &impl Provider, ask: &LookUp, wanted: ReportOutcome) -> salio_provider::Found {
    let asking = async {
        loop {
            let found = driver.look_up(ask).await.unwrap();
            assert_eq!((found.len(), &found[0].provider_message_id), (1, &ask.provider_message_ids[0]));
            if found[0].outcome == wanted {
                return found[0].clone();
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), asking).await.expect("the state")
}

/// As `curl` sends it from PHP.
async fn php(address: SocketAddr, method: &str, target: &str, headers: &str, body: &str) -> Value {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{method} {target} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: made-up\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    tokio::time::timeout(Duration::from_secs(10), stream.read_to_string(&mut text)).await.expect("an answer").unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// PHP's cast to a float: the longest beginning that is a number, 0 without one. In hundredths, rounded.
fn cast(text: &str) -> i64 {
    let number: String = text.chars().enumerate().take_while(|(at, c)| c.is_ascii_digit() || *c == '.' || *at == 0 && *c == '-').map(|(_, c)| c).collect();
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    let part = format!("{part:0<2}");
    whole.parse::<i64>().unwrap_or(0) * 100 + part[..2].parse::<i64>().unwrap_or(0)
}

async fn previous_system(traffic: &Traffic, address: SocketAddr, keys: &Keys) -> i64 {
    let headers = format!("AccessKey: {}\r\nContent-Type: application/json\r\nAccept: application/json\r\n", keys.access_key);
    let name = traffic.desk.next_name();
    // One number a call, flags as integers and both set, as its sample had them.
    let body = json!({
        "SenderId": "PROMO",
        "MessageParameters": [{ "Number": "254712345678", "Text": "Dear customer, your order is ready." }],
        "IsUnicode": 1,
        "IsFlash": 1,
        "ApiKey": keys.api_key,
        "ClientId": keys.client_id,
    });
    let sent = php(address, "POST", "/v1/sms/SendBulkSMS", &headers, &body.to_string()).await;
    // It takes a call as sent when ErrorCode is 0, and keeps the id of the first row.
    assert_eq!((&sent["ErrorCode"], &sent["Data"][0]["MessageErrorCode"]), (&json!(0), &json!(0)), "{sent}");
    assert!(sent["Data"][0]["MessageId"].as_str().is_some_and(|id| !id.is_empty()));
    traffic.until("the message is sent", |traffic| traffic.desk.next_name() != name).await;
    let balance = php(address, "GET", &format!("/v1/sms/Balance?ApiKey={}&ClientId={}", keys.api_key, keys.client_id), &headers, "").await;
    assert_eq!((&balance["ErrorCode"], &balance["Data"][0]["PluginType"]), (&json!(0), &json!("SMS")), "{balance}");
    cast(balance["Data"][0]["Credits"].as_str().unwrap())
}

#[tokio::test]
async fn the_previous_php_system_only_changes_its_address() {
    let traffic = traffic(Plan::default()).await;
    traffic.world.until(BALANCE, |balance| balance["balance"].is_string()).await;
    let address = traffic.listen().await;
    let keys = traffic.keys(json!({ "credits_format": "plain" })).await;
    let casted = previous_system(&traffic, address, &keys).await;
    assert_eq!(casted, 1_137_550, "11,376.50 less one message, though it casts");
    let rows = traffic.desk.calls.lock().clone();
    assert!(rows.iter().all(|call| !call.unicode), "IsUnicode 1 does not double the price of plain texts");
    // What the other format would have shown it: the reason for `plain`.
    assert_eq!(cast("KSh11375.5000"), 0);
}
