//! `sayso serve`: the workbench, in a browser, on this machine.

use std::net::SocketAddr;

use crate::ledger::Place;
use crate::{Outcome, web};

/// Open the workbench: pages in a browser on which to see who said it, and to correct it.
///
/// It prints its address, with a key that lets you in and nobody else. Only this machine can reach it, unless --listen names another
/// address: then people must log in (`sayso user`), and a server in front should add HTTPS. Nothing it shows leaves the machine.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso serve                          every case of sayso.db here
  sayso serve --case raid              begin with one of them
  sayso serve --listen 0.0.0.0:7290 --name desk.example.org    for others, who log in
  sayso serve --sample                 a fictional case, to look around; nothing is kept")]
pub(crate) struct Args {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7290")]
    pub(crate) listen: SocketAddr,
    /// A name by which other machines call this one, such as desk.example.org; may be given again
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Vec<String>,
    /// Fetch URLs of this machine and of its own network, too, when a person asks for them
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// Serve a fictional case that comes with the program, in a ledger that is gone afterwards
    #[arg(long)]
    pub(crate) sample: bool,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    web::serve(args, place)?;
    Ok(Outcome::Done)
}
