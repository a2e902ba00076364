//! The gold set: its files, how a reading is compared with them, and how a reading is drawn under its text.
//!
//! In: `NAME.txt` and `NAME.gold` of this folder (README.md says how to read them). Out: [`Case`]s and [`Tally`]s; drawings are in `draw`.

use std::collections::BTreeMap;
use std::path::Path;

use sayso::model::Analysis;
use sayso::read::{Document, act, evidence, hedge, verification};
use sayso::reading::{Act, Actor, ActorKind, Attribution, HedgeOwner, Kind, Quantity, Reading, Verification};
use sayso::report::Report;
use sayso::span::Span;

#[path = "draw.rs"]
mod draw;
pub(crate) use draw::draw;

/// One block of a gold file: its head, the words after it, and its fields.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) head: String,
    pub(crate) words: String,
    pub(crate) fields: BTreeMap<String, String>,
}

impl Block {
    pub(crate) fn get(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }

    pub(crate) fn list(&self, field: &str) -> Vec<&str> {
        self.get(field).split(';').map(str::trim).filter(|x| !x.is_empty()).collect()
    }
}

/// One report with its gold.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) report: Report,
    pub(crate) blocks: Vec<Block>,
}

impl Case {
    pub(crate) fn of<'a>(&'a self, head: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |b| b.head == head)
    }

    /// Where words of the gold stand in the text.
    pub(crate) fn place(&self, words: &str) -> Option<Span> {
        self.report.text.find(words).map(|at| Span::new(at, at + words.len()))
    }

    /// Every name that the gold counts as one with `name`.
    fn names(&self, name: &str) -> Vec<String> {
        let same =
            |b: &&Block| b.words == name || b.list("also").iter().any(|x| plain(x) == plain(name) && x.len() > 3);
        let mut out = vec![plain(name)];
        for block in self.of("actor").filter(same) {
            out.push(plain(&block.words));
            out.extend(block.list("also").into_iter().map(plain));
        }
        out
    }
}

/// All reports of a folder, by name.
pub(crate) fn load(folder: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).expect("the folder of the gold set");
    let mut files: Vec<_> = entries.filter_map(|e| e.ok()).map(|e| e.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "gold"));
    files.sort();
    files.iter().map(|f| case(f)).collect()
}

fn case(gold: &Path) -> Case {
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let name = gold.file_stem().expect("a name").to_string_lossy().into_owned();
    let file = read(&gold.with_extension("txt"));
    let (head, text) = file.split_once("\n\n").expect("a header and a blank line");
    let field = |key: &str| head.lines().find_map(|l| l.strip_prefix(key)).map(|v| v.trim().to_owned());
    let report = Report {
        id: name.clone(),
        outlet: field("Outlet:"),
        published: field("Published:"),
        title: field("Title:"),
        text: text.to_owned(),
        ..Report::default()
    };
    Case { name, report, blocks: blocks(&read(gold)) }
}

fn blocks(file: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for line in file.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')) {
        let (key, value) = line.split_once(':').unwrap_or_else(|| panic!("no colon in {line:?}"));
        let (key, value) = (key.trim().to_owned(), value.trim().to_owned());
        if line.starts_with(' ') {
            out.last_mut().expect("a head before its fields").fields.insert(key, value);
        } else {
            out.push(Block { head: key, words: value, fields: BTreeMap::new() });
        }
    }
    out
}

/// A name without case, articles and marks at its ends.
fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace('’', "'");
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    ["the ", "an ", "a "].iter().find_map(|a| name.strip_prefix(a)).unwrap_or(name).to_owned()
}

/// Right answers, answers given, answers expected.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) right: usize,
    pub(crate) given: usize,
    pub(crate) gold: usize,
}

impl Tally {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.given += 1;
        self.gold += 1;
    }

    pub(crate) fn precision(self) -> f64 {
        self.right as f64 / self.given.max(1) as f64
    }

    pub(crate) fn recall(self) -> f64 {
        self.right as f64 / self.gold.max(1) as f64
    }
}

