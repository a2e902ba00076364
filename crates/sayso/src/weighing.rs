//! What a case comes to: actors over all reports, claims with their origins, disputes and status,
//! incidents. Derived from readings and decisions alone; spans are bytes of the report's text.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::reading::ActorKind;
use crate::span::{CodePoints, Span};

/// Where a mention stands: the report's id and the first byte of its first span. Decisions name mentions by it,
/// so that they outlive every re-weighing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MentionKey {
    /// The report's id.
    pub report: String,
    /// First byte of the mention.
    pub start: usize,
}

/// How a mention stands to its claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// Says it is so.
    Asserts,
    /// Says it is not so.
    Denies,
    /// Cannot confirm, makes no finding, is sceptical.
    Doubts,
    /// An own check found that it is so.
    Verifies,
    /// An own check found that it is not so.
    Refutes,
    /// Takes it back.
    Retracts,
}

/// One statement of a claim in one report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// The report's id.
    pub report: String,
    /// The words.
    pub text: String,
    /// Where they stand.
    pub spans: Vec<Span>,
    /// How it stands to the claim.
    pub stance: Stance,
    /// The speaker's name; none when the text does not say.
    pub speaker: Option<String>,
    /// The speaker's id in the case.
    pub actor: Option<String>,
    /// Names from the outlet back to the speaker.
    pub chain: Vec<String>,
    /// Words that weaken it.
    pub hedges: Vec<String>,
    /// When its report was published.
    pub published: Option<String>,
    /// Index of the attribution in its reading.
    pub attribution: usize,
    /// How sure the reader is of the extraction.
    pub confidence: f64,
}

impl Mention {
    /// Its key.
    #[must_use]
    pub fn key(&self) -> MentionKey {
        MentionKey { report: self.report.clone(), start: self.spans.first().map_or(0, |s| s.start) }
    }
}

/// One actor over all reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseActor {
    /// Stable id.
    pub id: String,
    /// The fullest name.
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// Every other form, sorted.
    pub aliases: Vec<String>,
    /// Id of the organisation above it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub belongs_to: Option<String>,
    /// The side a person gave it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub side: Option<String>,
    /// Source reliability A–F a person gave it; F until then.
    pub reliability: char,
    /// Why forms of several reports are one actor: a sentence a merge.
    pub why: Vec<String>,
    /// `(report id, actor id in its reading)`, sorted.
    pub members: Vec<(String, String)>,
}

/// Why two mentions of one claim do not count as two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependence {
    /// Index of the dependent mention in the claim.
    pub from: usize,
    /// Index of the mention it depends on.
    pub to: usize,
    /// The rule.
    pub rule: String,
    /// One sentence.
    pub why: String,
    /// The words that show it, with their report.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub span: Option<(String, Span)>,
}

/// One origin of a claim with the mentions that come down to it: a component of the graph of dependence. Pages draw by it; the JSON has
/// [`Claim::origins`] and [`Claim::dependences`] instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Who is behind it, as far as the reports tell.
    pub name: String,
    /// The actor's id in the case, if it is one.
    pub actor: Option<String>,
    /// Whether it is known to have had its own access.
    pub known: bool,
    /// Indices of its mentions in the claim, in order.
    pub mentions: Vec<usize>,
}

/// Two claims that cannot both be true.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Contradiction {
    /// The other claim's id.
    pub claim: String,
    /// The rule.
    pub rule: String,
    /// One sentence.
    pub why: String,
    /// The words of this claim and of the other, each with its report.
    pub spans: [(String, Span); 2],
}

/// What one verifier said of a claim, latest first kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Who.
    pub by: String,
    /// `verified`, `partly`, `refuted` or `tried, could not`.
    pub outcome: String,
    /// How, if named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub method: Option<String>,
    /// When the report was published.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date: Option<String>,
    /// Its words.
    pub report: String,
    /// Where.
    pub span: Span,
}

