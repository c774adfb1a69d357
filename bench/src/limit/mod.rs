//! Limits: the least that can do a thing at all, each in a process of its own beside Salio. They check nothing, price nothing and tell nobody.

pub mod accept;
pub mod insert;
pub mod post;
pub mod read;
mod rows;

use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A limit that listens.
pub struct Limit {
    pub address: String,
    pub pid: u32,
    _child: Child,
    _directory: tempfile::TempDir,
}

impl Limit {
    /// Starts this binary once more, as the limit named; it prints its address.
    pub async fn start(name: &str) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let mut child = Command::new(std::env::current_exe()?).arg(name).arg(directory.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let mut address = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut address).await?;
        let pid = child.id().context("it ended")?;
        Ok(Self { address: address.trim().to_owned(), pid, _child: child, _directory: directory })
    }
}

/// Runs what a limit was started for; false if `name` is none.
pub async fn is(name: &str, words: &mut impl Iterator<Item = String>) -> Result<bool> {
    let mut word = || words.next().context("a word is missing");
    match name {
        "limit-read" => read::serve().await?,
        "limit-accept" => accept::serve(word()?.as_ref()).await?,
        "limit-insert" => insert::run(word()?.as_ref(), word()?.parse()?)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Listens on a free port, prints it, serves until killed, or until the bench that holds the other end of its input is gone.
async fn listen(router: axum::Router) -> Result<()> {
    std::thread::spawn(|| {
        drop(std::io::Read::read(&mut std::io::stdin(), &mut [0]));
        std::process::exit(0)
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), router).await?;
    Ok(())
}
