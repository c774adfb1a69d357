//! TLS: which roots are trusted. Verification is never off, and no setting can switch it off.
//!
//! Knows nothing of: hosts, keys, requests.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
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
        Self::trusting(roots())
    }

    /// The roots of the system, and those of a private authority: one PEM text with one certificate or several.
    ///
    /// # Errors
    /// When the text holds no certificate, or one that cannot be read.
    pub fn from_system_and(pem: &str) -> Result<Self, SetupError> {
        let mut roots = roots();
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            roots.add(certificate.map_err(|_| SetupError::Roots)?).map_err(|_| SetupError::Roots)?;
        }
        if roots.len() == before { Err(SetupError::Roots) } else { Self::trusting(roots) }
    }

    fn trusting(roots: RootCertStore) -> Result<Self, SetupError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(config))
    }

    /// The same trust for a protocol that is not HTTP and so offers none by name (SMTP).
    #[must_use]
    pub fn for_streams(&self) -> Arc<ClientConfig> {
        let mut config = self.0.clone();
        config.alpn_protocols.clear();
        Arc::new(config)
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
