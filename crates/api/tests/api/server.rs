//! Over real sockets: a port, the socket in the data directory, and an orderly end.

use std::time::Duration;

use salio_api::serve;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::time::timeout;

use crate::events::parse;
use crate::support::world;

const SOON: Duration = Duration::from_secs(10);

async fn all(mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    timeout(SOON, stream.read_to_string(&mut text)).await.expect("an answer").unwrap();
    text
}

#[tokio::test]
async fn a_port_serves_streams_and_stops_in_order() {
    let world = world().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(serve(listener, world.router.clone(), world.stop.clone()));
    let answer = all(TcpStream::connect(address).await.unwrap(), &format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with(r#"{"status":"ok"}"#), "{answer}");

    let mut viewer = BufReader::new(TcpStream::connect(address).await.unwrap());
    viewer.write_all(format!("GET /api/v1/events HTTP/1.1\r\nhost: {address}\r\n\r\n").as_bytes()).await.unwrap();
    let mut kinds: Vec<String> = Vec::new();
    let mut block = String::new();
    while kinds.last().is_none_or(|kind| kind != "message") {
        let mut line = String::new();
        timeout(SOON, viewer.read_line(&mut line)).await.expect("a line").unwrap();
        if line.starts_with("event: ") {
            block.clear();
        }
        block.push_str(&line);
        if line.starts_with("data: ") {
            kinds.push(parse(&block).kind);
            if kinds.len() == 2 {
                world.post("/api/v1/messages", r#"{"to":"0712345678","text":"Hello"}"#).await;
            }
        }
    }
    assert_eq!(kinds.get(..2), Some(["balance".to_owned(), "balance".to_owned()].as_slice()), "{kinds:?}");

    world.stop.cancel();
    let mut rest = String::new();
    timeout(SOON, viewer.read_to_string(&mut rest)).await.expect("the stream ends at once").unwrap();
    timeout(SOON, server).await.expect("the server ends").unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn names_are_not_checked_on_the_socket_that_only_its_owner_can_open() {
    let world = world().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("salio.sock");
    let server = tokio::spawn(serve(UnixListener::bind(&path).unwrap(), world.router.clone(), world.stop.clone()));
    let request = |headers: &str| format!("GET /api/v1/info HTTP/1.1\r\n{headers}connection: close\r\n\r\n");
    let answer = all(UnixStream::connect(&path).await.unwrap(), &request("host: anything\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let answer = all(UnixStream::connect(&path).await.unwrap(), &request("host: anything\r\norigin: https://evil.example\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    world.stop.cancel();
    timeout(SOON, server).await.expect("the server ends").unwrap();
}