/// A change of a claim's standing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// As of when.
    pub at: Option<String>,
    /// The report that made it.
    pub report: String,
    /// From which status; none for the first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<String>,
    /// To which.
    pub to: String,
    /// The rule that gives the new status.
    pub rule: String,
}

/// One proposition, with everybody who said anything of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Stable id, from its earliest mention.
    pub id: String,
    /// One plain sentence.
    pub statement: String,
    /// One word for lists.
    pub status: String,
    /// The support axis.
    pub support: String,
    /// The dispute axis.
    pub dispute: String,
    /// The verification axis.
    pub verification: Vec<Check>,
    /// Suggested information credibility on the Admiralty scale, 1 to 6.
    pub credibility: u8,
    /// Every mention, by time, report and place.
    pub mentions: Vec<Mention>,
    /// Names of the independent origins.
    pub origins: Vec<String>,
    /// Every origin, known or not, with its mentions: those that state the claim.
    #[serde(skip)]
    pub components: Vec<Origin>,
    /// Components whose originator is known and had its own access.
    #[serde(rename = "independent_origins")]
    pub independent_min: usize,
    /// Those whose origin the texts leave open, added.
    pub independent_max: usize,
    /// Distinct outlets that carry it.
    pub outlets: usize,
    /// Ids of the claims it contradicts, sorted.
    pub contradicts: Vec<String>,
    /// The same with reasons.
    pub contradictions: Vec<Contradiction>,
    /// Why mentions collapse into origins.
    pub dependences: Vec<Dependence>,
    /// Whether a citation loop was found.
    pub circular: bool,
    /// The loop, as names.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub circle: Vec<String>,
    /// Lowest and highest figure, when the claim states one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub figure: Option<(f64, f64)>,
    /// The incident it is about.
    pub incident: Option<String>,
    /// How its status came about.
    pub history: Vec<Change>,
}

/// Something that happened, or is said to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Stable id.
    pub id: String,
    /// What, in words of the reports.
    pub what: String,
    /// Where, if most reports agree.
    pub place: Option<String>,
    /// Degrees north and east.
    pub point: Option<(f64, f64)>,
    /// First day.
    pub date: Option<String>,
    /// Ids of its reports, sorted.
    pub reports: Vec<String>,
    /// Ids of its claims, sorted.
    pub claims: Vec<String>,
}

/// All that a case comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weighing {
    /// Actors over all reports.
    pub actors: Vec<CaseActor>,
    /// Claims, most outlets first; shared with the [`Weigher`](crate::weigh::Weigher) that keeps them.
    pub claims: Vec<Arc<Claim>>,
    /// Incidents, by date.
    pub incidents: Vec<Incident>,
}

impl Weighing {
    /// Its claims, one by one.
    pub fn claims(&self) -> impl DoubleEndedIterator<Item = &Claim> + ExactSizeIterator {
        self.claims.iter().map(Arc::as_ref)
    }
}

impl Claim {
    /// Calls `f` with the report id and every span.
    pub fn for_each_span(&mut self, mut f: impl FnMut(&str, &mut Span)) {
        for m in &mut self.mentions {
            m.spans.iter_mut().for_each(|s| f(&m.report, s));
        }
        self.verification.iter_mut().for_each(|c| f(&c.report, &mut c.span));
        self.dependences.iter_mut().filter_map(|d| d.span.as_mut()).for_each(|(r, s)| f(r, s));
        self.contradictions.iter_mut().flat_map(|c| &mut c.spans).for_each(|(r, s)| f(r, s));
    }

    /// The same claim with spans counted in code points; `points` gives each report's index.
    #[must_use]
    pub fn to_code_points<'a>(&self, points: impl Fn(&str) -> Option<&'a CodePoints>) -> Self {
        let mut out = self.clone();
        out.for_each_span(|report, span| {
            if let Some(index) = points(report) {
                *span = index.span(*span);
            }
        });
        out
    }
}
