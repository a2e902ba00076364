//! Who is behind a claim: each kind of dependence, actors across reports, circular reporting, withdrawal.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use sayso::picture::Picture;
use sayso::reading::{Act, Actor, ActorKind, Attribution, Evidence, Kind, Link, Reading};
use sayso::report::Report;
use sayso::span::Span;
use sayso::weigh::{Entry, weigh};
use sayso::weighing::{Claim, Weighing};

use ActorKind::{Anonymous, ArmedGroup, Government, Organisation, Outlet, Person};

const TAKEN: &str = "the River Guard took the villages of Oster and Vane";
const RETOLD: &str = "the River Guard took Vane and Oster";

/// A report by an outlet, filled statement by statement.
struct Maker {
    entry: Entry,
    outlet: &'static str,
}

impl Maker {
    fn new(number: usize, outlet: &'static str) -> Self {
        let report = Report {
            id: format!("r{number:02}"),
            outlet: Some(outlet.into()),
            published: Some(format!("2026-03-01T{number:02}:00:00Z")),
            ..Report::default()
        };
        let mut maker = Self { entry: Entry { report, reading: Reading::default() }, outlet };
        maker.actor(outlet, Outlet);
        maker
    }

    fn actor(&mut self, name: &str, kind: ActorKind) -> String {
        let actors = &mut self.entry.reading.actors;
        if let Some(known) = actors.iter().find(|a| a.name == name) {
            return known.id.clone();
        }
        let id = format!("a{}", actors.len());
        actors.push(Actor {
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

    fn says(mut self, speaker: &str, kind: ActorKind, act: Act, words: &str, via: &[&str]) -> Self {
        let voice = speaker == self.outlet;
        let speaker = self.actor(speaker, kind);
        let text = &mut self.entry.report.text;
        let start = text.len();
        text.push_str(words);
        let span = Span::new(start, text.len());
        text.push_str(".\n");
        let chain = via
            .iter()
            .map(|name| Link {
                actor: Some(self.actor(name, Outlet)),
                cue: span,
                verb: None,
                channel: None,
                rule: "test".into(),
            })
            .collect();
        self.entry.reading.attributions.push(Attribution {
            source: Vec::new(),
            cue: Vec::new(),
            content: vec![span],
            propositions: vec![span],
            kind: if voice { Kind::Voice } else { Kind::Direct },
            act,
            speaker: Some(speaker),
            speaker_rule: String::new(),
            chain,
            hedges: Vec::new(),
            confidence: 1.0,
            rule: "test".into(),
        });
        self
    }

    fn asserts(self, speaker: &str, kind: ActorKind, words: &str) -> Self {
        self.says(speaker, kind, Act::Asserts, words, &[])
    }

    fn voice(self, words: &str) -> Self {
        let outlet = self.outlet;
        self.asserts(outlet, Outlet, words)
    }

    fn also_called(mut self, name: &str, aliases: &[&str]) -> Self {
        let actor = self.entry.reading.actors.iter_mut().find(|a| a.name == name).unwrap();
        actor.aliases = aliases.iter().map(|a| (*a).to_owned()).collect();
        self
    }

    fn belongs(mut self, name: &str, to: &str) -> Self {
        let id = self.actor(to, Organisation);
        self.entry.reading.actors.iter_mut().find(|a| a.name == name).unwrap().belongs_to = Some(id);
        self
    }

    fn report(mut self, change: impl FnOnce(&mut Report)) -> Entry {
        change(&mut self.entry.report);
        self.entry
    }

    fn done(self) -> Entry {
        self.entry
    }
}

fn villages(weighing: &Weighing) -> &Claim {
    weighing.claims().find(|c| c.mentions.iter().any(|m| m.text.contains("Oster"))).unwrap()
}

/// The counts of the claim about the villages, and the rules of its edges.
fn counts(case: &[Entry]) -> (usize, usize, Vec<String>) {
    let weighing = weigh(case, &[], None);
    let claim = villages(&weighing);
    for edge in &claim.dependences {
        assert!(!edge.why.is_empty() && edge.span.is_some(), "every edge says why, with its words");
    }
    let mut rules: Vec<String> = claim.dependences.iter().map(|d| d.rule.clone()).collect();
    rules.sort();
    (claim.independent_min, claim.independent_max, rules)
}

#[test]
fn one_speaker_in_two_reports_is_one_origin() {
    let said = |n, outlet| Maker::new(n, outlet).asserts("Ada Brun", Person, TAKEN).done();
    assert_eq!(counts(&[said(1, "Alpha"), said(2, "Beta")]), (1, 1, vec!["same speaker".into()]));
}

#[test]
fn speakers_of_one_organisation_are_one_origin() {
    let case = [
        Maker::new(1, "Alpha").asserts("Ada Brun", Person, TAKEN).belongs("Ada Brun", "Oster Drivers' Union").done(),
        Maker::new(2, "Beta").asserts("Oster Drivers' Union", Organisation, TAKEN).done(),
    ];
    assert_eq!(counts(&case), (1, 1, vec!["same organisation".into()]));
}

#[test]
fn organs_of_one_government_are_one_origin_and_of_two_are_two() {
    let said = |n, outlet, who| Maker::new(n, outlet).asserts(who, Government, TAKEN).done();
    let (ministry, police) = (said(1, "Alpha", "Interior Ministry"), said(2, "Beta", "Coastal Police"));
    assert_eq!(counts(&[ministry.clone(), police]), (1, 1, vec!["one government".into()]));
    let (least, most, _) = counts(&[ministry, said(2, "Beta", "Norwegian Border Directorate")]);
    assert_eq!((least, most), (2, 2));
}

#[test]
fn who_cites_an_outlet_depends_on_it_directly_and_through_others() {
    let cites = |n, outlet, via: &'static str| {
        Maker::new(n, outlet).says("sources", Anonymous, Act::Asserts, RETOLD, &[via]).done()
    };
    let case = [Maker::new(1, "Alpha").voice(TAKEN).done(), cites(2, "Beta", "Alpha"), cites(3, "Gamma", "Beta")];
    let (least, most, rules) = counts(&case);
    assert_eq!((least, most), (1, 1), "{rules:?}");
    assert!(rules.contains(&"cites".into()), "{rules:?}");
}

#[test]
fn the_same_quoted_words_are_one_utterance() {
    let case = [
        Maker::new(1, "Alpha").asserts("Ada Brun", Person, TAKEN).done(),
        Maker::new(2, "Beta").asserts("an officer", Anonymous, TAKEN).done(),
    ];
    assert_eq!(counts(&case), (1, 1, vec!["same utterance".into()]));
}

#[test]
fn copied_text_credit_forward_and_canonical_link_make_one_of_two() {
    let copied = |words| [Maker::new(1, "Alpha").voice(TAKEN).done(), Maker::new(2, "Beta").voice(words).done()];
    assert_eq!(counts(&copied(TAKEN)), (1, 1, vec!["same text".into()]));
    assert_eq!(counts(&copied("the River Guard took the villages of Oster and Vane today")).1, 1, "lightly rewritten");
    assert_eq!(counts(&copied(RETOLD)).1, 2, "retold: left open");
    let beta = |change: fn(&mut Report)| {
        let case = [
            Maker::new(1, "Alpha").voice(TAKEN).report(|r| r.url = Some("https://alpha.example/1".into())),
            Maker::new(2, "Beta").voice(RETOLD).report(change),
        ];
        counts(&case)
    };
    assert_eq!(beta(|r| r.credit = Some("Alpha".into())).1, 1);
    assert_eq!(beta(|r| r.forwarded_from = Some("Alpha".into())).1, 1);
    assert_eq!(beta(|r| r.url = Some("https://alpha.example/1".into())).1, 1);
    assert_eq!(beta(|r| r.credit = Some("Delta".into())).1, 2);
}

#[test]
fn items_that_name_one_feed_as_their_source_are_one_origin() {
    let from = |feed: &'static str| move |r: &mut Report| r.came_from = Some(feed.into());
    let alpha = || Maker::new(1, "Alpha").voice(TAKEN).report(|r| r.url = Some("https://www.alpha.example/1".into()));
    let beta = |feed| Maker::new(2, "Beta").voice(RETOLD).report(from(feed));
    let gamma = Maker::new(3, "Gamma")
        .voice("Vane and Oster fell to the River Guard")
        .report(from("https://alpha.example/rss"));
    assert_eq!(counts(&[alpha(), beta("http://alpha.example:80/feed.xml")]), (1, 1, vec!["RSS source".into()]));
    assert_eq!(counts(&[beta("https://alpha.example/rss"), gamma]).1, 1, "both name it");
    assert_eq!(counts(&[alpha(), beta("https://delta.example/rss")]).1, 2, "another feed");
}

#[test]
fn a_statement_of_a_body_reprinted_is_a_press_release() {
    let case = [
        Maker::new(1, "Coastal Police").asserts("Coastal Police", Government, TAKEN).done(),
        Maker::new(2, "Beta").voice(TAKEN).done(),
    ];
    assert_eq!(counts(&case), (1, 1, vec!["press release".into()]));
}

#[test]
fn footage_by_one_maker_is_one_origin() {
    let shown = |n, outlet| {
        let mut maker = Maker::new(n, outlet).voice(if n == 1 { TAKEN } else { RETOLD });
        let by = maker.actor("Vane Film Circle", Organisation);
        let span = maker.entry.reading.attributions[0].content[0];
        maker.entry.reading.evidence.push(Evidence {
            span,
            kind: "video".into(),
            purported: false,
            shows: None,
            place: None,
            by: Some(by),
            rule: "test".into(),
        });
        maker.done()
    };
    assert_eq!(counts(&[shown(1, "Alpha"), shown(2, "Beta")]), (1, 1, vec!["same evidence".into()]));
}

#[test]
fn reports_that_lean_on_one_picture_are_one_origin() {
    // Looks that differ in two bits are one picture, in another size or file.
    let (photo, smaller, other) = ("00ff00ff00ff00ff", "00ff00ff00ff00fc", "ff00ff00ff00ff00");
    let pictured = |n, outlet, look: &str, captioned: bool| {
        let mut maker = Maker::new(n, outlet).voice(if n == 1 { TAKEN } else { RETOLD });
        let caption = captioned.then(|| maker.entry.reading.attributions[0].content[0]);
        maker.entry.report.pictures.push(Picture {
            source: format!("{n}.jpg"),
            sha256: look.repeat(4),
            width: 800,
            height: 600,
            look: Some(look.to_owned().try_into().unwrap()),
            caption,
            manifest: None,
        });
        maker.done()
    };
    let case = [pictured(1, "Alpha", photo, true), pictured(2, "Beta", smaller, true)];
    assert_eq!(counts(&case), (1, 1, vec!["same picture".into()]));
    let weighing = weigh(&case, &[], None);
    assert_eq!(
        weighing.claims().next().unwrap().dependences[0].why,
        "Alpha and Beta lean on the same picture (looks 00ff00ff00ff00ff and 00ff00ff00ff00fc, 2 of 64 bits differ)"
    );
    let case = [pictured(1, "Alpha", photo, true), pictured(2, "Beta", other, true)];
    assert_eq!(counts(&case), (1, 2, vec![]));
    // A picture out of the archive above both reports is nothing that they lean on.
    let case = [pictured(1, "Alpha", photo, false), pictured(2, "Beta", photo, false)];
    assert_eq!(counts(&case), (1, 2, vec![]));
    // Two who are known are two, whatever picture both show.
    let known = |n, outlet, who, kind| {
        let mut report = pictured(n, outlet, photo, true);
        let said = Maker::new(n, outlet).asserts(who, kind, if n == 1 { TAKEN } else { RETOLD }).done();
        report.reading = said.reading;
        report
    };
    let case = [known(1, "Alpha", "River Guard", ArmedGroup), known(2, "Beta", "Coastal Police", Government)];
    assert_eq!(counts(&case), (2, 2, vec![]));
}

#[test]
fn what_an_outlet_shows_again_and_again_ties_nothing() {
    let shown = |n, outlet, words: &str| {
        let mut maker = Maker::new(n, outlet).voice(words);
        let caption = Some(maker.entry.reading.attributions[0].content[0]);
        let look = Some("00ff00ff00ff00ff".to_owned().try_into().unwrap());
        let source = "banner.jpg".to_owned();
        let picture =
            Picture { source, sha256: "5".repeat(64), width: 900, height: 300, look, caption, manifest: None };
        maker.entry.report.pictures.push(picture);
        maker.done()
    };
    let others = ["Guard holds Vane", "the ferry to Oster sank with nine people", "the school of Vane burnt down"];
    let mut case: Vec<Entry> = vec![shown(1, "Alpha", TAKEN), shown(2, "Beta", RETOLD)];
    assert_eq!(counts(&case).2, ["same picture"]);
    case.extend(others.iter().zip(3..).map(|(words, n)| shown(n, "Beta", words)));
    let weighing = weigh(&case, &[], None);
    let rules: Vec<_> =
        weighing.claims().flat_map(|claim| claim.dependences.iter().map(|edge| edge.rule.as_str())).collect();
    assert!(!rules.contains(&"same picture"), "{rules:?}");
}

#[test]
fn an_outlet_that_repeats_what_its_own_report_quotes_adds_nothing() {
    let case = [Maker::new(1, "Alpha").asserts("River Guard", ArmedGroup, TAKEN).voice(RETOLD).done()];
    assert_eq!(counts(&case), (1, 1, vec!["retold".into()]));
}

#[test]
fn an_outlet_that_was_there_counts() {
    let case = [
        Maker::new(1, "Alpha").asserts("River Guard", ArmedGroup, TAKEN).done(),
        Maker::new(2, "Beta").voice("our correspondent saw that the River Guard took Oster and Vane").done(),
    ];
    assert_eq!((counts(&case).0, counts(&case).1), (2, 2));
}

#[test]
fn phrases_mean_the_one_actor_of_the_case_that_fits() {
    let case = [
        Maker::new(1, "Alpha")
            .asserts("Coastal Order Police", Government, TAKEN)
            .also_called("Coastal Order Police", &["the police"])
            .done(),
        Maker::new(2, "Beta").asserts("the police", Government, TAKEN).done(),
        Maker::new(3, "Gamma").asserts("The drivers' union", Organisation, TAKEN).done(),
        Maker::new(4, "Delta").asserts("Railway Drivers' Union", Organisation, TAKEN).done(),
    ];
    let weighing = weigh(&case, &[], None);
    let claim = villages(&weighing);
    assert_eq!(claim.origins, ["Coastal Order Police", "Railway Drivers' Union"]);
    let police = weighing.actors.iter().find(|a| a.name == "Coastal Order Police").unwrap();
    assert!(!police.why.is_empty(), "every merge explains itself");
}

#[test]
fn nobody_is_merged_on_a_surname_alone() {
    let case = [
        Maker::new(1, "Alpha").asserts("Ada Brun", Person, TAKEN).done(),
        Maker::new(2, "Beta").asserts("Brun", Person, TAKEN).done(),
        Maker::new(3, "Gamma").asserts("Otto Brun", Person, TAKEN).done(),
    ];
    assert_eq!(weigh(&case, &[], None).actors.iter().filter(|a| a.kind == Person).count(), 3);
}

#[test]
fn a_circle_of_three_is_shown_and_a_report_that_cites_itself_is_none() {
    let cites = |n, outlet, via: &'static str| {
        Maker::new(n, outlet).says("sources", Anonymous, Act::Asserts, TAKEN, &[via]).done()
    };
    let case = [cites(1, "Alpha", "Gamma"), cites(2, "Beta", "Alpha"), cites(3, "Gamma", "Beta")];
    let weighing = weigh(&case, &[], None);
    let claim = villages(&weighing);
    assert!(claim.circular);
    assert_eq!((claim.circle.first(), claim.circle.len()), (claim.circle.last(), 4));
    assert_eq!((claim.independent_min, claim.independent_max), (1, 1), "a loop is no two");
    let itself = weigh(&[cites(1, "Alpha", "Alpha")], &[], None);
    assert!(!villages(&itself).circular);
    assert_eq!(villages(&itself).independent_min, 1);
}

#[test]
fn a_claim_that_every_report_denies_has_no_origin() {
    let denies = |n, outlet, who| Maker::new(n, outlet).says(who, Government, Act::Denies, TAKEN, &[]).done();
    let weighing = weigh(&[denies(1, "Alpha", "Coastal Police"), denies(2, "Beta", "Interior Ministry")], &[], None);
    let claim = villages(&weighing);
    assert_eq!((claim.independent_min, claim.status.as_str()), (0, "contested"));
}

#[test]
fn the_outlet_that_brought_it_takes_it_back() {
    let case = [
        Maker::new(1, "Alpha").says("sources", Anonymous, Act::Asserts, TAKEN, &[]).done(),
        Maker::new(2, "Beta").says("sources", Anonymous, Act::Asserts, TAKEN, &["Alpha"]).done(),
        Maker::new(3, "Alpha").says("Alpha", Outlet, Act::Retracts, TAKEN, &[]).done(),
    ];
    let weighing = weigh(&case, &[], None);
    assert_eq!(villages(&weighing).status, "retracted");
    let earlier = weigh(&case, &[], Some("2026-03-01T02:30:00Z"));
    assert_eq!(villages(&earlier).status, "single-origin");
}

fn some_case() -> Vec<Entry> {
    vec![
        Maker::new(1, "River Guard").asserts("River Guard", ArmedGroup, TAKEN).done(),
        Maker::new(2, "Alpha").says("River Guard", ArmedGroup, Act::Asserts, TAKEN, &["Gamma"]).voice(RETOLD).done(),
        Maker::new(3, "Beta").asserts("the governor", Anonymous, TAKEN).done(),
        Maker::new(4, "Gamma").says("Governor Ada Brun", Person, Act::Denies, TAKEN, &["Alpha"]).done(),
        Maker::new(5, "Delta")
            .asserts("Oster Hospital", Organisation, TAKEN)
            .asserts("sources", Anonymous, RETOLD)
            .done(),
        Maker::new(6, "Epsilon").says("River Guard", ArmedGroup, Act::Retracts, TAKEN, &[]).done(),
        Maker::new(7, "Zeta").voice(TAKEN).report(|r| r.credit = Some("Alpha / Beta".into())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn order_and_removal_leave_no_trace(order in Just((0..7_usize).collect::<Vec<_>>()).prop_shuffle(), kept in 1..7_usize) {
        let case = some_case();
        let some: Vec<Entry> = order.iter().take(kept).map(|&k| case[k].clone()).collect();
        let mut sorted = some.clone();
        sorted.sort_by(|a, b| a.report.id.cmp(&b.report.id));
        let weighing = weigh(&some, &[], None);
        prop_assert_eq!(&weighing, &weigh(&sorted, &[], None));
        prop_assert_eq!(&weighing, &weigh(&some, &[], Some("9999-01-01T00:00:00Z")));
        let mut more = some.clone();
        more.extend(order.iter().skip(kept).map(|&k| case[k].clone()));
        let _ = weigh(&more, &[], None);
        more.truncate(kept);
        prop_assert_eq!(&weighing, &weigh(&more, &[], None), "removing a report undoes adding it");
        for claim in &weighing.claims {
            prop_assert!(claim.independent_min <= claim.independent_max);
            prop_assert_eq!(claim.origins.len(), claim.independent_min);
        }
    }
}
