//! Signatures as the Standard Webhooks specification says: HMAC-SHA256 over `id.timestamp.body`, in base64, after `v1,`. Pure.
//!
//! Knows nothing of: HTTP, the clock, where secrets come from.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use salio_domain::Timestamp;
use sha2::Sha256;

/// How far the sender's clock and the receiver's may lie apart, either way.
pub const TOLERANCE: Duration = Duration::from_mins(5);
/// What secrets begin with in text.
const PREFIX: &str = "whsec_";
/// The lengths of a secret that the specification allows, in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;
/// Signatures of one header that are looked at; bounds the work on a hostile one.
const MAX_SIGNATURES: usize = 32;
/// The longest id, in bytes.
const MAX_ID: usize = 256;

/// A secret shared with one receiver. Its `Debug` is constant.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Vec<u8>);

/// A text or a number of bytes that makes no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret is whsec_ and the base64 of 24 to 64 bytes")]
pub struct BadSecret;

/// The three headers: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The id of the event.
    pub id: String,
    /// Whole seconds since 1970.
    pub timestamp: String,
    /// One signature for each secret, with spaces between.
    pub signature: String,
}

/// Why a call is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// No whole number of seconds.
    #[error("the timestamp cannot be read")]
    Timestamp,
    /// Over [`TOLERANCE`] in the past.
    #[error("the timestamp is too old")]
    TooOld,
    /// Over [`TOLERANCE`] in the future.
    #[error("the timestamp lies in the future")]
    TooNew,
    /// No signature of a known kind is by one of the secrets.
    #[error("no signature fits")]
    Signature,
}

impl SigningSecret {
    /// From text: `whsec_` and base64; the prefix may be missing.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse(text: &str) -> Result<Self, BadSecret> {
        let bytes = STANDARD.decode(text.strip_prefix(PREFIX).unwrap_or(text)).map_err(|_| BadSecret)?;
        Self::from_bytes(bytes)
    }

    /// From random bytes: 32 are usual.
    ///
    /// # Errors
    /// When there are fewer than 24 or more than 64.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, BadSecret> {
        if LENGTHS.contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(BadSecret) }
    }

    /// The text, for the receiver alone.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    fn mac(&self, id: &str, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
        // HMAC takes keys of every length.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        Some(mac)
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(hidden)")
    }
}

/// Signs with every secret; nothing when the id is empty or has other characters than letters, digits, `_` and `-`.
#[must_use]
pub fn sign(secrets: &[SigningSecret], id: &str, at: Timestamp, body: &[u8]) -> Option<Signed> {
    let is_id = !id.is_empty() && id.len() <= MAX_ID && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if !is_id || secrets.is_empty() {
        return None;
    }
    let timestamp = seconds(at).to_string();
    let macs: Option<Vec<_>> = secrets.iter().map(|secret| secret.mac(id, &timestamp, body)).collect();
    let signatures: Vec<_> = macs?.into_iter().map(|mac| format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))).collect();
    Some(Signed { id: id.to_owned(), timestamp, signature: signatures.join(" ") })
}

/// Whether a call comes from somebody who holds one of the secrets, and lately. Takes the same time for every wrong signature.
///
/// # Errors
/// Why it is not believed.
pub fn verify(secrets: &[SigningSecret], signed: &Signed, body: &[u8], now: Timestamp) -> Result<(), Unverified> {
    let sent: i64 = signed.timestamp.parse().map_err(|_| Unverified::Timestamp)?;
    let (now, tolerance) = (seconds(now), i64::try_from(TOLERANCE.as_secs()).unwrap_or(i64::MAX));
    if now.saturating_sub(sent) > tolerance {
        return Err(Unverified::TooOld);
    }
    if sent.saturating_sub(now) > tolerance {
        return Err(Unverified::TooNew);
    }
    let given = signed.signature.split(' ').filter_map(|one| one.strip_prefix("v1,")).take(MAX_SIGNATURES);
    let given: Vec<_> = given.filter_map(|one| STANDARD.decode(one).ok()).collect();
    let fits = |secret: &SigningSecret, one: &[u8]| secret.mac(&signed.id, &signed.timestamp, body).is_some_and(|mac| mac.verify_slice(one).is_ok());
    if secrets.iter().any(|secret| given.iter().any(|one| fits(secret, one))) { Ok(()) } else { Err(Unverified::Signature) }
}

const fn seconds(at: Timestamp) -> i64 {
    at.micros().div_euclid(1_000_000)
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
