//! The blocks of a stream, one after the other, cut off the asynchronous threads. Knows nothing of what is in them.

use std::collections::VecDeque;

use salio_domain::template::Template;
use salio_store::StoreError;

use super::cells::Cells;
use super::cut::{Cutter, Kind, RawBlock};
use super::header::Columns;
use super::reader::{Sheet, Written};
use super::request::{Broken, BulkBody, BulkError, BulkRequest};
use super::source::Source;
use crate::outbox::DraftError;

pub(super) struct Feed<B> {
    source: Source<B>,
    /// Away only while it cuts.
    cutter: Option<Cutter>,
    blocks: VecDeque<RawBlock>,
    ended: bool,
}

/// Does what takes time elsewhere.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, BulkError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| BulkError::Store(StoreError::Broken { detail: format!("a stream was not read to its end: {error}") }))
}

impl<B: BulkBody> Feed<B> {
    pub(super) fn new(request: &BulkRequest, body: B) -> Self {
        Self { source: Source::new(body), cutter: Some(Cutter::new(request.kind(), &request.seed())), blocks: VecDeque::new(), ended: false }
    }

    /// The next block; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<RawBlock>, BulkError> {
        while self.blocks.is_empty() && !self.ended {
            self.more().await?;
        }
        Ok(self.blocks.pop_front())
    }

    /// How the lines are written, as the header says where there is one.
    pub(super) async fn written(&mut self, request: &BulkRequest, template: Option<&Template>) -> Result<Written, BulkError> {
        if request.kind() == Kind::Ndjson {
            return Ok(Written::Ndjson);
        }
        while !self.ended && self.cutter.as_ref().is_some_and(|cutter| cutter.head().is_none()) {
            self.more().await?;
        }
        let head = self.cutter.as_ref().and_then(Cutter::head);
        let empty = || DraftError {
            code: "missing_column",
            field: "to_column",
            detail: "The body is empty. CSV begins with a line that names its columns, one of them \"to\".".to_owned(),
        };
        let head = head.ok_or_else(empty)?;
        let columns = Columns::read(head, request.to_column.as_deref(), template)?;
        Ok(Written::Csv(Box::new(Sheet { columns, cells: Cells::new(head.delimiter) })))
    }

    async fn more(&mut self) -> Result<(), BulkError> {
        let portion = self.source.next().await.map_err(|broken| BulkError::Broken(broken, None))?;
        // Away for good only when an earlier cut came to nothing.
        let mut cutter = self.cutter.take().ok_or(BulkError::Broken(Broken::Cut, None))?;
        self.ended = portion.ended;
        let cut = move || {
            let mut blocks: Vec<RawBlock> = portion.bytes.iter().flat_map(|bytes| cutter.feed(bytes, false)).collect();
            if portion.ended {
                blocks.extend(cutter.feed(&[], true));
            }
            (cutter, blocks)
        };
        let (cutter, blocks) = aside(cut).await?;
        self.cutter = Some(cutter);
        self.blocks.extend(blocks);
        Ok(())
    }
}
