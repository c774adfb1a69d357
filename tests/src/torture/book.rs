//! What was asked for and what was answered: two answers to one key must be the same to the letter.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use super::requests::{Kind, Request, request};

/// Everything that callers know.
#[derive(Default)]
pub struct Book {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    requests: u64,
    waiting: VecDeque<Arc<Request>>,
    answered: BTreeMap<String, (Arc<Request>, String)>,
    /// Streams whose batch was cancelled before its end; messages that came too late.
    dropped: BTreeMap<String, Arc<Request>>,
    cancelled_batches: BTreeSet<String>,
    cancelled_messages: BTreeSet<String>,
    counted: BTreeMap<&'static str, u64>,
    wrong: Vec<String>,
}

impl Book {
    /// The next request of a kind: one that waits for its answer first; now and then one that has it. Whether it has.
    pub fn next(&self, kind: Kind, rng: &mut StdRng) -> (Arc<Request>, bool) {
        let mut inner = self.inner.lock();
        if let Some(at) = inner.waiting.iter().position(|request| request.kind == kind)
            && let Some(request) = inner.waiting.remove(at)
        {
            return (request, false);
        }
        let count = inner.answered.len();
        if count > 0
            && rng.random_bool(0.05)
            && let Some((request, _)) = inner.answered.values().nth(rng.random_range(0..count))
        {
            return (request.clone(), true);
        }
        inner.requests += 1;
        let n = inner.requests;
        (Arc::new(request(kind, n, &mut StdRng::seed_from_u64(rng.random()))), false)
    }

    /// One that still waits for its answer, of any kind.
    pub fn unanswered(&self) -> Option<Arc<Request>> {
        self.inner.lock().waiting.pop_front()
    }

    /// No answer came: to be sent again.
    pub fn wait(&self, request: Arc<Request>) {
        self.inner.lock().waiting.push_back(request);
    }

    /// An answer came.
    pub fn answered(&self, request: Arc<Request>, status: u16, replayed: bool, body: String) {
        let mut inner = self.inner.lock();
        let parsed: Value = serde_json::from_str(&body).unwrap_or_default();
        match status {
            202 => inner.accepted(request, replayed, body, &parsed),
            409 if parsed["code"] == "batch_cancelled" && parsed["batch_id"].as_str().is_some_and(|id| inner.cancelled_batches.contains(id)) => {
                inner.dropped.insert(request.key.clone(), request);
            }
            // It came too late the first time that it was heard.
            422 if request.expires => {
                inner.dropped.insert(request.key.clone(), request);
            }
            other => inner.wrong.push(format!("{} answered {other}: {body}", request.key)),
        }
    }

    /// A cancel that may have been carried out: noted before it is asked for.
    pub fn cancelling(&self, batch: &str) {
        self.inner.lock().cancelled_batches.insert(batch.to_owned());
    }

    /// The cancel of a message was answered with its state.
    pub fn cancelled(&self, message: &str) {
        self.inner.lock().cancelled_messages.insert(message.to_owned());
    }

    /// Something is not as it must be.
    pub fn wrong(&self, what: String) {
        self.inner.lock().wrong.push(what);
    }

    /// Counts what was done.
    pub fn count(&self, what: &'static str) {
        *self.inner.lock().counted.entry(what).or_default() += 1;
    }

    /// What was done, how often.
    #[must_use]
    pub fn counted(&self) -> BTreeMap<&'static str, u64> {
        self.inner.lock().counted.clone()
    }

    /// What was not as it must be.
    #[must_use]
    pub fn wrongs(&self) -> Vec<String> {
        self.inner.lock().wrong.clone()
    }

    /// Requests with their first answers.
    #[must_use]
    pub fn answers(&self) -> Vec<(Arc<Request>, Value)> {
        self.inner.lock().answered.values().map(|(request, body)| (request.clone(), serde_json::from_str(body).unwrap_or_default())).collect()
    }

    /// Requests of which nothing may be sent.
    #[must_use]
    pub fn dropped(&self) -> Vec<Arc<Request>> {
        self.inner.lock().dropped.values().cloned().collect()
    }

    /// Messages that were answered as cancelled.
    #[must_use]
    pub fn cancelled_messages(&self) -> BTreeSet<String> {
        self.inner.lock().cancelled_messages.clone()
    }

    /// Whether somebody asked for a batch's cancel.
    #[must_use]
    pub fn was_cancelled(&self, batch: &str) -> bool {
        self.inner.lock().cancelled_batches.contains(batch)
    }

    /// The id of some single message that was answered.
    pub fn some_single(&self, rng: &mut StdRng) -> Option<String> {
        let inner = self.inner.lock();
        let newest = inner.answered.values().rev().filter(|(request, _)| request.kind == Kind::Single);
        let (_, body) = newest.skip(rng.random_range(0..20)).step_by(7).next()?;
        serde_json::from_str::<Value>(body).ok()?["id"].as_str().map(str::to_owned)
    }
}

impl Inner {
    fn accepted(&mut self, request: Arc<Request>, replayed: bool, body: String, parsed: &Value) {
        if let Some((_, first)) = self.answered.get(&request.key) {
            if *first != body || !replayed {
                self.wrong.push(format!("{}: first {first}, then (replayed: {replayed}) {body}", request.key));
            }
            *self.counted.entry("answers told again").or_default() += 1;
            return;
        }
        let (made, refused) = (request.rows.len(), request.lines - request.rows.len());
        let right = match request.kind {
            Kind::Single => parsed["id"].is_string(),
            Kind::List => parsed["messages"].as_array().map(Vec::len) == Some(made) && parsed["rejected"].as_array().is_some_and(Vec::is_empty),
            Kind::Csv => {
                let figure = |name: &str| parsed[name].as_u64().and_then(|figure| usize::try_from(figure).ok());
                (figure("lines"), figure("accepted"), figure("rejected"), figure("duplicates")) == (Some(request.lines), Some(made), Some(refused), Some(request.duplicates))
            }
        };
        if !right {
            self.wrong.push(format!("{}: of {} lines {made} are right and {} repeat another; answered {body}", request.key, request.lines, request.duplicates));
        }
        self.answered.insert(request.key.clone(), (request, body));
    }
}
