//! The workbench in a real browser: what a person does, and how every page looks and reads.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod browser;
mod login;
mod looks;
mod served;
mod walk;
