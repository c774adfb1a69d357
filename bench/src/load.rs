//! Reads of a balance: Salio and the bare route in turn, 64 connections each.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::server::Server;

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(2);

/// Prints both rates and their ratio (goal: at least 0.70).
pub async fn balance_reads() -> Result<()> {
    let mut bare = Command::new(std::env::current_exe()?).arg("bare").stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    let mut address = String::new();
    BufReader::new(bare.stdout.take().context("no output")?).read_line(&mut address).await?;
    let server = Server::start().await?;
    crate::server::get(&server.address, "/api/v1/accounts/onfon/balance").await?;
    let (mut ours, mut limits, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let limit = rate(address.trim(), "/balance").await?;
        let salio = rate(&server.address, "/api/v1/accounts/onfon/balance").await?;
        limits.push(limit);
        ours.push(salio);
        ratios.push(salio / limit);
    }
    println!("balance reads, {CONNECTIONS} connections: {:.0}/s, bare axum {:.0}/s, ratio {:.2} (goal at least 0.70)", median(&mut ours), median(&mut limits), median(&mut ratios));
    Ok(())
}

/// The middle one.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

async fn rate(address: &str, path: &str) -> Result<f64> {
    let answered = Arc::new(AtomicU64::new(0));
    let end = Instant::now() + ROUND;
    let connections: Vec<_> = (0..CONNECTIONS).map(|_| tokio::spawn(ask(address.to_owned(), path.to_owned(), end, answered.clone()))).collect();
    for connection in connections {
        connection.await??;
    }
    Ok(answered.load(Ordering::Relaxed) as f64 / ROUND.as_secs_f64())
}

async fn ask(address: String, path: String, end: Instant, answered: Arc<AtomicU64>) -> Result<()> {
    let mut stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let mut buffer = vec![0; 8192];
    while Instant::now() < end {
        stream.write_all(request.as_bytes()).await?;
        read_answer(&mut stream, &mut buffer).await?;
        answered.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<()> {
    let mut filled = 0;
    loop {
        let read = stream.read(buffer.get_mut(filled..).context("an answer beyond 8 KiB")?).await?;
        anyhow::ensure!(read > 0, "the connection was closed");
        filled += read;
        let text = std::str::from_utf8(buffer.get(..filled).unwrap_or_default())?;
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        anyhow::ensure!(head.starts_with("HTTP/1.1 200"), "{head}");
        let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").and_then(|value| value.trim().parse::<usize>().ok()));
        if body.len() >= length.context("no length")? {
            return Ok(());
        }
    }
}
