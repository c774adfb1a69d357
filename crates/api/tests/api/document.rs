//! The OpenAPI document says what the router does, no more and no less.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::world;

/// The contract of the product, as far as it stands.
const ROUTES: &[&str] = &[
    "GET /api/v1/info",
    "GET /api/v1/accounts",
    "GET /api/v1/accounts/{id}",
    "POST /api/v1/accounts/{id}/pause",
    "POST /api/v1/accounts/{id}/resume",
    "GET /api/v1/accounts/{id}/balance",
    "POST /api/v1/accounts/{id}/balance/refresh",
    "GET /api/v1/accounts/{id}/balance/history",
    "DELETE /api/v1/accounts/{id}/balance/cache",
    "POST /api/v1/accounts/{id}/balance/accept-form",
    "GET /api/v1/accounts/{id}/questions",
    "GET /api/v1/accounts/{id}/ledger",
    "GET /api/v1/ledger/verify",
    "GET /api/v1/activity",
    "POST /api/onfon/balance/refresh",
    "GET /api/v1/events",
    "POST /api/v1/messages",
    "POST /api/v1/messages/bulk",
    "POST /api/v1/messages/quote",
    "GET /api/v1/messages",
    "GET /api/v1/messages/{id}",
    "DELETE /api/v1/messages/{id}",
    "POST /api/v1/messages/{id}/resolve",
    "GET /api/v1/batches",
    "GET /api/v1/batches/{id}",
    "GET /api/v1/batches/{id}/errors",
    "POST /api/v1/batches/{id}/pause",
    "POST /api/v1/batches/{id}/resume",
    "POST /api/v1/batches/{id}/cancel",
    "GET /api/v1/reports",
    "GET /api/v1/inbound",
    "GET /api/v1/stop-list",
    "POST /api/v1/stop-list",
    "DELETE /api/v1/stop-list/{number}",
    "POST /api/v1/tokens",
    "GET /api/v1/tokens",
    "DELETE /api/v1/tokens/{id}",
    "GET /webhooks/{account}/dlr",
    "POST /webhooks/{account}/dlr",
    "GET /webhooks/{account}/inbound",
    "POST /webhooks/{account}/inbound",
    "GET /api/webhooks/onfon/dlr",
    "POST /api/webhooks/onfon/dlr",
    "GET /api/webhooks/onfon/inbound",
    "POST /api/webhooks/onfon/inbound",
    "POST /v1/sms/SendBulkSMS",
    "GET /v1/sms/Balance",
    "GET /v1/sms/MessageStatus",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /openapi.json",
    "GET /docs",
];
/// Bodies that pages and programs are written against.
const TYPES: &[&str] = &[
    "Info",
    "Account",
    "Accounts",
    "BalanceState",
    "Health",
    "PriceSource",
    "BalanceError",
    "Balance",
    "Refreshed",
    "HistoryPoint",
    "TopUp",
    "History",
    "ActivityKind",
    "Tone",
    "Activity",
    "Activities",
    "MessageState",
    "Encoding",
    "Message",
    "Messages",
    "MessageEvent",
    "RefreshEvent",
    "AlertEvent",
    "NewMessage",
    "Accepted",
    "RefusedRecipient",
    "AcceptedMany",
    "SendAnswer",
    "QuoteRequest",
    "Quote",
    "Short",
    "OnShort",
    "Paused",
    "Held",
    "Resolve",
    "Report",
    "Reports",
    "Inbound",
    "InboundMessages",
    "Batch",
    "BatchCounts",
    "Batches",
    "LineError",
    "LineErrors",
    "StopList",
    "NewStops",
    "LedgerEntry",
    "Ledger",
    "Verified",
    "NewToken",
    "CreatedToken",
    "Tokens",
    "Problem",
];
/// Not described: they are about the description.
const ABOUT: [&str; 2] = ["GET /openapi.json", "GET /docs"];

fn described(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))).collect()
}

#[tokio::test]
async fn the_document_lists_every_route() {
    let world = world().await;
    let document = world.get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let operations = document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let ids: Vec<&str> = operations.filter_map(|operation| operation["operationId"].as_str()).collect();
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len(), "each operation has a name of its own: {ids:?}");
    let wanted: BTreeSet<String> = ROUTES.iter().filter(|route| !ABOUT.contains(route)).map(ToString::to_string).collect();
    assert_eq!(described(&document), wanted);
    for route in ROUTES {
        let (method, path) = route.split_once(' ').unwrap();
        if path == "/api/v1/events" {
            continue; // Never ends; tests/api/events.rs reads it.
        }
        let ids = [("/messages/", "msg_0000000000001"), ("/batches/", "bat_0000000000001"), ("/tokens/", "tok_0000000000001")];
        let id = ids.iter().find(|(part, _)| path.contains(part)).map_or("onfon", |(_, id)| id);
        let path = path.replace("{id}", id).replace("{account}", "onfon").replace("{number}", "0712345678");
        let answer = world.ask(method, &path, &[], "").await;
        let code = if answer.header("content-type") == "application/problem+json" { answer.code() } else { String::new() };
        assert!(code != "not_found" && code != "method_not_allowed" && answer.status != 500, "{route} {}", answer.text);
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_the_pages_types_are_there() {
    let world = world().await;
    let document = world.get("/openapi.json").await;
    let json = document.json();
    let schemas = json["components"]["schemas"].as_object().unwrap();
    for reference in document.text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(schemas.contains_key(reference), "{reference}");
    }
    for name in TYPES {
        assert!(schemas.contains_key(*name), "{name} is missing");
    }
    let balance = schemas["Balance"]["properties"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let body = world.get("/api/v1/accounts/onfon/balance").await.json();
    assert_eq!(balance, body.as_object().unwrap().keys().cloned().collect());
}
