//! A raw HTTP/1.1 client: it hides nothing of what arrives on the wire, and must not know what should.

use std::time::Duration;

use salio_simulator::{SimConfig, SimHandle, Simulator};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::run::{LOGIN, body};

/// Nothing in these tests may take longer.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// What came back on one connection.
#[derive(Debug)]
pub struct Got {
    /// Everything read, status line and headers included.
    pub bytes: Vec<u8>,
    /// How the connection ended, if not in order.
    pub error: Option<std::io::ErrorKind>,
}

impl Got {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        String::from_utf8_lossy(&self.bytes).split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("no status in {self:?}"))
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = String::from_utf8_lossy(self.split().0).into_owned();
        let line = |line: &str| line.split_once(": ").filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned());
        head.lines().find_map(line)
    }

    /// The body as it arrived.
    pub fn body(&self) -> &[u8] {
        self.split().1
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(self.body()).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    fn split(&self) -> (&[u8], &[u8]) {
        let end = self.bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or_else(|| panic!("no head in {:?}", self.error));
        (&self.bytes[..end], &self.bytes[end + 4..])
    }
}

/// A simulator on a free port.
pub async fn start(config: &str) -> SimHandle {
    let config: SimConfig = serde_json::from_str(config).unwrap();
    Simulator::bind(([127, 0, 0, 1], 0).into(), config).await.unwrap()
}

/// Sends a request on a connection of its own and reads until the other side is done.
pub async fn request(sim: &SimHandle, method: &str, path: &str, headers: &str, body: &str) -> Got {
    tokio::time::timeout(DEADLINE, exchange(sim, method, path, headers, body)).await.expect("an answer within the deadline")
}

async fn exchange(sim: &SimHandle, method: &str, path: &str, headers: &str, body: &str) -> Got {
    let mut stream = open(sim, method, path, headers, body).await;
    let (mut bytes, mut chunk) = (Vec::new(), vec![0_u8; 65536]);
    loop {
        match stream.read(&mut chunk).await {
            Ok(0) => return Got { bytes, error: None },
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
            Err(error) => return Got { bytes, error: Some(error.kind()) },
        }
    }
}

/// Sends a request and leaves the connection open.
pub async fn open(sim: &SimHandle, method: &str, path: &str, headers: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(sim.addr()).await.unwrap();
    let length = body.len();
    let text = format!("{method} {path} HTTP/1.1\r\nHost: simulator\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}");
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// Asks for the balance of the default account.
pub async fn balance(sim: &SimHandle) -> Got {
    request(sim, "GET", &format!("/v1/sms/Balance?{LOGIN}"), "", "").await
}

/// Submits for the default account.
pub async fn send(sim: &SimHandle, rows: &[(&str, &str)]) -> Got {
    request(sim, "POST", "/v1/sms/SendBulkSMS", "", &body(rows)).await
}

/// Calls the control API and expects it to agree.
pub async fn control(sim: &SimHandle, method: &str, path: &str, body: &str) -> Value {
    let got = request(sim, method, path, "", body).await;
    assert_eq!(got.status(), 200, "{method} {path}: {}", String::from_utf8_lossy(got.body()));
    got.json()
}

/// Arms a fault for the next call.
pub async fn next(sim: &SimHandle, fault: &str) {
    control(sim, "POST", "/sim/next", &format!(r#"{{"fault":{fault}}}"#)).await;
}

/// Waits until `reached` holds, up to the deadline.
pub async fn until(what: &str, mut reached: impl FnMut() -> bool) {
    let wait = async {
        while !reached() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(DEADLINE, wait).await.unwrap_or_else(|_| panic!("never: {what}"));
}
