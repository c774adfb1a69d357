//! Handing on to a program: what counts as taken, what as down, and that no failure shows the address.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use salio_provider::http::{Courier, NotTaken};
use support::{Reaction, Vendor, nowhere};

const QUERY: &str = "/dlr?shop=a%26b&token=made-up-token&messageId=x&shortMessage=Habari+%26+karibu";

fn status(line: &str) -> Reaction {
    Reaction::Answer(format!("HTTP/1.1 {line}\r\ncontent-length: 2\r\n\r\nOK").into_bytes())
}

#[tokio::test]
async fn only_success_is_taken() {
    let courier = Courier::new().expect("a courier");
    for (line, outcome, is_down) in [
        ("200 OK", Ok(()), false),
        ("201 Created", Ok(()), false),
        ("202 Accepted", Ok(()), false),
        ("302 Found\r\nlocation: http://127.0.0.1:9/", Err(NotTaken::Status(302)), false),
        ("404 Not Found", Err(NotTaken::Status(404)), false),
        ("429 Too Many Requests", Err(NotTaken::Status(429)), true),
        ("500 Internal Server Error", Err(NotTaken::Status(500)), false),
        ("503 Service Unavailable", Err(NotTaken::Status(503)), true),
    ] {
        let vendor = Vendor::start(vec![status(line)]).await;
        let taken = courier.get(&format!("http://{}{QUERY}", vendor.addr)).await;
        assert_eq!(taken, outcome, "{line}");
        assert_eq!(taken.as_ref().is_err_and(NotTaken::is_down), is_down, "{line}");
        let requests = vendor.requests();
        assert_eq!(requests.len(), 1, "{line}: asked once");
        assert!(requests[0].starts_with(&format!("GET {QUERY} HTTP/1.1\r\n")), "the query goes as it is: {}", requests[0]);
    }
}

#[tokio::test]
async fn a_failure_never_shows_the_address() {
    let courier = Courier::new().expect("a courier");
    let closing = Vendor::start(vec![Reaction::CloseAfterReading]).await;
    for base in [nowhere().await, format!("http://{}", closing.addr)] {
        let failure = courier.get(&format!("{base}{QUERY}")).await.expect_err("nobody is there");
        assert!(failure.is_down() && !failure.to_string().contains("made-up-token") && !failure.to_string().contains("127.0.0.1"), "{failure}");
    }
    for address in ["", "/dlr", "shop.example.com/dlr?token=made-up-token"] {
        assert_eq!(courier.get(address).await, Err(NotTaken::Address), "{address}");
    }
}
