//! The program `sayso`: on whose say-so does each statement in a report stand?
//!
//! One file a verb. Standard output carries results alone; logs, notices and bars go to standard error.
//! Exit codes: 0 done, 1 done but some inputs could not be read, 2 wrong usage or nothing could be done.

mod actors;
mod add;
mod backup;
mod batch;
mod beside;
mod bulk;
mod changes;
mod claims;
mod columns;
mod export;
mod fetch;
mod incidents;
mod inputs;
mod ledger;
mod lists;
mod log;
mod mcp;
mod messages;
mod origins;
mod output;
mod pieces;
mod quote;
mod read;
mod redact;
mod restore;
mod review;
mod serve;
mod show;
mod stamp;
mod terminal;
mod text;
mod time;
mod timeline;
mod user;
mod verify;
mod watch;
mod web;

use std::io::IsTerminal;
use std::process::ExitCode;

/// A case is hundreds of thousands of small things, made and dropped with every weighing: this one takes half the time for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use clap::{ArgAction, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Says, for every statement in a report of contested events, on whose say-so it stands.
///
/// Sayso finds who said what and through whom it came, keeps the exact characters behind every answer, and
/// never decides what is true. It works offline, the same every time.
#[derive(Debug, Parser)]
#[command(name = "sayso", version, after_help = EXAMPLES, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    place: ledger::Place,
    /// Say on standard error what is being done; twice for more. SAYSO_LOG takes filters such as sayso=debug
    #[arg(short, long, action = ArgAction::Count, global = true)]
    verbose: u8,
}

const EXAMPLES: &str = "\
Examples:
  sayso read page.html                     who says what in one page
  sayso read --format jsonl *.txt > out    the same for programs, one object a report
  sayso bulk archive/ -o readings/         a whole archive to Parquet tables
  sayso add --case raid samples/maktaaral-raid
  sayso claims --case raid                 what is claimed, on how many people's say-so
  sayso show 1 --case raid                 who says it, through whom, in which words
  sayso export --case raid --format html -o raid.html
  sayso help read                          all about one verb";

#[derive(Debug, Subcommand)]
enum Verb {
    Read(read::Args),
    Add(add::Args),
    Bulk(bulk::Args),
    Claims(claims::Args),
    Show(show::Args),
    Origins(origins::Args),
    Timeline(timeline::Args),
    Actors(actors::Args),
    Incidents(incidents::Args),
    Export(export::Args),
    Review(review::Args),
    Log(log::Args),
    Redact(redact::Args),
    Verify(verify::Args),
    Stamp(stamp::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Serve(serve::Args),
    Watch(watch::Args),
    Mcp(mcp::Args),
    User(user::Args),
}

/// What became of a run that did its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All inputs were read.
    Done,
    /// Some were not; each was named.
    SomeUnread,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    start_logs(cli.verbose);
    let result = match &cli.verb {
        Verb::Read(args) => read::run(args),
        Verb::Add(args) => add::run(args, &cli.place),
        Verb::Bulk(args) => bulk::run(args),
        Verb::Claims(args) => claims::run(args, &cli.place),
        Verb::Show(args) => show::run(args, &cli.place),
        Verb::Origins(args) => origins::run(args, &cli.place),
        Verb::Timeline(args) => timeline::run(args, &cli.place),
        Verb::Actors(args) => actors::run(args, &cli.place),
        Verb::Incidents(args) => incidents::run(args, &cli.place),
        Verb::Export(args) => export::run(args, &cli.place),
        Verb::Review(args) => review::run(args, &cli.place),
        Verb::Log(args) => log::run(args, &cli.place),
        Verb::Redact(args) => redact::run(args, &cli.place),
        Verb::Verify(args) => verify::run(args, &cli.place),
        Verb::Stamp(args) => stamp::run(args, &cli.place),
        Verb::Backup(args) => backup::run(args, &cli.place),
        Verb::Restore(args) => restore::run(args, &cli.place),
        Verb::Serve(args) => serve::run(args, &cli.place),
        Verb::Watch(args) => watch::run(args, &cli.place),
        Verb::Mcp(args) => mcp::run(args, &cli.place),
        Verb::User(args) => user::run(args, &cli.place),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SomeUnread) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            messages::say(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Whoever reads our output has seen enough (`| head`): no reason to complain.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn start_logs(verbose: u8) {
    let level = ["warn", "info", "debug", "trace"][usize::from(verbose.min(3))];
    let filter = EnvFilter::try_from_env("SAYSO_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let colour = std::io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colour)
        .without_time()
        .init();
}
