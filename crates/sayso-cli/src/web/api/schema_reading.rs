//! A report with its reading, as OpenAPI describes it: docs/formats.md in types.

#![expect(dead_code, reason = "types that describe and are never made")]

use utoipa::ToSchema;

/// A report in a list.
#[derive(ToSchema)]
pub(super) struct ReportLine {
    id: String,
    source: String,
    sha256: String,
    outlet: Option<String>,
    published: Option<String>,
    title: Option<String>,
    url: Option<String>,
    language: Option<String>,
    /// How many mentions of claims it has.
    mentions: usize,
}

/// A report with its reading, and the claims that its statements make.
#[derive(ToSchema)]
pub(super) struct ReportAndClaims {
    report: Record,
    mentions: Vec<MentionHere>,
}

/// A mention of a claim in the report.
#[derive(ToSchema)]

pub(super) struct MentionHere {
    claim: String,
    /// Index into the claim's mentions.
    mention: usize,
    stance: super::schema::Stance,
    spans: Vec<[usize; 2]>,
}

/// One report and what was found in it.
#[derive(ToSchema)]
pub(super) struct Record {
    id: String,
    source: String,
    sha256: String,
    outlet: Option<String>,
    published: Option<String>,
    modified: Option<String>,
    title: Option<String>,
    authors: Option<Vec<String>>,
    url: Option<String>,
    section: Option<String>,
    credit: Option<String>,
    language: Option<String>,
    text: String,
    blocks: Vec<Block>,
    pictures: Option<Vec<Picture>>,
    attributions: Vec<Attribution>,
    voice: Vec<Attribution>,
    actors: Vec<ReadActor>,
    places: Vec<Place>,
    times: Vec<Time>,
    quantities: Vec<Quantity>,
    evidence: Vec<Evidence>,
    verification: Vec<Verification>,
    events: Vec<Event>,
    notices: Vec<Notice>,
}

/// A stretch of the text.
#[derive(ToSchema)]
pub(super) struct Block {
    kind: String,
    span: [usize; 2],
}

/// A picture that came with the report.
#[derive(ToSchema)]
pub(super) struct Picture {
    source: String,
    sha256: String,
    width: u32,
    height: u32,
    /// 16 hexadecimal digits; pictures that differ in few of the 64 bits look the same.
    look: Option<String>,
    caption: Option<[usize; 2]>,
    manifest: Option<Manifest>,
}

/// What a C2PA manifest in a picture says; whose key signed it is not checked.
#[derive(ToSchema)]
pub(super) struct Manifest {
    generator: Option<String>,
    signer: Option<String>,
    /// Whether it is as that key signed it: `holds`, `broken` or `unknown`.
    signature: String,
    /// Whether a time stamp is there; not checked.
    stamped: bool,
    /// `match`, `partly`, `differ` or `unknown`.
    bytes: String,
    actions: Option<Vec<Action>>,
    assertions: Option<Vec<String>>,
}

/// Something that was done to a picture.
#[derive(ToSchema)]
pub(super) struct Action {
    action: String,
    source_type: Option<String>,
    agent: Option<String>,
    when: Option<String>,
}

/// One statement.
#[derive(ToSchema)]
pub(super) struct Attribution {
    source: Vec<[usize; 2]>,
    cue: Vec<[usize; 2]>,
    content: Vec<[usize; 2]>,
    propositions: Option<Vec<[usize; 2]>>,
    kind: String,
    act: String,
    speaker: Option<String>,
    speaker_rule: Option<String>,
    chain: Vec<Link>,
    hedges: Vec<Hedge>,
    confidence: f64,
    rule: String,
}

/// One link of a chain.
#[derive(ToSchema)]
pub(super) struct Link {
    actor: Option<String>,
    cue: [usize; 2],
    verb: Option<String>,
    channel: Option<String>,
    rule: String,
}

/// Words that weaken a statement.
#[derive(ToSchema)]
pub(super) struct Hedge {
    span: [usize; 2],
    by: String,
    scope: Option<[usize; 2]>,
    rule: String,
}

/// One actor of the report.
#[derive(ToSchema)]
pub(super) struct ReadActor {
    id: String,
    name: String,
    kind: String,
    mentions: Vec<[usize; 2]>,
    aliases: Option<Vec<String>>,
    belongs_to: Option<String>,
    roles: Option<Vec<String>>,
    why: Option<Vec<String>>,
}

/// A place.
#[derive(ToSchema)]
pub(super) struct Place {
    span: [usize; 2],
    name: String,
    geonameid: u32,
    lat: Option<f64>,
    lon: Option<f64>,
    country: Option<String>,
    class: Option<String>,
    rule: String,
}

/// A time.
#[derive(ToSchema)]
pub(super) struct Time {
    span: [usize; 2],
    r#type: String,
    value: String,
    from: Option<String>,
    to: Option<String>,
    precision: Option<String>,
    modifier: Option<String>,
    rule: String,
}

/// A number of people or things.
#[derive(ToSchema)]
pub(super) struct Quantity {
    span: [usize; 2],
    of: String,
    low: u64,
    high: Option<u64>,
    who: Option<[usize; 2]>,
    scope: Option<String>,
    modifier: Option<String>,
    acled: Option<u64>,
    by: Option<String>,
    side: Option<String>,
    rule: String,
}

/// Something that the report leans on.
#[derive(ToSchema)]
pub(super) struct Evidence {
    span: [usize; 2],
    kind: String,
    purported: bool,
    shows: Option<[usize; 2]>,
    place: Option<[usize; 2]>,
    by: Option<String>,
    rule: String,
}

/// A sentence about checking.
#[derive(ToSchema)]
pub(super) struct Verification {
    span: [usize; 2],
    outcome: String,
    by: Option<String>,
    about: Vec<[usize; 2]>,
    method: Option<String>,
    rule: String,
}

/// Something that happened, or is said to.
#[derive(ToSchema)]
pub(super) struct Event {
    trigger: [usize; 2],
    r#type: String,
    plover: Option<String>,
    agent: Option<String>,
    patient: Option<String>,
    place: Option<usize>,
    time: Option<usize>,
    standing: Option<String>,
    rule: String,
}

/// What was noteworthy.
#[derive(ToSchema)]
pub(super) struct Notice {
    code: String,
    span: Option<[usize; 2]>,
    message: String,
}
