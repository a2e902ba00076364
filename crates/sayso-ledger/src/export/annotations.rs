//! Every mention as a W3C Web Annotation on its report: a quote with what stands around it, and its position.

use sayso::span::{CodePoints, Span};
use serde_json::{Value, json};

use super::{Case, address, stance, urn};

/// Characters of context on each side of a quote.
const AROUND: usize = 32;

/// An annotation page: one annotation a mention, motivated by `classifying`; one target a span. Positions are code points of the
/// report's text.
#[must_use]
pub fn export(case: &Case<'_>) -> Value {
    let entries = case.by_id();
    let mut items = Vec::new();
    for claim in &case.weighing.claims {
        for (number, mention) in claim.mentions.iter().enumerate() {
            let Some(entry) = entries.get(mention.report.as_str()) else { continue };
            let points = CodePoints::new(&entry.report.text);
            let source = address(entry);
            let target =
                |&span: &Span| json!({"source": source, "selector": selectors(&entry.report.text, &points, span)});
            let who = mention.speaker.as_deref().unwrap_or("unknown");
            items.push(json!({
                "id": urn(&format!("{}#{number}", claim.id)),
                "type": "Annotation",
                "motivation": "classifying",
                "body": {
                    "type": "TextualBody",
                    "format": "text/plain",
                    "value": format!("{who} {}: {}", stance(mention), claim.statement),
                },
                "target": mention.spans.iter().map(target).collect::<Vec<_>>(),
            }));
        }
    }
    json!({"@context": "http://www.w3.org/ns/anno.jsonld", "id": urn(&format!("case:{}", case.name)), "type": "AnnotationPage",
           "items": items})
}

/// Two ways to find one span.
fn selectors(text: &str, points: &CodePoints, span: Span) -> [Value; 2] {
    let at = points.span(span);
    let before = text[..span.start].char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let after = text[span.end..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| span.end + at);
    [
        json!({"type": "TextQuoteSelector", "exact": span.of(text), "prefix": &text[before..span.start],
               "suffix": &text[span.end..after]}),
        json!({"type": "TextPositionSelector", "start": at.start, "end": at.end}),
    ]
}
