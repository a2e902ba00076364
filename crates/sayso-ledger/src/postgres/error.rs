//! What PostgreSQL says went wrong, as the ledger says it.

use std::error::Error as _;

use tokio_postgres::error::SqlState;

use crate::store::Error;

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(told) = error.as_db_error() else {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            let said = format!("{error}{cause}");
            return if error.is_closed() || error.source().is_some_and(|cause| cause.is::<std::io::Error>()) {
                Self::NoServer(said)
            } else {
                Self::Database(said)
            };
        };
        let said = told.message().to_owned();
        // The first two characters are the kind.
        match (told.code(), told.code().code().get(..2).unwrap_or_default()) {
            (&SqlState::DISK_FULL | &SqlState::IO_ERROR | &SqlState::READ_ONLY_SQL_TRANSACTION, _) => {
                Self::NoRoom(said)
            }
            (&SqlState::LOCK_NOT_AVAILABLE | &SqlState::QUERY_CANCELED | &SqlState::TOO_MANY_CONNECTIONS, _)
            | (_, "40") => Self::Busy(said),
            (&SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED, _) => Self::Damaged(said),
            (&SqlState::INSUFFICIENT_PRIVILEGE | &SqlState::INVALID_CATALOG_NAME, _) | (_, "28") => {
                Self::NoAccess(said)
            }
            (&SqlState::ADMIN_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW | &SqlState::CRASH_SHUTDOWN, _) | (_, "08") => {
                Self::NoServer(said)
            }
            _ => Self::Database(said),
        }
    }
}
