//! The workbench over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

mod api;
#[path = "../../../sayso-ledger/tests/cluster/mod.rs"]
mod cluster;
#[path = "../desk/mod.rs"]
mod desk;
mod live;
mod safety;
mod server;
mod shared;
