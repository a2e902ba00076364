//! A weighed case in the formats others read: one file a format.
//!
//! In: the entries and their weighing. Out: bytes. May not happen: a value that the weighing does not hold.

pub mod json;
