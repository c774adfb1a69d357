//! Addresses of every sort: where to listen, addresses of the web, who may report, where the database is.
//!
//! Knows nothing of: keys, layers. No sentence here repeats the address, which may carry a password.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::kind::Kind;

/// An address or a network that may report without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllowedSource {
    /// The address, or the first of the network.
    pub address: IpAddr,
    /// How many leading bits count.
    pub prefix: u8,
}

impl AllowedSource {
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().ok()?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(bits), |text| text.parse().ok().filter(|prefix| *prefix <= bits))?;
        Some(Self { address, prefix })
    }

    /// Whether the address is this one or inside this network.
    pub fn contains(&self, other: IpAddr) -> bool {
        let differing = match (self.address, other.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            _ => return false,
        };
        differing >= u32::from(self.prefix)
    }
}

impl fmt::Display for AllowedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// Reads who may report.
///
/// # Errors
/// What is allowed.
pub fn sources(items: &[String]) -> Result<Vec<AllowedSource>, String> {
    let read = |item: &String| AllowedSource::parse(item).ok_or_else(|| format!("allowed: {}", Kind::Addresses.allowed()));
    items.iter().map(read).collect()
}

/// Reads where to listen.
///
/// # Errors
/// What is allowed, with the likely meaning of the usual slips.
pub fn listen(text: &str) -> Result<SocketAddr, String> {
    let port = text.strip_prefix("localhost:").or_else(|| text.strip_prefix(':')).unwrap_or(text);
    text.parse().map_err(|_| match port.parse::<u16>() {
        Ok(port) => format!("allowed: {}; did you mean 127.0.0.1:{port}?", Kind::Listen.allowed()),
        Err(_) => format!("allowed: {}", Kind::Listen.allowed()),
    })
}

/// Reads an address of the web; the text is kept as it was written.
///
/// # Errors
/// What is wrong with it.
pub fn url(text: &str) -> Result<String, String> {
    let wrong = |what: &str| Err(format!("{what}; allowed: {}", Kind::Url.allowed()));
    // The parser repairs what a person would call wrong (spaces, `https:host`): look first.
    if !text.contains("://") || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return wrong("not an address of the web");
    }
    let Ok(url) = reqwest::Url::parse(text) else {
        return wrong("not an address of the web");
    };
    match url.scheme() {
        "http" | "https" if url.host_str().is_none_or(str::is_empty) => wrong("no host in it"),
        "http" | "https" if !url.username().is_empty() || url.password().is_some() || text.contains('@') => wrong("it carries a user or a password"),
        "http" | "https" if url.query().is_some() || url.fragment().is_some() => wrong("it carries a query or a fragment"),
        "http" | "https" => Ok(text.to_owned()),
        _ => wrong("neither http nor https"),
    }
}

/// Reads where the database is: `sqlite:PATH`, `sqlite://PATH` or a path.
///
/// # Errors
/// What is wrong with it.
pub fn database(text: &str) -> Result<PathBuf, String> {
    let path = match text.split_once(':') {
        Some(("sqlite", path)) => path.strip_prefix("//").unwrap_or(path),
        Some(("postgres" | "postgresql", _)) => {
            return Err("PostgreSQL comes with a later release; this one keeps everything in a SQLite file. Leave the key out, or write sqlite:PATH".to_owned());
        }
        Some((scheme, _)) if !scheme.contains(['/', '.']) => return Err(format!("only SQLite is known; allowed: {}", Kind::Database.allowed())),
        _ => text,
    };
    if path.is_empty() || path.starts_with(':') || path.contains(['?', '#']) || path.ends_with('/') {
        return Err(format!("not a file; allowed: {}", Kind::Database.allowed()));
    }
    Ok(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webs_addresses_are_kept_or_refused() {
        for kept in ["https://api.onfonmedia.co.ke", "https://api.onfonmedia.co.ke/v1/sms/SendBulkSMS", "http://127.0.0.1:9000/prefix/v1/sms", "http://[::1]:9000"] {
            assert_eq!(url(kept).as_deref(), Ok(kept));
        }
        for refused in [
            "api.onfonmedia.co.ke",
            "https:api.onfonmedia.co.ke",
            "ftp://api.example",
            "https://",
            "https://me:made-up@api.example",
            "https://me@api.example",
            "https://@api.example",
            "https://api.example?ApiKey=made-up",
            "https://api.example/#x",
            "https://api .example",
            "https://api.example:99999",
            "file:///etc/passwd",
        ] {
            let problem = url(refused).expect_err(refused);
            assert!(problem.contains("allowed: an http:// or https:// address"), "{refused}: {problem}");
            assert!(!problem.contains("made-up"), "{problem}");
        }
    }

    #[test]
    fn listening_slips_are_understood() {
        assert_eq!(listen("[::1]:0"), Ok("[::1]:0".parse().expect("an address")));
        for (written, meant) in [
            ("8080", Some("127.0.0.1:8080")),
            (":9", Some("127.0.0.1:9")),
            ("localhost:8081", Some("127.0.0.1:8081")),
            ("example.com:80", None),
            ("127.0.0.1", None),
            ("127.0.0.1:70000", None),
        ] {
            let problem = listen(written).expect_err(written);
            assert_eq!(problem.split("did you mean ").nth(1).map(|rest| rest.trim_end_matches('?')), meant, "{written}");
        }
    }

    #[test]
    fn databases_are_files() {
        for (written, path) in [
            ("sqlite:./a/b.db", "./a/b.db"),
            ("sqlite:///var/lib/salio/salio.db", "/var/lib/salio/salio.db"),
            ("sqlite://salio.db", "salio.db"),
            ("/var/lib/salio.db", "/var/lib/salio.db"),
            ("./odd:name.db", "./odd:name.db"),
        ] {
            assert_eq!(database(written), Ok(PathBuf::from(path)), "{written}");
        }
        for refused in ["sqlite:", "sqlite::memory:", "sqlite://a.db?mode=ro", "mysql://x/y", "./dir/"] {
            assert!(database(refused).expect_err(refused).contains("allowed: a SQLite file"), "{refused}");
        }
        for refused in ["postgres://u:made-up@h/d", "postgresql://h/d"] {
            assert!(database(refused).expect_err(refused).starts_with("PostgreSQL comes with a later release"), "{refused}");
        }
    }

    #[test]
    fn networks_hold_their_addresses() {
        for (network, inside, outside) in [
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("192.0.2.7", "::ffff:192.0.2.7", "::1"),
        ] {
            let source = AllowedSource::parse(network).expect(network);
            assert!(source.contains(inside.parse().expect("inside")), "{network} {inside}");
            assert!(!source.contains(outside.parse().expect("outside")), "{network} {outside}");
        }
        for refused in ["", "192.0.2", "192.0.2.0/33", "192.0.2.0/", "::/129", "example.com"] {
            assert_eq!(AllowedSource::parse(refused), None, "{refused}");
        }
    }
}
