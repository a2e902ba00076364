//! Weighing on readings made by hand: what an editor relies on, and properties that hold for every case.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use sayso::reading::{Act, Actor, ActorKind, Attribution, Kind, Link, Quantity, Reading};
use sayso::report::Report;
use sayso::span::Span;
use sayso::weigh::decision::{Decision, Entry as Line};
use sayso::weigh::{Entry, Weigher, weigh};
use sayso::weighing::{Claim, MentionKey, Stance, Weighing};

/// One statement: the speaker's name and kind, whom the outlet cites for it, the act, the words.
struct Said(&'static str, ActorKind, Option<&'static str>, Act, &'static str);

use ActorKind::{ArmedGroup, Government, Organisation, Outlet, Person};

fn entry(number: usize, outlet: &str, said: &[Said]) -> Entry {
    let mut report = Report {
        id: format!("r{number:02}"),
        outlet: Some(outlet.into()),
        published: Some(format!("2026-03-01T{number:02}:00:00Z")),
        ..Report::default()
    };
    let mut reading = Reading::default();
    for Said(speaker, kind, via, act, words) in said {
        let start = report.text.len();
        report.text.push_str(words);
        let span = Span::new(start, report.text.len());
        report.text.push_str(".\n");
        let own = *kind == Outlet && *speaker == outlet;
        let actor = actor(&mut reading, speaker, *kind);
        let chain = via.map(|name| Link {
            actor: Some(self::actor(&mut reading, name, Outlet)),
            cue: span,
            verb: None,
            channel: None,
            rule: "test".into(),
        });
        reading.attributions.push(Attribution {
            source: Vec::new(),
            cue: Vec::new(),
            content: vec![span],
            propositions: vec![span],
            kind: if own { Kind::Voice } else { Kind::Indirect },
            act: *act,
            speaker: Some(actor),
            speaker_rule: String::new(),
            chain: chain.into_iter().collect(),
            hedges: Vec::new(),
            confidence: 1.0,
            rule: "test".into(),
        });
    }
    Entry { report, reading }
}

fn actor(reading: &mut Reading, name: &str, kind: ActorKind) -> String {
    if let Some(known) = reading.actors.iter().find(|a| a.name == name) {
        return known.id.clone();
    }
    let id = format!("a{}", reading.actors.len());
    reading.actors.push(Actor {
        id: id.clone(),
        name: name.into(),
        kind,
        mentions: Vec::new(),
        aliases: Vec::new(),
        belongs_to: None,
        roles: Vec::new(),
        why: Vec::new(),
    });
    id
}

const TAKEN: &str = "the River Guard took the villages of Oster and Vane";

/// A group claims two villages to a magazine; seven outlets repeat it per the magazine; a ministry denies it.
fn nine_outlets() -> Vec<Entry> {
    let guard = |via| Said("River Guard", ArmedGroup, via, Act::Asserts, TAKEN);
    let mut out = vec![entry(1, "River Guard", &[guard(None)]), entry(2, "Weekly Lantern", &[guard(None)])];
    for (k, outlet) in (3..).zip(["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta"]) {
        out.push(entry(k, outlet, &[guard(Some("Weekly Lantern"))]));
    }
    let denial = Said("Ministry of Order", Government, None, Act::Denies, TAKEN);
    out.push(entry(10, "State Wire", &[denial]));
    out
}

fn claim<'a>(weighing: &'a Weighing, words: &str) -> &'a Claim {
    weighing.claims().find(|c| c.mentions.iter().any(|m| m.text.contains(words))).unwrap()
}

#[test]
fn nine_outlets_are_one_origin() {
    let case = nine_outlets();
    let before = weigh(&case, &[], Some("2026-03-01T09:30:00Z"));
    let villages = claim(&before, "Oster");
    assert_eq!((villages.outlets, villages.independent_min, villages.independent_max), (9, 1, 1));
    assert_eq!((villages.status.as_str(), villages.support.as_str()), ("single-origin", "repeated, one origin"));
    assert_eq!(villages.origins, ["River Guard"]);
    assert!(
        villages.dependences.iter().all(|d| !d.why.is_empty() && d.span.is_some()),
        "every edge says why, with its words"
    );

    let after = weigh(&case, &[], None);
    let villages = claim(&after, "Oster");
    assert_eq!((villages.status.as_str(), villages.dispute.as_str()), ("contested", "denied"));
    let steps: Vec<&str> = villages.history.iter().map(|c| c.to.as_str()).collect();
    assert_eq!(steps, ["single-origin", "contested"], "the history names each change");
}

