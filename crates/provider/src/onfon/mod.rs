//! Onfon Media (Kenya): `Balance`, `SendBulkSMS`, `MessageStatus` and `SMS` of its version 1 interface, and what it calls us with, tolerant of every form of answer that has been seen.
//!
//! Knows nothing of: retries, sleeping, storage, caching, when to ask. Onfon's words and codes stay in this folder.

mod answer;
mod balance;
mod calls;
mod codes;
mod config;
mod dates;
mod envelope;
mod json;
mod listed;
mod look_up;
mod redact;
mod request;
mod rows;
mod submit;
mod text;
mod url;
mod words;

#[cfg(test)]
mod balance_tests;
#[cfg(test)]
mod flood_tests;
#[cfg(test)]
mod look_up_tests;
#[cfg(test)]
mod submit_tests;

use async_trait::async_trait;
use reqwest::RequestBuilder;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use salio_domain::outbox::{RecipientOutcome, SubmitOutcome};
use tracing::{debug, warn};

pub use config::{AccessKeyIn, ConfigError, OnfonConfig, UrlFault};

use self::redact::Redactor;
use self::rows::in_doubt;
use self::text::{REFUSAL_CHARS, shorten};
use self::url::Endpoints;
use crate::http::{self, Ending, Failure, FailureKind, HttpClient, Phase, Reply, Tls};
use crate::{BalanceAnswer, BalanceError, Found, Inbound, LookUp, LookUpError, Provider, RawCall, ReportCall, SubmitRequest};

/// The word for this vendor in API, logs and tables.
pub const NAME: &str = "onfon";
/// The vendor's own address.
pub const DEFAULT_API_URL: &str = "https://api.onfonmedia.co.ke";

const ACCESS_KEY: HeaderName = HeaderName::from_static("accesskey");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// How much of the text of a figure is kept, in characters.
const FIGURE_CHARS: usize = 64;

/// The driver of one account at Onfon.
pub struct Onfon {
    config: OnfonConfig,
    endpoints: Endpoints,
    access_header: Option<HeaderValue>,
    balance_client: HttpClient,
    submit_client: HttpClient,
    redactor: Redactor,
}

impl Onfon {
    /// Checks the settings and makes the driver; nothing is sent.
    ///
    /// # Errors
    /// Names the setting that is wrong; never shows a value.
    pub fn new(config: OnfonConfig) -> Result<Self, ConfigError> {
        config.check()?;
        let endpoints = Endpoints::new(&config.api_url, &config.api_key, &config.client_id)?;
        let access_header = access_header(&config)?;
        let tls = Tls::from_system()?;
        Ok(Self {
            endpoints,
            access_header,
            balance_client: HttpClient::new(&tls, config.balance_timeout)?,
            submit_client: HttpClient::new(&tls, config.submit_timeout)?,
            redactor: Redactor::new([&config.api_key, &config.client_id].into_iter().chain(&config.access_key)),
            config,
        })
    }

    fn with_headers(&self, request: RequestBuilder, access_header: Option<&HeaderValue>) -> RequestBuilder {
        let request = request.header(ACCEPT, JSON);
        match access_header {
            Some(value) => request.header(ACCESS_KEY, value.clone()),
            None => request,
        }
    }

    async fn send(&self, service: &'static str, request: RequestBuilder) -> Result<Reply, Failure> {
        match http::send(request).await {
            Ok(reply) => {
                debug!(provider = NAME, service, status = reply.status, bytes = reply.body.len(), "answered");
                Ok(reply)
            }
            Err(failure) => {
                let failure = Failure { detail: self.redactor.clean(&failure.detail), ..failure };
                debug!(provider = NAME, service, kind = ?failure.kind, detail = failure.detail, "no answer");
                Err(failure)
            }
        }
    }

    fn raw(&self, reply: &Reply) -> Option<String> {
        (!reply.body.is_empty()).then(|| self.redactor.raw(&envelope::text_of(&reply.body)))
    }

    fn cleaned(&self, outcome: RecipientOutcome) -> RecipientOutcome {
        match outcome {
            RecipientOutcome::Rejected(mut refusal) => {
                refusal.text = shorten(&self.redactor.clean(&refusal.text), REFUSAL_CHARS);
                RecipientOutcome::Rejected(refusal)
            }
            other => other,
        }
    }

    fn read_submission(&self, reply: &Reply, request: &SubmitRequest) -> SubmitOutcome {
        let recipients = match reply.ending {
            Ending::Whole => submit::read(reply.status, &reply.body, &request.recipients),
            Ending::CutShort | Ending::TooLarge => vec![in_doubt("unreadable_answer"); request.recipients.len()],
        };
        let recipients = recipients.into_iter().map(|outcome| self.cleaned(outcome)).collect();
        SubmitOutcome { recipients, raw: self.raw(reply) }
    }
}

