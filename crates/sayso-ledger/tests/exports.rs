//! Every export read back by a reader of its format.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use sayso::reading::{Act, Actor, ActorKind, Attribution, Event, Kind, Place, Reading};
use sayso::report::Report;
use sayso::span::Span;
use sayso::weigh::{Entry, weigh};
use sayso_ledger::export::{Case, acled, annotations, csv, ftm, geojson, html, json, jsonld, parquet};
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
        let target = &item["target"][0];
        assert_eq!(target["source"], "urn:sha256:ab");
        let [quote, position] = [&target["selector"][0], &target["selector"][1]];
        assert_eq!((&quote["type"], &position["type"]), (&"TextQuoteSelector".into(), &"TextPositionSelector".into()));
        assert_eq!(characters(&position["start"], &position["end"]), quote["exact"].as_str().unwrap());
        let around: String = ["prefix", "exact", "suffix"].map(|k| quote[k].as_str().unwrap()).concat();
        assert!(TEXT.contains(&around), "{around}");
    });
}

/// The properties that schema.org gives each type that we write, inherited ones included.
const SCHEMA_ORG: [(&str, &[&str]); 5] = [
    ("Claim", &["name", "text", "author", "appearance", "firstAppearance", "claimInterpreter", "sameAs"]),
    ("ClaimReview", &["claimReviewed", "itemReviewed", "reviewRating", "author", "datePublished", "url"]),
    ("Rating", &["ratingValue", "bestRating", "worstRating", "alternateName", "ratingExplanation"]),
    ("Person", &["name"]),
    ("Organization", &["name"]),
];

/// Every object is of a known type and has that type's properties alone, beside our own and JSON-LD's.
fn is_schema_org(value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(is_schema_org),
        Value::Object(fields) => {
            if let Some(kind) = fields.get("@type").and_then(Value::as_str) {
                let known = SCHEMA_ORG.iter().find(|(name, _)| *name == kind).map(|(_, properties)| *properties);
                let known = known.or((kind == "CreativeWork").then_some(&["url"])).unwrap_or_else(|| panic!("{kind}"));
                for name in fields.keys().filter(|name| !name.starts_with('@') && !name.starts_with("sayso:")) {
                    assert!(known.contains(&name.as_str()), "{kind} has no {name}");
                }
            }
            fields.values().for_each(is_schema_org);
        }
        other => assert!(!other.is_null(), "schema.org knows no null"),
    }
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
        assert_eq!(out["@context"][0], "https://schema.org");
        is_schema_org(&out["@graph"]);
    });
}

#[test]
fn parquet_reads_back_with_types_and_lists() {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::Field;
    with_case(|case| {
        let file = bytes::Bytes::from(parquet::export(case).unwrap());
        let reader = SerializedFileReader::new(file).unwrap();
        let about = reader.metadata().file_metadata().key_value_metadata().unwrap();
        assert!(about.iter().any(|pair| pair.key == "sayso.case" && pair.value.as_deref() == Some("sample")));
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 1);
        let field = |name: &str| rows[0].get_column_iter().find(|column| column.0 == name).unwrap().1.clone();
        assert_eq!(field("speaker"), Field::Str("Флот, the \"Fleet\"".into()));
        assert_eq!((field("independent_min"), field("url")), (Field::Long(1), Field::Null));
        assert!(matches!(field("chain"), Field::ListInternal(_)));
        let (Field::Long(start), Field::Long(end)) = (field("start"), field("end")) else { panic!("numbers") };
        assert_eq!(Field::Str(characters(&start.into(), &end.into())), field("words"));
    });
}

#[test]
fn an_empty_case_is_a_file_without_rows() {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    let weighing = weigh(&[], &[], None);
    let case = Case { name: "none", as_of: None, entries: &[], journal: &[], weighing: &weighing };
    let reader = SerializedFileReader::new(bytes::Bytes::from(parquet::export(&case).unwrap())).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
    assert_eq!(csv::export(&case).unwrap().lines().count(), 1);
    assert_eq!(ftm::export(&case), "");
    assert!(html::export(&case).contains("0 reports, 0 claims"));
}

/// The properties of each FollowTheMoney schema that we write, inherited ones included, as its model has them; `@` marks those
/// whose values are ids of entities.
const FTM: [(&str, &str); 8] = [
    ("Person", "name alias notes"),
    ("Organization", "name alias notes"),
    ("PublicBody", "name alias notes"),
    ("LegalEntity", "name alias notes"),
    ("Article", "name title author publisher publishedAt modifiedAt sourceUrl fileName language"),
    ("Note", "name description summary keywords @entity"),
    ("Documentation", "@document @entity role status summary date"),
    ("Event", "name location date @involved @proof recordId"),
];