#[test]
fn an_independent_witness_corroborates() {
    let mut case = nine_outlets();
    case.pop();
    case.push(entry(11, "Kappa", &[Said("Oster Hospital", Organisation, None, Act::Asserts, TAKEN)]));
    let weighing = weigh(&case, &[], None);
    let villages = claim(&weighing, "Oster");
    assert_eq!(
        (villages.independent_min, villages.status.as_str(), villages.support.as_str()),
        (2, "corroborated", "corroborated")
    );
}

#[test]
fn an_unsourced_retelling_never_raises_the_minimum() {
    let mut case = nine_outlets();
    let retold = "the River Guard took Vane and Oster";
    case.push(entry(11, "Kappa", &[Said("Kappa", Outlet, None, Act::Asserts, retold)]));
    let weighing = weigh(&case, &[], None);
    let villages = claim(&weighing, "Oster");
    assert_eq!((villages.independent_min, villages.independent_max), (1, 2));
}

#[test]
fn cutting_an_edge_changes_the_count_and_undo_brings_it_back() {
    let case = vec![
        entry(1, "Alpha", &[Said("Ada Brun", Person, None, Act::Asserts, TAKEN)]),
        entry(2, "Beta", &[Said("Ada Brun", Person, None, Act::Asserts, TAKEN)]),
    ];
    let key = |k: usize| claim(&weigh(&case, &[], None), "Oster").mentions[k].key();
    let line =
        |id, decision| Line { id, at: "2026-03-02T00:00:00Z".into(), by: "ed".into(), why: String::new(), decision };
    let mut journal = vec![line(1, Decision::Cut { a: key(0), b: key(1) })];
    assert_eq!(claim(&weigh(&case, &journal, None), "Oster").independent_min, 2);
    assert_eq!(
        claim(&weigh(&case, &journal, Some("2026-03-01T20:00:00Z")), "Oster").independent_min,
        1,
        "as of before it"
    );
    journal.push(line(2, Decision::Undo { line: 1 }));
    assert_eq!(claim(&weigh(&case, &journal, None), "Oster").independent_min, 1);
}

/// The entry with the number of people killed that its text states.
fn toll(mut entry: Entry, words: &str, low: u64, high: Option<u64>) -> Entry {
    let start = entry.report.text.find(words).unwrap();
    entry.reading.quantities.push(Quantity {
        span: Span::new(start, start + words.len()),
        of: "killed".into(),
        low,
        high,
        who: None,
        scope: String::new(),
        modifier: String::new(),
        acled: None,
        by: None,
        side: None,
        rule: "test".into(),
    });
    entry
}

fn said(who: &'static str, kind: ActorKind, words: &'static str) -> Said {
    Said(who, kind, None, Act::Asserts, words)
}

#[test]
fn rival_figures_contradict_and_a_growing_toll_does_not() {
    let said = |who, kind, words| [said(who, kind, words)];
    let case = vec![
        entry(1, "Alpha", &said("Civil Rescue", Organisation, "six people were killed in the collision")),
        entry(2, "Beta", &said("Civil Rescue", Organisation, "eleven people were killed in the collision")),
        entry(3, "Gamma", &said("Drivers' Union", Organisation, "seventeen people were killed in the collision")),
        entry(4, "Delta", &said("Civil Rescue", Organisation, "eleven people were killed in the collision")),
    ];
    let tolls = [("six people", 6), ("eleven people", 11), ("seventeen people", 17), ("eleven people", 11)];
    let case: Vec<Entry> = case.into_iter().zip(tolls).map(|(e, (words, n))| toll(e, words, n, Some(n))).collect();
    let weighing = weigh(&case, &[], None);
    let [six, eleven, seventeen] = ["six", "eleven", "seventeen"].map(|n| claim(&weighing, n));
    assert_eq!(six.contradicts, Vec::<String>::new(), "six was said before eleven and seventeen");
    assert_eq!(eleven.contradicts, std::slice::from_ref(&seventeen.id), "eleven was said again after seventeen");
    assert_eq!(seventeen.contradictions[0].rule, "rival figures");
}

#[test]
fn who_takes_it_back_retracts_it() {
    let case = vec![
        entry(1, "Alpha", &[Said("Port Office", Government, None, Act::Asserts, TAKEN)]),
        entry(2, "Beta", &[Said("Port Office", Government, None, Act::Retracts, TAKEN)]),
    ];
    assert_eq!(claim(&weigh(&case, &[], None), "Oster").status, "retracted");
}

