//! The addresses of the services, made from whatever form of the address was configured; secrets in a query are percent-encoded.
//!
//! Knows nothing of: requests, answers.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use super::config::UrlFault;
use crate::Secret;

/// Everything but the unreserved characters of RFC 3986: keys may hold `+`, `/` and `=`.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What may already stand at the end of a configured address, longest first, compared in any case.
const KNOWN_ENDINGS: [&[&str]; 4] = [&["v1", "sms", "sendbulksms"], &["v1", "sms", "balance"], &["v1", "sms"], &["v1"]];

/// The addresses of one account.
#[derive(Clone)]
pub(super) struct Endpoints {
    /// `…/v1/sms/SendBulkSMS`.
    pub submit: Url,
    /// `…/v1/sms/Balance`, with the keys in its query: never to be shown.
    pub balance: Url,
    /// `…/v1/sms/MessageStatus`, with the keys in its query.
    message_status: Url,
    /// `…/v1/sms/SMS`, with the keys in its query.
    sent: Url,
}

/// A piece of the list of sent messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    /// How many rows to skip.
    pub start: usize,
    /// How many rows at most.
    pub length: usize,
    /// The first day, `yyyy-mm-dd`.
    pub from: &'a str,
    /// The last day.
    pub end: &'a str,
}

impl Endpoints {
    pub(super) fn new(api_url: &str, api_key: &Secret, client_id: &Secret) -> Result<Self, UrlFault> {
        let base = base(api_url)?;
        let keys = format!("ApiKey={}&ClientId={}", encode(api_key.expose()), encode(client_id.expose()));
        let question = |name| {
            let mut url = service(&base, name);
            url.set_query(Some(&keys));
            url
        };
        Ok(Self { submit: service(&base, "SendBulkSMS"), balance: question("Balance"), message_status: question("MessageStatus"), sent: question("SMS") })
    }

    /// The question what became of one message. Holds the keys: never to be shown.
    pub(super) fn message_status(&self, provider_message_id: &str) -> Url {
        with(&self.message_status, &format!("MessageId={}", encode(provider_message_id)))
    }

    /// The question for a piece of the list of sent messages. Holds the keys: never to be shown.
    pub(super) fn sent(&self, page: Page<'_>) -> Url {
        let Page { start, length, from, end } = page;
        with(&self.sent, &format!("start={start}&length={length}&fromdate={}&enddate={}", encode(from), encode(end)))
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

fn with(url: &Url, more: &str) -> Url {
    let mut url = url.clone();
    let query = format!("{}&{more}", url.query().unwrap_or_default());
    url.set_query(Some(&query));
    url
}

/// The address without service and version, checked.
fn base(api_url: &str) -> Result<Url, UrlFault> {
    let url = Url::parse(api_url.trim()).map_err(|_| UrlFault::Unreadable)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UrlFault::Scheme);
    }
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    if !plain {
        return Err(UrlFault::Extras);
    }
    Ok(url)
}

fn service(base: &Url, name: &str) -> Url {
    let segments: Vec<&str> = base.path().split('/').filter(|segment| !segment.is_empty()).collect();
    let known = KNOWN_ENDINGS.iter().find(|ending| ends_with(&segments, ending)).map_or(0, |ending| ending.len());
    let prefix = segments.get(..segments.len() - known).unwrap_or_default();
    let mut path = String::new();
    for segment in prefix.iter().copied().chain(["v1", "sms", name]) {
        path.push('/');
        path.push_str(segment);
    }
    let mut url = base.clone();
    url.set_path(&path);
    url
}

fn ends_with(segments: &[&str], ending: &[&str]) -> bool {
    let tail = segments.len().checked_sub(ending.len()).and_then(|start| segments.get(start..));
    tail.is_some_and(|tail| tail.iter().zip(ending).all(|(have, want)| have.eq_ignore_ascii_case(want)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoints(api_url: &str) -> Result<Endpoints, UrlFault> {
        Endpoints::new(api_url, &Secret::from("made+up/key=="), &Secret::from("made up&id"))
    }

    #[test]
    fn every_form_of_the_address_means_the_same() {
        for url in [
            "https://api.onfonmedia.co.ke",
            "https://api.onfonmedia.co.ke/",
            "https://API.onfonmedia.co.ke/v1",
            "https://api.onfonmedia.co.ke/v1/sms",
            "https://api.onfonmedia.co.ke/V1/SMS/",
            "https://api.onfonmedia.co.ke//v1//sms//",
            "https://api.onfonmedia.co.ke/v1/sms/SendBulkSMS",
            "https://api.onfonmedia.co.ke/v1/sms/sendbulksms/",
            "https://api.onfonmedia.co.ke/v1/sms/Balance",
            " https://api.onfonmedia.co.ke:443/v1/sms/SENDBULKSMS// ",
        ] {
            let made = endpoints(url).expect(url);
            assert_eq!(made.submit.as_str(), "https://api.onfonmedia.co.ke/v1/sms/SendBulkSMS", "{url}");
            assert_eq!(made.balance.as_str(), "https://api.onfonmedia.co.ke/v1/sms/Balance?ApiKey=made%2Bup%2Fkey%3D%3D&ClientId=made%20up%26id", "{url}");
        }
    }

    #[test]
    fn questions_are_encoded() {
        let made = endpoints("https://api.onfonmedia.co.ke").expect("an address");
        let keys = "ApiKey=made%2Bup%2Fkey%3D%3D&ClientId=made%20up%26id";
        assert_eq!(made.message_status("a/b&c=d e").as_str(), format!("https://api.onfonmedia.co.ke/v1/sms/MessageStatus?{keys}&MessageId=a%2Fb%26c%3Dd%20e"));
        let page = Page { start: 100, length: 50, from: "2026-11-21", end: "2026-11-23" };
        assert_eq!(made.sent(page).as_str(), format!("https://api.onfonmedia.co.ke/v1/sms/SMS?{keys}&start=100&length=50&fromdate=2026-11-21&enddate=2026-11-23"));
    }

    #[test]
    fn a_prefix_and_a_port_are_kept() {
        for url in ["http://127.0.0.1:8099/Gate/way", "http://127.0.0.1:8099/Gate/way/v1/sms/SendBulkSMS/"] {
            let made = endpoints(url).expect(url);
            assert_eq!(made.submit.as_str(), "http://127.0.0.1:8099/Gate/way/v1/sms/SendBulkSMS");
            assert!(made.balance.as_str().starts_with("http://127.0.0.1:8099/Gate/way/v1/sms/Balance?"));
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_shown() {
        for (url, fault) in [
            ("", UrlFault::Unreadable),
            ("api.onfonmedia.co.ke", UrlFault::Unreadable),
            ("https://", UrlFault::Unreadable),
            ("ftp://api.onfonmedia.co.ke", UrlFault::Scheme),
            ("localhost:8080", UrlFault::Scheme),
            ("https://api.onfonmedia.co.ke/v1/sms/Balance?ApiKey=made-up-key-1", UrlFault::Extras),
            ("https://made-up-key-1@api.onfonmedia.co.ke", UrlFault::Extras),
            ("https://api.onfonmedia.co.ke/#made-up-key-1", UrlFault::Extras),
        ] {
            let error = endpoints(url).map(|_| ()).expect_err(url);
            assert_eq!(error, fault, "{url}");
            assert!(!error.to_string().contains("made-up-key-1"), "{error}");
        }
    }
}
