//! What the reader found in one report. Every value carries its span(s) and the rule or head that
//! made it. Spans are bytes of the report's text; [`Reading::to_code_points`] makes them code points for JSON.

use serde::{Deserialize, Serialize};

use crate::notice::Notice;
use crate::span::{CodePoints, Span};

/// The id of an actor within one reading, such as `a3`.
pub type ActorId = String;

/// How the content is rendered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// All of it in quotation marks.
    Direct,
    /// None of it.
    #[default]
    Indirect,
    /// Some of it.
    Mixed,
    /// A sentence in the outlet's own voice: no source, no cue.
    Voice,
}

/// What a speaker does with a content.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Act {
    /// States it.
    #[default]
    #[serde(rename = "asserts")]
    Asserts,
    /// Says that what others said is so.
    #[serde(rename = "confirms")]
    Confirms,
    /// Accepts what speaks against the speaker.
    #[serde(rename = "admits")]
    Admits,
    /// Says it is not so.
    #[serde(rename = "denies")]
    Denies,
    /// Cannot confirm, makes no finding, is sceptical.
    #[serde(rename = "doubts")]
    Doubts,
    /// Says that somebody did wrong.
    #[serde(rename = "accuses")]
    Accuses,
    /// Says nothing.
    #[serde(rename = "declines to comment")]
    Declines,
    /// Asks for something to be done.
    #[serde(rename = "demands")]
    Demands,
    /// Says it will be done.
    #[serde(rename = "promises")]
    Promises,
    /// Found by an own check that it is so.
    #[serde(rename = "verifies")]
    Verifies,
    /// Found by an own check that it is not so.
    #[serde(rename = "refutes")]
    Refutes,
    /// Takes back what was said.
    #[serde(rename = "retracts")]
    Retracts,
    /// Puts another statement in its place.
    #[serde(rename = "corrects")]
    Corrects,
}

/// One link of a chain: whoever passed the words on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Who, if it is an actor; a bare channel (Telegram, an interview) has none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub actor: Option<ActorId>,
    /// The words that make the link ("per", "told", "posted on").
    pub cue: Span,
    /// The verb's base form or the preposition.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub verb: Option<String>,
    /// The channel if named: Telegram, statement, interview, …
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub channel: Option<String>,
    /// The rule that found it.
    pub rule: String,
}

/// Whose hedge it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HedgeOwner {
    /// The outlet's own distance.
    Outlet,
    /// The speaker's.
    Speaker,
}

/// Words that weaken a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hedge {
    /// The words.
    pub span: Span,
    /// Whose they are.
    pub by: HedgeOwner,
    /// What they bear on.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scope: Option<Span>,
    /// The rule that found them.
    pub rule: String,
}

/// One statement in the report: an attribution, or a sentence in the outlet's own voice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// Who said it, in the report's words. Empty when the text leaves it out.
    pub source: Vec<Span>,
    /// The words that attribute. Empty for [`Kind::Voice`].
    pub cue: Vec<Span>,
    /// What was said.
    pub content: Vec<Span>,
    /// The content cut into propositions: clauses that can be true or false by themselves, in order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub propositions: Vec<Span>,
    /// How it is rendered.
    pub kind: Kind,
    /// What the speaker does.
    pub act: Act,
    /// The actor it is attributed to; none when the text does not say.
    pub speaker: Option<ActorId>,
    /// The rule that chose the speaker.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub speaker_rule: String,
    /// From the outlet back to the speaker: the link nearest to the outlet first.
    pub chain: Vec<Link>,
    /// Words that weaken it.
    pub hedges: Vec<Hedge>,
    /// How sure the reader is of this extraction, 0 to 1. Not how sure the text is.
    pub confidence: f64,
    /// The head or rule that found it.
    pub rule: String,
}

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// A human being.
    Person,
    /// An organisation of any other kind.
    Organisation,
    /// An armed group that is no state's force.
    ArmedGroup,
    /// A state, a ministry, an army, a local authority.
    Government,
    /// A publisher of reports.
    Outlet,
    /// Somebody the text does not name.
    Anonymous,
}

/// One actor of the report, with every mention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Id within this reading.
    pub id: ActorId,
    /// Its fullest name in the report.
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// Every mention, in order: names, roles, pronouns.
    pub mentions: Vec<Span>,
    /// Other forms by which the report calls it, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub aliases: Vec<String>,
    /// The organisation above it, if the report says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub belongs_to: Option<ActorId>,
    /// Role words ("regional governor"), sorted.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub roles: Vec<String>,
    /// Why the mentions are one actor: one sentence a merge.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub why: Vec<String>,
}

/// A place named in the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The name as written.
    pub span: Span,
    /// The gazetteer's name.
    pub name: String,
    /// GeoNames id; 0 when the gazetteer has none.
    pub geonameid: u32,
    /// Degrees north; absent when unknown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lat: Option<f64>,
    /// Degrees east; absent when unknown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lon: Option<f64>,
    /// ISO 3166 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub country: Option<String>,
    /// `city`, `admin1`, `admin2`, `country`, …
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub class: String,
    /// The rule that chose it among namesakes.
    pub rule: String,
}