/// Tallies by what is asked, and the errors in words.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) tallies: BTreeMap<&'static str, Tally>,
    pub(crate) errors: Vec<String>,
}

/// Compares a reading with the gold of its report.
pub(crate) fn score(case: &Case, reading: &Reading, out: &mut Score) {
    let before = out.errors.len();
    statements(case, reading, out);
    checks(case, reading, out);
    aliases(case, reading, out);
    tolls(case, reading, out);
    for error in &mut out.errors[before..] {
        error.insert_str(0, &format!("{}: ", case.name));
    }
}

fn tally<'a>(out: &'a mut Score, name: &'static str) -> &'a mut Tally {
    out.tallies.entry(name).or_default()
}

/// Shared words of two stretches, as a share of both (Dice).
fn overlap(text: &str, gold: Span, spans: &[Span]) -> f64 {
    let words = |s: Span| s.of(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
    let both: usize = spans
        .iter()
        .filter(|s| s.overlaps(gold))
        .map(|s| words(Span::new(s.start.max(gold.start), s.end.min(gold.end))))
        .sum();
    let all: usize = words(gold) + spans.iter().map(|s| words(*s)).sum::<usize>();
    2.0 * both as f64 / all.max(1) as f64
}

/// The attribution that carries a quote: at least half of the words shared, or the quote wholly inside.
fn carrier<'a>(case: &Case, reading: &'a Reading, quote: Span, by: &str) -> Option<&'a Attribution> {
    let text = &case.report.text;
    let fits = |a: &&Attribution| {
        overlap(text, quote, &a.content) >= 0.5
            || a.content.iter().any(|c| c.contains(quote) && c.len() < 3 * quote.len() + 40)
    };
    let rank = |a: &&Attribution| {
        let speaker = usize::from(same_speaker(case, reading, a, by));
        ((overlap(text, quote, &a.content).max(0.5) * 100.0) as usize, speaker)
    };
    reading.attributions.iter().filter(fits).max_by_key(rank)
}

fn actor<'a>(reading: &'a Reading, id: Option<&String>) -> Option<&'a Actor> {
    reading.actors.iter().find(|a| Some(&a.id) == id)
}

/// Whether an actor is the one whom the gold calls `name`: by its name, its aliases or the words of its mentions.
fn is(case: &Case, actor: Option<&Actor>, name: &str) -> bool {
    let Some(actor) = actor else { return name == "unknown" };
    let wanted = case.names(name);
    let text = &case.report.text;
    let long = |m: &&Span| !m.is_empty() && m.of(text).len() > 5;
    let mut forms = vec![plain(&actor.name)];
    forms.extend(actor.aliases.iter().map(|a| plain(a)));
    forms.extend(actor.mentions.iter().filter(long).map(|m| plain(m.of(text))));
    forms.iter().any(|f| wanted.contains(f))
        || wanted.first().is_some_and(|w| w.len() > 5 && plain(&actor.name).ends_with(w.as_str()))
}

fn same_speaker(case: &Case, reading: &Reading, a: &Attribution, by: &str) -> bool {
    is(case, actor(reading, a.speaker.as_ref()), by)
}

