//! Every mention as a W3C Web Annotation on its report: a quote with what stands around it, and its position.

use sayso::span::{CodePoints, Span};
use serde_json::{Value, json};

use super::{Case, address};

/// Characters of context on each side of a quote.
const AROUND: usize = 32;

/// An annotation page: one annotation a mention, motivated by `classifying`. Positions are code points of the report's text.
#[must_use]
pub fn export(case: &Case<'_>) -> Value {
    let entries = case.by_id();
    let mut items = Vec::new();
    for claim in &case.weighing.claims {
        for (number, mention) in claim.mentions.iter().enumerate() {
            let Some(entry) = entries.get(mention.report.as_str()) else { continue };
            let selectors: Vec<Value> = mention.spans.iter().flat_map(|&s| selectors(&entry.report.text, s)).collect();
            items.push(json!({
                "id": format!("urn:sayso:{}#{number}", claim.id),
                "type": "Annotation",
                "motivation": "classifying",
                "body": {
                    "type": "TextualBody",
                    "format": "text/plain",
                    "value": format!("{} {}: {}", mention.speaker.as_deref().unwrap_or("unknown"), stance(mention), claim.statement),
                },
                "target": {"source": address(entry), "selector": selectors},
            }));
        }
    }
    json!({"@context": "http://www.w3.org/ns/anno.jsonld", "id": format!("urn:sayso:case:{}", case.name), "type": "AnnotationPage",
           "items": items})
}

fn stance(mention: &sayso::weighing::Mention) -> String {
    serde_json::to_value(mention.stance).ok().and_then(|v| v.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

/// The two selectors of one span.
fn selectors(text: &str, span: Span) -> [Value; 2] {
    let points = CodePoints::new(text).span(span);
    let before: String = text[..span.start].chars().rev().take(AROUND).collect::<Vec<_>>().into_iter().rev().collect();
    let after: String = text[span.end..].chars().take(AROUND).collect();
    [
        json!({"type": "TextQuoteSelector", "exact": span.of(text), "prefix": before, "suffix": after}),
        json!({"type": "TextPositionSelector", "start": points.start, "end": points.end}),
    ]
}
