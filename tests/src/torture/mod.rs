//! Mixed load on the real binary that is killed again and again, and an auditor that holds what is left against what the simulator really took.
//! Uses no code of the engine; the text of every message is known from its reference.

pub mod audit;
pub mod book;
pub mod load;
pub mod meddle;
pub mod requests;
pub mod weather;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use salio_simulator::SimHandle;
use serde_json::Value;

use book::Book;

/// What every task of a torture shares.
pub struct World {
    /// Where the server answers, when it runs.
    pub url: String,
    /// The provider.
    pub vendor: SimHandle,
    /// What was asked for and answered.
    pub book: Book,
    client: Client,
}

impl World {
    /// Over a server and its provider.
    ///
    /// # Errors
    /// When no client can be built.
    pub fn new(url: String, vendor: SimHandle) -> Result<Arc<Self>> {
        Ok(Arc::new(Self { url, vendor, book: Book::default(), client: crate::binary::client()? }))
    }

    /// A client that the kill of the server leaves without connections of old.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// When the answer is none.
    pub async fn get(&self, path: &str) -> Result<Value> {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        ensure!(status.is_success(), "GET {path}: {status} {body}");
        Ok(body)
    }

    /// Reads every page of a list.
    ///
    /// # Errors
    /// When a page is none.
    pub async fn all(&self, path: &str, list: &str) -> Result<Vec<Value>> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        let joint = if path.contains('?') { '&' } else { '?' };
        loop {
            let mut page = self.get(&format!("{path}{joint}limit=1000{cursor}")).await?;
            let rows = page.get_mut(list).and_then(Value::as_array_mut).with_context(|| format!("{path} has no {list}"))?;
            all.append(rows);
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(all),
            }
        }
    }

    /// Waits until no message is in `state`.
    ///
    /// # Errors
    /// When one still is by the deadline.
    pub async fn none_left(&self, state: &str, within: Duration) -> Result<()> {
        crate::binary::eventually(&format!("no message to be {state}"), within, || async {
            let page = self.get(&format!("/api/v1/messages?state={state}&limit=1")).await.ok()?;
            page["messages"].as_array()?.is_empty().then_some(())
        })
        .await
    }

    /// The books of the account, verified.
    ///
    /// # Errors
    /// When they are not right.
    pub async fn books(&self) -> Result<Value> {
        let mut verified = self.get("/api/v1/ledger/verify").await?;
        ensure!(verified["ok"] == true, "the books are not right: {verified}");
        Ok(verified["accounts"][0].take())
    }
}
