//! TLS is always verified: a vendor with a certificate that nobody vouches for gets nothing, and one that the system trusts is spoken to.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use salio_domain::outbox::RecipientOutcome;
use salio_provider::Provider;
use support::{PATIENT, onfon, request, submit};

/// Beside the certificate lies its key; both are made anew in each run.
const KEY_NAME: &str = "key.pem";
/// Tells the second run of this test that it is the second.
const AGAIN: &str = "TLS_TEST_CERTIFICATE";
const BALANCE: &str = r#"{"ErrorCode":0,"Data":[{"PluginType":"SMS","Credits":"5"}]}"#;

/// Makes a certificate for localhost that nobody vouches for; gives the file of it.
fn made_up(directory: &tempfile::TempDir) -> PathBuf {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    std::fs::write(directory.path().join(KEY_NAME), made.signing_key.serialize_pem()).expect("a file");
    let certificate = directory.path().join("certificate.pem");
    std::fs::write(&certificate, made.cert.pem()).expect("a file");
    certificate
}

/// A vendor over TLS; sends what it could read as plain text, one message for each connection.
fn vendor(certificate: &Path) -> (String, mpsc::Receiver<Vec<u8>>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_file(certificate).expect("a certificate")],
            PrivateKeyDer::from_pem_file(certificate.with_file_name(KEY_NAME)).expect("a key"),
        )
        .expect("a server");
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).expect("a connection");
            let mut stream = rustls::StreamOwned::new(connection, stream);
            let mut bytes = vec![0; 4096];
            let read = stream.read(&mut bytes).unwrap_or(0);
            bytes.truncate(read);
            if read > 0 {
                let _ = stream.write_all(&support::http(200, BALANCE));
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
            if sender.send(bytes).is_err() {
                return;
            }
        }
    });
    (url, receiver)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_untrusted_vendor_gets_no_byte() {
    let directory = tempfile::tempdir().expect("a directory");
    let (url, read) = vendor(&made_up(&directory));
    let driver = onfon(&url, PATIENT);
    let outcome = submit(&driver, &request()).await;
    assert_eq!(outcome.recipients[0], RecipientOutcome::NotSent { reason: "tls_failed".to_owned() });
    assert_eq!(read.recv_timeout(PATIENT).expect("a connection"), b"", "a byte of the request was written");
    let error = driver.fetch_balance().await.expect_err("no figure");
    assert_eq!(error.code, "unreachable");
    assert!(error.detail.contains("TLS"), "{error:?}");
    assert_eq!(read.recv_timeout(PATIENT).expect("a connection"), b"", "a byte of the request was written");
}

/// Runs itself again with `SSL_CERT_FILE`, for the environment of a running process must not be changed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_roots_of_the_system_are_honoured() {
    if let Some(certificate) = std::env::var_os(AGAIN) {
        let (url, read) = vendor(Path::new(&certificate));
        let answer = onfon(&url, PATIENT).fetch_balance().await.expect("a figure over trusted TLS");
        assert_eq!(answer.units.micros(), 5_000_000);
        assert!(read.recv_timeout(PATIENT).expect("a connection").starts_with(b"GET /v1/sms/Balance?"));
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let certificate = made_up(&directory);
    let again = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "the_roots_of_the_system_are_honoured", "--nocapture"])
        .env("SSL_CERT_FILE", &certificate)
        .env(AGAIN, &certificate)
        .env_remove("SSL_CERT_DIR")
        .output()
        .expect("a run");
    let printed = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success() && printed.contains("1 passed"), "{printed}{}", String::from_utf8_lossy(&again.stderr));
}
