//! A small report with a reading made by hand, that has one of each thing a rendering must cope with.

use sayso::notice::{Code, Notice};
use sayso::reading::{Act, Actor, ActorKind, Attribution, Hedge, HedgeOwner, Kind, Link, Reading};
use sayso::report::{Block, BlockKind, Report};
use sayso::span::Span;

const TEXT: &str = "\
Ferry row: “Nobody was told”
The harbour master of Lindø <Nordhavn> said that the ferry had “reportedly” left without its second engineer, according to state radio, although the timetable of the company, which was changed twice in one week, does not show any sailing at that hour.
“We were all on board,” the shipping line Østkystens Færgeselskab told the agency. “Every one of us.”
Two passengers, the agency wrote, denied that.
قال المتحدث باسم الميناء إن العبارة غادرت في موعدها.
A storm closed the harbour for six hours.";

/// The span of the `nth` (from 0) place where `words` stand.
fn at(words: &str, nth: usize) -> Span {
    let (start, _) = TEXT.match_indices(words).nth(nth).unwrap();
    Span::new(start, start + words.len())
}

fn statement(source: &[Span], cue: &[Span], content: &[Span], speaker: Option<&str>) -> Attribution {
    Attribution {
        source: source.to_vec(),
        cue: cue.to_vec(),
        content: content.to_vec(),
        kind: Kind::Indirect,
        speaker: speaker.map(str::to_owned),
        speaker_rule: "test".into(),
        confidence: 0.9,
        rule: "test".into(),
        ..Attribution::default()
    }
}

fn actor(id: &str, name: &str, kind: ActorKind, mention: Span) -> Actor {
    Actor {
        id: id.into(),
        name: name.into(),
        kind,
        mentions: vec![mention],
        ..serde_json::from_str(r#"{"id":"","name":"","kind":"person","mentions":[]}"#).unwrap()
    }
}

pub(crate) fn report() -> Report {
    let mut start = 0;
    let blocks = TEXT.split('\n').enumerate().map(|(k, line)| {
        let span = Span::new(start, start + line.len());
        start += line.len() + 1;
        Block { kind: if k == 0 { BlockKind::Heading } else { BlockKind::Paragraph }, span }
    });
    Report {
        id: "ferry".into(),
        source: "pages/ferry.html".into(),
        outlet: Some("Nordhavn Tidende".into()),
        published: Some("2025-03-04T09:10:00Z".into()),
        title: Some("Ferry row: “Nobody was told”".into()),
        text: TEXT.into(),
        blocks: blocks.collect(),
        ..Report::default()
    }
}

pub(crate) fn reading() -> Reading {
    let master = Attribution {
        chain: vec![Link {
            actor: Some("a2".into()),
            cue: at("according to", 0),
            verb: None,
            channel: Some("radio".into()),
            rule: "test".into(),
        }],
        hedges: vec![Hedge {
            span: at("“reportedly”", 0), by: HedgeOwner::Outlet, scope: None, rule: "test".into()
        }],
        ..statement(
            &[at("The harbour master of Lindø <Nordhavn>", 0)],
            &[at("said", 0)],
            &[at("that the ferry had “reportedly” left without its second engineer", 0)],
            Some("a1"),
        )
    };
    let line = Attribution {
        kind: Kind::Direct,
        ..statement(
            &[at("the shipping line Østkystens Færgeselskab", 0)],
            &[at("told", 1)],
            &[at("“We were all on board,”", 0), at("“Every one of us.”", 0)],
            Some("a3"),
        )
    };
    let passengers = Attribution {
        act: Act::Denies,
        ..statement(&[at("Two passengers", 0)], &[at("denied", 0)], &[at("that.", 0)], None)
    };
    let port =
        statement(&[at("المتحدث باسم الميناء", 0)], &[at("قال", 0)], &[at("إن العبارة غادرت في موعدها", 0)], None);
    let storm = Attribution {
        kind: Kind::Voice,
        ..statement(&[], &[], &[at("A storm closed the harbour for six hours.", 0)], None)
    };
    let headline = statement(&[], &[], &[at("“Nobody was told”", 0)], None);
    Reading {
        attributions: vec![headline, master, line, passengers, port, storm],
        actors: vec![
            actor("a1", "the harbour master of Lindø <Nordhavn>", ActorKind::Person, at("The harbour master", 0)),
            actor("a2", "state radio", ActorKind::Outlet, at("state radio", 0)),
            actor("a3", "Østkystens Færgeselskab", ActorKind::Organisation, at("Østkystens Færgeselskab", 0)),
        ],
        notices: vec![Notice::new(Code::Language, "One paragraph is in Arabic, which the reader was not trained on.")],
        ..Reading::default()
    }
}
