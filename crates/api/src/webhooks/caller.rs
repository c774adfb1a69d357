//! Who may report: whoever knows the token, or calls from an allowed address. Nothing is told about how much of a guess was right.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::request::Parts;
use salio_domain::AccountId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::problem::{Code, Problem};
use crate::state::ApiState;

/// The parameter of the address that carries the token.
const TOKEN: &str = "token";
/// The header that may carry it instead.
const TOKEN_HEADER: &str = "x-dlr-token";
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Whether an address is among some.
pub type AllowFn = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// Who may report to an account.
#[derive(Clone)]
pub struct Webhook {
    /// The account's slug.
    pub account: String,
    /// SHA-256 of the token; none when only addresses count.
    pub token_sha256: Option<[u8; 32]>,
    /// Addresses that need no token; none when only the token counts.
    pub allowed: Option<AllowFn>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("account", &self.account).finish_non_exhaustive()
    }
}

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub SocketAddr);

/// The caller's address: the other end's, or, when that is a proxy that is trusted, the last address in `X-Forwarded-For` that is none. What stands before it
/// anybody can have written.
pub(crate) fn peer_of(parts: &Parts, trusted: Option<&AllowFn>) -> Option<IpAddr> {
    let peer = parts.extensions.get::<Peer>()?.0.ip().to_canonical();
    let Some(trusted) = trusted.filter(|trusted| trusted(peer)) else { return Some(peer) };
    let mut nearest = peer;
    for hop in hops(&parts.headers).into_iter().rev() {
        let Ok(address) = hop.parse::<IpAddr>() else { return None };
        nearest = address.to_canonical();
        if !trusted(nearest) {
            break;
        }
    }
    Some(nearest)
}

fn hops(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(FORWARDED_FOR).iter();
    values.flat_map(|value| value.to_str().unwrap_or("?").split(',').map(|hop| hop.trim().to_owned()).collect::<Vec<_>>()).collect()
}

/// Whether a parameter carries the token. The customer writes the address into a portal, so any casing is possible.
pub(super) fn is_token(name: &str) -> bool {
    name.eq_ignore_ascii_case(TOKEN)
}

/// Lets the provider in; tells the token, where one was right, so that it can be kept out of everything else.
pub(super) fn check(state: &ApiState, account: AccountId, parts: &Parts, query: &[(String, String)]) -> Result<Option<String>, Problem> {
    let slug = state.slug(account);
    let webhook = state.options().webhooks.iter().find(|webhook| webhook.account == slug);
    let Some(webhook) = webhook.filter(|webhook| webhook.token_sha256.is_some() || webhook.allowed.is_some()) else {
        let detail = format!("Nobody may report for {slug} yet: set accounts.{slug}.webhook_token (or webhook_allow), restart, and give the provider the address with ?token=….");
        return Err(Problem::new(Code::WebhookNotSetUp, detail));
    };
    let known = shown(parts, query).into_iter().find(|token| fits(token.as_bytes(), webhook.token_sha256.as_ref()));
    let allowed = || webhook.allowed.as_ref().is_some_and(|allowed| peer_of(parts, state.options().trusted_proxies.as_ref()).is_some_and(|address| allowed(address)));
    if known.is_some() || allowed() {
        return Ok(known.map(str::to_owned));
    }
    Err(Problem::new(Code::WebhookRefused, "The address carries no token or a wrong one, and does not come from an allowed address."))
}

/// Every token of a call: it may carry several, of which one is right.
fn shown<'a>(parts: &'a Parts, query: &'a [(String, String)]) -> Vec<&'a str> {
    let in_address = query.iter().filter(|(name, _)| is_token(name)).map(|(_, value)| value.as_str());
    in_address.chain(parts.headers.get_all(TOKEN_HEADER).iter().filter_map(|value| value.to_str().ok())).collect()
}

/// Hashes are compared, so neither length nor content of a guess shows in the time it takes.
fn fits(token: &[u8], wanted: Option<&[u8; 32]>) -> bool {
    let hash: [u8; 32] = Sha256::digest(token).into();
    wanted.is_some_and(|wanted| hash.ct_eq(wanted).into())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn parts(peer: &str, forwarded: &[&str]) -> Parts {
        let mut request = Request::new(());
        for value in forwarded {
            request.headers_mut().append(FORWARDED_FOR, value.parse().unwrap());
        }
        request.extensions_mut().insert(Peer(format!("{peer}:1234").parse().unwrap()));
        request.into_parts().0
    }

    #[test]
    fn only_trusted_proxies_say_who_calls() {
        let trusted: AllowFn = Arc::new(|address| address.to_string().starts_with("10.0.0."));
        let of = |peer, forwarded: &[&str], trusted: Option<&AllowFn>| peer_of(&parts(peer, forwarded), trusted).map(|address| address.to_string());
        assert_eq!(of("192.0.2.1", &["198.51.100.9"], None).as_deref(), Some("192.0.2.1"));
        assert_eq!(of("192.0.2.1", &["198.51.100.9"], Some(&trusted)).as_deref(), Some("192.0.2.1"), "a stranger's word");
        assert_eq!(of("10.0.0.1", &["203.0.113.5, 198.51.100.9"], Some(&trusted)).as_deref(), Some("198.51.100.9"), "the last hop, not the first");
        assert_eq!(of("10.0.0.1", &["203.0.113.5", "198.51.100.9, 10.0.0.2"], Some(&trusted)).as_deref(), Some("198.51.100.9"));
        assert_eq!(of("10.0.0.1", &["nonsense"], Some(&trusted)), None);
        assert_eq!(of("10.0.0.1", &[], Some(&trusted)).as_deref(), Some("10.0.0.1"));
    }

    #[test]
    fn tokens_are_compared_by_hash() {
        let wanted: [u8; 32] = Sha256::digest(b"made-up-webhook").into();
        assert!(fits(b"made-up-webhook", Some(&wanted)));
        assert!(!fits(b"made-up-webhooK", Some(&wanted)) && !fits(b"", Some(&wanted)) && !fits(b"x", None));
    }
}
