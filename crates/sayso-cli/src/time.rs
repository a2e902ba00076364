//! Moments as the command line takes and shows them.

/// A date or a moment: `2025-03-04` stays, anything with a time becomes UTC.
pub(crate) fn date(value: &str) -> Result<String, String> {
    if value.parse::<jiff::civil::Date>().is_ok() && !value.contains('T') {
        return Ok(value.to_owned());
    }
    let moment: Result<jiff::Timestamp, _> = value.parse();
    moment.map(|moment| moment.to_string()).map_err(|_| "write 2025-03-04 or 2025-03-04T09:10:00Z".to_owned())
}

/// The same as a moment: a date is its last second.
pub(crate) fn moment(value: &str) -> Result<String, String> {
    let date = date(value)?;
    Ok(if date.contains('T') { date } else { format!("{date}T23:59:59Z") })
}

/// Now, to the second, in UTC.
pub(crate) fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

/// This time tomorrow: clocks and time zones differ by less.
pub(crate) fn tomorrow() -> String {
    let second = jiff::Timestamp::now().as_second() + 24 * 60 * 60;
    jiff::Timestamp::from_second(second).map_or_else(|_| now(), |moment| moment.to_string())
}

/// `2025-03-04T09:10:00Z` as people write it; anything else as it is.
pub(crate) fn shown(moment: &str) -> String {
    match moment.strip_suffix('Z').and_then(|rest| rest.split_once('T')) {
        Some((day, time)) => format!("{day} {} UTC", time.strip_suffix(":00").unwrap_or(time)),
        None => moment.to_owned(),
    }
}
