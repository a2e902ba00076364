//! The ledger's tables, version by version.

use super::wire::Wire;
use crate::store::Error;

/// One script a version; never changed once released.
const VERSIONS: [&str; 2] = [include_str!("schema/1.sql"), include_str!("schema/2.sql")];
/// Held by whoever makes the tables.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7290)";

/// Brings a database to the newest version, in one transaction.
pub(super) fn migrate(wire: &mut Wire) -> Result<(), Error> {
    let encoding: String = get(wire, "SHOW server_encoding")?;
    if encoding != "UTF8" {
        let why =
            format!("the database keeps its text as {encoding}, not UTF8: `createdb -T template0 -E UTF8` makes one");
        return Err(Error::NoAccess(why));
    }
    let known = u32::try_from(VERSIONS.len()).unwrap_or(u32::MAX);
    let found = version(wire)?;
    if found > known {
        return Err(Error::Newer { found, known });
    }
    if found < known { wire.write(bring_up) } else { Ok(()) }
}

fn bring_up(wire: &mut Wire) -> Result<(), Error> {
    wire.batch(LOCK)?;
    // Somebody else may have done it while we waited for the lock.
    let found = version(wire)?;
    if found == 0 {
        wire.batch("CREATE TABLE ledger (version bigint NOT NULL); INSERT INTO ledger VALUES (0)")?;
    }
    for (version, script) in (1_i64..).zip(VERSIONS).skip(found as usize) {
        wire.batch(script)?;
        wire.execute("UPDATE ledger SET version = $1", &[&version])?;
    }
    Ok(())
}

/// The version of the tables that are there; 0 for none.
fn version(wire: &mut Wire) -> Result<u32, Error> {
    if !get::<bool>(wire, "SELECT to_regclass('ledger') IS NOT NULL")? {
        return Ok(0);
    }
    let version: i64 = get(wire, "SELECT version FROM ledger")?;
    Ok(u32::try_from(version).unwrap_or(u32::MAX))
}

fn get<T: for<'a> tokio_postgres::types::FromSql<'a>>(wire: &mut Wire, sql: &'static str) -> Result<T, Error> {
    let row = wire.row(sql, &[])?.ok_or_else(|| Error::Database("the database gave no answer".to_owned()))?;
    Ok(row.try_get(0)?)
}