/// The header for the access key, marked secret so that nothing below shows it. It is made whenever there is a key, for `Balance` has no other place for it.
fn access_header(config: &OnfonConfig) -> Result<Option<HeaderValue>, ConfigError> {
    let Some(key) = &config.access_key else { return Ok(None) };
    let mut value = HeaderValue::from_str(key.expose()).map_err(|_| ConfigError::AccessKey)?;
    value.set_sensitive(true);
    Ok(Some(value))
}

#[async_trait]
impl Provider for Onfon {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn fetch_balance(&self) -> Result<BalanceAnswer, BalanceError> {
        let request = self.balance_client.get(self.endpoints.balance.clone());
        let request = self.with_headers(request, self.access_header.as_ref());
        let reply = self.send("Balance", request).await.map_err(|failure| no_balance(&failure))?;
        match balance::read(&reply) {
            Ok(reading) => Ok(BalanceAnswer { units: reading.figure.units, form: reading.figure.form, raw: shorten(&self.redactor.clean(&reading.raw), FIGURE_CHARS) }),
            Err(trouble) => Err(BalanceError { code: trouble.code, detail: trouble.detail, credentials: trouble.credentials, timed_out: false, raw: self.raw(&reply) }),
        }
    }

    async fn submit(&self, request: &SubmitRequest) -> SubmitOutcome {
        let count = request.recipients.len();
        if count == 0 {
            return SubmitOutcome { recipients: Vec::new(), raw: None };
        }
        let body = match request::body(&self.config, request) {
            Ok(body) => body,
            Err(error) => {
                // Strings always serialise; if they ever do not, nothing was written, but nobody has looked into why.
                warn!(provider = NAME, %error, "a submission could not be written");
                return SubmitOutcome::all(count, &in_doubt("unwritable_request"), None);
            }
        };
        let post = self.submit_client.post(self.endpoints.submit.clone()).header(CONTENT_TYPE, JSON).body(body);
        let access_header = self.access_header.as_ref().filter(|_| self.config.access_key_in.in_header());
        match self.send("SendBulkSMS", self.with_headers(post, access_header)).await {
            Ok(reply) => self.read_submission(&reply, request),
            Err(failure) => SubmitOutcome::all(count, &not_answered(failure.kind), None),
        }
    }

    fn read_reports(&self, call: &RawCall<'_>) -> ReportCall {
        calls::read_reports(call)
    }

    fn read_inbound(&self, call: &RawCall<'_>) -> Vec<Inbound> {
        calls::read_inbound(call)
    }

    fn acknowledge_inbound(&self, call: &RawCall<'_>) -> &'static str {
        calls::acknowledgement(call)
    }

    async fn look_up(&self, ask: &LookUp) -> Result<Vec<Found>, LookUpError> {
        self.find_all(std::slice::from_ref(ask)).await.pop().unwrap_or(Err(LookUpError::NotReached))
    }

    async fn look_up_all(&self, asks: &[LookUp]) -> Vec<Result<Vec<Found>, LookUpError>> {
        self.find_all(asks).await
    }
}

fn no_balance(failure: &Failure) -> BalanceError {
    let (code, words) = match failure.kind {
        FailureKind::NotConnected(Phase::Dns) => ("unreachable", "the name of Onfon's server cannot be resolved"),
        FailureKind::NotConnected(Phase::Connect) => ("unreachable", "no connection to Onfon's server"),
        FailureKind::NotConnected(Phase::Tls) => ("unreachable", "Onfon's server cannot be verified (TLS)"),
        FailureKind::TimedOut => ("timeout", "Onfon did not answer in time"),
        FailureKind::Lost => ("connection_lost", "the connection to Onfon broke before it answered"),
    };
    let detail = format!("{words} ({})", failure.detail);
    BalanceError { code, detail, credentials: false, timed_out: failure.timed_out, raw: None }
}

/// Only what failed before the connection stood has certainly not arrived.
fn not_answered(kind: FailureKind) -> RecipientOutcome {
    let not_sent = |reason: &str| RecipientOutcome::NotSent { reason: reason.to_owned() };
    match kind {
        FailureKind::NotConnected(Phase::Dns) => not_sent("dns_failed"),
        FailureKind::NotConnected(Phase::Connect) => not_sent("connect_failed"),
        FailureKind::NotConnected(Phase::Tls) => not_sent("tls_failed"),
        FailureKind::TimedOut => in_doubt("timeout"),
        FailureKind::Lost => in_doubt("connection_reset"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Secret;

    #[test]
    fn the_access_key_is_marked_secret_for_everything_below() {
        let config = OnfonConfig {
            api_url: DEFAULT_API_URL.to_owned(),
            api_key: Secret::from("made-up-key-1"),
            client_id: Secret::from("made-up-id-2"),
            access_key: Some(Secret::from("made-up-access-3")),
            access_key_in: AccessKeyIn::Body,
            balance_timeout: Duration::from_secs(15),
            submit_timeout: Duration::from_secs(20),
        };
        let value = access_header(&config).expect("a header").expect("a key");
        assert!(value.is_sensitive());
        assert_eq!(format!("{value:?}"), "Sensitive");
    }
}
