//! The page about the API at /docs, and the pages about problems. Self-contained: no request to another host.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::RustEmbed;
use utoipa_swagger_ui::Config;

use crate::problem::{Code, Problem};

/// As strict as the dashboard's own: the viewer works under it, which a look at the page in a browser showed.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Salio: the HTTP API</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div><noscript>The same as JSON: <a href="/openapi.json">/openapi.json</a></noscript><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>
"#;

/// `validatorUrl: null`: the viewer would otherwise ask another host about the document.
const START: &str = r##"SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
"##;

#[derive(RustEmbed)]
#[folder = "../../docs/errors"]
struct ErrorPages;

/// The page.
pub(crate) async fn page() -> Response {
    text("text/html; charset=utf-8", Bytes::from_static(PAGE.as_bytes()))
}

/// What the page needs.
pub(crate) async fn asset(Path(name): Path<String>) -> Response {
    match name.as_str() {
        "start.js" => text("text/javascript; charset=utf-8", Bytes::from_static(START.as_bytes())),
        "swagger-ui.css" | "swagger-ui-bundle.js" => vendored(&name),
        _ => missing(),
    }
}

fn vendored(name: &str) -> Response {
    match utoipa_swagger_ui::serve(name, Arc::new(Config::default())) {
        Ok(Some(file)) => match HeaderValue::from_str(&file.content_type) {
            Ok(kind) => typed(kind, Body::from(file.bytes.into_owned())),
            Err(_) => missing(),
        },
        _ => missing(),
    }
}

/// What a code means and what helps, as plain text.
pub(crate) async fn error_page(Path(code): Path<String>) -> Response {
    match ErrorPages::get(&format!("{}.md", code.trim_end_matches(".md"))) {
        Some(page) => text("text/plain; charset=utf-8", page.data.into_owned().into()),
        None => missing(),
    }
}

fn text(kind: &'static str, bytes: Bytes) -> Response {
    typed(HeaderValue::from_static(kind), Body::from(bytes))
}

fn typed(kind: HeaderValue, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, kind);
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn missing() -> Response {
    Problem::new(Code::NotFound, "There is no such page.").into_response()
}
