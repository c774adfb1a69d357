//! From a host to a protected connection: addresses that the guard permits, the first that answers, TLS as the channel says.
//!
//! Knows nothing of: what is said afterwards.

use std::net::SocketAddr;

use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::line::Line;
use super::{Mail, MailTls, starttls};
use crate::post::certificate_words;
use crate::{Attempt, Notifier};

/// Addresses of one name that are tried; each gets a like share of the usual time.
const MAX_ADDRESSES: usize = 4;

/// A connection on which the server may be spoken to, and who we are to it: our own address on that connection, which needs no name and is true.
///
/// # Errors
/// What came of the whole attempt; nothing was handed over.
pub(super) async fn open(notifier: &Notifier, mail: &Mail) -> Result<(Line, ClientId), Attempt> {
    let mut stream = connect(notifier, &addresses(notifier, mail).await?).await?;
    let broken = |_| Attempt::not_sent("the connection broke at once");
    let (peer, own) = (stream.peer_addr().map_err(broken)?, stream.local_addr().map_err(broken)?);
    let hello = match own {
        SocketAddr::V4(own) => ClientId::Ipv4(*own.ip()),
        SocketAddr::V6(own) => ClientId::Ipv6(*own.ip()),
    };
    let line = match mail.tls {
        MailTls::None => Line::new(Box::new(stream), peer),
        MailTls::Implicit => Line::new(Box::new(protect(notifier, mail, stream).await?), peer),
        MailTls::StartTls => {
            starttls::prepare(&mut stream, &hello.to_string()).await?;
            Line::greeted(Box::new(protect(notifier, mail, stream).await?), peer)
        }
    };
    Ok((line, hello))
}

async fn addresses(notifier: &Notifier, mail: &Mail) -> Result<Vec<SocketAddr>, Attempt> {
    let found = notifier.guard.addresses(&mail.host, mail.port).await.map_err(|no_way| Attempt::not_sent(format!("the mail server: {no_way}")))?;
    if mail.tls != MailTls::None {
        return Ok(found);
    }
    let here: Vec<_> = found.into_iter().filter(|address| address.ip().to_canonical().is_loopback()).collect();
    if here.is_empty() { Err(Attempt::not_sent("without TLS only a server on this machine is spoken to; set tls to starttls or implicit")) } else { Ok(here) }
}

async fn connect(notifier: &Notifier, addresses: &[SocketAddr]) -> Result<TcpStream, Attempt> {
    let count = addresses.len().clamp(1, MAX_ADDRESSES);
    let each = notifier.timeout / u32::try_from(count).unwrap_or(1);
    for address in addresses.iter().take(MAX_ADDRESSES) {
        if let Ok(Ok(stream)) = tokio::time::timeout(each, TcpStream::connect(address)).await {
            return Ok(stream);
        }
    }
    Err(Attempt::not_sent("no connection to the mail server: refused, unreachable or not in time"))
}

async fn protect(notifier: &Notifier, mail: &Mail, stream: TcpStream) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Attempt> {
    let name = ServerName::try_from(mail.host.clone()).map_err(|_| Attempt::not_sent("the mail server's name is no name for TLS"))?;
    let connector = TlsConnector::from(notifier.tls.clone());
    let unverified = |error: std::io::Error| Attempt::not_sent(format!("the mail server cannot be verified (TLS){}", certificate_words(&error.to_string())));
    connector.connect(name, stream).await.map_err(unverified)
}
