//! What must hold whatever comes in. The fuzzers feed it (`targets/`), and so does the test of mutations (`crates/sayso/tests/mutations.rs`).

use std::sync::LazyLock;

use sayso::intake::{Hints, Source, TextMap, read_source};
use sayso::json::Record;
use sayso::model::Network;
use sayso::picture::{Picture, SMALLEST};
use sayso::read::Reader;
use sayso::reading::Reading;
use sayso::report::{Block, BlockKind, Report};
use sayso::span::Span;
use sayso::weigh::{Entry, weigh};

/// Longer texts only make each try slower.
const LONGEST: usize = 2_000;

/// Bytes of any format: every report's text maps back into the bytes, its blocks stand in it, in order.
pub fn intake(name: &str, bytes: &[u8]) {
    let source = Source { name, bytes, hints: Hints::default() };
    for report in read_source(&source).take(200).flatten() {
        let text = &report.text;
        assert_eq!(report.map.len(), text.len());
        for (at, c) in text.char_indices() {
            let from = report.map.source(Span::new(at, at + c.len_utf8()));
            // The map of a page in an archive counts in the page, which may be unpacked.
            assert!(from.start <= from.end && (from.end <= bytes.len() || report.archived.is_some()), "{from:?}");
        }
        let mut end = 0;
        for block in &report.blocks {
            assert!(block.span.start >= end, "blocks overlap");
            end = block.span.end;
            assert!(!block.span.of(text).is_empty());
        }
        assert_eq!(report.readable(), &text[..report.blocks.last().map_or(text.len(), |block| block.span.end)]);
    }
}

/// A file that says that it is a picture: what is told of it can be written and read back, and it is one picture with itself.
pub fn picture(bytes: &[u8]) {
    let (Some(picture), _) = Picture::read("p", bytes) else { return };
    assert!(picture.width.min(picture.height) >= SMALLEST && picture.same(&picture) == Some(0));
    let json = serde_json::to_string(&picture).expect("a picture can be written");
    assert_eq!(serde_json::from_str::<Picture>(&json).expect("and read back"), picture);
    assert!(!picture.to_string().contains('\n'));
}

/// A map made of copies, units and insertions: whatever is asked of it stays within its source, and maps over maps agree with it.
pub fn text_map(program: &[(u8, u8, u8)]) {
    let mut map = TextMap::default();
    let mut source = 0;
    for (what, text, from) in program {
        let (text, from) = (usize::from(*text), usize::from(*from));
        match what % 3 {
            0 => {
                map.copy(text, source);
                source += text;
            }
            1 => {
                map.unit(text, source..source + from);
                source += from;
            }
            _ => {
                map.insert(text, source..source + from);
                source += from;
            }
        }
    }
    if source == 0 {
        return;
    }
    let under = TextMap::identity(source, 7);
    let over = map.over(&under);
    assert_eq!(over.len(), map.len());
    let mut last = 0;
    for unit in map.units() {
        assert!(unit.text.start < unit.text.end && unit.text.end <= map.len());
        assert!(unit.source.start >= last && unit.source.end <= source, "{unit:?}");
        last = unit.source.start;
        let span = Span::new(unit.text.start, unit.text.end);
        assert_eq!(map.source(span), unit.source);
        assert_eq!(over.source(span), unit.source.start + 7..unit.source.end + 7);
        for piece in map.pieces(span) {
            assert!(unit.source.start <= piece.start && piece.end <= unit.source.end);
        }
    }
    let middle = Span::new(map.len() / 3, map.len() - map.len() / 3);
    let cut = map.cut(middle);
    assert_eq!(cut.len(), middle.len());
    let mut wide = TextMap::default();
    (0..source).for_each(|k| wide.unit(1, 2 * k..2 * k + 2));
    assert_eq!(cut.over(&wide).len(), middle.len());
    let mut twice = map.clone();
    twice.append(&map);
    assert_eq!(twice.len(), 2 * map.len());
}

pub(crate) static READER: LazyLock<Reader> = LazyLock::new(|| Reader::with(Network::Fast));

pub(crate) fn report(text: &str, blocks: bool) -> Report {
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= LONGEST).last().unwrap_or(0);
    let mut report = Report { id: "r".into(), text: text[..end].into(), ..Report::default() };
    let mut at = 0;
    for (k, line) in report.text.clone().split_inclusive('\n').enumerate() {
        let span = Span::new(at, at + line.len()).trim(&report.text);
        let kind = if k == 0 { BlockKind::Heading } else { BlockKind::Paragraph };
        if blocks && !span.is_empty() {
            report.blocks.push(Block { kind, span });
        }
        at += line.len();
    }
    report
}

/// A text: everything that is found stands in it, and what is found can be written and weighed.
pub fn reader(blocks: bool, text: &str) {
    let report = report(text, blocks);
    let reading = READER.read(&report);
    stands_in(&report.text, &reading);
    let json = serde_json::to_string(&Record::new(&report, &reading)).expect("a record can be written");
    assert!(json.len() > 2);
    let again = serde_json::to_string(&reading).expect("a reading can be written");
    let again: Reading = serde_json::from_str(&again).expect("and read back");
    assert_eq!(again.attributions.len(), reading.attributions.len());
    let entries = [Entry { report, reading }];
    assert!(weigh(&entries, &[], None).claims.iter().all(|claim| claim.independent_min <= claim.independent_max));
}

fn stands_in(text: &str, reading: &Reading) {
    reading.clone().for_each_span(|span| {
        assert!(span.start <= span.end && span.end <= text.len(), "{span:?}");
        assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{span:?}");
    });
}

/// Lists of a user: what is broken is named by its line.
pub fn lists(text: &str) {
    use sayso::read::r#where::Gazetteer;
    use sayso::read::who::Lists;
    let lines = text.lines().count();
    assert!(Lists::broken(text).iter().all(|(line, why)| (1..=lines).contains(line) && !why.is_empty()));
    let mut own = Lists::default();
    own.extend(text);
    let _ = (own.has("agencies", "reuters"), own.gender("spokeswoman"), own.is_publisher("Wire"));
    assert!(Gazetteer::broken(text).iter().all(|line| (1..=lines).contains(line)));
}
