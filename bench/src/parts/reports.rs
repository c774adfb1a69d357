//! Delivery reports, each for a message of its own, in two of the shapes that providers use: against the accept limit.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::{accept, dispatch};
use crate::figures::{Figures, Goal};
use crate::limit::Limit;
use crate::load::Load;
use crate::options::Options;
use crate::pair::Pair;
use crate::sink::{Named, Sink};

const CONNECTIONS: usize = 64;
const TOKEN: &str = "made-up-webhook-bench";

pub async fn measure(options: &Options, figures: &mut Figures) -> Result<()> {
    let limit = Limit::start("limit-accept").await?;
    let mut sink = Sink::start(Duration::ZERO)?;
    sink.keep(true);
    let server = dispatch::launch(options, &sink, 20)?.with("SALIO_ACCOUNTS__ONFON__WEBHOOK_TOKEN", TOKEN).once().await?;
    let messages = options.size(300_000, 60_000) as u64;
    dispatch::fill(&server, 0, messages).await?;
    dispatch::arrived(&sink, messages).await?;
    let mut named = Vec::new();
    while let Ok(one) = sink.named.try_recv() {
        named.push(one);
    }
    let host = server.address.clone();
    let load = Load {
        address: host.clone(),
        pid: server.pid,
        connections: CONNECTIONS,
        time: Duration::from_millis(1500),
        status: 200,
        write: Arc::new(move |n, request| report(&host, &named, n, request)),
        next: Arc::new(AtomicU64::new(0)),
    };
    let theirs = accept::load(&limit.address, limit.pid, CONNECTIONS, options);
    let mut pair = Pair::default();
    for _ in 0..options.size(7, 2) {
        pair.round(&theirs, &load).await?;
    }
    let delivered = server.get("/api/v1/messages?state=delivered&limit=1").await?;
    ensure!(delivered.contains(r#""state":"delivered""#), "the reports were answered, and nothing came of them: {delivered}");
    let (rate, p99, cpu) = (pair.of(|m| m.rate), pair.of(|m| m.p99_ms), pair.of(|m| m.cpu_ms));
    figures.ratio("delivery reports, 64 conn: rate", rate.ratio, Goal::AtLeast(0.50), rate.shown("/s", 0));
    figures.value("delivery reports, 64 conn: p99", p99.salio, "ms", Goal::AtMost(50.0));
    figures.note("delivery reports: CPU per 1,000", cpu.shown(" ms", 1));
    figures.note("delivery reports: sent against messages known", format!("{} of {messages}", load.asked()));
    Ok(())
}

/// By turns a GET in the portal's shape and a POSTed form. Beyond the last message they repeat, as providers do.
fn report(host: &str, named: &[Named], n: u64, request: &mut Vec<u8>) {
    let Some(Named { id, number, .. }) = usize::try_from(n).ok().and_then(|n| named.get(n % named.len().max(1))) else { return };
    request.clear();
    // Writing into memory cannot fail.
    let _ = if n.is_multiple_of(2) {
        write!(
            request,
            "GET /webhooks/onfon/dlr?token={TOKEN}&messageId={id}&mobile={number}&status=DELIVRD&errorCode=000&submitDate=2026-11-22&doneDate=2026-11-22 HTTP/1.1\r\nHost: {host}\r\n\r\n"
        )
    } else {
        let body = format!("MessageId={id}&Status=DELIVRD&StatusDescription=DeliveredToTerminal&MobileNumber={number}&NetworkCode=63902&Timestamp=2026-11-22");
        let length = body.len();
        write!(
            request,
            "POST /webhooks/onfon/dlr?token={TOKEN} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
}