fn act_name(a: &Attribution) -> String {
    serde_json::to_value(a.act).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn statements(case: &Case, reading: &Reading, out: &mut Score) {
    let text = &case.report.text;
    for block in case.of("statement") {
        let Some(quote) = case.place(&block.words) else { continue };
        let found = carrier(case, reading, quote, block.get("by"));
        tally(out, "1 statements found").add(found.is_some());
        let Some(found) = found else {
            out.errors.push(format!("not found: {}", block.words));
            continue;
        };
        let mut check = |name: &'static str, right: bool, got: String, want: &str| {
            tally(out, name).add(right);
            if !right {
                out.errors.push(format!("{}: got {got:?}, want {want:?}: {}", &name[2..], block.words));
            }
        };
        let speaker = actor(reading, found.speaker.as_ref());
        check(
            "2 speaker",
            is(case, speaker, block.get("by")),
            speaker.map(|a| a.name.clone()).unwrap_or_default(),
            block.get("by"),
        );
        check("3 act", act_name(found) == block.get("act"), act_name(found), block.get("act"));
        let stance = |act: Act| act::stance(act).unwrap_or("declines to comment");
        check("3b stance", stance(found.act) == wanted_stance(block.get("act")), act_name(found), block.get("act"));
        if !block.get("polarity").is_empty() {
            let negated = polarity_of(case, quote);
            check(
                "3c polarity",
                negated,
                if negated { "negated" } else { "affirmed" }.to_owned(),
                block.get("polarity"),
            );
        }
        let links: Vec<&Actor> = found.chain.iter().filter_map(|l| actor(reading, l.actor.as_ref())).collect();
        let want = block.list("via");
        let same = links.len() == want.len() && links.iter().zip(&want).all(|(l, w)| is(case, Some(l), w));
        check("4 chain", same, links.iter().map(|l| l.name.as_str()).collect::<Vec<_>>().join(" < "), block.get("via"));
        if !block.get("channel").is_empty() {
            let named: Vec<String> = found.chain.iter().filter_map(|l| l.channel.clone()).collect();
            let right = named.iter().any(|c| plain(c) == plain(block.get("channel")));
            check("5 channel", right, named.join(", "), block.get("channel"));
        }
        hedges(block, found, text, out);
    }
}

fn wanted_stance(act: &str) -> &str {
    let named = serde_json::from_value::<Act>(serde_json::Value::String(act.to_owned()));
    named.map_or(act, |act| act::stance(act).unwrap_or("declines to comment"))
}

fn polarity_of(case: &Case, quote: Span) -> bool {
    let doc = Document { report: &case.report, analysis: Analysis::words(&case.report) };
    act::polarity(&doc, quote).negated()
}

fn hedges(block: &Block, found: &Attribution, text: &str, out: &mut Score) {
    let owner = |h: HedgeOwner| if h == HedgeOwner::Outlet { "outlet" } else { "speaker" };
    let mut got: Vec<(String, &str)> =
        found.hedges.iter().map(|h| (h.span.of(text).to_lowercase(), owner(h.by))).collect();
    for want in block.list("hedge") {
        let (words, by) = want.trim_end_matches(')').rsplit_once(" (").expect("words (owner)");
        let words = words.to_lowercase();
        let at = got.iter().position(|(w, _)| w.contains(&words) || words.contains(w.as_str()));
        tally(out, "6 hedges").gold += 1;
        match at.map(|k| got.remove(k)) {
            Some((_, owner)) => {
                let t = tally(out, "6 hedges");
                t.right += 1;
                t.given += 1;
                tally(out, "7 hedge owner").add(owner == by);
                if owner != by {
                    out.errors.push(format!("hedge owner: got {owner}, want {want}: {}", block.words));
                }
            }
            None => out.errors.push(format!("hedge missed: {want}: {}", block.words)),
        }
    }
    for (words, owner) in got {
        tally(out, "6 hedges").given += 1;
        out.errors.push(format!("hedge too much: {words} ({owner}): {}", block.words));
    }
}

