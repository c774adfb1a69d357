//! Ports and the socket that a server listens on.
//!
//! Knows nothing of: what is served.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};

use tokio::net::{TcpListener, UnixListener};

use crate::data_dir::DataDir;
use crate::failure::{Failure, Outcome};
use crate::short_path;

/// Ports that are tried after one that is taken.
const TRIES: u16 = 100;

/// Takes a port.
pub async fn tcp(address: SocketAddr) -> Outcome<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| refused(address, &error))
}

fn refused(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::failed(match error.kind() {
        ErrorKind::AddrInUse => format!(
            "{address} is in use by another program (perhaps another Salio); stop that one, or listen elsewhere: --listen {}:{}",
            address.ip(),
            address.port().wrapping_add(1)
        ),
        ErrorKind::PermissionDenied => format!("{address} needs more rights than this user has; choose a port from 1024 on, such as --listen {}:8080", address.ip()),
        _ => format!("{address} cannot be listened on: {error}; choose another address with --listen"),
    })
}

/// Takes a port, or the next one that is free.
pub async fn next_free(address: SocketAddr) -> Outcome<TcpListener> {
    let mut tried = address;
    for _ in 0..TRIES {
        match TcpListener::bind(tried).await {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse && tried.port() < u16::MAX => tried.set_port(tried.port() + 1),
            Err(error) => return Err(refused(tried, &error)),
        }
    }
    Err(Failure::failed(format!("no port from {} to {} is free; choose one with --listen", address.port(), tried.port())))
}

/// Takes the socket of the data directory, whose lock is held: whatever lies there was left behind. Nobody else can open it at any instant: it is made in
/// a directory of its own that only this user enters, and moved into place with its rights set.
pub fn unix(data_dir: &DataDir) -> Outcome<UnixListener> {
    let failed = |error: std::io::Error| {
        Failure::failed(format!("{} cannot be listened on: {error}; the data directory must be writable, on a disk of this machine", data_dir.socket().display()))
    };
    let nursery = data_dir.path().join("sock.new");
    let _left_behind = std::fs::remove_dir_all(&nursery);
    std::fs::DirBuilder::new().mode(0o700).create(&nursery).map_err(failed)?;
    let made = nursery.join("s");
    let listener = short_path::of(&made).and_then(|short| UnixListener::bind(short.path())).map_err(failed)?;
    std::fs::set_permissions(&made, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    std::fs::rename(&made, data_dir.socket()).map_err(failed)?;
    let _empty = std::fs::remove_dir(&nursery);
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_and_the_next_one_found() {
        let first = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = first.local_addr().unwrap();
        let error = tcp(address).await.unwrap_err();
        assert!(error.to_string().starts_with(&format!("{address} is in use")), "{error}");
        let next = next_free(address).await.unwrap().local_addr().unwrap();
        assert!(next.port() > address.port(), "{next}");
    }

    #[tokio::test]
    async fn the_socket_is_private_and_replaces_what_was_left_behind() {
        let parent = tempfile::tempdir().unwrap();
        let long = parent.path().join("d".repeat(120));
        std::fs::create_dir(&long).unwrap();
        let data_dir = DataDir::new(long);
        let first = unix(&data_dir).unwrap();
        drop(first);
        let _second = unix(&data_dir).unwrap();
        let mode = std::fs::metadata(data_dir.socket()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let short = short_path::of(&data_dir.socket()).unwrap();
        tokio::net::UnixStream::connect(short.path()).await.unwrap();
        assert!(!data_dir.path().join("sock.new").exists());
    }
}
