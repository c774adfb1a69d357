//! TLS: which roots are trusted. Verification is never off, and no setting can switch it off.
//!
//! Knows nothing of: hosts, keys, requests.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

use super::SetupError;

/// The trust of this machine, read once and shared by clients.
#[derive(Clone)]
pub struct Tls(ClientConfig);

impl Tls {
    /// The roots of the system (`SSL_CERT_FILE` and `SSL_CERT_DIR` are honoured), or the built-in ones where the system has none.
    ///
    /// # Errors
    /// When the cryptography library refuses its own defaults.
    pub fn from_system() -> Result<Self, SetupError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?.with_root_certificates(roots()).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(config))
    }

    pub(super) fn config(&self) -> ClientConfig {
        self.0.clone()
    }
}

/// A root that cannot be parsed is left out; certificates signed by it then fail to verify, which is the safe side.
fn roots() -> RootCertStore {
    let mut store = RootCertStore::empty();
    let (added, _unparsable) = store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if added == 0 {
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    store
}
