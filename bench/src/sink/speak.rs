//! Just enough of the vendor's words: the numbers of a submission, a row for each, and the balance.

use std::io::Write as _;
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::{Context, Result};
use tokio::sync::mpsc;

use super::{Named, Shared};

const HEAD_END: &[u8] = b"\r\n\r\n";
/// A quote inside a text is escaped, so this stands only before a recipient.
const NUMBER: &[u8] = b"\"Number\":\"";
const OK: &str = r#""ErrorCode":0,"ErrorDescription":"Success""#;
const REFUSED: &str = r#"{"ErrorCode":7,"ErrorDescription":"Invalid API credentials","Data":null}"#;

/// A whole request.
pub(super) struct Request<'a> {
    pub submits: bool,
    /// Head and body.
    pub length: usize,
    body: &'a [u8],
}

/// The first request in the bytes; none while it is not whole.
pub(super) fn request(bytes: &[u8]) -> Result<Option<Request<'_>>> {
    let Some(end) = bytes.windows(HEAD_END.len()).position(|window| window == HEAD_END) else { return Ok(None) };
    let head = std::str::from_utf8(bytes.get(..end).unwrap_or_default())?;
    let length = head.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = end + HEAD_END.len() + length.map_or(Ok(0), |(_, value)| value.trim().parse())?;
    Ok(bytes.get(end + HEAD_END.len()..length).map(|body| Request { submits: head.starts_with("POST"), length, body }))
}

impl Request<'_> {
    /// Takes it, and writes the answer over `out`.
    pub(super) fn answer(&self, shared: &Shared, tell: &mpsc::UnboundedSender<Named>, out: &mut Vec<u8>) -> Result<()> {
        let mut body = Vec::with_capacity(self.body.len());
        if !self.submits {
            write!(body, r#"{{{OK},"Data":[{{"PluginType":"SMS","Credits":"{}.0000"}}]}}"#, shared.credit.load(Ordering::Relaxed))?;
        } else if shared.refuses.load(Ordering::Relaxed) {
            body.extend_from_slice(REFUSED.as_bytes());
        } else {
            self.take(shared, tell, &mut body)?;
        }
        out.clear();
        write!(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n", body.len())?;
        out.extend_from_slice(&body);
        Ok(())
    }

    fn take(&self, shared: &Shared, tell: &mpsc::UnboundedSender<Named>, body: &mut Vec<u8>) -> Result<()> {
        let (keeps, at) = (shared.keeps.load(Ordering::Relaxed), Instant::now());
        write!(body, r#"{{{OK},"Data":["#)?;
        let mut count = 0;
        for number in numbers(self.body) {
            let number = std::str::from_utf8(number).context("a number that is no text")?;
            let name = shared.rows.fetch_add(1, Ordering::Relaxed);
            let comma = if count == 0 { "" } else { "," };
            write!(
                body,
                r#"{comma}{{"MessageErrorCode":0,"MessageErrorDescription":"Success","MobileNumber":"{number}","MessageId":"5a110000-0000-4000-8000-{name:012}","Custom":""}}"#
            )?;
            if keeps {
                tell.send(Named { id: format!("5a110000-0000-4000-8000-{name:012}"), number: number.to_owned(), at })?;
            }
            count += 1;
        }
        body.extend_from_slice(b"]}");
        shared.credit.fetch_sub(count, Ordering::Relaxed);
        Ok(())
    }
}

/// The numbers in the order of the body. Looks for the quote first: most bytes are none.
fn numbers(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = body;
    std::iter::from_fn(move || {
        loop {
            let quote = rest.iter().position(|byte| *byte == b'"')?;
            let from = rest.get(quote..)?;
            if let Some(number) = from.strip_prefix(NUMBER) {
                let end = number.iter().position(|byte| *byte == b'"')?;
                rest = number.get(end + 1..)?;
                return number.get(..end);
            }
            rest = from.get(1..)?;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_order_and_never_from_a_text() {
        let body = br#"{"SenderId":"SALIO","MessageParameters":[{"Number":"254700000001","Text":"a \"Number\":\"9\" b"},{"Number":"254700000002","Text":"c"}]}"#;
        assert_eq!(numbers(body).collect::<Vec<_>>(), [b"254700000001".as_slice(), b"254700000002"]);
    }

    #[test]
    fn a_request_is_whole_or_awaited() {
        let whole = b"POST /v1/sms/SendBulkSMS HTTP/1.1\r\ncontent-length: 4\r\n\r\nbodyGET";
        assert!(request(&whole[..whole.len() - 4]).unwrap().is_none());
        let read = request(whole).unwrap().unwrap();
        assert_eq!((read.submits, read.body, read.length), (true, b"body".as_slice(), whole.len() - 3));
    }
}
