//! Incidents as points: RFC 7946.

use serde_json::{Value, json};

use super::Case;

/// One feature an incident that has a place; its properties are the incident's fields.
#[must_use]
pub fn export(case: &Case<'_>) -> Value {
    let features: Vec<Value> = case
        .weighing
        .incidents
        .iter()
        .filter_map(|incident| incident.point.map(|point| (incident, point)))
        .map(|(incident, (lat, lon))| {
            json!({"type": "Feature", "id": incident.id, "geometry": {"type": "Point", "coordinates": [lon, lat]},
                   "properties": {"what": incident.what, "place": incident.place, "date": incident.date,
                                  "reports": incident.reports, "claims": incident.claims}})
        })
        .collect();
    json!({"type": "FeatureCollection", "features": features})
}
