//! How long a ledger takes to answer: `asked LEDGER CASE WORDS...` asks for each of the words ten times, and for the rest of what a page needs.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::time::Instant;

use sayso_ledger::Error;

fn main() -> Result<(), Error> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [place, case, words @ ..] = args.as_slice() else {
        println!("asked LEDGER CASE WORDS...");
        return Ok(());
    };
    let started = Instant::now();
    let ledger = sayso_ledger::open(place)?;
    println!("opened in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    for words in words {
        timed(&format!("reports with {words}"), || Ok(ledger.search(case, words)?.len()))?;
        timed(&format!("statements with {words}"), || Ok(ledger.said(case, words)?.len()))?;
    }
    timed("stamp", || Ok(ledger.stamp(case)?.readings as usize))?;
    timed("touched", || ledger.touched().map(|_| 1))?;
    timed("journal", || Ok(ledger.journal(case)?.len()))?;
    timed("received", || Ok(ledger.received(case)?.len()))?;
    timed("entries", || Ok(ledger.entries(case)?.len()))
}

/// Prints the median and the longest of ten.
fn timed(what: &str, ask: impl Fn() -> Result<usize, Error>) -> Result<(), Error> {
    let (mut took, mut found) = (Vec::new(), 0);
    for _ in 0..10 {
        let started = Instant::now();
        found = ask()?;
        took.push(started.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    println!("{what}: {found} in {:.2} ms, at most {:.2} ms", took[5], took[9]);
    Ok(())
}
