//! Bytes as they come, gathered into portions worth looking at. Knows nothing of lines.

use bytes::Bytes;
use futures::{FutureExt, StreamExt};

use super::request::{Broken, BulkBody};

/// Looked at together: about as much as a block holds.
const PORTION: usize = 128 * 1024;

pub(super) struct Source<B> {
    body: B,
    /// What came beyond a portion.
    left: Bytes,
    ended: bool,
    /// Told once what came before it has been taken.
    broken: Option<Broken>,
}

/// What has come; the last one ends the stream.
#[derive(Debug, Default)]
pub(super) struct Portion {
    pub bytes: Vec<Bytes>,
    pub ended: bool,
}

impl<B: BulkBody> Source<B> {
    pub(super) const fn new(body: B) -> Self {
        Self { body, left: Bytes::new(), ended: false, broken: None }
    }

    /// Waits for bytes, and takes what has come with them, up to a portion. Loses nothing when it is dropped while it waits for the first.
    pub(super) async fn next(&mut self) -> Result<Portion, Broken> {
        let mut portion = Portion::default();
        let mut room = self.put(&mut portion, PORTION);
        if portion.bytes.is_empty() && self.is_open() {
            let first = self.body.next().await;
            room = self.take(first, &mut portion, room);
        }
        while room > 0 && self.is_open() {
            let Some(more) = self.body.next().now_or_never() else { break };
            room = self.take(more, &mut portion, room);
        }
        match self.broken {
            Some(broken) if portion.bytes.is_empty() => Err(broken),
            _ => {
                portion.ended = self.ended && self.left.is_empty();
                Ok(portion)
            }
        }
    }

    const fn is_open(&self) -> bool {
        !self.ended && self.broken.is_none()
    }

    fn take(&mut self, chunk: Option<Result<Bytes, Broken>>, portion: &mut Portion, room: usize) -> usize {
        match chunk {
            Some(Ok(chunk)) => self.left = chunk,
            Some(Err(broken)) => self.broken = Some(broken),
            None => self.ended = true,
        }
        self.put(portion, room)
    }

    /// What is left goes into the portion as far as there is room; the room that remains.
    fn put(&mut self, portion: &mut Portion, room: usize) -> usize {
        let taken = self.left.split_to(room.min(self.left.len()));
        let room = room - taken.len();
        if !taken.is_empty() {
            portion.bytes.push(taken);
        }
        room
    }
}