#[test]
fn ftm_entities_have_the_properties_of_their_schema() {
    with_case(|case| {
        let entities: Vec<Value> = ftm::export(case).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: Vec<&str> = entities.iter().map(|entity| entity["id"].as_str().unwrap()).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len());
        for entity in &entities {
            let schema = entity["schema"].as_str().unwrap();
            let known = FTM.iter().find(|(name, _)| *name == schema).unwrap_or_else(|| panic!("{schema}")).1;
            for (name, values) in entity["properties"].as_object().unwrap() {
                let values: Vec<&str> =
                    values.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect();
                let refers = known.split(' ').any(|property| property.strip_prefix('@') == Some(name));
                assert!(refers || known.split(' ').any(|property| property == name), "{schema} has no {name}");
                assert!(!values.is_empty() && values.iter().all(|value| !value.is_empty()), "{entity}");
                assert!(!refers || values.iter().all(|value| ids.contains(value)), "{entity} names nobody");
            }
        }
        for schema in ["Article", "Note", "Documentation", "Event", "Organization"] {
            assert!(entities.iter().any(|entity| entity["schema"] == schema), "{schema}");
        }
    });
}

#[test]
fn the_page_holds_the_words_and_nothing_that_runs() {
    with_case(|case| {
        let page = html::export(case);
        let words = &TEXT[TEXT.find("took").unwrap()..TEXT.find("”").unwrap()];
        assert!(page.contains(&format!("<mark>{words}</mark>")), "{page}");
        assert!(
            page.contains("Флот, the &quot;Fleet&quot;") && page.contains("verified") && page.contains("@media print")
        );
        for never in ["<script", "javascript:", " src=", "@import", "url("] {
            assert!(!page.contains(never), "{never}");
        }
    });
    let mut hostile = entry();
    hostile.report.text = TEXT.replace("took, it said", "took</mark><script>x()</script>");
    hostile.report.outlet = Some("<img src=x onerror=x()>".into());
    hostile.report.url = Some("javascript:alert(1)".into());
    hostile.report.title = Some("\"><b>".into());
    hostile.reading.actors[0].name = "</style><script>y()</script>".into();
    let weighing = weigh(&[hostile.clone()], &[], None);
    let case = Case { name: "<case>", as_of: None, entries: &[hostile], journal: &[], weighing: &weighing };
    let page = html::export(&case);
    for never in ["<script", "<img", "<b>", "<case>", "href=\"javascript"] {
        assert!(!page.contains(never), "{never}: {page}");
    }
}

#[test]
fn incidents_are_points_east_before_north() {
    with_case(|case| {
        let out = geojson::export(case);
        assert_eq!(out["type"], "FeatureCollection");
        assert_eq!(out["features"][0]["geometry"]["coordinates"], serde_json::json!([30.25, 50.5]));
        // RFC 7946: what a feature must have, and degrees as degrees are.
        for feature in out["features"].as_array().unwrap() {
            assert_eq!((&feature["type"], &feature["geometry"]["type"]), (&"Feature".into(), &"Point".into()));
            assert!(feature["properties"].is_object() && feature["id"].is_string());
            let [east, north] = [0, 1].map(|k| feature["geometry"]["coordinates"][k].as_f64().unwrap());
            assert!(east.abs() <= 180.0 && north.abs() <= 90.0);
        }
        assert!(out.get("crs").is_none(), "RFC 7946 has one only");
    });
}

/// The rows of the ACLED export of a case.
fn acled_rows(entries: &[Entry]) -> Vec<std::collections::BTreeMap<String, String>> {
    let weighing = weigh(entries, &[], None);
    let text =
        acled::export(&Case { name: "sample", as_of: None, entries, journal: &[], weighing: &weighing }).unwrap();
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let row =
        |record: ::csv::StringRecord| head.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn an_event_row_names_its_original_source() {
    let rows = acled_rows(&[entry()]);
    let field = |name: &str| rows[0][name].as_str();
    assert_eq!((field("event_date"), field("year"), field("source")), ("2026-03-01", "2026", "Lantern"));
    assert_eq!((field("source_original"), field("latitude")), ("Флот, the \"Fleet\"", "50.5000"));
    assert_eq!((field("event_type"), field("sub_event_type")), ("Battles", "Non-state actor overtakes territory"));
    assert_eq!((field("country"), field("geo_precision")), ("Ukraine", "1"));
}

#[test]
fn acled_rows_are_of_its_types_and_one_an_event() {
    let mut other = entry();
    other.report.id = "r2".into();
    other.report.outlet = Some("Harbour".into());
    let (mut odd, mut denied) = (other.reading.events[0].clone(), other.reading.events[0].clone());
    odd.kind = "A kind of our own".into();
    denied.standing = "denial".into();
    denied.kind = "Armed clash".into();
    other.reading.events.extend([odd, denied]);
    let rows = acled_rows(&[entry(), other]);
    assert!(
        rows.iter().all(
            |row| sayso::read::event::ACLED.contains(&(row["sub_event_type"].as_str(), row["event_type"].as_str()))
        )
    );
    let sources: Vec<&str> = rows.iter().map(|row| row["source"].as_str()).collect();
    assert_eq!(sources, ["Harbour; Lantern"], "one event, two outlets; what is denied did not happen");
}

#[test]
fn a_cell_is_no_formula() {
    let mut hostile = entry();
    hostile.reading.actors[0].name = "=HYPERLINK(\"http://x\")".into();
    let weighing = weigh(&[hostile.clone()], &[], None);
    let text =
        csv::export(&Case { name: "x", as_of: None, entries: &[hostile], journal: &[], weighing: &weighing }).unwrap();
    assert!(text.contains("'=HYPERLINK") && !text.contains(",\"=HYPERLINK"), "{text}");
}