fn checks(case: &Case, reading: &Reading, out: &mut Score) {
    let text = &case.report.text;
    let mut left: Vec<&Verification> = reading.verification.iter().collect();
    for block in case.of("check") {
        let Some(words) = case.place(&block.words) else { continue };
        tally(out, "8 checks").gold += 1;
        let Some(k) = left.iter().position(|v| v.span.overlaps(words)) else {
            out.errors.push(format!("check missed: {}", block.words));
            continue;
        };
        let v = left.remove(k);
        let t = tally(out, "8 checks");
        t.right += 1;
        t.given += 1;
        tally(out, "9 check outcome").add(v.outcome == block.get("outcome"));
        if v.outcome != block.get("outcome") {
            out.errors.push(format!(
                "check outcome: got {}, want {}: {}",
                v.outcome,
                block.get("outcome"),
                block.words
            ));
        }
        let by = actor(reading, v.by.as_ref());
        tally(out, "A check by").add(is(case, by, block.get("by")));
        if !is(case, by, block.get("by")) {
            out.errors.push(format!(
                "check by: got {:?}, want {}: {}",
                by.map(|a| &a.name),
                block.get("by"),
                block.words
            ));
        }
        let about = case.place(block.get("about")).is_some_and(|a| v.about.iter().any(|s| s.overlaps(a)));
        tally(out, "B check about").add(about);
        if !about {
            let got: Vec<&str> = v.about.iter().map(|s| s.of(text)).collect();
            out.errors.push(format!("check about: got {got:?}, want {}: {}", block.get("about"), block.words));
        }
    }
    for v in left {
        tally(out, "8 checks").given += 1;
        out.errors.push(format!("check too much: {} {}", v.outcome, v.span.of(text)));
    }
}

/// Pairs of an actor's forms, its name and what else the gold lists, as they first stand in the text: right when one
/// actor of the reading has mentions in both places; kept apart when none has mentions in both of two actors' places.
fn aliases(case: &Case, reading: &Reading, out: &mut Score) {
    let pronoun = |f: &&str| ["he", "she", "it", "they"].contains(&f.to_lowercase().as_str());
    let at = |form: &str| -> Vec<&Actor> {
        let Some(place) = case.place(form) else { return Vec::new() };
        reading.actors.iter().filter(|a| a.mentions.iter().any(|m| m.overlaps(place))).collect()
    };
    let one = |a: &str, b: &str| at(a).iter().any(|x| at(b).iter().any(|y| x.id == y.id));
    for block in case.of("actor") {
        let mut forms: Vec<&str> = vec![&block.words];
        forms.extend(block.list("also").into_iter().filter(|f| !pronoun(f) && *f != block.words));
        forms.retain(|f| case.place(f).is_some());
        for form in forms.iter().skip(1) {
            let right = one(forms[0], form);
            tally(out, "C aliases").add(right);
            if !right {
                out.errors.push(format!("alias missed: {} = {form}", forms[0]));
            }
        }
        for other in block.list("not").into_iter().filter(|o| !o.contains(forms[0]) && !forms[0].contains(o)) {
            let merged = one(forms[0], other);
            tally(out, "D kept apart").add(!merged);
            if merged {
                out.errors.push(format!("merged: {} and {other}", forms[0]));
            }
        }
    }
}

fn tolls(case: &Case, reading: &Reading, out: &mut Score) {
    let text = &case.report.text;
    let people = ["killed", "wounded", "missing", "captured", "displaced", "detained"];
    let mut left: Vec<&Quantity> = reading.quantities.iter().filter(|q| people.contains(&q.of.as_str())).collect();
    for block in case.of("toll") {
        let Some(words) = case.place(&block.words) else { continue };
        tally(out, "E tolls").gold += 1;
        let number = |field: &str| block.get(field).parse::<u64>().ok();
        let of = |q: &&Quantity| q.of == block.get("of") || (q.of == "detained" && block.get("of") == "captured");
        let fits = |q: &&Quantity| q.span.overlaps(words) && of(q);
        let Some(k) = left.iter().position(fits) else {
            out.errors.push(format!("toll missed: {}", block.words));
            continue;
        };
        let q = left.remove(k);
        let t = tally(out, "E tolls");
        t.right += 1;
        t.given += 1;
        let figure = Some(q.low) == number("low") && q.high == number("high");
        tally(out, "F toll figure").add(figure);
        if !figure {
            out.errors.push(format!(
                "toll figure: got {}..{:?}, want {}..{}: {}",
                q.low,
                q.high,
                block.get("low"),
                block.get("high"),
                block.words
            ));
        }
        let by = actor(reading, q.by.as_ref());
        tally(out, "G toll by").add(is(case, by, block.get("by")));
        if !is(case, by, block.get("by")) {
            out.errors.push(format!(
                "toll by: got {:?}, want {}: {}",
                by.map(|a| &a.name),
                block.get("by"),
                block.words
            ));
        }
    }
    for q in left {
        tally(out, "E tolls").given += 1;
        out.errors.push(format!("toll too much: {} {}", q.of, q.span.of(text)));
    }
}

