use super::*;
use crate::read::lexicon::testing::{attribution, document, report, span};
use crate::reading::ActorId;

fn actor(id: &str, name: &str, kind: ActorKind, text: &str, mentions: &[&str]) -> Actor {
    Actor {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        mentions: mentions.iter().map(|m| span(text, m)).collect(),
        aliases: Vec::new(),
        belongs_to: None,
        roles: Vec::new(),
        why: Vec::new(),
    }
}

/// Checks found in `text`: outcome, who, about, method.
fn read(text: &str, others: &[(&str, ActorKind)]) -> Vec<String> {
    let report = report(text);
    let doc = document(&report);
    let own: Vec<&str> = ["Harbour Wire"].into_iter().filter(|m| text.contains(m)).collect();
    let mut actors = vec![actor("a1", "Harbour Wire", ActorKind::Outlet, text, &own)];
    for (k, (name, kind)) in others.iter().enumerate() {
        actors.push(actor(&format!("a{}", k + 2), name, *kind, text, &[name]));
    }
    let mut statements = Vec::new();
    if let Some((first, _)) = text.split_once(". ") {
        statements.push(attribution(text, "", "", first));
    }
    let found = find(&doc, &mut statements, &actors);
    let name = |id: &Option<ActorId>| {
        actors.iter().find(|a| Some(&a.id) == id.as_ref()).map_or("?", |a| a.name.as_str()).to_owned()
    };
    found
        .iter()
        .map(|v| {
            let about: Vec<&str> = v.about.iter().map(|s| s.of(text)).collect();
            let how = v.method.as_ref().map_or(String::new(), |m| format!(" [{m}]"));
            format!("{} | {} | {}{how}", v.outcome, name(&v.by), about.join(" + "))
        })
        .collect()
}

#[test]
fn language_of_checking() {
    use ActorKind::{Government, Organisation, Person};
    let desk = ("the Lantern Desk", Organisation);
    type Case<'a> = (&'a str, &'a [(&'a str, ActorKind)], &'a [&'a str]);
    let cases: &[Case<'_>] = &[
        (
            "Harbour Wire could not independently verify the claim that the pass had fallen.",
            &[],
            &["tried, could not | Harbour Wire | the pass had fallen"],
        ),
        (
            "He said the pass fell. The claim could not be independently verified.",
            &[],
            &["tried, could not | Harbour Wire | He said the pass fell"],
        ),
        (
            "Harbour Wire has not been able to confirm who holds the pass.",
            &[],
            &["tried, could not | Harbour Wire | who holds the pass"],
        ),
        ("We cannot confirm the authenticity of such videos.", &[], &["tried, could not | Harbour Wire | such videos"]),
        (
            "The clip was geolocated by the Lantern Desk.",
            &[desk],
            &["verified | the Lantern Desk | The clip [geolocated]"],
        ),
        (
            "Last week the Lantern Desk matched the clip to the bridge using satellite imagery.",
            &[desk],
            &["verified | the Lantern Desk | the clip to the bridge using satellite imagery [satellite imagery]"],
        ),
        ("We verified the photograph.", &[], &["verified | Harbour Wire | the photograph"]),
        ("The video was filmed in 1999.", &[], &["refuted | Harbour Wire | The video"]),
        ("The bridge was built in 1999.", &[], &[]),
        ("The minister could not confirm the toll.", &[("The minister", Government)], &[]),
        ("The mayor said she could not say who was to blame.", &[("The mayor", Person)], &[]),
        ("Verdict: false.", &[], &["refuted | Harbour Wire | "]),
        ("We found no evidence of an explosion.", &[], &["tried, could not | Harbour Wire | of an explosion"]),
        ("He was determined to win, and the rules are well established.", &[], &[]),
    ];
    for (text, others, want) in cases {
        assert_eq!(read(text, others), *want, "{text}");
    }
}

#[test]
fn a_check_of_the_outlet_is_a_statement() {
    let text = "The group said the pass fell. Harbour Wire could not verify this.";
    let report = report(text);
    let doc = document(&report);
    let actors = [actor("a1", "Harbour Wire", ActorKind::Outlet, text, &["Harbour Wire"])];
    let mut statements = vec![attribution(text, "The group", "said", "the pass fell")];
    let found = find(&doc, &mut statements, &actors);
    assert_eq!(found[0].about, [span(text, "the pass fell")]);
    assert_eq!(statements.len(), 2);
    assert_eq!((statements[1].act, statements[1].speaker.as_deref()), (Act::Doubts, Some("a1")));
}
