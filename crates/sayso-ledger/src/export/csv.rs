//! One row a mention, for spreadsheets: RFC 4180, UTF-8.

use sayso::span::CodePoints;

use super::Case;

const HEAD: [&str; 19] = [
    "claim",
    "statement",
    "status",
    "support",
    "dispute",
    "independent_min",
    "independent_max",
    "outlets",
    "report",
    "outlet",
    "published",
    "url",
    "speaker",
    "chain",
    "stance",
    "hedges",
    "words",
    "start",
    "end",
];

/// The rows. `start` and `end` are code points of the report's text, end exclusive; lists are joined by ` | `.
///
/// # Errors
/// Never in practice: the writer's buffer is memory.
pub fn export(case: &Case<'_>) -> Result<String, csv::Error> {
    let entries = case.by_id();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(HEAD)?;
    for claim in &case.weighing.claims {
        for mention in &claim.mentions {
            let Some(entry) = entries.get(mention.report.as_str()) else { continue };
            let report = &entry.report;
            let points = CodePoints::new(&report.text);
            let span = mention.spans.first().map(|&s| points.span(s));
            let stance = serde_json::to_value(mention.stance).ok();
            let at = |end: bool| span.map_or(String::new(), |s| if end { s.end } else { s.start }.to_string());
            out.write_record([
                &claim.id,
                &claim.statement,
                &claim.status,
                &claim.support,
                &claim.dispute,
                &claim.independent_min.to_string(),
                &claim.independent_max.to_string(),
                &claim.outlets.to_string(),
                &mention.report,
                report.outlet.as_deref().unwrap_or_default(),
                report.published.as_deref().unwrap_or_default(),
                report.url.as_deref().unwrap_or_default(),
                mention.speaker.as_deref().unwrap_or_default(),
                &mention.chain.join(" | "),
                stance.as_ref().and_then(|s| s.as_str()).unwrap_or_default(),
                &mention.hedges.join(" | "),
                &mention.text,
                &at(false),
                &at(true),
            ])?;
        }
    }
    let bytes = out.into_inner().map_err(|e| csv::Error::from(e.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