/// A reading that has the gold's statements and actors, so that what is said of them can be scored apart from finding
/// them: contents, kinds and speakers are given, cues are not.
pub(crate) fn given(case: &Case) -> Reading {
    let outlet = case.report.outlet.clone().unwrap_or_default();
    let mut names: Vec<String> = vec![outlet.clone()];
    names.extend(case.of("actor").map(|b| b.words.clone()));
    for by in case.blocks.iter().map(|b| b.get("by")).filter(|b| !b.is_empty() && *b != "unknown") {
        if !names.iter().any(|n| case.names(n).contains(&plain(by))) {
            names.push(by.to_owned());
        }
    }
    names.dedup();
    let actors: Vec<Actor> = names.iter().enumerate().map(|(k, n)| given_actor(case, k, n, &outlet)).collect();
    let statement = |b: &Block| {
        let content = case.place(&b.words)?;
        let text = &case.report.text;
        let quoted = text[..content.start].ends_with(['"', '“', '‘']);
        let voice = case.names(&outlet).contains(&plain(b.get("by")));
        let kind = if voice {
            Kind::Voice
        } else if quoted {
            Kind::Direct
        } else {
            Kind::Indirect
        };
        let speaker = actors.iter().find(|a| is(case, Some(a), b.get("by"))).map(|a| a.id.clone());
        Some(Attribution {
            content: vec![content],
            kind,
            speaker,
            speaker_rule: "given".to_owned(),
            confidence: 1.0,
            rule: "given".to_owned(),
            ..Attribution::default()
        })
    };
    let attributions = case.of("statement").filter_map(statement).collect();
    Reading { attributions, actors, ..Reading::default() }
}

/// [`given`], with what the reader says of the given statements: acts, hedges, checks and evidence.
pub(crate) fn read_given(case: &Case) -> Reading {
    let doc = Document { report: &case.report, analysis: Analysis::words(&case.report) };
    let mut reading = given(case);
    act::assign(&doc, &mut reading.attributions, &reading.actors);
    hedge::assign(&doc, &mut reading.attributions);
    reading.verification = verification::find(&doc, &mut reading.attributions, &reading.actors);
    reading.evidence = evidence::find(&doc, &reading.actors);
    reading
}

fn given_actor(case: &Case, number: usize, name: &str, outlet: &str) -> Actor {
    let text = &case.report.text;
    let block = case.of("actor").find(|b| b.words == name);
    let mut forms = vec![name];
    forms.extend(block.iter().flat_map(|b| b.list("also")));
    let mut mentions: Vec<Span> = forms
        .iter()
        .filter(|f| f.len() > 2)
        .flat_map(|f| text.match_indices(*f).map(|(at, m)| Span::new(at, at + m.len())))
        .collect();
    mentions.sort();
    let kind = if name == outlet { ActorKind::Outlet } else { ActorKind::Organisation };
    let aliases = forms[1..].iter().map(|f| (*f).to_owned()).collect();
    let (id, name) = (format!("a{number}"), name.to_owned());
    Actor { id, name, kind, mentions, aliases, belongs_to: None, roles: Vec::new(), why: Vec::new() }
}
