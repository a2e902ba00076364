//! The workbench over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

#[path = "../desk/mod.rs"]
mod desk;
mod safety;
mod server;
