//! Whole reports, written for this project, with what the reader makes of them: each paragraph, and under it one line a
//! statement: `s` source, `c` cue, `x` content, `v` the outlet's own voice. Labels and spans, never scores.
//!
//! A line of a report that starts with `# ` is a heading. After a change of the model or a rule: `cargo insta review`.

use std::fmt::Write as _;

use sayso::read::Reader;
use sayso::reading::{Kind, Reading};
use sayso::report::{Block, BlockKind, Report};
use sayso::span::Span;

/// A report of one block a line.
fn report(file: &str) -> Report {
    let (mut text, mut blocks) = (String::new(), Vec::new());
    for line in file.lines() {
        let (kind, line) = line.strip_prefix("# ").map_or((BlockKind::Paragraph, line), |l| (BlockKind::Heading, l));
        blocks.push(Block { kind, span: Span::new(text.len(), text.len() + line.len()) });
        text.push_str(line);
        text.push('\n');
    }
    Report { text, blocks, ..Report::default() }
}

/// The text with its statements under it.
fn interlinear(report: &Report, reading: &Reading) -> String {
    let mut out = String::new();
    for block in &report.blocks {
        let _ = writeln!(out, "{}", block.span.of(&report.text));
        for (k, a) in reading.attributions.iter().enumerate() {
            let mut marks = vec![' '; block.span.of(&report.text).chars().count()];
            let content = if a.kind == Kind::Voice { 'v' } else { 'x' };
            for (spans, mark) in [(&a.content, content), (&a.source, 's'), (&a.cue, 'c')] {
                for span in spans.iter().filter(|s| s.overlaps(block.span)) {
                    let point = |byte: usize| {
                        report.text[block.span.start..byte.clamp(block.span.start, block.span.end)].chars().count()
                    };
                    marks[point(span.start)..point(span.end)].fill(mark);
                }
            }
            let marks: String = marks.into_iter().collect();
            if !marks.trim().is_empty() {
                let _ = writeln!(out, "{}  {}: {:?}, {}", marks.trim_end(), k + 1, a.kind, a.rule);
            }
        }
        out.push('\n');
    }
    out
}

#[test]
fn whole_reports() {
    let reader = Reader::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the folder of reports").map(|f| f.expect("a file").path()).collect();
    files.sort();
    for file in files {
        let report = report(&std::fs::read_to_string(&file).expect("a report"));
        let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
        insta::assert_snapshot!(name, interlinear(&report, &reader.read(&report)));
    }
}
