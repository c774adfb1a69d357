//! A provider that takes everything: Onfon's SendBulkSMS and Balance with as little work as can be, so that it is never what is measured.
//!
//! Own code, on a thread of its own; it reads of a request only the numbers.

mod speak;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

/// More than every run together sends.
const CREDIT: i64 = 1_000_000_000;

/// What the sink knows.
#[derive(Default)]
struct Shared {
    latency_ms: AtomicU64,
    rows: AtomicU64,
    credit: AtomicI64,
    /// Answers every submission with a refusal of the key.
    refuses: AtomicBool,
    /// Whether names are kept.
    keeps: AtomicBool,
}

/// A message as the sink has named it.
pub struct Named {
    pub id: String,
    pub number: String,
    pub at: Instant,
}

/// A running sink.
pub struct Sink {
    address: String,
    shared: Arc<Shared>,
    /// What was named since names are kept.
    pub named: mpsc::UnboundedReceiver<Named>,
    // Its thread ends with this.
    _stop: watch::Sender<()>,
}

impl Sink {
    /// Starts it; each answer to a submission takes `latency`.
    pub fn start(latency: Duration) -> Result<Self> {
        let shared = Arc::new(Shared { credit: AtomicI64::new(CREDIT), ..Shared::default() });
        shared.latency_ms.store(latency.as_millis().try_into()?, Ordering::Relaxed);
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?.to_string();
        let (stop, stopped) = watch::channel(());
        let (tell, named) = mpsc::unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let kept = shared.clone();
        std::thread::spawn(move || runtime.block_on(serve(listener, kept, tell, stopped)));
        Ok(Self { address, shared, named, _stop: stop })
    }

    /// Makes Salio use it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![("ONFON_API_URL", self.send_url()), ("ONFON_API_KEY", "made-up-key-bench".to_owned()), ("ONFON_CLIENT_ID", "made-up-client-bench".to_owned())]
    }

    /// Where submissions go.
    pub fn send_url(&self) -> String {
        format!("http://{}/v1/sms/SendBulkSMS", self.address)
    }

    /// Messages taken so far.
    pub fn rows(&self) -> u64 {
        self.shared.rows.load(Ordering::Relaxed)
    }

    /// Whether submissions are refused from now on, as with a wrong key.
    pub fn refuse(&self, refuses: bool) {
        self.shared.refuses.store(refuses, Ordering::Relaxed);
    }

    /// Whether names of messages are kept from now on.
    pub fn keep(&self, keeps: bool) {
        self.shared.keeps.store(keeps, Ordering::Relaxed);
    }
}

async fn serve(listener: std::net::TcpListener, shared: Arc<Shared>, tell: mpsc::UnboundedSender<Named>, mut stopped: watch::Receiver<()>) -> Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                stream.set_nodelay(true)?;
                tokio::spawn(connection(stream, shared.clone(), tell.clone()));
            }
            _ = stopped.changed() => return Ok(()),
        }
    }
}

async fn connection(mut stream: TcpStream, shared: Arc<Shared>, tell: mpsc::UnboundedSender<Named>) -> Result<()> {
    let (mut buffer, mut filled, mut answer) = (vec![0; 16 * 1024], 0, Vec::new());
    loop {
        let Some(request) = speak::request(buffer.get(..filled).unwrap_or_default())? else {
            if filled == buffer.len() {
                buffer.resize(filled * 2, 0);
            }
            let read = stream.read(buffer.get_mut(filled..).unwrap_or_default()).await?;
            if read == 0 {
                return Ok(());
            }
            filled += read;
            continue;
        };
        let length = request.length;
        request.answer(&shared, &tell, &mut answer)?;
        let latency = shared.latency_ms.load(Ordering::Relaxed);
        if request.submits && latency > 0 {
            tokio::time::sleep(Duration::from_millis(latency)).await;
        }
        stream.write_all(&answer).await?;
        buffer.copy_within(length..filled, 0);
        filled = filled.checked_sub(length).context("a request beyond what was read")?;
    }
}
