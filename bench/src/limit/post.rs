//! The limit for dispatch: the HTTP client alone, which posts ready bodies as fast as it gets answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use axum::http::header::CONTENT_TYPE;

use crate::text;

/// A client, and a body as Salio writes them.
pub struct Poster {
    client: reqwest::Client,
    url: String,
    body: String,
    concurrency: usize,
    batch: usize,
}

impl Poster {
    /// Sends to `url` in batches.
    pub fn new(url: String, batch: usize, concurrency: usize) -> Result<Self> {
        // The client wants a cryptography provider even where it never speaks TLS.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder().no_proxy().http1_only().tcp_nodelay(true).pool_max_idle_per_host(concurrency).timeout(Duration::from_secs(20)).build()?;
        let rows: Vec<_> = (0..batch as u64).map(|n| format!(r#"{{"Number":"{}","Text":"{}"}}"#, text::number(n), text::personal(n))).collect();
        let keys = r#""ApiKey":"made-up-key-bench","ClientId":"made-up-client-bench","IsUnicode":false,"IsFlash":false"#;
        Ok(Self { client, url, body: format!(r#"{{"SenderId":"SALIO","MessageParameters":[{}],{keys}}}"#, rows.join(",")), concurrency, batch })
    }

    /// Messages a second over so many messages.
    pub async fn rate(&self, messages: usize) -> Result<f64> {
        let (left, begun) = (Arc::new(AtomicUsize::new(messages / self.batch)), Instant::now());
        let running: Vec<_> = (0..self.concurrency).map(|_| tokio::spawn(post(self.client.clone(), self.url.clone(), self.body.clone(), left.clone()))).collect();
        for one in running {
            one.await??;
        }
        Ok(messages as f64 / begun.elapsed().as_secs_f64())
    }
}

async fn post(client: reqwest::Client, url: String, body: String, left: Arc<AtomicUsize>) -> Result<()> {
    while left.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
        let answer = client.post(&url).header(CONTENT_TYPE, "application/json").body(body.clone()).send().await.context("the sink does not answer")?;
        ensure!(answer.bytes().await?.starts_with(br#"{"ErrorCode":0"#), "the sink refused");
    }
    Ok(())
}
