//! The real binary against a simulated provider over real sockets, on loopback and free ports.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use futures::StreamExt;
use reqwest::{Client, ClientBuilder};
use salio_simulator::{SimConfig, SimHandle, Simulator};
use serde_json::Value;
use tempfile::TempDir;

/// How long anything may take that is waited for.
const DEADLINE: Duration = Duration::from_secs(20);

/// The binary that was built together with these tests.
///
/// # Errors
/// When it was not built.
pub fn salio() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let profile = test.parent().and_then(Path::parent).context("tests run from the target directory")?;
    let binary = profile.join("salio");
    ensure!(binary.exists(), "{} is missing: run `cargo build --workspace` first", binary.display());
    Ok(binary)
}

/// Starts a simulated provider on a free port.
///
/// # Errors
/// When it cannot listen.
pub async fn simulator(config: SimConfig) -> Result<SimHandle> {
    Ok(Simulator::bind("127.0.0.1:0".parse()?, config).await?)
}

/// An HTTP client for tests.
///
/// # Errors
/// When it cannot be built.
pub fn client() -> Result<Client> {
    Ok(builder().timeout(Duration::from_secs(30)).build()?)
}

#[expect(clippy::disallowed_methods, reason = "a client of Salio, not of a vendor")]
fn builder() -> ClientBuilder {
    // Whoever was first has installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy()
}

/// For deadlines and measurements.
#[expect(clippy::disallowed_methods, reason = "waits with a deadline, and measures")]
#[must_use]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits until `condition` gives something.
///
/// # Errors
/// When it has not by the deadline.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, deadline: Duration, mut condition: impl FnMut() -> F) -> Result<T> {
    let end = now() + deadline;
    loop {
        if let Some(found) = condition().await {
            return Ok(found);
        }
        if now() > end {
            bail!("waited {deadline:?} in vain for {what}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A directory with a `.env`, and the server that runs in it.
pub struct Server {
    /// Where it lives.
    pub dir: TempDir,
    /// Where it answers.
    pub url: String,
    client: Client,
    port: u16,
    extra: Vec<(String, String)>,
    child: Option<Child>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Server {
    /// With only the variables of the previous system in `.env`, a sender, and `extra` in the environment; not started yet.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn new(simulator: &SimHandle, extra: &[(&str, &str)]) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let mut dotenv: String = simulator.environment().iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        dotenv.push_str("ONFON_SENDER_ID=SALIO\n");
        std::fs::write(dir.path().join(".env"), dotenv)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let extra = extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Ok(Self { dir, url: format!("http://127.0.0.1:{port}"), client: client()?, port, extra, child: None })
    }

    /// A command of the binary in this server's directory and environment.
    ///
    /// # Errors
    /// When the binary is missing.
    pub fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(salio()?);
        command
            .args(arguments)
            .current_dir(self.dir.path())
            .env_clear()
            .env("SALIO_LISTEN", format!("127.0.0.1:{}", self.port))
            .envs(self.extra.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }

    /// Starts the server and waits until it is ready.
    ///
    /// # Errors
    /// When it is not by the deadline.
    pub async fn start(&mut self) -> Result<()> {
        self.launch()?;
        self.ready().await
    }

    /// Starts the server and does not wait for it; one that runs is killed.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn launch(&mut self) -> Result<()> {
        self.kill();
        let log = std::fs::File::options().create(true).append(true).open(self.log())?;
        let child = self.command(&["serve"])?.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        self.child = Some(child);
        Ok(())
    }

    /// Waits until it is ready.
    ///
    /// # Errors
    /// When it is not by the deadline.
    pub async fn ready(&self) -> Result<()> {
        let ready = eventually("the server to be ready", DEADLINE, || async {
            self.client.get(format!("{}/readyz", self.url)).send().await.ok().filter(|answer| answer.status().is_success())
        })
        .await;
        ready.map(drop).with_context(|| std::fs::read_to_string(self.log()).unwrap_or_default())
    }

    /// What the running server holds in memory, in bytes.
    ///
    /// # Errors
    /// When it does not run.
    pub fn resident(&self) -> Result<u64> {
        let id = self.child.as_ref().context("the server does not run")?.id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024)
    }

    /// What the server printed.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.dir.path().join("server.log")
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself; either way it is gone afterwards.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        Path::new(self.dir.path()).join("salio-data").join("salio.db")
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// When the answer is none.
    pub async fn get(&self, path: &str) -> Result<Value> {
        Ok(self.client.get(format!("{}{path}", self.url)).send().await?.error_for_status()?.json().await?)
    }

    /// Sends a body of any kind; gives status, headers and the answer as it came.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn put(&self, path: &str, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Result<(u16, reqwest::header::HeaderMap, String)> {
        let mut request = self.client.post(format!("{}{path}", self.url)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok((status, headers, answer.text().await?))
    }

    /// Posts JSON; gives status, headers and body.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Result<(u16, reqwest::header::HeaderMap, Value)> {
        let mut request = self.client.post(format!("{}{path}", self.url)).json(body);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok((status, headers, answer.json().await.unwrap_or(Value::Null)))
    }

    /// The balance of the account `onfon`.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn balance(&self) -> Result<Value> {
        self.get("/api/v1/accounts/onfon/balance").await
    }

    /// Calls `hear` with name and body of every event until it says false or the stream ends.
    ///
    /// # Errors
    /// When the stream cannot be opened or is cut.
    pub async fn listen(&self, mut hear: impl FnMut(&str, &Value) -> bool) -> Result<()> {
        let client = builder().build()?;
        let mut chunks = client.get(format!("{}/api/v1/events", self.url)).send().await?.error_for_status()?.bytes_stream();
        let mut buffer = String::new();
        while let Some(chunk) = chunks.next().await {
            buffer.push_str(std::str::from_utf8(&chunk?)?);
            while let Some((frame, rest)) = buffer.split_once("\n\n").map(|(frame, rest)| (frame.to_owned(), rest.to_owned())) {
                buffer = rest;
                let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).map(str::trim_start);
                if let (Some(event), Some(data)) = (field("event:"), field("data:"))
                    && !hear(event, &serde_json::from_str(data)?)
                {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}
