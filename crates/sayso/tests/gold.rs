//! The gold set: its files hold together, and the reading of every report is what was last looked at and accepted.
//!
//! The drawings under `tests/snapshots` show each report with what the reader found under its words. After a change look at
//! the difference; accept it with `INSTA_UPDATE=always cargo test -p sayso --test gold`.

use std::path::Path;

use sayso::read::Reader;

#[path = "gold/set.rs"]
mod set;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gold"))
}

#[test]
fn gold_files_copy_their_reports() {
    let cases = set::load(folder());
    assert!(cases.len() >= 25, "{} reports", cases.len());
    for case in &cases {
        for block in case.blocks.iter().filter(|b| b.head != "actor") {
            assert!(case.place(&block.words).is_some(), "{}: {:?} is not in the report", case.name, block.words);
            let about = block.get("about");
            assert!(case.place(about).is_some(), "{}: {about:?} is not in the report", case.name);
        }
    }
}

#[test]
fn a_reading_that_is_the_gold_has_no_errors_but_what_was_not_given() {
    for case in &set::load(folder()) {
        let mut score = set::Score::default();
        set::score(case, &set::given(case), &mut score);
        for name in ["1 statements found", "2 speaker", "C aliases"] {
            let t = score.tallies.get(name).copied().unwrap_or_default();
            assert!(t.precision() * t.recall() == 1.0, "{}: {name}\n{}", case.name, score.errors.join("\n"));
        }
    }
}

fn accept(folder: &str, name: &str, drawing: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(Path::new("snapshots").join(folder));
    settings.bind(|| insta::assert_snapshot!(name, drawing));
}

/// What the reader says of statements that are given: acts, hedges, checks and evidence. Free of the weights.
#[test]
fn given_statements() {
    for case in &set::load(folder()) {
        accept("given", &case.name, &set::draw(&case.report, &set::read_given(case)));
    }
}

/// The whole reading, with the weights that are built in. Labels and spans, no scores: they differ from machine to machine.
#[test]
fn readings() {
    let reader = Reader::new();
    for case in &set::load(folder()) {
        accept("read", &case.name, &set::draw(&case.report, &reader.read(&case.report)));
    }
}
