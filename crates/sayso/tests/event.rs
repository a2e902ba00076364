//! What happened: events by the words of sentences, without a model. Sentences written for this project.

use proptest::prelude::*;
use sayso::model::Analysis;
use sayso::read::{Document, event};
use sayso::reading::{Act, Actor, ActorKind, Attribution, Event, Kind};
use sayso::report::Report;
use sayso::span::Span;

fn read(text: &str, attributions: &[Attribution], actors: &[Actor]) -> Vec<Event> {
    let report = Report { text: text.to_owned(), ..Report::default() };
    let doc = Document { report: &report, analysis: Analysis::words(&report) };
    event::find(&doc, attributions, actors, &[], &[])
}

fn show(text: &str) -> Vec<String> {
    read(text, &[], &[]).into_iter().map(|e| format!("{} = {}, {}", e.trigger.of(text), e.kind, e.standing)).collect()
}

fn check(table: &[(&str, &[&str])]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, want)| {
            let got = show(text);
            (got != *want).then(|| format!("{text}\n  want {want:#?}\n  got  {got:#?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sub_event_types() {
    check(&[
        ("Rebels captured the village of Lower Orrin.", &["captured = Non-state actor overtakes territory, fact"]),
        ("The army recaptured two towns.", &["recaptured = Government regains territory, fact"]),
        ("Soldiers and militants clashed near the bridge.", &["clashed = Armed clash, fact"]),
        ("Thousands marched against the new law in a peaceful protest.", &["marched = Peaceful protest, fact"]),
        (
            "Police fired tear gas to disperse a protest.",
            &["fired = Excessive force against protesters, fact", "tear gas = Protest with intervention, fact"],
        ),
        ("An air strike destroyed a depot.", &["air strike = Air/drone strike, fact"]),
        ("Two mortar rounds fell on the market.", &["mortar = Shelling/artillery/missile attack, fact"]),
        ("A roadside bomb hit a bus.", &["roadside bomb = Remote explosive/landmine/IED, fact"]),
        ("Gunmen kidnapped a teacher.", &["Gunmen = Attack, fact", "kidnapped = Abduction/forced disappearance, fact"]),
        ("Both sides signed a ceasefire.", &["ceasefire = Agreement, fact"]),
        ("Police detained the editor.", &["detained = Arrests, fact"]),
        ("The council met on Monday.", &[]),
    ]);
}

#[test]
fn standing_by_words() {
    check(&[
        ("The ministry denied shelling the town.", &["shelling = Shelling/artillery/missile attack, denial"]),
        ("The army will recapture the town.", &["recapture = Government regains territory, plan"]),
        ("A new air strike could follow.", &["air strike = Air/drone strike, hypothesis"]),
        ("There was no shelling at night.", &["shelling = Shelling/artillery/missile attack, denial"]),
        ("They could kidnap him.", &["kidnap = Abduction/forced disappearance, hypothesis"]),
    ]);
}

#[test]
fn inside_a_statement_an_event_is_a_claim_with_its_actors() {
    let text = "The Orrin Legion captured a village, the governor said. The Guard was shelled by the Legion.";
    let actor = |id: &str, mentions: Vec<Span>| Actor {
        id: id.to_owned(),
        name: id.to_owned(),
        kind: ActorKind::ArmedGroup,
        mentions,
        aliases: Vec::new(),
        belongs_to: None,
        roles: Vec::new(),
        why: Vec::new(),
    };
    let actors = [actor("a1", vec![Span::new(0, 16), Span::new(81, 91)]), actor("a2", vec![Span::new(56, 65)])];
    let said = Attribution {
        source: vec![Span::new(37, 49)],
        cue: vec![Span::new(50, 54)],
        content: vec![Span::new(0, 35)],
        kind: Kind::Indirect,
        confidence: 1.0,
        ..Attribution::default()
    };
    let events = read(text, std::slice::from_ref(&said), &actors);
    let seen: Vec<_> = events.iter().map(|e| (e.standing.as_str(), e.agent.as_deref(), e.patient.as_deref())).collect();
    assert_eq!(seen, [("claim", Some("a1"), None), ("fact", Some("a1"), Some("a2"))]);
    let denied = Attribution { act: Act::Denies, ..said };
    assert_eq!(read(text, &[denied], &actors)[0].standing, "denial");
}

#[test]
fn one_sentence_of_fifty_thousand_words_is_read_in_time() {
    show(&"rebels seized the town and the army shelled a base near ".repeat(4_500));
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,160}") {
        show(&text);
    }
}
