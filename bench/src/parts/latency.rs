//! From the `202` of a send, dispatcher idle, to the new estimate on each of 100 open event streams.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use salio_simulator::{SimConfig, Simulator};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::figures::{Figures, Goal};
use crate::load::percentile;
use crate::options::Options;
use crate::server::Launch;

const VIEWERS: usize = 100;
const SENDS: usize = 200;
/// Longer than the dispatcher needs for one submission to an instant provider.
const IDLE: Duration = Duration::from_millis(60);

/// Over all viewers and sends.
pub async fn measure(options: &Options, figures: &mut Figures) -> Result<()> {
    let vendor = Simulator::bind("127.0.0.1:0".parse()?, SimConfig::default()).await?;
    let server = Launch::new(&options.binary, vendor.environment())?.once().await?;
    let (tell, mut hear) = mpsc::unbounded_channel();
    for _ in 0..VIEWERS {
        tokio::spawn(view(server.address.clone(), tell.clone()));
    }
    let mut shown = vec![0_u64; VIEWERS];
    for count in &mut shown {
        *count = 1;
        hear.recv().await.context("a viewer ended")?;
    }
    let mut sender = TcpStream::connect(&server.address).await?;
    sender.set_nodelay(true)?;
    let mut taken = Vec::with_capacity(VIEWERS * SENDS);
    for n in 0..SENDS {
        while hear.try_recv().is_ok() {}
        let accepted = send(&mut sender, &server.address, n).await?;
        for _ in 0..VIEWERS {
            let seen = hear.recv().await.context("a viewer ended")?;
            taken.push(seen.saturating_duration_since(accepted));
        }
        tokio::time::sleep(IDLE).await;
    }
    figures.note(format!("202 to new estimate, {VIEWERS} streams: p50"), format!("{:.2} ms", percentile(&mut taken, 500)));
    figures.value(format!("202 to new estimate, {VIEWERS} streams: p99"), percentile(&mut taken, 990), "ms", Goal::AtMost(50.0));
    Ok(())
}

async fn send(stream: &mut TcpStream, host: &str, n: usize) -> Result<Instant> {
    let body = format!(r#"{{"to":"2547{n:08}","text":"bench {n}"}}"#);
    let request = format!("POST /api/v1/messages HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await?;
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await?;
    let accepted = Instant::now();
    let text = String::from_utf8_lossy(answer.get(..read).unwrap_or_default()).into_owned();
    anyhow::ensure!(text.starts_with("HTTP/1.1 202"), "{text}");
    Ok(accepted)
}

/// Tells when the balance shown changes.
async fn view(address: String, tell: mpsc::UnboundedSender<Instant>) -> Result<()> {
    let mut stream = TcpStream::connect(&address).await?;
    stream.write_all(format!("GET /api/v1/events HTTP/1.1\r\nHost: {address}\r\nAccept: text/event-stream\r\n\r\n").as_bytes()).await?;
    let mut lines = BufReader::new(stream).lines();
    let mut last = String::new();
    while let Some(line) = lines.next_line().await? {
        let balance = line.strip_prefix("data:").and_then(|data| data.split(r#""balance":""#).nth(1)).and_then(|rest| rest.split('"').next());
        if let Some(balance) = balance.filter(|balance| *balance != last) {
            last = balance.to_owned();
            tell.send(Instant::now())?;
        }
    }
    Ok(())
}
