//! The data directory: private, with one process at a time in charge of it.
//!
//! Knows nothing of: what is kept in it. The lock is the system's, so it ends with its process however that ends.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::failure::{Failure, Outcome};

/// A process id and a word are some tens of bytes.
const MOST_HOLDER_BYTES: u64 = 256;

/// How long a provider may take over a balance, unless the settings say otherwise.
const BALANCE_TIMEOUT: Duration = Duration::from_secs(15);
/// For everything else that a short command does.
const GRACE: Duration = Duration::from_secs(5);
/// A command that asks for a balance, or a server that starts, is over with it within this: so long the lock is waited for.
pub const LOCK_PATIENCE: Duration = Duration::from_secs(BALANCE_TIMEOUT.as_secs() + GRACE.as_secs());
/// Between looks at the lock.
pub const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The directory of the database, the lock and the socket.
#[derive(Clone, Debug)]
pub struct DataDir {
    path: PathBuf,
}

/// Who is in charge of a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The process, if it could be read.
    pub pid: Option<u32>,
    /// What it runs: `serve`, `send`.
    pub command: String,
}

/// Being in charge; ends when dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// What came of asking for the lock.
#[derive(Debug)]
pub enum Locking {
    /// This process is in charge.
    Held(Lock),
    /// Another one is.
    Busy(Holder),
}

impl DataDir {
    /// Names the directory; touches nothing.
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a server listens for commands.
    pub fn socket(&self) -> PathBuf {
        self.path.join("salio.sock")
    }

    /// The lock's file.
    pub fn lock_file(&self) -> PathBuf {
        self.path.join("salio.lock")
    }

    /// The database, unless another was named.
    pub fn database(&self) -> PathBuf {
        self.path.join("salio.db")
    }

    /// Creates the directory for its owner alone, if it is not there.
    pub fn create(&self) -> Outcome {
        let shown = self.path.display();
        match std::fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => return Ok(()),
            Ok(_) => return Err(Failure::failed(format!("the data directory {shown} is a file; name another with SALIO_DATA_DIR or --data-dir"))),
            Err(_) => {}
        }
        DirBuilder::new().recursive(true).mode(0o700).create(&self.path).map_err(|error| {
            Failure::failed(format!("the data directory {shown} cannot be created ({error}); create it for this user, or name another with SALIO_DATA_DIR or --data-dir"))
        })
    }

    /// Asks to be in charge, without waiting.
    pub fn try_lock(&self, command: &str) -> Outcome<Locking> {
        self.create()?;
        let mut file = self.open_lock()?;
        match file.try_lock() {
            Ok(()) => {
                // Only for people: who is in charge is decided by the lock alone.
                let _ = file.set_len(0).and_then(|()| writeln!(file, "{} {command}", std::process::id()));
                Ok(Locking::Held(Lock { file }))
            }
            Err(TryLockError::WouldBlock) => Ok(Locking::Busy(Holder::read(&mut file))),
            Err(TryLockError::Error(error)) => Err(self.lock_failure(&error)),
        }
    }

    fn open_lock(&self) -> Outcome<File> {
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(self.lock_file());
        opened.map_err(|error| self.lock_failure(&error))
    }

    fn lock_failure(&self, error: &std::io::Error) -> Failure {
        Failure::failed(format!("{} cannot be locked ({error}); the data directory must be writable for this user, on a disk of this machine", self.lock_file().display()))
    }
}

impl Holder {
    fn read(file: &mut File) -> Self {
        let mut text = String::new();
        let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(MOST_HOLDER_BYTES).read_to_string(&mut text));
        let (pid, command) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        // Whatever stands there is shown: only what this program writes is believed.
        let command: String = command.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | ' ')).collect();
        Self { pid: read.ok().and_then(|_| pid.parse().ok()), command }
    }
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.pid, self.command.as_str()) {
            (Some(pid), "") => write!(f, "process {pid}"),
            (Some(pid), command) => write!(f, "process {pid} (salio {command})"),
            (None, _) => f.write_str("another process"),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn held(locking: Locking) -> Lock {
        match locking {
            Locking::Held(lock) => lock,
            Locking::Busy(holder) => panic!("busy: {holder}"),
        }
    }

    #[test]
    fn one_at_a_time_and_the_other_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let dir = DataDir::new(parent.path().join("a/b"));
        let lock = held(dir.try_lock("serve").unwrap());
        let Locking::Busy(holder) = dir.try_lock("send").unwrap() else { panic!("two in charge") };
        assert_eq!(holder, Holder { pid: Some(std::process::id()), command: "serve".to_owned() });
        assert_eq!(holder.to_string(), format!("process {} (salio serve)", std::process::id()));
        drop(lock);
        held(dir.try_lock("send").unwrap());
    }

    #[test]
    fn everything_in_it_is_private() {
        let parent = tempfile::tempdir().unwrap();
        let dir = DataDir::new(parent.path().join("data"));
        let _lock = held(dir.try_lock("serve").unwrap());
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(dir.path()), mode(&dir.lock_file())), (0o700, 0o600));
    }

    #[test]
    fn a_file_in_its_place_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("data");
        std::fs::write(&path, "x").unwrap();
        let error = DataDir::new(path).try_lock("serve").unwrap_err();
        assert!(error.to_string().contains("is a file; name another with SALIO_DATA_DIR"), "{error}");
    }
}
