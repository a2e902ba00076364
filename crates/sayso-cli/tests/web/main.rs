//! The workbench over real HTTP.

#[path = "../desk/mod.rs"]
mod desk;
mod safety;
mod server;
