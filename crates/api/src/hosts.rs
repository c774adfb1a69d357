//! Who may be asked for: `Host` against DNS rebinding, `Origin` and `Sec-Fetch-Site` against other sites in the same browser.
//!
//! A page of another site can point its own name at 127.0.0.1 and then read what it likes, unless names are checked.

use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, Uri};

use crate::options::ApiOptions;
use crate::problem::{Code, Problem};

/// Names that only this machine can have.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The names that requests may carry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts {
    names: Vec<String>,
    /// Scheme, and host with port, of the public address.
    public: Option<(String, String)>,
}

impl Hosts {
    pub(crate) fn new(options: &ApiOptions) -> Self {
        let public = options.public_url.as_deref().and_then(|url| url.parse::<Uri>().ok());
        let public = public.and_then(|url| Some((url.scheme_str()?.to_owned(), url.authority()?.to_string())));
        let listen = options.listen.filter(|listen| !listen.ip().is_unspecified()).map(|listen| name(&listen.to_string()).to_owned());
        let mut names: Vec<String> = LOOPBACK.iter().map(ToString::to_string).collect();
        names.extend(listen);
        names.extend(public.iter().map(|(_, authority)| name(authority).to_owned()));
        names.extend(options.allowed_hosts.iter().map(|host| name(host).to_owned()));
        Self { names, public }
    }

    /// Whether a request may go on. `socket`: it came over the socket in the data directory, which only its owner can open.
    pub(crate) fn check(&self, method: &Method, authority: Option<&Authority>, headers: &HeaderMap, socket: bool) -> Result<(), Problem> {
        if headers.get_all(HOST).iter().nth(1).is_some() {
            // A proxy before us may have looked at the other one.
            return Err(Problem::new(Code::HostNotAllowed, "Send one Host header.").status(400));
        }
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        if !socket && !self.is_ours(authority, host) {
            let detail = "Ask for Salio by localhost, by the address it listens on, or by server.public_url; set server.public_url when a proxy stands before it.";
            return Err(Problem::new(Code::HostNotAllowed, detail));
        }
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let from_elsewhere = !reads && headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
        let allowed = headers.get_all(ORIGIN).iter().all(|origin| self.fits(origin.to_str().unwrap_or_default(), authority.map(Authority::as_str).or(host), reads));
        if from_elsewhere || !allowed {
            return Err(Problem::new(Code::OriginNotAllowed, "The request comes from a page of another site."));
        }
        Ok(())
    }

    fn is_ours(&self, authority: Option<&Authority>, host: Option<&str>) -> bool {
        let known = |text: &str| self.names.iter().any(|ours| ours.eq_ignore_ascii_case(name(text)));
        match (authority, host) {
            (Some(authority), Some(host)) => known(authority.as_str()) && known(host),
            (Some(authority), None) => known(authority.as_str()),
            (None, Some(host)) => known(host),
            (None, None) => false,
        }
    }

    /// An origin must be the host that was asked, or the public address.
    fn fits(&self, origin: &str, host: Option<&str>, reads: bool) -> bool {
        let Some((scheme, authority)) = origin.split_once("://") else { return origin == "null" && reads };
        let same = host.is_some_and(|host| host.eq_ignore_ascii_case(authority)) && matches!(scheme, "http" | "https");
        same || self.public.as_ref().is_some_and(|(s, a)| s.eq_ignore_ascii_case(scheme) && a.eq_ignore_ascii_case(authority))
    }
}

/// Without its port. A text that is no `host:port` stays whole, and then is no name of ours.
fn name(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) && (!name.contains(':') || name.ends_with(']')) => name,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> Hosts {
        Hosts::new(&ApiOptions { listen: "192.0.2.7:8080".parse().ok(), public_url: Some("https://sms.example.com".to_owned()), ..ApiOptions::default() })
    }

    fn ask(method: &Method, headers: &[(&'static str, &str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| (axum::http::HeaderName::from_static(name), axum::http::HeaderValue::from_str(value).unwrap())).collect();
        hosts().check(method, None, &headers, false).is_ok()
    }

    #[test]
    fn only_our_names() {
        for host in ["localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1:9", "[::1]", "[::1]:8080", "192.0.2.7:8080", "sms.example.com", "sms.example.com:443"] {
            assert!(ask(&Method::GET, &[("host", host)]), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:8080",
            "localhost:80:80",
            "localhost:",
            "localhost:8o",
            "::1",
            "[::1",
            "a@localhost",
            "127.1",
            "0.0.0.0",
            "192.0.2.8",
        ] {
            assert!(!ask(&Method::GET, &[("host", host)]), "{host}");
        }
        assert!(!ask(&Method::GET, &[]));
    }

    #[test]
    fn one_name_at_a_time() {
        for (first, second) in [("localhost", "localhost"), ("localhost", "evil.example"), ("evil.example", "localhost")] {
            let headers = HeaderMap::from_iter([(HOST, first.parse().unwrap())]);
            for socket in [false, true] {
                let mut two = headers.clone();
                two.append(HOST, second.parse().unwrap());
                let refused = hosts().check(&Method::GET, None, &two, socket).unwrap_err();
                assert_eq!(refused.parts().0, 400, "{first} {second}");
            }
        }
    }

    #[test]
    fn an_address_in_the_request_line_counts_too() {
        let headers: HeaderMap = [(HOST, "localhost".parse().unwrap())].into_iter().collect();
        let check = |authority: &str| hosts().check(&Method::GET, authority.parse().ok().as_ref(), &headers, false).is_ok();
        assert!(check("localhost") && !check("evil.example"));
    }

    #[test]
    fn only_our_own_pages() {
        let local = ("host", "localhost:8080");
        for (origin, get, post) in [
            ("http://localhost:8080", true, true),
            ("https://sms.example.com", true, true),
            ("http://localhost:3000", false, false),
            ("http://127.0.0.1:8080", false, false),
            ("http://sms.example.com", false, false),
            ("https://evil.example", false, false),
            ("null", true, false),
            ("", false, false),
            ("ftp://localhost:8080", false, false),
        ] {
            assert_eq!(ask(&Method::GET, &[local, ("origin", origin)]), get, "GET {origin}");
            assert_eq!(ask(&Method::POST, &[local, ("origin", origin)]), post, "POST {origin}");
            assert_eq!(ask(&Method::DELETE, &[local, ("origin", origin)]), post, "DELETE {origin}");
        }
        assert!(ask(&Method::GET, &[local, ("sec-fetch-site", "cross-site")]) && !ask(&Method::POST, &[local, ("sec-fetch-site", "cross-site")]));
        assert!(ask(&Method::POST, &[local, ("sec-fetch-site", "same-origin")]) && ask(&Method::POST, &[local]));
    }
}
