//! Whether the provider can report: who may, and at which address.
//!
//! Knows nothing of: vendors' shapes. Tokens are never shown.

use super::report::{Line, Report};
use crate::config::settings::{AccountSettings, Settings};

/// Adds what was found.
pub fn check(report: &mut Report, settings: &Settings, account: &AccountSettings) {
    let slug = account.slug.as_str();
    let token = account.webhook_token.is_some();
    if !token && account.webhook_allow.is_empty() {
        let fix = format!("set webhook_token under [accounts.{slug}] to a long random word, and give the provider the address {}", address(settings, slug, true));
        return report.add(Line::warn(slug, "no delivery reports are taken: neither webhook_token nor webhook_allow is set", fix));
    }
    report.add(Line::ok(slug, format!("delivery reports are taken at {}, messages from phones at …/inbound", address(settings, slug, token))));
    match &settings.server.public_url {
        None => report.add(Line::warn(
            slug,
            "no public_url: nobody outside this machine is known to reach that address",
            "let a reverse proxy pass /webhooks on to Salio, and set public_url under [server] to its address",
        )),
        Some(url) if token && url.starts_with("http://") => {
            report.add(Line::warn(slug, "public_url is http://: the token travels in clear", "let the reverse proxy speak https://"))
        }
        Some(_) => {}
    }
}

fn address(settings: &Settings, slug: &str, token: bool) -> String {
    let base = settings.server.public_url.clone().unwrap_or_else(|| format!("http://{}", settings.server.listen));
    format!("{}/webhooks/{slug}/dlr{}", base.trim_end_matches('/'), if token { "?token=(webhook_token)" } else { "" })
}
