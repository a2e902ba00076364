//! What the rules make of sentences written for them: every actor with its mentions.

use crate::model::Analysis;
use crate::reading::{Actor, ActorKind};
use crate::report::Report;

use super::*;

fn report(outlet: &str, text: &str) -> Report {
    Report { outlet: Some(outlet.to_string()), text: text.to_string(), ..Report::default() }
}

fn actors(outlet: &str, text: &str) -> Vec<Actor> {
    let report = report(outlet, text);
    let document = Document { report: &report, analysis: Analysis::words(&report) };
    find(&document, &[], Lists::shipped())
}

/// One line an actor: name, kind, its mentions.
fn show(outlet: &str, text: &str) -> String {
    let line = |a: &Actor| {
        let mentions: Vec<&str> = a.mentions.iter().map(|m| m.of(text)).collect();
        let above = a.belongs_to.as_ref().map(|b| format!(" < {b}")).unwrap_or_default();
        format!("{} {} [{:?}{above}]: {}", a.id, a.name, a.kind, mentions.join(" | "))
    };
    actors(outlet, text).iter().map(line).collect::<Vec<_>>().join("\n")
}

fn one(text: &str, forms: &[&str]) -> bool {
    let all = actors("The Harbour Lamp", text);
    let holds = |form: &&str| all.iter().position(|a| a.mentions.iter().any(|m| m.of(text) == *form));
    let found: Vec<Option<usize>> = forms.iter().map(holds).collect();
    found.iter().all(|f| f.is_some() && *f == found[0])
}

#[test]
fn a_report_with_most_forms() {
    let text = "A band calling itself the Grey Heron Brigade (GHB) said it had seized the mill at Osk.\n\n\
        Major Ilir Demko, a spokesman for the Southern Guard Command, denied that. “They were never there,” he said. \
        The major added that the Command was calm.\n\n\
        “We hold the mill,” the Brigade's spokeswoman, Tova Rask, told The Harbour Lamp. Rask said the GBH had no losses. \
        She spoke from exile. Two residents heard shots.";
    insta::assert_snapshot!(show("The Harbour Lamp", text));
}

#[test]
fn garbled_letters_are_one_actor_only_if_nobody_else_bears_them() {
    assert!(one("The Red Fox League (RFL) moved. Later the FRL said it had won.", &["RFL", "FRL"]));
    assert!(!one("The Red Fox League (RFL) moved. The Free River Line (FRL) sank.", &["RFL", "FRL"]));
}

#[test]
fn a_shared_surname_is_no_merge() {
    let text = "Anna Dorn said no. Pavel Dorn said yes. Dorn then left.";
    assert!(!one(text, &["Anna Dorn", "Pavel Dorn"]));
    assert!(!one(text, &["Anna Dorn", "Dorn"]) && !one(text, &["Pavel Dorn", "Dorn"]));
    assert!(one("Anna Dorn said no. Mr Kest said yes. Dorn then left.", &["Anna Dorn", "Dorn"]));
}

#[test]
fn anonymous_sources_stay_apart() {
    let text = "An official said the bridge fell. A second official said it stands. The official would not say more.";
    let all = actors("The Harbour Lamp", text);
    assert_eq!(all.iter().filter(|a| a.kind == ActorKind::Anonymous).count(), 2, "{all:?}");
}

#[test]
fn ten_thousand_mentions_and_one_long_sentence_stay_quick() {
    let many = "Olga Brandt said no. ".repeat(10_000);
    let all = actors("The Harbour Lamp", &many);
    assert_eq!(all.iter().filter(|a| a.mentions.len() == 10_000).count(), 1);
    let long = "the minister of Tarn and the group and Brandt's union ".repeat(5_000);
    assert!(!actors("The Harbour Lamp", &long).is_empty());
}

#[test]
fn capitals_and_seats_stand_for_governments() {
    let text = "Oslo said the line was open. Norway has denied it before. In Oslo it rained. The Kremlin was silent, and Moscow added nothing.";
    assert!(one(text, &["Oslo", "Norway"]) && one(text, &["Kremlin", "Moscow"]));
    let all = actors("The Harbour Lamp", text);
    let norway = all.iter().find(|a| a.name == "Norway").expect("an actor");
    assert_eq!(norway.kind, ActorKind::Government);
    assert!(norway.mentions.iter().all(|m| m.start != text.find("Oslo it").expect("a place")));
}

#[test]
fn nicknames_and_names_given_later() {
    let text = "Commander Petar Voll, who goes by the call sign “Otter”, spoke. “Otter” then left. A nurse who gave only her first name, Lin, stayed.";
    assert!(one(text, &["Petar Voll", "Otter"]), "{}", show("The Harbour Lamp", text));
    assert!(one(text, &["A nurse", "Lin"]), "{}", show("The Harbour Lamp", text));
}

#[test]
fn scripts_without_capitals_and_odd_characters_keep_exact_spans() {
    let text = "وقال محمد إن الجسر سقط. Ольга Ким сказала. 东京说。 e\u{301}\u{301}lodie Roux said no 👍🏽 “x".repeat(50);
    for actor in actors("نشرة", &text) {
        assert!(actor.mentions.iter().all(|m| !m.of(&text).is_empty()));
    }
}