#[test]
fn a_circle_is_flagged() {
    let via =
        |number, outlet, cited| entry(number, outlet, &[Said("Ada Brun", Person, Some(cited), Act::Asserts, TAKEN)]);
    let weighing = weigh(&[via(1, "Alpha", "Beta"), via(2, "Beta", "Alpha")], &[], None);
    let villages = claim(&weighing, "Oster");
    assert!(villages.circular);
    assert_eq!(villages.circle, ["alpha", "beta", "alpha"]);
}

#[test]
fn an_empty_case_is_empty() {
    assert_eq!(weigh(&[], &[], None), Weighing::default());
}

/// Two incidents, with speakers, outlets and bodies that stand in both.
fn two_incidents() -> Vec<Entry> {
    let mut case = nine_outlets();
    let fire = |number, outlet, who, kind, act, words| {
        let second = "the granary at Lund burnt down in the night while the fire brigade stood by";
        let own = Said("River Guard", ArmedGroup, None, Act::Asserts, second);
        entry(number, outlet, &[Said(who, kind, None, act, words), own])
    };
    let dead = "six people were killed in the fire at the granary of Lund";
    let more = "eleven people were killed in the fire at the granary of Lund";
    case.push(fire(11, "Alpha", "Ada Brun", Person, Act::Asserts, dead));
    case.push(fire(12, "Beta", "Lund Fire Brigade", Organisation, Act::Asserts, more));
    case.push(fire(13, "Gamma", "the brigade", Organisation, Act::Asserts, dead));
    case.push(fire(14, "Kappa", "Ministry of Order", Government, Act::Denies, dead));
    case.push(fire(15, "Weekly Lantern", "Lund Fire Brigade", Organisation, Act::Retracts, more));
    case
}

