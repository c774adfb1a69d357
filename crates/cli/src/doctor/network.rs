//! The way to a provider: name, port, certificate; and whether the clocks agree. No key is shown to anybody here.
//!
//! Knows nothing of: the provider's interface.

use std::time::Duration;

use hyper::header::DATE;
use reqwest::Url;
use salio_domain::Timestamp;
use salio_engine::Clock;
use tokio::net::{TcpStream, lookup_host};

use super::report::{Line, Report};
use crate::client::http_client;
use crate::config::settings::AccountSettings;
use crate::failure::with_causes;
use crate::say;

/// A provider that takes longer is as good as away.
const PATIENCE: Duration = Duration::from_secs(5);
/// More than this makes ages and schedules wrong.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(30);

/// Adds what was found.
pub async fn check(report: &mut Report, account: &AccountSettings) {
    let Ok(url) = Url::parse(&account.api_url) else { return };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return };
    let slug = account.slug.as_str();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<_> = match tokio::time::timeout(PATIENCE, lookup_host((bare, port))).await {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(error)) => return report.add(Line::fail(slug, format!("the name {host} cannot be found: {error}"), "look at the name in api_url and at this machine's DNS")),
        Err(_) => return report.add(Line::fail(slug, format!("the name {host} cannot be found within {} s", PATIENCE.as_secs()), "look at this machine's DNS")),
    };
    report.add(Line::ok(slug, format!("the name {host} is known ({})", say::count(addresses.len(), "address").replace("addresss", "addresses"))));
    match tokio::time::timeout(PATIENCE, TcpStream::connect(addresses.as_slice())).await {
        Ok(Ok(_)) => report.add(Line::ok(slug, format!("{host}:{port} takes connections"))),
        Ok(Err(error)) => {
            return report.add(Line::fail(
                slug,
                format!("{host}:{port} takes no connection: {error}"),
                "look at api_url, at the firewall, and whether the provider knows this machine's address",
            ));
        }
        Err(_) => {
            return report.add(Line::fail(
                slug,
                format!("{host}:{port} does not answer within {} s", PATIENCE.as_secs()),
                "look at the firewall, and whether the provider knows this machine's address",
            ));
        }
    }
    knock(report, slug, url).await;
}

/// Asks for the front page, without any key: enough to see the certificate and the clock.
async fn knock(report: &mut Report, slug: &str, mut url: Url) {
    url.set_path("/");
    url.set_query(None);
    let secure = url.scheme() == "https";
    let client = match http_client(PATIENCE) {
        Ok(client) => client,
        Err(failure) => return report.add(Line::fail(slug, failure.to_string(), "look at this machine's certificates (ca-certificates)")),
    };
    match tokio::time::timeout(PATIENCE, client.get(url).send()).await {
        Ok(Ok(response)) => {
            if secure {
                report.add(Line::ok(slug, "its certificate is trusted"));
            }
            clock(report, slug, response.headers().get(DATE).and_then(|date| date.to_str().ok()));
        }
        Ok(Err(error)) => report.add(Line::fail(
            slug,
            format!("no HTTP answer: {}", with_causes(&error.without_url())),
            "look at api_url, at this machine's clock and its certificates (ca-certificates)",
        )),
        Err(_) => report.add(Line::fail(slug, "no HTTP answer in time", "try again; ask the provider if it stays so")),
    }
}

fn clock(report: &mut Report, slug: &str, date: Option<&str>) {
    let said = date.and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
    let Some(said) = said.map(|said| Timestamp::from_micros(said.as_microsecond())) else {
        return report.add(Line::note("clock", format!("{slug} tells no time to compare with")));
    };
    let now = Clock::system().now();
    let apart = now.since(said).max(said.since(now));
    if apart <= CLOCK_TOLERANCE {
        return report.add(Line::ok("clock", format!("agrees with {slug}'s")));
    }
    report.add(Line::warn("clock", format!("{} apart from {slug}'s", say::seconds(apart.as_secs())), "set this machine's clock (timedatectl set-ntp true)"));
}
