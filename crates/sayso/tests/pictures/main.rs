//! Pictures: which a report shows, how they look, what is wrong with damaged ones. The files in `files/` were drawn for this test.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod damaged;
mod draw;
mod found;
mod made;
mod manifest;
mod rates;
mod seal;
