//! A report with its reading as JSON: the form that other programs depend on, one object a report.
//!
//! In: a [`Report`] and its [`Reading`] in bytes. Out: an object with every offset in code points of
//! `text`, end exclusive. May not happen: a name here that changes its meaning.

use serde::Serialize;

use crate::notice::Notice;
use crate::picture::Picture;
use crate::reading::{Actor, Attribution, Event, Evidence, Kind, Place, Quantity, Reading, Time, Verification};
use crate::report::{Block, Report};
use crate::span::CodePoints;

/// One report and what was found in it. The order of the fields is the order in the JSON.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// The report's id, unchanged where the input gave one.
    pub id: String,
    /// Path or URL, with `#record` when a capture holds several reports.
    pub source: String,
    /// SHA-256 of the capture.
    pub sha256: String,
    /// The publisher's name.
    pub outlet: Option<String>,
    /// First publication.
    pub published: Option<String>,
    /// Last change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The names in the byline.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// Canonical URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The section of the outlet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The credit line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// The text that every span counts in.
    pub text: String,
    /// The text's blocks, in order.
    pub blocks: Vec<Block>,
    /// The pictures that came with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// Statements with a source or a cue.
    pub attributions: Vec<Attribution>,
    /// Statements that the text gives to nobody, in the same form: the outlet's own voice, and quotations without a word
    /// of whose they are.
    pub voice: Vec<Attribution>,
    /// Actors.
    pub actors: Vec<Actor>,
    /// Places.
    pub places: Vec<Place>,
    /// Times.
    pub times: Vec<Time>,
    /// Quantities.
    pub quantities: Vec<Quantity>,
    /// Evidence.
    pub evidence: Vec<Evidence>,
    /// Verification language.
    pub verification: Vec<Verification>,
    /// Events.
    pub events: Vec<Event>,
    /// What was noteworthy.
    pub notices: Vec<Notice>,
}

impl Record {
    /// The JSON form of a reading, whose spans are bytes of `report.text`.
    #[must_use]
    pub fn new(report: &Report, reading: &Reading) -> Self {
        let points = CodePoints::new(&report.text);
        let reading = reading.to_code_points(&points);
        let (voice, attributions) = reading.attributions.into_iter().partition(unattributed);
        let blocks = report.blocks.iter().map(|b| Block { kind: b.kind, span: points.span(b.span) }).collect();
        let in_points = |p: &Picture| Picture { caption: p.caption.map(|span| points.span(span)), ..p.clone() };
        let pictures = report.pictures.iter().map(in_points).collect();
        Self {
            id: report.id.clone(),
            source: report.source.clone(),
            sha256: report.sha256.clone(),
            outlet: report.outlet.clone(),
            published: report.published.clone(),
            modified: report.modified.clone(),
            title: report.title.clone(),
            authors: report.authors.clone(),
            url: report.url.clone(),
            section: report.section.clone(),
            credit: report.credit.clone(),
            language: report.language.clone(),
            text: report.text.clone(),
            blocks,
            pictures,
            attributions,
            voice,
            actors: reading.actors,
            places: reading.places,
            times: reading.times,
            quantities: reading.quantities,
            evidence: reading.evidence,
            verification: reading.verification,
            events: reading.events,
            notices: reading.notices,
        }
    }
}

/// Whether the text has neither source nor cue for a statement.
pub(crate) fn unattributed(attribution: &crate::reading::Attribution) -> bool {
    attribution.kind == Kind::Voice || attribution.source.is_empty() && attribution.cue.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn statement(kind: Kind, content: Span) -> Attribution {
        Attribution {
            source: vec![],
            cue: vec![],
            content: vec![content],
            kind,
            confidence: 1.0,
            rule: "test".into(),
            ..Attribution::default()
        }
    }

    #[test]
    fn offsets_are_code_points_and_the_own_voice_stands_apart() {
        let text = "“Ja” — the mayor. Fog fell.";
        let fog = Span::new(text.find("Fog").unwrap(), text.len());
        let yes = Span::new(0, text.find(" —").unwrap());
        let report = Report { text: text.into(), ..Report::default() };
        let mayor = Span::new(text.find("the").unwrap(), text.find(". Fog").unwrap());
        let said = Attribution { source: vec![mayor], ..statement(Kind::Direct, yes) };
        let reading = Reading {
            attributions: vec![said, statement(Kind::Voice, fog), statement(Kind::Direct, yes)],
            ..Reading::default()
        };
        let json = serde_json::to_value(Record::new(&report, &reading)).unwrap();
        assert_eq!(json["attributions"][0]["content"], serde_json::json!([[0, 4]]));
        assert_eq!(json["voice"][0]["content"], serde_json::json!([[18, 27]]));
        assert_eq!(json["attributions"].as_array().unwrap().len(), 1);
        assert_eq!(json["voice"][0]["speaker"], serde_json::Value::Null);
        assert_eq!(json["voice"][1]["kind"], "direct", "a quotation of nobody's");
    }
}
