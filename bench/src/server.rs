//! Salio's released binary against a simulated provider, for measuring.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use salio_simulator::{SimConfig, SimHandle, Simulator};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// A running server.
pub struct Server {
    pub address: String,
    pub child: Child,
    pub started_in: Duration,
    _directory: TempDir,
    _vendor: SimHandle,
}

/// The binary of `make build`.
pub fn binary() -> Result<PathBuf> {
    let bench = std::env::current_exe()?;
    let salio = bench.with_file_name("salio");
    ensure!(salio.exists(), "{} is missing: run `make build` first", salio.display());
    Ok(salio)
}

impl Server {
    /// Starts it with an instant provider and waits for its first answer.
    pub async fn start() -> Result<Self> {
        let vendor = Simulator::bind("127.0.0.1:0".parse()?, SimConfig::default()).await?;
        let directory = tempfile::tempdir()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let begun = Instant::now();
        let child = Command::new(binary()?)
            .arg("serve")
            .current_dir(directory.path())
            .env_clear()
            .envs(vendor.environment())
            .env("ONFON_SENDER_ID", "SALIO")
            .env("SALIO_LISTEN", &address)
            .env("SALIO_LOG", "error")
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        while get(&address, "/healthz").await.is_err() {
            ensure!(begun.elapsed() < Duration::from_secs(20), "the server did not start");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Self { address, child, started_in: begun.elapsed(), _directory: directory, _vendor: vendor })
    }
}

/// One request on a connection of its own; the body of a 2xx answer.
pub async fn get(address: &str, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    ensure!(head.starts_with("HTTP/1.1 2"), "{}", head.lines().next().unwrap_or_default());
    Ok(body.to_owned())
}
