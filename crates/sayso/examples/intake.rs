//! Prints what intake makes of files: `cargo run --example intake -- FILE...`

#![allow(clippy::print_stdout)]

use sayso::intake::{Hints, Source, read_source};

fn main() -> std::io::Result<()> {
    for name in std::env::args().skip(1) {
        let bytes = std::fs::read(&name)?;
        for report in read_source(&Source { name: &name, bytes: &bytes, hints: Hints::default() }) {
            let report = match report {
                Ok(report) => report,
                Err(notice) => {
                    println!("{} {}", notice.code.as_str(), notice.message);
                    continue;
                }
            };
            println!(
                "== {} {:?} {:?} {:?} / {:?}",
                report.source, report.title, report.outlet, report.published, report.modified
            );
            println!(
                "   {:?} {:?} {:?} {:?} {:?}",
                report.authors, report.url, report.section, report.language, report.credit
            );
            for notice in &report.notices {
                println!("   {} {}", notice.code.as_str(), notice.message);
            }
            for block in &report.blocks {
                println!("   {:?}: {}", block.kind, block.span.of(&report.text).replace('\n', "⏎"));
            }
        }
    }
    Ok(())
}