/// One step of somebody who works on a case.
#[derive(Debug, Clone)]
enum Step {
    Add(usize),
    Remove(usize),
    Change(usize),
    /// Which decision, and two places among the mentions or actors it is about.
    Decide(usize, usize, usize),
    Undo(usize),
    LookBack(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let any = 0..1000_usize;
    prop_oneof![
        4 => any.clone().prop_map(Step::Add),
        2 => any.clone().prop_map(Step::Remove),
        1 => any.clone().prop_map(Step::Change),
        5 => (any.clone(), any.clone(), any.clone()).prop_map(|(d, a, b)| Step::Decide(d, a, b)),
        2 => any.clone().prop_map(Step::Undo),
        1 => any.prop_map(Step::LookBack),
    ]
}

fn decision(kind: usize, a: usize, b: usize, weighing: &Weighing) -> Option<Decision> {
    let mentions: Vec<_> = weighing.claims().flat_map(|c| &c.mentions).map(|m| m.key()).collect();
    let actors: Vec<_> = weighing.actors.iter().flat_map(|a| a.members.clone()).collect();
    if mentions.is_empty() || actors.is_empty() {
        return None;
    }
    let mention = mentions[a % mentions.len()].clone();
    let (x, y) = (mention.clone(), mentions[b % mentions.len()].clone());
    let actor = actors[a % actors.len()].clone();
    let (p, q) = (actor.clone(), actors[b % actors.len()].clone());
    Some(match kind % 13 {
        0 => Decision::Accept { mention },
        1 => Decision::Reject { mention },
        2 => Decision::Edit { mention, speaker: Some("Ada Brun".into()), stance: None },
        3 => Decision::State { mention, statement: "In other words.".into() },
        4 => Decision::Merge { a: x, b: y },
        5 => Decision::Split { a: x, b: y },
        6 => Decision::Cut { a: x, b: y },
        7 => Decision::Join { a: x, b: y },
        8 => Decision::MergeActors { a: p, b: q },
        9 => Decision::SplitActors { a: p, b: q },
        10 => Decision::NameActor { actor, name: "Kappa".into() },
        11 => Decision::SetSide { actor, side: "north".into() },
        _ => Decision::Grade { actor, reliability: 'B' },
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn weighing_again_is_weighing_from_nothing(steps in proptest::collection::vec(step(), 1..25)) {
        let pool = two_incidents();
        let (mut weigher, mut case, mut journal) = (Weigher::new(), pool.clone(), Vec::new());
        for step in steps {
            let mut as_of = None;
            match step {
                Step::Add(k) if !case.iter().any(|e| e.report.id == pool[k % pool.len()].report.id) => {
                    case.push(pool[k % pool.len()].clone());
                }
                Step::Remove(k) if !case.is_empty() => drop(case.swap_remove(k % case.len())),
                Step::Change(k) if !case.is_empty() => {
                    let k = k % case.len();
                    case[k].report.outlet = Some(format!("Outlet {}", k % 3));
                }
                Step::Decide(kind, a, b) => {
                    let decision = decision(kind, a, b, &weigh(&case, &journal, None));
                    let id = journal.len() as u64 + 1;
                    let at = format!("2026-03-01T{:02}:30:00Z", id % 24);
                    journal.extend(decision.map(|decision| Line { id, at, by: "ed".into(), why: String::new(), decision }));
                }
                Step::Undo(k) if !journal.is_empty() => {
                    let (id, line) = (journal.len() as u64 + 1, k as u64 % journal.len() as u64 + 1);
                    let decision = Decision::Undo { line };
                    journal.push(Line { id, at: "2026-03-01T23:00:00Z".into(), by: "ed".into(), why: String::new(), decision });
                }
                Step::LookBack(k) => as_of = Some(format!("2026-03-01T{:02}:00:00Z", k % 24)),
                _ => continue,
            }
            let again = weigher.weigh(&case, &journal, as_of.as_deref());
            prop_assert_eq!(again, weigh(&case, &journal, as_of.as_deref()));
        }
    }
}

/// Whether the claims with these words contradict each other, and by which rule.
fn rule_between(weighing: &Weighing, a: &str, b: &str) -> Option<String> {
    let (a, b) = (claim(weighing, a), claim(weighing, b));
    a.contradictions.iter().find(|c| c.claim == b.id).map(|c| c.rule.clone())
}

#[test]
fn none_excludes_every_toll() {
    let none = entry(1, "Alpha", &[said("Harbour Board", Organisation, "there were no deaths on the ferry")]);
    let four = entry(2, "Beta", &[said("Island Clinic", Organisation, "four passengers died on the ferry")]);
    let case = [toll(none, "no deaths", 0, Some(0)), toll(four, "four passengers", 4, Some(4))];
    assert_eq!(rule_between(&weigh(&case, &[], None), "no deaths", "four").as_deref(), Some("rival figures"));
}

#[test]
fn sizes_of_a_crowd_exclude_each_other_and_what_befell_more_than_there_were() {
    let case = vec![
        entry(
            1,
            "Alpha",
            &[
                said("Northern Command", Government, "about ninety gunmen had come over the pass"),
                said("Pass Brigade", ArmedGroup, "fewer than thirty gunmen had come"),
            ],
        ),
        toll(
            entry(2, "Beta", &[said("Northern Command", Government, "it had shot dead 60 gunmen in the valley")]),
            "60 gunmen",
            60,
            Some(60),
        ),
    ];
    let weighing = weigh(&case, &[], None);
    assert_eq!(rule_between(&weighing, "ninety", "thirty").as_deref(), Some("rival figures"));
    assert_eq!(rule_between(&weighing, "thirty", "60").as_deref(), Some("a part above the whole"));
    assert_eq!(rule_between(&weighing, "ninety", "60"), None, "60 of 90 may have been shot");
}

#[test]
fn both_figures_are_answered_at_once() {
    let checker = Said("Tally Desk", Outlet, None, Act::Refutes, "Both figures are false");
    let case = vec![entry(
        1,
        "Tally Desk",
        &[
            said("Fishers' League", Organisation, "40,000 people filled the quay"),
            said("Coast Police", Government, "3,000 people stood there"),
            checker,
        ],
    )];
    let weighing = weigh(&case, &[], None);
    for words in ["40,000", "3,000"] {
        assert_eq!(claim(&weighing, words).status, "refuted", "{words}");
    }
}

#[test]
fn who_takes_words_back_takes_their_own_back() {
    let case = vec![
        entry(1, "Alpha", &[said("Harbour Board", Organisation, "the lighthouse lamp was burning all night")]),
        entry(
            2,
            "Beta",
            &[
                said("Pilots' Guild", Organisation, "the lighthouse lamp was dark for an hour"),
                Said("Harbour Board", Organisation, None, Act::Retracts, "Our statement was premature, we withdraw it"),
            ],
        ),
    ];
    let weighing = weigh(&case, &[], None);
    assert_eq!(claim(&weighing, "burning").mentions.last().map(|m| m.stance), Some(Stance::Retracts));
}

#[test]
fn opposite_words_deny_and_a_demand_does_not() {
    let case = vec![
        entry(1, "Alpha", &[said("Ada Brun", Person, "the pilot Jon Marsh has died in the wreck of the barge")]),
        entry(2, "Beta", &[said("Island Clinic", Organisation, "the pilot Jon Marsh of the barge is alive")]),
        entry(3, "Gamma", &[said("Ada Brun", Person, "the pilot Jon Marsh died in the wreck of the barge")]),
    ];
    let weighing = weigh(&case, &[], None);
    let stances: Vec<Stance> = claim(&weighing, "has died").mentions.iter().map(|m| m.stance).collect();
    assert_eq!(stances, [Stance::Asserts, Stance::Denies, Stance::Asserts]);
}

#[test]
fn the_other_order_is_another_claim() {
    let case = vec![
        entry(1, "Alpha", &[said("Quay Police", Government, "guards fired smoke only after bottles were thrown")]),
        entry(2, "Beta", &[said("Fishers' League", Organisation, "guards fired smoke before any bottles were thrown")]),
    ];
    let weighing = weigh(&case, &[], None);
    assert_eq!(rule_between(&weighing, "only after", "before any").as_deref(), Some("order"));
}

const OUTLETS: [&str; 5] = ["Weekly Lantern", "Alpha", "Beta", "State Wire", "River Guard"];
const SPEAKERS: [(&str, ActorKind); 6] = [
    ("River Guard", ArmedGroup),
    ("the Guard", ArmedGroup),
    ("Ministry of Order", Government),
    ("Ada Brun", Person),
    ("Lund Fire Brigade", Organisation),
    ("the brigade", Organisation),
];
const ACTS: [Act; 8] =
    [Act::Asserts, Act::Asserts, Act::Denies, Act::Doubts, Act::Verifies, Act::Refutes, Act::Retracts, Act::Admits];
const WORDS: [&str; 8] = [
    TAKEN,
    "the River Guard never took the villages of Oster and Vane",
    "six people were killed in the fire at the granary of Lund",
    "eleven people were killed in the fire at the granary of Lund",
    "nobody was killed in the fire at the granary of Lund",
    "the Guard fired only after the police threw gas into the crowd",
    "the police threw gas only after the Guard fired into the crowd",
    "both figures are false",
];

/// A small case: each report with its outlet and up to four statements, all picked by chance.
fn some_case() -> impl Strategy<Value = Vec<Entry>> {
    let said = (0..SPEAKERS.len(), 0..OUTLETS.len() * 2, 0..ACTS.len(), 0..WORDS.len());
    let report = (0..OUTLETS.len(), proptest::collection::vec(said, 0..4));
    proptest::collection::vec(report, 2..9).prop_map(|reports| {
        let said = |(who, via, act, words): (usize, usize, usize, usize)| {
            let (name, kind) = SPEAKERS[who];
            Said(name, kind, OUTLETS.get(via).copied(), ACTS[act], WORDS[words])
        };
        let of = |(number, (outlet, statements)): (usize, (usize, Vec<_>))| {
            let mut said: Vec<Said> = statements.into_iter().map(said).collect();
            if number % 3 == 0 {
                said.push(Said(OUTLETS[outlet], Outlet, None, Act::Asserts, TAKEN));
            }
            entry(number, OUTLETS[outlet], &said)
        };
        (1..).zip(reports).map(of).collect()
    })
}

/// Where all mentions stand.
fn places(weighing: &Weighing) -> BTreeSet<MentionKey> {
    weighing.claims().flat_map(|c| &c.mentions).map(|m| m.key()).collect()
}

/// All of a weighing, to the last number.
fn bytes(weighing: &Weighing) -> String {
    format!("{weighing:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_holds_for_every_case(case in some_case(), seed in any::<u64>()) {
        let mut order: Vec<usize> = (0..case.len()).collect();
        order.sort_by_key(|&k| (k as u64 + 1).wrapping_mul(seed | 1));
        let mut weigher = Weigher::new();
        let mut added: Vec<Entry> = Vec::new();
        let mut before = Weighing::default();
        for k in order {
            added.push(case[k].clone());
            let kept = weigher.weigh(&added, &[], None);
            let mut sorted = added.clone();
            sorted.sort_by(|a, b| a.report.id.cmp(&b.report.id));
            prop_assert_eq!(bytes(&kept), bytes(&weigh(&sorted, &[], None)), "neither order nor what was kept matters");
            let now = weigh(&added, &[], Some("9999-01-01T00:00:00Z"));
            prop_assert_eq!(bytes(&kept), bytes(&now), "as of now is as of nothing");
            prop_assert!(places(&kept).is_superset(&places(&before)), "a report takes no mention away");
            prop_assert_eq!(
                bytes(&weigher.weigh(&added[..added.len() - 1], &[], None)),
                bytes(&before),
                "removing a report undoes adding it"
            );
            for claim in &kept.claims {
                prop_assert!(claim.independent_min <= claim.independent_max);
                prop_assert_eq!(claim.origins.len(), claim.independent_min);
            }
            before = kept;
        }
    }
}
