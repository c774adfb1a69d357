//! Brings the schema up to date, one step in one transaction, and refuses what it cannot know.

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::connect::APPLICATION_ID;
use super::fault::{Fault, Outcome};

/// One step of the schema. Never edited once it has landed.
pub(super) struct Migration {
    name: &'static str,
    sql: &'static str,
}

/// All, in order; the schema's version is how many were applied.
pub(super) const ALL: &[Migration] = &[
    Migration { name: "0001_first", sql: include_str!("../../migrations/0001_first.sql") },
    Migration { name: "0002_sending", sql: include_str!("../../migrations/0002_sending.sql") },
];

/// Applies what is missing.
pub(super) fn up(connection: &mut Connection, migrations: &[Migration]) -> Outcome<()> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let applied = usize::try_from(found).ok().filter(|count| *count <= migrations.len());
    let Some(applied) = applied else {
        return Err(Fault::File(format!(
            "was written by a newer version of salio (schema {found}, this one knows {}); run that version, or restore a backup made before the upgrade",
            migrations.len()
        )));
    };
    let mut version = 0;
    for (index, migration) in migrations.iter().enumerate() {
        version += 1;
        if index < applied { verify(connection, version, migration)? } else { apply(connection, version, migration)? }
    }
    Ok(())
}

fn checksum(migration: &Migration) -> [u8; 32] {
    Sha256::digest(migration.sql.as_bytes()).into()
}

/// A schema that was changed by hand would break in ways nobody can foresee.
fn verify(connection: &Connection, version: i64, migration: &Migration) -> Outcome<()> {
    let kept: Option<[u8; 32]> = connection.query_row("SELECT max(sha256) FROM migrations WHERE version = ?1", [version], |row| row.get(0))?;
    if kept == Some(checksum(migration)) {
        return Ok(());
    }
    Err(Fault::File(format!("step {version} of its schema is not the {} of this version; run the version of salio that made it, or restore a backup", migration.name)))
}

fn apply(connection: &mut Connection, version: i64, migration: &Migration) -> Outcome<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(migration.sql)?;
    transaction.execute("INSERT INTO migrations (version, name, sha256) VALUES (?1, ?2, ?3)", (version, migration.name, checksum(migration)))?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEXT: Migration = Migration { name: "0003_try", sql: "ALTER TABLE tenants ADD COLUMN note TEXT; INSERT INTO tenants (slug, note) VALUES ('second', 'x');" };
    const FAULTY: Migration = Migration { name: "0003_faulty", sql: "ALTER TABLE tenants ADD COLUMN note TEXT; INSERT INTO no_such_table VALUES (1);" };

    /// All, and one more.
    fn and(next: Migration) -> Vec<Migration> {
        let landed = ALL.iter().map(|step| Migration { name: step.name, sql: step.sql });
        landed.chain([next]).collect()
    }

    fn version(connection: &Connection) -> i64 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn steps_are_applied_once_and_in_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        up(&mut connection, ALL).unwrap();
        let steps = and(NEXT);
        up(&mut connection, &steps).unwrap();
        up(&mut connection, &steps).unwrap();
        let tenants: i64 = connection.query_row("SELECT count(*) FROM tenants", [], |row| row.get(0)).unwrap();
        assert_eq!((version(&connection), tenants), (3, 2));
    }

    #[test]
    fn a_faulty_step_leaves_nothing_behind() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(matches!(up(&mut connection, &and(FAULTY)), Err(Fault::Sql(_))));
        let notes: i64 = connection.query_row("SELECT count(*) FROM pragma_table_info('tenants') WHERE name = 'note'", [], |row| row.get(0)).unwrap();
        assert_eq!((version(&connection), notes), (2, 0));
    }

    #[test]
    fn an_edited_step_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        up(&mut connection, ALL).unwrap();
        let edited = [Migration { name: ALL[0].name, sql: "-- something else" }, Migration { name: ALL[1].name, sql: ALL[1].sql }];
        assert!(matches!(up(&mut connection, &edited), Err(Fault::File(why)) if why.contains("0001_first")));
    }
}
