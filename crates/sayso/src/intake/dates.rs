//! Dates of publication, from the forms that documents write them in, to one form.

use jiff::Timestamp;
use jiff::civil::Date;

/// RFC 3339 in UTC (`2025-03-04T09:10:00Z`); the date alone when no time, or no zone, is given.
pub(super) fn instant(text: &str) -> Option<String> {
    let text = text.trim();
    let seconds = |t: Timestamp| t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    if let Ok(t) = text.parse::<Timestamp>() {
        return Some(seconds(t));
    }
    if let Ok(zoned) = jiff::fmt::rfc2822::parse(text) {
        return Some(seconds(zoned.timestamp()));
    }
    for form in [
        "%Y-%m-%dT%H:%M%:z",
        "%Y-%m-%d %H:%M%:z",
        "%Y-%m-%d %H:%M:%S %z",
        "%Y-%m-%d %H:%M:%S UTC",
        "%d.%m.%Y %H:%M:%S UTC%:z",
        "%Y-%m-%dT%H:%MZ",
        "%Y-%m-%dT%H:%M%z",
        "%Y-%m-%dT%H:%M:%S%z",
        "%Y-%m-%dT%H:%M:%S%.f%z",
    ] {
        if let Ok(parts) = jiff::fmt::strtime::parse(form, text) {
            let t = parts
                .to_timestamp()
                .or_else(|_| parts.to_datetime()?.to_zoned(jiff::tz::TimeZone::UTC).map(|z| z.timestamp()));
            if let Ok(t) = t {
                return Some(seconds(t));
            }
        }
    }
    if text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        return epoch(text);
    }
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y"]
        .iter()
        .find_map(|form| Date::strptime(form, day).ok())
        .map(|date| date.to_string())
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<String> {
    let number: i64 = text.parse().ok()?;
    let seconds = if text.len() >= 12 { number / 1_000 } else { number };
    Some(Timestamp::from_second(seconds).ok()?.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_all() {
        for (given, expected) in [
            ("2025-03-04T09:10:00Z", "2025-03-04T09:10:00Z"),
            ("2025-03-04T12:10:00.123+03:00", "2025-03-04T09:10:00Z"),
            ("2025-03-04T12:10:00+0300", "2025-03-04T09:10:00Z"),
            ("2025-03-04T12:10+03:00", "2025-03-04T09:10:00Z"),
            ("2025-03-04 12:10:00+03:00", "2025-03-04T09:10:00Z"),
            ("2025-03-04 09:10:00 UTC", "2025-03-04T09:10:00Z"),
            ("2025-03-04T09:10Z", "2025-03-04T09:10:00Z"),
            ("Tue, 04 Mar 2025 12:10:00 +0300", "2025-03-04T09:10:00Z"),
            ("Tue, 04 Mar 2025 09:10:00 GMT", "2025-03-04T09:10:00Z"),
            ("1741079400", "2025-03-04T09:10:00Z"),
            ("1741079400000", "2025-03-04T09:10:00Z"),
            ("2025-03-04", "2025-03-04"),
            ("2025-03-04T12:10:00", "2025-03-04"),
            ("2025-03-04 12:10", "2025-03-04"),
            ("20250304", "2025-03-04"),
        ] {
            assert_eq!(instant(given).as_deref(), Some(expected), "{given}");
        }
        assert_eq!(instant("yesterday"), None);
        assert_eq!(instant(""), None);
    }
}
