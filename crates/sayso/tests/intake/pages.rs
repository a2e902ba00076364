//! Hard pages written for this: what is kept, what is kept out, and whether every character maps back.
//!
//! Beside each page lies `NAME.expected`: `title`, `outlet`, `published`, `modified`, `author`, `section`, `url`,
//! `language`, `credit`, `notice` as they must come out; `keep` and `out`, a line of text each.

use std::fs;
use std::path::Path;

use crate::{Form, maps_back};
use sayso::intake::{Hints, Source, read_source};
use sayso::report::Report;

/// Parts of a whole.
#[derive(Default, Clone, Copy)]
struct Share(usize, usize);

impl Share {
    fn add(&mut self, good: bool) {
        self.0 += usize::from(good);
        self.1 += 1;
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{} = {:.3}", self.0, self.1, self.0 as f64 / self.1.max(1) as f64)
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a stated value came out.
fn holds(report: &Report, key: &str, value: &str) -> bool {
    let is = |field: &Option<String>| field.as_deref() == Some(value);
    match key {
        "title" => is(&report.title),
        "outlet" => is(&report.outlet),
        "published" => is(&report.published),
        "modified" => is(&report.modified),
        "section" => is(&report.section),
        "url" => is(&report.url),
        "language" => is(&report.language),
        "credit" => is(&report.credit),
        "author" => report.authors.iter().any(|author| author == value),
        "notice" => report.notices.iter().any(|notice| notice.code.as_str() == value),
        _ => panic!("unknown key {key}"),
    }
}

#[test]
fn hard_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/intake/pages");
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|end| end == "html"));
    names.sort();
    assert!(names.len() >= 20);
    let (mut head, mut kept, mut out, mut mapped) =
        (Share::default(), Share::default(), Share::default(), Share::default());
    let mut misses = Vec::new();
    for path in names {
        let bytes = fs::read(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let source = Source { name: "page.html", bytes: &bytes, hints: Hints::default() };
        let report = read_source(&source).next().unwrap().unwrap();
        let text = squeeze(&report.text);
        for line in fs::read_to_string(path.with_extension("expected")).unwrap().lines() {
            let (key, value) = line.split_once(": ").unwrap();
            let (share, good) = match key {
                "keep" => (&mut kept, text.contains(&squeeze(value))),
                "out" => (&mut out, !text.contains(&squeeze(value))),
                _ => (&mut head, holds(&report, key, value)),
            };
            share.add(good);
            if !good {
                misses.push(format!("{name}: {line}"));
            }
        }
        let wrong = maps_back(&report, &bytes, Form::Html);
        let all = report.text.chars().count();
        mapped = Share(mapped.0 + all - wrong.len(), mapped.1 + all);
        misses.extend(wrong.into_iter().take(3).map(|wrong| format!("{name}: {wrong}")));
    }
    println!(
        "stated values {head}\narticle lines kept {kept}\nother lines kept out {out}\ncharacters that map back {mapped}"
    );
    misses.iter().for_each(|miss| println!("  {miss}"));
    assert_eq!(mapped.0, mapped.1);
    assert!(kept.0 * 1000 >= kept.1 * 985 && out.0 * 100 >= out.1 * 96 && head.0 * 100 >= head.1 * 95, "{misses:#?}");
}
