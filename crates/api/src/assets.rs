//! The dashboard, embedded: hashed files for ever, the page itself asked for anew, everything under a strict policy.

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::{Code, Problem};

/// Nothing inline, nothing from elsewhere, no frame around it.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; manifest-src 'self'",
);
const PAGE: &str = "index.html";
/// Paths that belong to programs: never answered with the page, in whatever casing.
const FOR_PROGRAMS: [&str; 5] = ["api", "v1", "webhooks", "docs", "assets"];

/// Shown while the dashboard was not built.
const STUB: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Salio</title></head><body><h1>Salio runs</h1>\
<p>This binary was built without the dashboard. In <code>web/</code> run <code>npm ci &amp;&amp; npm run build</code>, then build Salio again.</p>\
<p>The figures are at <a href=\"/api/v1/accounts\">/api/v1/accounts</a>, the API is described at <a href=\"/docs\">/docs</a>.</p></body></html>\n";

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// A file, a page of the dashboard, or a problem.
pub(crate) fn fallback(method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if reads && let Some(response) = file(path, headers).filter(|_| is_servable(path)) {
        return response;
    }
    let first = path.split('/').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    // The dashboard finds its own pages (/send, /messages/…); a name with a dot would be a file.
    if reads && !FOR_PROGRAMS.iter().any(|own| own.eq_ignore_ascii_case(first)) && !last.contains('.') {
        return page(headers);
    }
    Problem::new(Code::NotFound, "There is nothing here. The routes are at /docs.").into_response()
}

/// The pre-compressed neighbours are not addresses of their own.
fn is_servable(path: &str) -> bool {
    !path.is_empty() && !matches!(path.rsplit_once('.'), Some((_, "br" | "gz")))
}

fn page(headers: &HeaderMap) -> Response {
    file(PAGE, headers).unwrap_or_else(|| respond("text/html; charset=utf-8", Body::from(STUB), false))
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = Dist::get(path)?;
    let kind = kind(path);
    let hashed = path.starts_with("assets/");
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(headers, encoding)
            && let Some(packed) = Dist::get(&format!("{path}.{ending}"))
        {
            let mut response = respond(kind, body(packed), hashed);
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
            return Some(response);
        }
    }
    Some(respond(kind, body(plain), hashed))
}

fn body(file: EmbeddedFile) -> Body {
    match file.data {
        std::borrow::Cow::Borrowed(bytes) => Body::from(bytes),
        std::borrow::Cow::Owned(bytes) => Body::from(bytes),
    }
}

fn respond(kind: &'static str, body: Body, hashed: bool) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(if hashed { "public, max-age=31536000, immutable" } else { "no-cache" }));
    response
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether the caller takes an encoding: named, and not with a weight of nothing.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_used_only_when_it_is_wanted() {
        for (value, wanted) in [("br", true), ("gzip, deflate, br", true), ("gzip;q=1.0, BR;q=0.5", true), ("br;q=0, gzip", false), ("gzip", false), ("", false), ("brotli", false)]
        {
            let headers: HeaderMap = [(ACCEPT_ENCODING, HeaderValue::from_str(value).unwrap())].into_iter().collect();
            assert_eq!(accepts(&headers, "br"), wanted, "{value}");
        }
    }
}
