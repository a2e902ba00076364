//! Speakers and chains of sentences written for them: each source (s), cue (c) and content (q) is marked by hand, `1` to `9` tells
//! which belong together; a content alone is in the outlet's own voice.

use crate::model::Analysis;
use crate::read::{Document, chain, speaker, who};
use crate::reading::{Attribution, Kind, Reading};
use crate::report::Report;
use crate::span::Span;

/// The text without its marks, and the statements that they make.
fn marked(text: &str) -> (String, Vec<Attribution>) {
    let mut plain = String::new();
    let mut open: Vec<(char, usize, usize)> = Vec::new();
    let mut spans: Vec<(char, usize, Span)> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        let end = rest[at..].find('>').expect("a closed mark") + at;
        let mark = &rest[at + 1..end];
        match mark.strip_prefix('/') {
            Some(_) => {
                let (kind, n, start) = open.pop().expect("an open mark");
                spans.push((kind, n, Span::new(start, plain.len())));
            }
            None => {
                let number = mark[1..].parse().unwrap_or(1);
                open.push((mark.chars().next().expect("a mark"), number, plain.len()));
            }
        }
        rest = &rest[end + 1..];
    }
    plain.push_str(rest);
    let last = spans.iter().map(|s| s.1).max().unwrap_or(0);
    let of =
        |kind: char, n: usize| spans.iter().filter(|s| s.0 == kind && s.1 == n).map(|s| s.2).collect::<Vec<Span>>();
    let build = |n: usize| {
        let (source, cue, content) = (of('s', n), of('c', n), of('q', n));
        let voice = source.is_empty() && cue.is_empty() && !of('v', n).is_empty();
        Attribution {
            source,
            cue,
            content: if voice { of('v', n) } else { content },
            kind: if voice { Kind::Voice } else { Kind::Indirect },
            confidence: 1.0,
            rule: "by hand".into(),
            ..Attribution::default()
        }
    };
    (plain, (1..=last).map(build).collect())
}

fn read(outlet: &str, text: &str) -> (String, Reading) {
    let (text, attributions) = marked(text);
    let report = Report { outlet: Some(outlet.to_string()), text: text.clone(), ..Report::default() };
    let document = Document { report: &report, analysis: Analysis::words(&report) };
    let mut reading = Reading { attributions, ..Reading::default() };
    who::answer(&document, &mut reading);
    speaker::answer(&document, &mut reading);
    chain::answer(&document, &mut reading);
    (text, reading)
}

/// One line a statement: its words, its speaker by which rule, and the links back to the outlet.
fn show(outlet: &str, text: &str) -> String {
    let (text, reading) = read(outlet, text);
    let name = |id: &str| reading.actors.iter().find(|a| a.id == id).map_or("?", |a| a.name.as_str());
    let line = |a: &Attribution| {
        let content = a.content.first().map_or("", |c| c.of(&text));
        let speaker = a.speaker.as_deref().map_or("nobody named", name);
        let links: Vec<String> = a
            .chain
            .iter()
            .map(|l| {
                format!(
                    " ← {}",
                    [l.actor.as_deref().map(name), l.channel.as_deref()]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join(" by ")
                )
            })
            .collect();
        format!("{content:.40} | {speaker} ({}){}", a.speaker_rule, links.concat())
    };
    reading.attributions.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn pronouns_roles_and_subjects_left_out() {
    insta::assert_snapshot!(show(
        "Fjord Tidings",
        "<s>Mara Holt, the mayor of Vik,</s> <c>said</c> <q>the dam had held</q>. <s2>She</s2> <c2>added</c2> <q2>that nobody was hurt</q2>.\n\n\
         <s3>The mayor</s3> <c3>acknowledged</c3> <q3>two leaks</q3> but <c4>said</c4> <q4>they were old</q4>.\n\n\
         “<q5>We checked it twice</q5>,” <c5>said</c5> <s5>Jon Berg, a spokesman for the Water Board</s5>. “<q6>Then we went home</q6>.”\n\n\
         It <c7>was reported</c7> <q7>that a valve had burst</q7>. <v8>The road is closed.</v8>"
    ));
}

#[test]
fn relays_are_links_and_the_innermost_speaks() {
    insta::assert_snapshot!(show(
        "Fjord Tidings",
        "<s>The Northern Command</s> <c>told</c> the Lakeside news agency <q>that its ships were safe</q>.\n\n\
         <s2>Rosvik Radio</s2> <c2>quoted</c2> the harbour master as saying <q2>that one had sunk</q2>.\n\n\
         <s3>General Pavel Orlo</s3> <c3>called</c3> it, per state media Zarya, <q3>“a picnic”</q3>. \
         <s4>He</s4> <c4>wrote</c4> on Telegram <q4>that all was calm</q4>.\n\n\
         <s5>The pilots' union</s5> <c5>said</c5> in a statement <q5>that it would strike</q5>. <s6>Its members</s6> <c6>claim</c6> <q6>they are tired</q6>."
    ));
}

#[test]
fn a_reprinted_dispatch_credits_its_agency_for_all_of_it() {
    insta::assert_snapshot!(show(
        "Fjord Tidings",
        "KISUMU, May 2 (Lakeside) - <s>Police</s> <c>said</c> <q>four boats were missing</q>.\n\n\
         <s2>Grace Otieno, who owns one,</s2> <c2>told</c2> the Harbour Herald newspaper <q2>that hers came back</q2>. <v3>The lake was calm.</v3>"
    ));
}

#[test]
fn an_agency_credits_nobody_in_its_own_dispatch() {
    let (_, reading) = read(
        "Lakeside",
        "KISUMU, May 2 (Lakeside) - <s>Police</s> <c>told</c> Lakeside <q>four boats were missing</q>.",
    );
    assert!(reading.attributions[0].chain.is_empty(), "{reading:?}");
}

#[test]
fn nested_statements_link_through_who_relates_them() {
    let text = "<s>The agency Zarya</s> <c>quoted</c> the governor, who said <q><s2>the mayor</s2> had <c2>told</c2> him <q2>that the bridge was mined</q2></q>.";
    insta::assert_snapshot!(show("Fjord Tidings", text));
}

#[test]
fn a_statement_page_speaks_for_its_body() {
    let text = "<v>The Rescue Directorate has closed the pass.</v> <s2>The Directorate</s2> <c2>asks</c2> <q2>drivers to wait</q2>. <s3>The statement</s3> <c3>says</c3> <q3>snow fell</q3>.";
    let (_, reading) = read("Rescue Directorate", text);
    let outlet = reading.actors.iter().find(|a| a.name == "Rescue Directorate").map(|a| a.id.clone());
    assert!(reading.attributions.iter().all(|a| a.speaker == outlet), "{reading:#?}");
}

#[test]
fn many_statements_stay_quick() {
    let one =
        "<sN>Olga Brandt</sN> <cN>said</cN> <qN>no</qN>. <sM>She</sM> <cM>told</cM> Lakeside Radio <qM>yes</qM>. ";
    let text: String =
        (0..2000).map(|n| one.replace('N', &(2 * n + 1).to_string()).replace('M', &(2 * n + 2).to_string())).collect();
    let (_, reading) = read("Fjord Tidings", &text);
    assert_eq!(reading.attributions.iter().filter(|a| a.speaker.is_some()).count(), 4000);
}