/// A date, time, duration or set (TIMEX3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// The words.
    pub span: Span,
    /// `DATE`, `TIME`, `DURATION` or `SET`.
    #[serde(rename = "type")]
    pub kind: String,
    /// TIMEX3 value.
    pub value: String,
    /// Earliest moment, RFC 3339 or a date; absent when unknown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<String>,
    /// Latest moment (exclusive).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<String>,
    /// `year`, `month`, `day`, `part of day`, `hour`, `minute`, …
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub precision: String,
    /// TIMEX3 MOD: `START`, `MID`, `END`, `APPROX`, `LESS_THAN`, `MORE_THAN`, …
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub modifier: String,
    /// The rule that read it.
    pub rule: String,
}

/// A number of people or things that something happened to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// The words.
    pub span: Span,
    /// `killed`, `wounded`, `missing`, `captured`, `displaced`, `equipment lost`, …
    pub of: String,
    /// At least so many.
    pub low: u64,
    /// At most so many; absent when open ("at least").
    pub high: Option<u64>,
    /// Who or what is counted, in the report's words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub who: Option<Span>,
    /// `total`, `increment` or `part` (of another figure).
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub scope: String,
    /// What the words make of the number: `EQUAL_OR_MORE`, `MORE_THAN`, `EQUAL_OR_LESS`, `LESS_THAN`, `APPROX`, `VAGUE`.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub modifier: String,
    /// ACLED's conversion of a vague count ("dozens": 12), for who codes by it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub acled: Option<u64>,
    /// By whose count.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<ActorId>,
    /// Whose they are who are counted: the army, group or body they belong to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub side: Option<ActorId>,
    /// The rule that read it.
    pub rule: String,
}

/// Footage, a document or another thing that the report leans on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The words.
    pub span: Span,
    /// `video`, `photo`, `document`, `satellite`, `recording`, …
    pub kind: String,
    /// Whether the report distances itself from what it shows.
    pub purported: bool,
    /// What it is said to show.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shows: Option<Span>,
    /// Where it is said to be from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<Span>,
    /// Who posted it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<ActorId>,
    /// The rule that found it.
    pub rule: String,
}

/// A sentence about checking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The words.
    pub span: Span,
    /// `verified`, `partly`, `refuted` or `tried, could not`.
    pub outcome: String,
    /// Who checked.
    pub by: Option<ActorId>,
    /// What was checked.
    pub about: Vec<Span>,
    /// How, if named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub method: Option<String>,
    /// The rule that found it.
    pub rule: String,
}

/// Something that happened, or is said to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The word that names it.
    pub trigger: Span,
    /// ACLED sub-event type.
    #[serde(rename = "type")]
    pub kind: String,
    /// PLOVER event (and mode).
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub plover: String,
    /// Who did it.
    pub agent: Option<ActorId>,
    /// To whom.
    pub patient: Option<ActorId>,
    /// Index into `places`.
    pub place: Option<usize>,
    /// Index into `times`.
    pub time: Option<usize>,
    /// `fact`, `claim`, `plan`, `denial` or `hypothesis`: how the text has it.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub standing: String,
    /// The rule that found it.
    pub rule: String,
}

/// All that was found in one report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Statements, in the order of the text.
    pub attributions: Vec<Attribution>,
    /// Actors, in the order of first mention.
    pub actors: Vec<Actor>,
    /// Places, in the order of the text.
    pub places: Vec<Place>,
    /// Times, in the order of the text.
    pub times: Vec<Time>,
    /// Quantities, in the order of the text.
    pub quantities: Vec<Quantity>,
    /// Evidence, in the order of the text.
    pub evidence: Vec<Evidence>,
    /// Verification language, in the order of the text.
    pub verification: Vec<Verification>,
    /// Events, in the order of the text.
    pub events: Vec<Event>,
    /// What was noteworthy: the intake's notices first, then the reader's.
    pub notices: Vec<Notice>,
}

impl Reading {
    /// Calls `f` on every span there is.
    pub fn for_each_span(&mut self, mut f: impl FnMut(&mut Span)) {
        for x in &mut self.attributions {
            x.source.iter_mut().chain(&mut x.cue).chain(&mut x.content).chain(&mut x.propositions).for_each(&mut f);
            x.chain.iter_mut().for_each(|link| f(&mut link.cue));
            for hedge in &mut x.hedges {
                f(&mut hedge.span);
                hedge.scope.iter_mut().for_each(&mut f);
            }
        }
        self.actors.iter_mut().flat_map(|x| &mut x.mentions).for_each(&mut f);
        self.places.iter_mut().for_each(|x| f(&mut x.span));
        self.times.iter_mut().for_each(|x| f(&mut x.span));
        for x in &mut self.quantities {
            f(&mut x.span);
            x.who.iter_mut().for_each(&mut f);
        }
        for x in &mut self.evidence {
            f(&mut x.span);
            x.shows.iter_mut().chain(&mut x.place).for_each(&mut f);
        }
        for x in &mut self.verification {
            f(&mut x.span);
            x.about.iter_mut().for_each(&mut f);
        }
        self.events.iter_mut().for_each(|x| f(&mut x.trigger));
        self.notices.iter_mut().filter_map(|x| x.span.as_mut()).for_each(&mut f);
    }

    /// The same reading with every span counted in code points, as JSON has it.
    #[must_use]
    pub fn to_code_points(&self, points: &CodePoints) -> Self {
        let mut out = self.clone();
        out.for_each_span(|span| *span = points.span(*span));
        out
    }

    /// The way back: a reading from JSON, with every span counted in bytes.
    #[must_use]
    pub fn to_bytes(&self, points: &CodePoints) -> Self {
        let mut out = self.clone();
        out.for_each_span(|span| *span = points.bytes(*span));
        out
    }
}
