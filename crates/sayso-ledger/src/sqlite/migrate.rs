//! The ledger's schema, version by version (`PRAGMA user_version`).

use rusqlite::Connection;

use super::said;
use crate::store::Error;

/// One script a version; never changed once released.
const VERSIONS: [&str; 5] = [
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
];
/// The version from which on statements are found by their words.
const SAID: u32 = 4;

/// Brings a database to the newest version, in one transaction a step.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Error> {
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = u32::try_from(VERSIONS.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(Error::Newer { found, known });
    }
    for (version, script) in (1..).zip(VERSIONS).skip(found as usize) {
        let step = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Somebody else may have migrated while we waited for the lock.
        let now: u32 = step.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if now < version {
            step.execute_batch(script)?;
            if version == SAID {
                said::note_all(&step)?;
            }
            step.pragma_update(None, "user_version", version)?;
            step.commit()?;
        }
    }
    Ok(())
}
