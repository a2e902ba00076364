//! One ACLED-shaped row an event that the reports give, with the original source filled.
//!
//! What Sayso does not know stays empty. `notes` holds the words; `source` the outlet; `source_original` (as UCDP has it) who said
//! so, as far as the report tells.

use super::Case;

const HEAD: [&str; 13] = [
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "sub_event_type",
    "actor1",
    "actor2",
    "iso",
    "location",
    "latitude",
    "longitude",
    "source",
    "notes",
];

/// The rows, with `source_original` last.
///
/// # Errors
/// Never in practice: the writer's buffer is memory.
pub fn export(case: &Case<'_>) -> Result<String, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(HEAD.iter().chain(&["source_original"]))?;
    for entry in case.entries {
        let (report, reading) = (&entry.report, &entry.reading);
        let name = |id: &Option<String>| {
            reading.actors.iter().find(|a| Some(&a.id) == id.as_ref()).map_or(String::new(), |a| a.name.clone())
        };
        for (number, event) in reading.events.iter().enumerate() {
            let place = event.place.and_then(|k| reading.places.get(k));
            let time = event.time.and_then(|k| reading.times.get(k)).and_then(|t| t.from.clone());
            let date: String = time.or_else(|| report.published.clone()).unwrap_or_default().chars().take(10).collect();
            let said = reading.attributions.iter().find(|a| a.content.iter().any(|c| c.contains(event.trigger)));
            let line = report.text[..event.trigger.start].rfind('\n').map_or(0, |k| k + 1);
            let end = report.text[event.trigger.end..].find('\n').map_or(report.text.len(), |k| event.trigger.end + k);
            let degree = |x: Option<f64>| x.map_or(String::new(), |x| format!("{x:.4}"));
            out.write_record([
                format!("{}-{number}", report.id),
                date.clone(),
                date.chars().take(4).collect(),
                if date.len() == 10 { "1".into() } else { String::new() },
                event.kind.clone(),
                name(&event.agent),
                name(&event.patient),
                place.and_then(|p| p.country.clone()).unwrap_or_default(),
                place.map_or(String::new(), |p| p.name.clone()),
                degree(place.and_then(|p| p.lat)),
                degree(place.and_then(|p| p.lon)),
                report.outlet.clone().unwrap_or_default(),
                report.text[line..end].to_owned(),
                said.map_or(String::new(), |a| name(&a.speaker)),
            ])?;
        }
    }
    let bytes = out.into_inner().map_err(|e| csv::Error::from(e.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
