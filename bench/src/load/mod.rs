//! Load: many connections that each ask, wait for the answer and ask again. All on one thread of their own, which is the leanest on two cores.

pub mod connection;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::task::LocalSet;

use self::connection::Connection;
use crate::process;

/// Writes request number `n` over the buffer.
pub type Write = Arc<dyn Fn(u64, &mut Vec<u8>) + Send + Sync>;

/// What to ask, where, for how long.
#[derive(Clone)]
pub struct Load {
    pub address: String,
    /// Whose CPU time counts.
    pub pid: u32,
    pub connections: usize,
    pub time: Duration,
    /// The answer that counts; any other is a fault.
    pub status: u16,
    pub write: Write,
    /// Requests are numbered through, over all rounds.
    pub next: Arc<AtomicU64>,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Answers a second.
    pub rate: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// CPU of the server for 1,000 answers, in ms.
    pub cpu_ms: f64,
}

impl Load {
    /// Runs it once.
    pub async fn run(&self) -> Result<Measured> {
        let load = self.clone();
        tokio::task::spawn_blocking(move || load.alone()).await?
    }

    /// Requests so far, over all rounds.
    pub fn asked(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }

    fn alone(&self) -> Result<Measured> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        LocalSet::new().block_on(&runtime, self.all())
    }

    async fn all(&self) -> Result<Measured> {
        let mut open = Vec::with_capacity(self.connections);
        for _ in 0..self.connections {
            open.push(Connection::open(&self.address).await?);
        }
        let (begun, cpu) = (Instant::now(), process::cpu_ms(self.pid)?);
        let end = begun + self.time;
        let running: Vec<_> = open.into_iter().map(|connection| tokio::task::spawn_local(self.clone().one(connection, end))).collect();
        let mut taken = Vec::new();
        for connection in running {
            taken.extend(connection.await??);
        }
        let (elapsed, cpu) = (begun.elapsed().as_secs_f64(), process::cpu_ms(self.pid)? - cpu);
        let count = taken.len() as f64;
        Ok(Measured { rate: count / elapsed, p50_ms: percentile(&mut taken, 500), p99_ms: percentile(&mut taken, 990), cpu_ms: cpu * 1000.0 / count })
    }

    async fn one(self, mut connection: Connection, end: Instant) -> Result<Vec<Duration>> {
        let (mut taken, mut request) = (Vec::with_capacity(4096), Vec::with_capacity(1024));
        loop {
            let begun = Instant::now();
            if begun >= end {
                return Ok(taken);
            }
            (self.write)(self.next.fetch_add(1, Ordering::Relaxed), &mut request);
            let answer = connection.exchange(&request).await?;
            if answer.status != self.status {
                bail!("{}: {} instead of {}: {}", first_line(&request), answer.status, self.status, answer.text());
            }
            taken.push(begun.elapsed());
        }
    }
}

fn first_line(request: &[u8]) -> String {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    // A webhook's query holds its secret, even if a made-up one.
    String::from_utf8_lossy(line).split('?').next().unwrap_or_default().to_owned()
}

/// So many thousandths are not above it; in ms.
pub fn percentile(taken: &mut [Duration], thousandths: usize) -> f64 {
    taken.sort_unstable();
    taken.get((taken.len() * thousandths / 1000).min(taken.len().saturating_sub(1))).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}
