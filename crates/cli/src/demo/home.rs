//! Where a demo keeps its database: a private temporary directory that goes away with it, or one that the user named.
//!
//! Knows nothing of: what is kept.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rand::Rng;
use rand::rngs::StdRng;

use crate::failure::{Failure, Outcome};

/// The directory; a temporary one is removed when this is dropped.
#[derive(Debug)]
pub struct Home {
    path: PathBuf,
    temporary: bool,
}

impl Home {
    /// The named one, or a new temporary one.
    pub fn new(named: Option<&str>) -> Outcome<Self> {
        if let Some(named) = named {
            return Ok(Self { path: PathBuf::from(named), temporary: false });
        }
        let mut random: StdRng = rand::make_rng();
        let path = std::env::temp_dir().join(format!("salio-demo-{:016x}", random.next_u64()));
        // Not recursive: it must be new, so that nobody else has prepared it.
        let created = DirBuilder::new().mode(0o700).create(&path);
        created.map_err(|error| Failure::failed(format!("{} cannot be created ({error}); name a directory with --data-dir", path.display())))?;
        Ok(Self { path, temporary: true })
    }

    /// Whether it goes away.
    pub const fn is_temporary(&self) -> bool {
        self.temporary
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.temporary {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_home_goes_away_and_a_named_one_stays() {
        let home = Home::new(None).unwrap();
        let path = home.path().to_owned();
        std::fs::write(path.join("x"), "x").unwrap();
        drop(home);
        assert!(!path.exists());
        let named = tempfile::tempdir().unwrap();
        drop(Home::new(named.path().to_str()).unwrap());
        assert!(named.path().exists());
    }
}
