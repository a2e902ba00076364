//! The answers as OpenAPI describes them. The library's types make them; a test holds both to each other.

#![expect(dead_code, reason = "types that describe and are never made")]

use utoipa::ToSchema;

pub(super) use super::schema_reading::*;

/// What went wrong, and what to do next.
#[derive(ToSchema)]
pub(super) struct Problem {
    /// The HTTP status.
    status: u16,
    /// Plain sentences.
    message: String,
}

/// A case in a list.
#[derive(ToSchema)]
pub(super) struct CaseLine {
    name: String,
    /// Grows with every change.
    version: u64,
}

/// A case in numbers.
#[derive(ToSchema)]
pub(super) struct CaseSummary {
    name: String,
    as_of: Option<String>,
    version: u64,
    /// Whether it is the sample, which never happened.
    fictional: bool,
    reports: usize,
    claims: usize,
    actors: usize,
    incidents: usize,
    decisions: usize,
}

/// Some of the claims of a case.
#[derive(ToSchema)]
pub(super) struct Claims {
    /// How many fit, shown or not.
    total: usize,
    claims: Vec<ClaimLine>,
}

/// A claim in a list.
#[derive(ToSchema)]
pub(super) struct ClaimLine {
    id: String,
    statement: String,
    status: String,
    support: String,
    dispute: String,
    outlets: usize,
    origins: Vec<String>,
    independent_origins: usize,
    independent_max: usize,
    circular: bool,
    /// Lowest and highest.
    figure: Option<[f64; 2]>,
    /// How many.
    mentions: usize,
    /// When its standing changed last.
    changed: Option<String>,
}

/// One proposition, with everybody who said anything of it.
#[derive(ToSchema)]
pub(super) struct Claim {
    id: String,
    statement: String,
    status: String,
    support: String,
    dispute: String,
    verification: Vec<Check>,
    credibility: u8,
    mentions: Vec<Mention>,
    origins: Vec<String>,
    independent_origins: usize,
    independent_max: usize,
    outlets: usize,
    contradicts: Vec<String>,
    contradictions: Vec<Contradiction>,
    dependences: Vec<Dependence>,
    circular: bool,
    circle: Option<Vec<String>>,
    figure: Option<[f64; 2]>,
    incident: Option<String>,
    history: Vec<Change>,
}

/// What one verifier found.
#[derive(ToSchema)]
pub(super) struct Check {
    by: String,
    outcome: String,
    method: Option<String>,
    date: Option<String>,
    report: String,
    span: [usize; 2],
}

/// One statement of a claim in one report.
#[derive(ToSchema)]
pub(super) struct Mention {
    report: String,
    text: String,
    spans: Vec<[usize; 2]>,
    stance: Stance,
    speaker: Option<String>,
    actor: Option<String>,
    chain: Vec<String>,
    hedges: Vec<String>,
    published: Option<String>,
    attribution: usize,
    confidence: f64,
}

/// How a mention stands to its claim.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum Stance {
    Asserts,
    Denies,
    Doubts,
    Verifies,
    Refutes,
    Retracts,
}

/// Two claims that cannot both be true.
#[derive(ToSchema)]
pub(super) struct Contradiction {
    claim: String,
    rule: String,
    why: String,
    /// The words of this claim and of the other: report and span.
    #[schema(value_type = Vec<Vec<Value>>)]
    spans: (),
}

/// Why two mentions do not count as two.
#[derive(ToSchema)]
pub(super) struct Dependence {
    from: usize,
    to: usize,
    rule: String,
    why: String,
    /// Report and span.
    #[schema(value_type = Option<Vec<Value>>)]
    span: (),
}

/// A change of a claim's standing.
#[derive(ToSchema)]
pub(super) struct Change {
    at: Option<String>,
    report: String,
    from: Option<String>,
    to: String,
    rule: String,
}

/// The same in the order of time.
#[derive(ToSchema)]
pub(super) struct Step {
    claim: String,
    statement: String,
    at: Option<String>,
    report: String,
    from: Option<String>,
    to: String,
    rule: String,
}

/// What was found.
#[derive(ToSchema)]
pub(super) struct Found {
    claims: Vec<ClaimLine>,
    /// Ids of reports, best first.
    reports: Vec<String>,
}

/// Claims by origins.
#[derive(ToSchema)]
pub(super) struct Matrix {
    origins: Vec<Column>,
    rows: Vec<MatrixRow>,
}

/// Who is behind a column.
#[derive(ToSchema)]
pub(super) struct Column {
    name: String,
    /// The actor's id, if it is one.
    actor: Option<String>,
}

/// A claim; where it has no cell, an origin is silent.
#[derive(ToSchema)]
pub(super) struct MatrixRow {
    claim: String,
    statement: String,
    cells: Vec<Cell>,
}

/// What an origin says of a claim.
#[derive(ToSchema)]
pub(super) struct Cell {
    /// Index into `origins`.
    origin: usize,
    stances: Vec<Stance>,
    hedged: bool,
    /// Indexes into the claim's mentions.
    mentions: Vec<usize>,
}

