//! What is configured, and where each value came from.
//!
//! Knows nothing of: whether it works. Secrets are shown as hidden.

use super::report::{Line, Report};
use crate::config::settings::{AccountSettings, Settings};
use crate::config::{self, Inputs};
use crate::wiring;

/// Adds what was found.
pub fn check(report: &mut Report, settings: &Settings, inputs: &Inputs) {
    for line in config::explain(inputs) {
        report.add(Line::ok("configuration", format!("{} = {} ({})", line.key, line.value.unwrap_or_default(), line.place)));
    }
    report.add(Line::note("configuration", "every other key has its default"));
    if settings.accounts.is_empty() {
        report.add(Line::fail("accounts", "none", wiring::setup_text(settings)));
    }
    settings.accounts.iter().for_each(|account| about(report, account));
}

fn about(report: &mut Report, account: &AccountSettings) {
    let slug = account.slug.as_str();
    if account.sender_id.is_none() {
        let fix = format!("set sender_id under [accounts.{slug}]{}", if slug == "onfon" { ", or ONFON_SENDER_ID" } else { "" });
        report.add(Line::warn(slug, "no sender_id: messages that name none are refused", fix));
    }
    if account.price.is_none() {
        report.add(Line::warn(slug, "no price: a segment is assumed to cost 1", format!("set price under [accounts.{slug}]")));
    }
    // The drivers take addresses of the web alone, which was checked.
    if account.api_url.starts_with("http://") && !is_this_machine(&account.api_url) {
        report.add(Line::warn(slug, "api_url is http://: keys travel in clear", "write https://"));
    }
}

fn is_this_machine(url: &str) -> bool {
    reqwest::Url::parse(url).ok().and_then(|url| url.host_str().map(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"))).unwrap_or(false)
}
