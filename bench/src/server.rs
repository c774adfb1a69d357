//! Salio's released binary in a directory of its own, for measuring.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::load::connection::{Connection, get, post_json};

const STARTS_WITHIN: Duration = Duration::from_secs(20);

/// How a server is started: again and again in the same directory, if wanted.
pub struct Launch {
    binary: PathBuf,
    environment: Vec<(String, String)>,
    directory: TempDir,
}

/// A running server.
pub struct Server {
    pub address: String,
    pub pid: u32,
    pub started_in: Duration,
    child: Child,
    // Lives as long as a server started by itself.
    _launch: Option<Launch>,
}

impl Launch {
    /// With these variables and no others.
    pub fn new(binary: &Path, environment: impl IntoIterator<Item = (&'static str, String)>) -> Result<Self> {
        let environment = environment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(Self { binary: binary.to_owned(), environment, directory: tempfile::tempdir()? })
    }

    /// One variable more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.environment.push((name.to_owned(), value.to_string()));
        self
    }

    /// Where its messages are.
    pub fn database(&self) -> PathBuf {
        self.directory.path().join("salio-data/salio.db")
    }

    /// Starts it and waits for its first answer.
    pub async fn start(&self) -> Result<Server> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let begun = Instant::now();
        let mut child = Command::new(&self.binary)
            .arg("serve")
            .current_dir(self.directory.path())
            .env_clear()
            .env("ONFON_SENDER_ID", "SALIO")
            .env("SALIO_LISTEN", &address)
            .env("SALIO_LOG", "error")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::inherit())
            .kill_on_drop(true)
            .spawn()?;
        let pid = child.id().context("it ended")?;
        while fetch(&address, "/healthz").await.is_err() {
            let ended = child.try_wait()?;
            ensure!(ended.is_none() && begun.elapsed() < STARTS_WITHIN, "the server did not start; what it said is above");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Server { address, pid, started_in: begun.elapsed(), child, _launch: None })
    }

    /// Starts the only server of this directory.
    pub async fn once(self) -> Result<Server> {
        let server = self.start().await?;
        Ok(Server { _launch: Some(self), ..server })
    }
}

impl Server {
    /// The body of a 200.
    pub async fn get(&self, path: &str) -> Result<String> {
        fetch(&self.address, path).await
    }

    /// Status and body, whatever they are.
    pub async fn post(&self, path: &str, body: &str) -> Result<(u16, String)> {
        let mut request = Vec::new();
        post_json(&mut request, &self.address, path, body);
        let mut connection = Connection::open(&self.address).await?;
        let answer = connection.exchange(&request).await?;
        Ok((answer.status, answer.text()))
    }

    /// The body of a 2xx; anything else is a fault that shows the server's words.
    pub async fn must(&self, path: &str, body: &str) -> Result<String> {
        let (status, text) = self.post(path, body).await?;
        ensure!((200..300).contains(&status), "POST {path}: {status} {text}");
        Ok(text)
    }

    /// Sends nothing from now on.
    pub async fn pause(&self) -> Result<()> {
        self.must("/api/v1/accounts/onfon/pause", "{}").await.map(drop)
    }

    /// Sends again.
    pub async fn resume(&self) -> Result<()> {
        self.must("/api/v1/accounts/onfon/resume", "{}").await.map(drop)
    }

    /// At once, as by a crash.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

async fn fetch(address: &str, path: &str) -> Result<String> {
    let mut request = Vec::new();
    get(&mut request, address, path);
    let mut connection = Connection::open(address).await?;
    let answer = connection.exchange(&request).await?;
    ensure!(answer.status == 200, "GET {path}: {} {}", answer.status, answer.text());
    Ok(answer.text())
}