/// One actor over all reports.
#[derive(ToSchema)]
pub(super) struct Actor {
    id: String,
    name: String,
    kind: String,
    aliases: Vec<String>,
    belongs_to: Option<String>,
    side: Option<String>,
    reliability: String,
    why: Vec<String>,
    /// Report, and id in its reading.
    members: Vec<Vec<String>>,
}

/// An actor with what it says.
#[derive(ToSchema)]
pub(super) struct ActorAndClaims {
    actor: Actor,
    said: Vec<Said>,
}

/// A mention of which the actor is the speaker.
#[derive(ToSchema)]
pub(super) struct Said {
    claim: String,
    statement: String,
    status: String,
    /// Index into the claim's mentions.
    mention: usize,
    stance: Stance,
    report: String,
}

/// Something that happened, or is said to.
#[derive(ToSchema)]
pub(super) struct Incident {
    id: String,
    what: String,
    place: Option<String>,
    point: Option<[f64; 2]>,
    date: Option<String>,
    reports: Vec<String>,
    claims: Vec<String>,
}

/// A mention as decisions name it: `start` is where its first span begins.
#[derive(ToSchema)]
pub(super) struct MentionKey {
    report: String,
    start: usize,
}

/// A line of the journal.
#[derive(ToSchema)]
pub(super) struct Line {
    id: u64,
    at: String,
    by: String,
    why: Option<String>,
    /// The numbers of the lines in which others decided differently about the same; left out where there are none.
    against: Option<Vec<u64>>,
    #[serde(flatten)]
    decision: Decision,
}

/// A decision to make.
#[derive(ToSchema)]
pub(super) struct NewDecision {
    /// The person's reason.
    why: Option<String>,
    #[serde(flatten)]
    decision: Decision,
}

/// What a person decides. Mentions and actors are named by their place in a report; an actor as `[report id, actor id in its reading]`.
#[derive(ToSchema)]
#[serde(tag = "decision", rename_all = "kebab-case")]
pub(super) enum Decision {
    /// The mention was read right.
    Accept { mention: MentionKey },
    /// It was read wrong, and is left out.
    Reject { mention: MentionKey },
    /// Another speaker or stance for it.
    Edit { mention: MentionKey, speaker: Option<String>, stance: Option<Stance> },
    /// Another sentence for the claim that holds it.
    State { mention: MentionKey, statement: String },
    /// The claims that hold these two are one.
    Merge { a: MentionKey, b: MentionKey },
    /// These two are not of one claim.
    Split { a: MentionKey, b: MentionKey },
    /// The dependence between these two does not hold.
    Cut { a: MentionKey, b: MentionKey },
    /// These two depend on each other.
    Join { a: MentionKey, b: MentionKey },
    /// These actors are one.
    MergeActors { a: [String; 2], b: [String; 2] },
    /// These actors are two.
    SplitActors { a: [String; 2], b: [String; 2] },
    /// The actor's name.
    NameActor { actor: [String; 2], name: String },
    /// The side it is on.
    SetSide { actor: [String; 2], side: String },
    /// Source reliability, A to F.
    Grade {
        actor: [String; 2],
        #[schema(pattern = "^[A-F]$")]
        reliability: String,
    },
    /// The line of the journal of this number no longer holds.
    Undo { line: u64 },
    /// Words were taken out of a report for ever: where they stood in its text, and the captures that held them. Made by `sayso redact` alone.
    Redact { report: String, spans: Vec<[usize; 2]>, captures: Vec<Redacted> },
}

/// A capture out of which words were taken.
#[derive(ToSchema)]
pub(super) struct Redacted {
    /// SHA-256 of the bytes as received.
    before: String,
    /// SHA-256 of what is kept instead.
    after: String,
    /// Where it differs, in bytes.
    places: Vec<[usize; 2]>,
    /// Whether words were taken out of where it came from, too.
    address: Option<bool>,
}

/// A format of `sayso export`.
#[derive(ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    Json,
    Csv,
    Parquet,
    Geojson,
    Jsonld,
    Annotations,
    Acled,
    Ftm,
    Html,
}

/// A decision that was made.
#[derive(ToSchema)]
pub(super) struct Made {
    /// Its number in the journal.
    number: u64,
    /// The numbers of the lines in which others decided differently about the same; both stand in the journal, the later holds.
    against: Vec<u64>,
}

/// A report to add: either `url` or `text`.
#[derive(ToSchema)]
pub(super) struct NewReport {
    url: Option<String>,
    /// In any format that `sayso add` takes.
    text: Option<String>,
    /// Where the text is from.
    name: Option<String>,
    outlet: Option<String>,
    published: Option<String>,
}

/// An addition, under way or done.
#[derive(ToSchema)]
pub(super) struct Job {
    id: u64,
    case: String,
    what: String,
    progress: Progress,
}

/// How far it is.
#[derive(ToSchema)]
pub(super) struct Progress {
    /// Bytes read, of so many; 0 when that is not known.
    read: u64,
    of: u64,
    reports: usize,
    new: usize,
    known: usize,
    unchanged: usize,
    /// Source, code, sentence.
    notices: Vec<Vec<String>>,
    done: bool,
    failed: Option<String>,
}

/// Who logs in.
#[derive(ToSchema)]
pub(super) struct Login {
    name: String,
    password: String,
}
