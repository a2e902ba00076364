//! What must hold of what a ledger takes.

use std::sync::LazyLock;

use sayso::report::Report;
use sayso::span::CodePoints;
use sayso::weigh::decision::Entry as Line;
use sayso::weigh::{Entry, weigh};
use sayso_ledger::timestamp::{read, request};
use sayso_ledger::{Capture, Sqlite, Store};

use crate::holds::{READER, report};

static CASE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let texts = [
        "The harbour master Ana Lind said on Tuesday that two cranes had been struck at night.\n\nThe union denied it.",
        "Two cranes were struck at night, Ana Lind told Harbour News. Three people were wounded, the union said.",
    ];
    let entry = |(k, text): (usize, &&str)| {
        let report = Report { id: format!("r{k}"), outlet: Some(format!("Outlet {k}")), ..report(&format!("{text} "), true) };
        Entry { reading: READER.read(&report), report }
    };
    texts.iter().enumerate().map(entry).collect()
});

/// Lines of a journal as an import has them: those that parse are weighed with a case, and written as they came.
pub fn decisions(lines: &str) {
    let parsed = lines.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()).take(20);
    let journal: Vec<Line> = parsed.collect();
    let points = CodePoints::new(&CASE[0].report.text);
    for line in &journal {
        let written = serde_json::to_string(line).expect("a line can be written");
        assert_eq!(serde_json::from_str::<Line>(&written).expect("and read back"), *line);
        let _ = line.to_code_points(|_| Some(&points));
    }
    if journal.is_empty() {
        return;
    }
    for as_of in [None, Some("2026-01-01T00:00:00Z")] {
        let weighing = weigh(&CASE, &journal, as_of);
        let case = sayso_ledger::export::Case { name: "c", as_of, entries: &CASE, journal: &journal, weighing: &weighing };
        let json = sayso_ledger::export::json::export(&case);
        assert!(json["claims"].is_array());
        assert!(sayso_ledger::export::html::export(&case).contains("</html>"));
        assert!(sayso_ledger::export::csv::export(&case).is_ok());
    }
}

thread_local! {
    static LEDGER: Sqlite = {
        let mut ledger = Sqlite::in_memory().expect("memory");
        let bytes = b"two reports";
        ledger.keep(&Capture { bytes, source: "a", fetched: None, headers: None }).expect("kept");
        let sha = ledger.captures("a").expect("what was kept").remove(0).sha256;
        let reports: Vec<(&str, &Entry)> = CASE.iter().map(|entry| (sha.as_str(), entry)).collect();
        ledger.put("c", "v", &reports).expect("put");
        ledger
    };
}

/// Words that a person types into a search: never an error, never the syntax of a query.
pub fn search(words: &str) {
    LEDGER.with(|ledger| {
        let found = ledger.search("c", words).expect("words are no query");
        assert!(found.len() <= 2);
        let said = ledger.said("c", words).expect("words are no query");
        assert!(said.iter().all(|key| CASE.iter().any(|entry| entry.report.id == key.report)));
    });
}

/// The answer of an authority: never a failure, and nobody's word for another's.
pub fn timestamp(bytes: &[u8]) {
    if let Ok(token) = read(bytes) {
        let _ = (token.answers(7), token.leads_to(bytes));
        assert!(token.at.ends_with('Z') && !request(&token.hash, 7).is_empty());
    }
}
