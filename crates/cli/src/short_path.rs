//! Paths of sockets: the system allows some 100 bytes, directories can be longer.
//!
//! Knows nothing of: what listens there.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

/// `sun_path` has 108 bytes on Linux and 104 elsewhere, with a closing zero.
const LONGEST: usize = 100;

/// A path that fits; the directory stays open while this lives.
#[derive(Debug)]
pub struct ShortPath {
    path: PathBuf,
    _directory: Option<File>,
}

impl ShortPath {
    /// For the system.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The same file by a shorter name, if the path is too long.
pub fn of(path: &Path) -> std::io::Result<ShortPath> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(ShortPath { path: path.to_owned(), _directory: None });
    };
    if path.as_os_str().len() <= LONGEST {
        return Ok(ShortPath { path: path.to_owned(), _directory: None });
    }
    let directory = File::open(parent)?;
    let path = Path::new("/proc/self/fd").join(directory.as_raw_fd().to_string()).join(name);
    Ok(ShortPath { path, _directory: Some(directory) })
}
