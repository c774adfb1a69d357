//! Server-Sent Events, read from a body as it comes.
//!
//! Knows nothing of: what events mean.

use http_body_util::BodyExt;
use serde_json::Value;

use super::Body;
use crate::failure::{Failure, Outcome};

/// An event of the API has some hundred bytes.
const LARGEST_EVENT: usize = 1024 * 1024;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `balance`, `message`, `refresh`, …
    pub name: String,
    /// What.
    pub data: Value,
}

/// A stream of them.
pub struct Events {
    body: Body,
    buffer: Vec<u8>,
}

impl Events {
    pub(super) const fn new(body: Body) -> Self {
        Self { body, buffer: Vec::new() }
    }

    /// The next one; none when the stream has ended.
    pub async fn next(&mut self) -> Outcome<Option<Event>> {
        loop {
            while let Some(block) = self.block() {
                if let Some(event) = event(&block) {
                    return Ok(Some(event));
                }
            }
            if self.buffer.len() > LARGEST_EVENT {
                return Err(Failure::failed("the stream of events is not readable"));
            }
            match self.body.frame().await {
                Some(Ok(frame)) => self.buffer.extend(frame.into_data().unwrap_or_default().iter().filter(|byte| **byte != b'\r')),
                Some(Err(_)) | None => return Ok(None),
            }
        }
    }

    /// Takes a whole block from the front of the buffer.
    fn block(&mut self) -> Option<String> {
        let end = self.buffer.windows(2).position(|pair| pair == b"\n\n")?;
        let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
        Some(String::from_utf8_lossy(&block).into_owned())
    }
}

/// Comments (heartbeats) and blocks without data are no events.
fn event(block: &str) -> Option<Event> {
    let field = |name: &str| block.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(|value| value.strip_prefix(' ').unwrap_or(value)).collect::<Vec<_>>();
    let data = field("data");
    (!data.is_empty())
        .then(|| Event { name: field("event").last().map_or("message", |name| *name).to_owned(), data: serde_json::from_str(&data.join("\n")).unwrap_or(Value::Null) })
}

#[cfg(test)]
mod tests {
    use http_body_util::StreamBody;
    use hyper::body::{Bytes, Frame};
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn events_are_read_across_any_split() {
        let text = ": hello\n\nevent: balance\ndata: {\"balance\":\"1.00\"}\n\n: beat\n\nevent:refresh\r\ndata:{\"a\":\r\ndata:1}\r\n\r\ntail";
        for size in 1..text.len() {
            let frames: Vec<_> = text.as_bytes().chunks(size).map(|chunk| Ok(Frame::data(Bytes::copy_from_slice(chunk)))).collect();
            let mut events = Events::new(StreamBody::new(futures::stream::iter(frames)).boxed_unsync());
            let first = events.next().await.unwrap().unwrap();
            assert_eq!((first.name.as_str(), first.data), ("balance", json!({"balance": "1.00"})));
            let second = events.next().await.unwrap().unwrap();
            assert_eq!((second.name.as_str(), second.data), ("refresh", json!({"a": 1})));
            assert_eq!(events.next().await.unwrap(), None);
        }
    }
}
