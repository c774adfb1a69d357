//! A server that `SALIO_URL` names.
//!
//! Knows nothing of: what is asked. The only other room than the drivers' that builds an HTTP client, because this one speaks with Salio itself
//! (and, for `doctor`, knocks at a provider's door without any key).

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::header::AUTHORIZATION;
use hyper::{Request, Response};
use reqwest::Url;
use salio_provider::Secret;

use super::{Asked, Body, BoxError};
use crate::failure::{Failure, Outcome, with_causes};

/// A server that is there answers within this.
const CONNECT: Duration = Duration::from_secs(5);

/// A server by its address.
pub struct Tcp {
    base: Url,
    shown: String,
    token: Option<Secret>,
    client: reqwest::Client,
}

impl Tcp {
    /// Checks the address; connects to nobody.
    pub fn new(url: &str, token: Option<Secret>) -> Outcome<Self> {
        let base = Url::parse(url).map_err(|_| Failure::usage("SALIO_URL is no address; write it like http://127.0.0.1:8080"))?;
        Ok(Self { base, shown: url.to_owned(), token, client: http_client(CONNECT)? })
    }

    /// Asks once.
    pub async fn send(&self, request: Request<Asked>) -> Outcome<Response<Body>> {
        let (head, body) = request.into_parts();
        let mut url = self.base.clone();
        url.set_path(&format!("{}{}", self.base.path().trim_end_matches('/'), head.uri.path()));
        url.set_query(head.uri.query());
        let mut asked = self.client.request(head.method, url).headers(head.headers).body(reqwest::Body::wrap(body));
        if let Some(token) = &self.token {
            asked = asked.header(AUTHORIZATION, format!("Bearer {}", token.expose()));
        }
        let response = asked.send().await.map_err(|error| self.unreachable(error))?;
        Ok(Response::from(response).map(|body| body.map_err(BoxError::from).boxed_unsync()))
    }

    fn unreachable(&self, error: reqwest::Error) -> Failure {
        let reason = with_causes(&error.without_url());
        Failure::failed(format!("Salio at {} (SALIO_URL) cannot be reached: {reason}. Start it there, mend the address, or unset SALIO_URL to use the data directory", self.shown))
    }
}

/// A client that follows nobody elsewhere.
#[expect(clippy::disallowed_methods, reason = "commands speak with Salio over HTTP; vendors are not asked here")]
pub fn http_client(connect_timeout: Duration) -> Outcome<reqwest::Client> {
    // The library wants one for the whole process; a second call says that there is one, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let built = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(connect_timeout)
        .user_agent(concat!("salio/", env!("CARGO_PKG_VERSION")))
        .build();
    built.map_err(|error| Failure::failed(format!("the HTTP client cannot be set up: {}", with_causes(&error.without_url()))))
}
