//! What tells accounts apart is secret: only a salted hash of it is kept.

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::fault::Outcome;

/// A salted hash, as stored.
pub(super) type Hash = [u8; 32];

/// Hashes with this database's salt.
pub(super) struct Salt(Vec<u8>);

impl Salt {
    pub(super) fn load(connection: &Connection) -> Outcome<Self> {
        Ok(Self(connection.query_row("SELECT value FROM meta WHERE word = 'salt'", [], |row| row.get(0))?))
    }

    /// `purpose` keeps equal texts of different meaning apart.
    pub(super) fn hash(&self, purpose: &str, secret: &str) -> Hash {
        Sha256::new().chain_update(&self.0).chain_update(purpose).chain_update([0]).chain_update(secret).finalize().into()
    }
}
