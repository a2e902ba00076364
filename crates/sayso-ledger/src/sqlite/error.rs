//! What SQLite says went wrong, as the ledger says it.

use crate::store::Error;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Is;
        let said = error.to_string();
        match error.sqlite_error_code() {
            Some(Is::DiskFull | Is::SystemIoFailure) => Self::NoRoom(said),
            Some(Is::DatabaseBusy | Is::DatabaseLocked) => Self::Busy(said),
            Some(Is::NotADatabase) => Self::NoLedger(said),
            Some(Is::DatabaseCorrupt) => Self::Damaged(said),
            Some(Is::CannotOpen | Is::ReadOnly | Is::PermissionDenied) => Self::NoAccess(said),
            _ => Self::Database(said),
        }
    }
}
