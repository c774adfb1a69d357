//! The beginning of a conversation that becomes TLS: greeting, `EHLO`, `STARTTLS`, each answered, and not a byte more.
//!
//! Knows nothing of: TLS itself, letters. The mail library (lettre 0.11, as read in its source) could do this, but keeps what was read in the clear and takes it for the server's answers under TLS:
//! somebody on the way could have it believe that a letter was taken. Here whatever comes before its time ends the conversation.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{Attempt, Outcome};

/// A reply to `EHLO` has some hundred bytes.
const MAX_REPLY: usize = 8 * 1024;
/// `250-` or `250 `.
const CODE: usize = 4;

/// Until the server expects the TLS handshake. `hello`: who we are, as `EHLO` wants it.
///
/// # Errors
/// What came of the whole attempt.
pub(super) async fn prepare(stream: &mut TcpStream, hello: &str) -> Result<(), Attempt> {
    expect(stream, 220, "the greeting").await?;
    write(stream, &format!("EHLO {hello}\r\n")).await?;
    let offers = expect(stream, 250, "the hello").await?;
    let offered = offers.lines().any(|line| line.get(CODE..).is_some_and(|word| word.trim().eq_ignore_ascii_case("STARTTLS")));
    if !offered {
        return Err(Attempt::not_sent("the server does not offer STARTTLS, and nothing is sent in the clear; try tls = implicit"));
    }
    write(stream, "STARTTLS\r\n").await?;
    expect(stream, 220, "STARTTLS").await.map(drop)
}

async fn write(stream: &mut TcpStream, line: &str) -> Result<(), Attempt> {
    stream.write_all(line.as_bytes()).await.map_err(|_| Attempt::not_sent("the connection broke before TLS began"))
}

async fn expect(stream: &mut TcpStream, wanted: u16, step: &str) -> Result<String, Attempt> {
    let reply = read(stream).await?;
    let code: u16 = reply.get(..CODE - 1).and_then(|code| code.parse().ok()).unwrap_or(0);
    match code {
        code if code == wanted => Ok(reply),
        // The words are left out: they came in the clear, from whoever.
        400..600 => Err(Attempt::answered(Outcome::Refused { permanent: code >= 500, detail: format!("{step} was refused ({code})") }, code)),
        _ => Err(Attempt::not_sent(format!("{step}: the server said something that is no reply"))),
    }
}

/// One whole reply. The server may say nothing more until it is asked.
async fn read(stream: &mut TcpStream) -> Result<String, Attempt> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        if read == 0 {
            return Err(Attempt::not_sent("the connection broke before TLS began"));
        }
        bytes.extend_from_slice(buffer.get(..read).unwrap_or_default());
        match end(&bytes) {
            Some(end) if end == bytes.len() => return String::from_utf8(bytes).map_err(|_| Attempt::not_sent("the server said something that is no text")),
            Some(_) => return Err(Attempt::not_sent("something spoke out of turn before TLS began; somebody may sit on the line")),
            None if bytes.len() > MAX_REPLY => return Err(Attempt::not_sent("the server does not stop talking")),
            None => {}
        }
    }
}

/// Where the first whole reply ends: after the first line that has no `-` behind its code.
fn end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if line.ends_with(b"\n") && line.get(CODE - 1) != Some(&b'-') {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_ends_with_its_last_line() {
        for (bytes, expected) in [
            ("220 hi\r\n", Some(8)),
            ("220 hi\r\n250 more\r\n", Some(8)),
            ("250-a\r\n250-b\r\n250 c\r\n", Some(21)),
            ("250-a\r\n250-b\r\n", None),
            ("220 hi", None),
            ("", None),
            ("\n", Some(1)),
        ] {
            assert_eq!(end(bytes.as_bytes()), expected, "{bytes:?}");
        }
    }
}
