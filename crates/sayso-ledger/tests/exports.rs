//! Every export read back by a reader of its format.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use sayso::reading::{Act, Actor, ActorKind, Attribution, Event, Kind, Place, Reading};
use sayso::report::Report;
use sayso::span::Span;
use sayso::weigh::{Entry, weigh};
use sayso_ledger::export::{Case, acled, annotations, csv, geojson, json, jsonld};
use serde_json::Value;

const TEXT: &str = "The Флот “took, it said, «Оster»”.\nThe ministry denied it.";

fn entry() -> Entry {
    let report = Report {
        id: "r1".into(),
        sha256: "ab".into(),
        outlet: Some("Lantern".into()),
        published: Some("2026-03-01T08:00:00Z".into()),
        text: TEXT.into(),
        ..Report::default()
    };
    let start = TEXT.find("took").unwrap();
    let content = Span::new(start, TEXT.find("”").unwrap());
    let actor = |id: &str, name: &str| Actor {
        id: id.into(),
        name: name.into(),
        kind: ActorKind::ArmedGroup,
        mentions: Vec::new(),
        aliases: Vec::new(),
        belongs_to: None,
        roles: Vec::new(),
        why: Vec::new(),
    };
    let said = Attribution {
        source: Vec::new(),
        cue: Vec::new(),
        content: vec![content],
        propositions: vec![content],
        kind: Kind::Direct,
        act: Act::Verifies,
        speaker: Some("a1".into()),
        speaker_rule: String::new(),
        chain: Vec::new(),
        hedges: Vec::new(),
        confidence: 1.0,
        rule: "test".into(),
    };
    let place = Place {
        span: content,
        name: "Oster".into(),
        geonameid: 7,
        lat: Some(50.5),
        lon: Some(30.25),
        country: Some("UA".into()),
        class: "city".into(),
        rule: "test".into(),
    };
    let event = Event {
        trigger: Span::new(start, start + 4),
        kind: "Non-state actor overtakes territory".into(),
        plover: String::new(),
        agent: Some("a1".into()),
        patient: None,
        place: Some(0),
        time: None,
        standing: String::new(),
        rule: "test".into(),
    };
    let reading = Reading {
        attributions: vec![said],
        actors: vec![actor("a1", "Флот, the \"Fleet\"")],
        places: vec![place],
        events: vec![event],
        ..Reading::default()
    };
    Entry { report, reading }
}

/// Runs `check` on a case of one report.
fn with_case(check: impl Fn(&Case<'_>)) {
    let entries = vec![entry()];
    let weighing = weigh(&entries, &[], None);
    check(&Case { name: "sample", as_of: None, entries: &entries, journal: &[], weighing: &weighing });
}

/// The characters of the report from one code point to another.
fn characters(start: &Value, end: &Value) -> String {
    let (start, end) = (start.as_u64().unwrap() as usize, end.as_u64().unwrap() as usize);
    TEXT.chars().skip(start).take(end - start).collect()
}

#[test]
fn json_counts_code_points() {
    with_case(|case| {
        let out = json::export(case);
        let mention = &out["claims"][0]["mentions"][0];
        assert_eq!(characters(&mention["spans"][0][0], &mention["spans"][0][1]), mention["text"].as_str().unwrap());
        assert_eq!(out["claims"][0]["independent_origins"], 1);
    });
}

#[test]
fn csv_reads_back_with_marks_and_commas() {
    with_case(|case| {
        let text = csv::export(case).unwrap();
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let head = reader.headers().unwrap().clone();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        let field = |name: &str| rows[0].get(head.iter().position(|h| h == name).unwrap()).unwrap().to_owned();
        assert_eq!((rows.len(), field("speaker").as_str()), (1, "Флот, the \"Fleet\""));
        let (start, end) = (field("start").parse::<u64>().unwrap(), field("end").parse::<u64>().unwrap());
        assert_eq!(characters(&start.into(), &end.into()), field("words"));
    });
}

#[test]
fn annotations_select_the_words() {
    with_case(|case| {
        let out = annotations::export(case);
        let item = &out["items"][0];
        assert_eq!(
            (&out["type"], &item["type"], &item["motivation"]),
            (&"AnnotationPage".into(), &"Annotation".into(), &"classifying".into())
        );
        assert_eq!(item["target"]["source"], "urn:sha256:ab");
        let [quote, position] = [&item["target"]["selector"][0], &item["target"]["selector"][1]];
        assert_eq!((&quote["type"], &position["type"]), (&"TextQuoteSelector".into(), &"TextPositionSelector".into()));
        assert_eq!(characters(&position["start"], &position["end"]), quote["exact"].as_str().unwrap());
        let around: String = ["prefix", "exact", "suffix"].map(|k| quote[k].as_str().unwrap()).concat();
        assert!(TEXT.contains(&around), "{around}");
    });
}

#[test]
fn a_check_is_a_claim_review() {
    with_case(|case| {
        let out = jsonld::export(case);
        let graph = out["@graph"].as_array().unwrap();
        let types: Vec<&str> = graph.iter().map(|x| x["@type"].as_str().unwrap()).collect();
        assert_eq!(types, ["Claim", "ClaimReview"]);
        assert_eq!(graph[1]["itemReviewed"]["@id"], graph[0]["@id"]);
        assert_eq!(graph[1]["reviewRating"]["alternateName"], "verified");
    });
}

#[test]
fn incidents_are_points_east_before_north() {
    with_case(|case| {
        let out = geojson::export(case);
        assert_eq!(out["type"], "FeatureCollection");
        assert_eq!(out["features"][0]["geometry"]["coordinates"], serde_json::json!([30.25, 50.5]));
    });
}

#[test]
fn an_event_row_names_its_original_source() {
    with_case(|case| {
        let text = acled::export(case).unwrap();
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let head = reader.headers().unwrap().clone();
        let row = reader.records().next().unwrap().unwrap();
        let field = |name: &str| row.get(head.iter().position(|h| h == name).unwrap()).unwrap();
        assert_eq!((field("event_date"), field("year"), field("source")), ("2026-03-01", "2026", "Lantern"));
        assert_eq!((field("source_original"), field("latitude")), ("Флот, the \"Fleet\"", "50.5000"));
    });
}
