//! Scores the reader on the gold set: `cargo run -p sayso --example gold -- [--errors] [--draw] [--given] [FOLDER [NAME]]`.
//! With `--given` the statements and speakers are the gold's, and only what is said of them is the reader's.
#![allow(clippy::print_stdout, missing_docs)]

use std::path::PathBuf;

use sayso::read::Reader;

#[path = "../tests/gold/set.rs"]
mod set;

fn main() {
    let (flags, rest): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let has = |flag: &str| flags.iter().any(|f| f == flag);
    let folder =
        rest.first().map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gold")), PathBuf::from);
    let reader = (!has("--given")).then(Reader::new);
    let mut score = set::Score::default();
    for case in set::load(&folder).iter().filter(|c| rest.get(1).is_none_or(|n| c.name == *n)) {
        let reading = match &reader {
            Some(reader) => reader.read(&case.report),
            None => set::read_given(case),
        };
        if has("--draw") {
            println!("### {}\n\n{}", case.name, set::draw(&case.report, &reading));
        }
        set::score(case, &reading, &mut score);
    }
    if has("--errors") {
        score.errors.iter().for_each(|e| println!("{e}"));
    }
    println!("{:<20} {:>6} {:>6} {:>6} {:>6} {:>6}", "", "P", "R", "right", "given", "gold");
    for (name, t) in &score.tallies {
        println!(
            "{:<20} {:>6.3} {:>6.3} {:>6} {:>6} {:>6}",
            &name[2..],
            t.precision(),
            t.recall(),
            t.right,
            t.given,
            t.gold
        );
    }
}
