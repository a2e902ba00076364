//! Places in sentences written for this: what is found, and which place it is. Without the model's names: by the gazetteer and the
//! words around alone; with them where a test says so.

use std::fmt::Write as _;

use sayso::model::{Analysis, Name, NameKind};
use sayso::read::Document;
use sayso::read::r#where::{Gazetteer, find};
use sayso::report::Report;
use sayso::span::Span;

/// The text with each place's name in brackets and, after it, the place's class, country and rule.
fn show(text: &str, names: &[(&str, NameKind)]) -> String {
    let report = Report { text: text.to_owned(), ..Report::default() };
    let mut analysis = Analysis::words(&report);
    for (words, kind) in names {
        let start = text.find(words).expect("the name stands in the text");
        let span = Span::new(start, start + words.len());
        analysis.names.push(Name { span, tokens: analysis.tokens_in(span), kind: *kind, confidence: 0.9 });
    }
    let (mut out, mut at) = (String::new(), 0);
    for p in find(&Document { report: &report, analysis }, Gazetteer::shipped()) {
        let country = p.country.unwrap_or_default();
        write!(out, "{}[{}]({} {country} {} {})", &text[at..p.span.start], p.span.of(text), p.name, p.class, p.rule)
            .expect("a string takes all");
        at = p.span.end;
    }
    out + &text[at..]
}

#[test]
fn the_text_tells_namesakes_apart() {
    insta::assert_snapshot!(show("Officials in Alexandria, Louisiana, closed the road. Alexandria has a river port.", &[]),
        @"Officials in [Alexandria](Alexandria US seat2 containment), [Louisiana](Louisiana US admin1 prior), closed the road. [Alexandria](Alexandria US seat2 prior) has a river port.");
    insta::assert_snapshot!(show("Officials in Alexandria, Egypt, met guests from Cairo.", &[]),
        @"Officials in [Alexandria](Alexandria EG seat1 containment), [Egypt](Egypt EG country prior), met guests from [Cairo](Cairo EG capital prior).");
    insta::assert_snapshot!(show("Marchers filled Tbilisi as Georgia's parliament met.", &[]),
        @"Marchers filled [Tbilisi](Tbilisi GE capital prior) as [Georgia](Georgia GE country prior)'s parliament met.");
    insta::assert_snapshot!(show("Atlanta, Georgia, is far from Savannah. Georgia voted.", &[]),
        @"[Atlanta](Atlanta US seat1 containment), [Georgia](Georgia US admin1 context), is far from [Savannah](Savannah US seat2 context). [Georgia](Georgia US admin1 context) voted.");
}

#[test]
fn names_of_people_papers_and_things_are_no_places() {
    insta::assert_snapshot!(show("BERLIN (AP) — Ms. Paris Hilton read The Washington Post in Paris, France.", &[]),
        @"[BERLIN](Berlin DE capital prior) (AP) — Ms. Paris Hilton read The Washington Post in [Paris](Paris FR capital containment), [France](France FR country only).");
    insta::assert_snapshot!(show("Police in Athens, Ga., arrested Jackson Brown. Jackson said nothing.", &[]),
        @"Police in [Athens](Athens US seat2 containment), [Ga.](Georgia US admin1 only), arrested Jackson Brown. Jackson said nothing.");
    insta::assert_snapshot!(show("Reading is nice. Nice people let us polish their turkey.", &[]), @"Reading is nice. Nice people let us polish their turkey.");
}

#[test]
fn a_place_that_acts_and_an_adjective_stay_places() {
    insta::assert_snapshot!(show("Moscow said Ukrainian drones flew over Kharkiv oblast. The U.S. denied it.", &[]),
        @"[Moscow](Moscow RU capital prior) said [Ukrainian](Ukraine UA country adjective) drones flew over [Kharkiv](Kharkiv UA admin1 prior) oblast. The [U.S.](United States US country prior) denied it.");
}

#[test]
fn another_transliteration_is_found_by_its_sound() {
    insta::assert_snapshot!(show("Shells hit Graivoron in the Belgorod region.", &[("Graivoron", NameKind::Place)]),
        @"Shells hit [Graivoron](Grayvoron RU seat2 sound) in the [Belgorod](Belgorod Oblast RU admin1 prior) region.");
}

#[test]
fn a_user_may_add_places() {
    let (more, bad) =
        Gazetteer::shipped().with_extra("Camp Quillwort\t\tspot\t10.5\t20.25\tTD\t5000\tQuillwort Camp\t\nbroken\tx\n");
    assert_eq!(bad, [2]);
    let found = more.lookup("quillwort camp");
    let e = more.entry(found[0].index);
    assert_eq!((e.name, e.lat, e.country), ("Camp Quillwort", 10.5, "TD"));
}

#[test]
fn odd_texts_are_read_in_bounded_time() {
    let many = "Troops left Kherson for Kherson. ".repeat(5_000);
    let long = format!("Kyiv {}", "and Kyiv ".repeat(50_000));
    let odd = "\u{202e}Kyiv\u{301} İstanbul، دمشق Дамаск 🏚 “Aleppo”\u{0} ".repeat(2_000);
    let capitals = "SAN JOSE NEW YORK DE LA CRUZ ".repeat(20_000);
    for text in [many.as_str(), &long, &odd, &capitals, "", "."] {
        let report = Report { text: text.to_owned(), ..Report::default() };
        let analysis = Analysis::words(&report);
        let places = find(&Document { report: &report, analysis }, Gazetteer::shipped());
        assert!(places.windows(2).all(|w| w[0].span.end <= w[1].span.start));
        assert!(places.iter().all(|p| text.is_char_boundary(p.span.start) && text.is_char_boundary(p.span.end)));
    }
}

#[test]
fn the_shipped_gazetteer_is_whole() {
    let all = Gazetteer::shipped();
    assert!(all.len() > 270_000);
    for (name, id) in [
        ("Kyiv", 703_448),
        ("Grayvoron", 559_034),
        ("Donetsk Oblast", 709_716),
        ("Ukraine", 690_791),
        ("Rapides Parish", 4_338_356),
    ] {
        assert!(all.lookup(name).iter().any(|f| all.entry(f.index).geonameid == id), "{name}");
    }
    let (_, bad) = all.with_extra(include_str!("../data/regions.tsv"));
    assert_eq!(bad, Vec::<usize>::new());
}
