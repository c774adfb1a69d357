//! What the tests of the channels share: notifiers that may speak to this machine, made-up certificates, captured logs.
//!
//! Knows nothing of: how channels work inside.
#![allow(dead_code, reason = "each test target uses a part of it")]

pub mod http;
pub mod mail;
pub mod smtp;

use std::future::Future;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use salio_domain::Timestamp;
use salio_notify::{Attempt, Guard, Notifier, Options, Outcome};
use salio_provider::http::Names;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Longer than anything here takes; a test that runs into it has failed.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// For tests in which nothing should time out.
pub const PATIENT: Duration = Duration::from_secs(15);
/// For tests in which something should.
pub const HASTY: Duration = Duration::from_millis(500);
/// The name that made-up certificates are for; it resolves to this machine.
pub const NAME: &str = "made-up.test";

pub const AT: Timestamp = Timestamp::from_micros(1_795_000_000_123_456);

/// Every name is this machine.
struct Here;

#[async_trait]
impl Names for Here {
    async fn look_up(&self, _name: &str) -> std::io::Result<Vec<IpAddr>> {
        Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)])
    }
}

/// With `allow_private`; every name resolves to this machine.
pub fn guard() -> Guard {
    Guard::new(true, vec![]).with_names(Arc::new(Here))
}

pub fn notifier(timeout: Duration) -> Notifier {
    Notifier::new(Options { guard: guard(), extra_roots: None, timeout }).expect("a notifier")
}

/// Trusts the certificate of `identity` as well.
pub fn trusting(identity: &Identity, timeout: Duration) -> Notifier {
    Notifier::new(Options { guard: guard(), extra_roots: Some(identity.certificate.clone()), timeout }).expect("a notifier")
}

/// Ends in time, or the test has failed.
pub async fn in_time(attempt: impl Future<Output = Attempt>) -> Attempt {
    tokio::time::timeout(DEADLINE, attempt).await.expect("an end in time")
}

/// A certificate for [`NAME`] that nobody vouches for, and its key.
pub struct Identity {
    pub certificate: String,
    key: String,
}

impl Identity {
    pub fn made_up() -> Self {
        let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).expect("a certificate");
        Self { certificate: made.cert.pem(), key: made.signing_key.serialize_pem() }
    }

    pub fn acceptor(&self) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions").with_no_client_auth();
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes()).expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).expect("a key");
        TlsAcceptor::from(Arc::new(builder.with_single_cert(vec![certificate], key).expect("a server")))
    }
}

/// A port at which nothing listens: it was free a moment ago, and stays reserved by nobody.
pub async fn nowhere() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address").port()
}

pub fn taken(attempt: &Attempt) -> bool {
    attempt.outcome == Outcome::Taken { note: None }
}

/// The detail, when it is `NotSent`; the whole attempt otherwise.
pub fn not_sent(attempt: &Attempt) -> Result<&str, &Attempt> {
    if let Outcome::NotSent { detail } = &attempt.outcome { Ok(detail) } else { Err(attempt) }
}

/// The detail, when it is `InDoubt`; the whole attempt otherwise.
pub fn in_doubt(attempt: &Attempt) -> Result<&str, &Attempt> {
    if let Outcome::InDoubt { detail } = &attempt.outcome { Ok(detail) } else { Err(attempt) }
}

/// Everything that is logged.
#[derive(Clone, Default)]
pub struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("not poisoned")).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
