//! When: what phrases mean against a report's date. Sentences written for this project.

use proptest::prelude::*;
use sayso::model::Analysis;
use sayso::notice::Code;
use sayso::read::{Document, when};
use sayso::reading::Time;
use sayso::report::Report;

fn read(text: &str, published: Option<&str>) -> (Vec<Time>, Vec<sayso::notice::Notice>) {
    let report = Report { text: text.to_owned(), published: published.map(str::to_owned), ..Report::default() };
    when::find(&Document { report: &report, analysis: Analysis::words(&report) })
}

/// Each time as `words = type value [from, to) MOD`.
fn show(text: &str, published: Option<&str>) -> Vec<String> {
    let show = |t: Time| {
        let place = t.from.zip(t.to).map_or(String::new(), |(a, b)| format!(" [{a}, {b})"));
        let modifier = if t.modifier.is_empty() { String::new() } else { format!(" {}", t.modifier) };
        format!("{} = {} {}{place}{modifier}", t.span.of(text), t.kind, t.value)
    };
    read(text, published).0.into_iter().map(show).collect()
}

/// Checks sentences against a report of Wednesday, 14 May 2025.
fn check(table: &[(&str, &[&str])]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, want)| {
            let got = show(text, Some("2025-05-14T09:30:00Z"));
            (got != *want).then(|| format!("{text}\n  want {want:#?}\n  got  {got:#?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn weekdays_by_tense() {
    check(&[
        ("The convoy left on Monday.", &["Monday = DATE 2025-05-12 [2025-05-12, 2025-05-13)"]),
        ("On Friday, the panel will meet.", &["Friday = DATE 2025-05-16 [2025-05-16, 2025-05-17)"]),
        ("Shells hit the depot on Wednesday.", &["Wednesday = DATE 2025-05-14 [2025-05-14, 2025-05-15)"]),
        ("They fled last Wednesday.", &["last Wednesday = DATE 2025-05-07 [2025-05-07, 2025-05-08)"]),
        (
            "The mayor resigned early on Monday.",
            &["Monday = DATE 2025-05-12 [2025-05-12T00:00:00, 2025-05-12T08:00:00) START"],
        ),
        (
            "The raid began early Tuesday.",
            &["early Tuesday = DATE 2025-05-13 [2025-05-13T00:00:00, 2025-05-13T08:00:00) START"],
        ),
        (
            "Drones came on Sunday night.",
            &["Sunday night = TIME 2025-05-11TNI [2025-05-11T20:00:00, 2025-05-12T05:00:00)"],
        ),
        ("Talks are due by Friday.", &["Friday = DATE 2025-05-16 [2025-05-16, 2025-05-17)"]),
        ("The market opens every Saturday.", &["every Saturday = SET XXXX-WXX-6"]),
    ]);
}

#[test]
fn days_and_parts_of_days() {
    check(&[
        ("He spoke yesterday.", &["yesterday = DATE 2025-05-13 [2025-05-13, 2025-05-14)"]),
        ("The port was hit overnight.", &["overnight = TIME 2025-05-14TNI [2025-05-13T20:00:00, 2025-05-14T05:00:00)"]),
        (
            "Sirens went off last night.",
            &["last night = TIME 2025-05-13TNI [2025-05-13T20:00:00, 2025-05-14T05:00:00)"],
        ),
        (
            "It began at 4:30 a.m. on Tuesday.",
            &[
                "4:30 a.m. = TIME 2025-05-13T04:30 [2025-05-13T04:30:00, 2025-05-13T04:31:00)",
                "Tuesday = DATE 2025-05-13 [2025-05-13, 2025-05-14)",
            ],
        ),
        (
            "The blast was at 0630 GMT.",
            &["0630 GMT = TIME 2025-05-14T06:30 [2025-05-14T06:30:00Z, 2025-05-14T06:31:00Z)"],
        ),
        ("Fire broke out around 11pm.", &["11pm = TIME 2025-05-14T23:00 [2025-05-14T23:00:00, 2025-05-14T23:01:00)"]),
        (
            "They met the day before yesterday.",
            &["the day before yesterday = DATE 2025-05-12 [2025-05-12, 2025-05-13)"],
        ),
        (
            "The bridge fell on March 3. The following day troops came.",
            &[
                "March 3 = DATE 2025-03-03 [2025-03-03, 2025-03-04)",
                "The following day = DATE 2025-03-04 [2025-03-04, 2025-03-05)",
            ],
        ),
    ]);
}

#[test]
fn dates_of_the_calendar() {
    check(&[
        ("It fell on May 22, 2023.", &["May 22, 2023 = DATE 2023-05-22 [2023-05-22, 2023-05-23)"]),
        ("It fell on 22 May 2023.", &["22 May 2023 = DATE 2023-05-22 [2023-05-22, 2023-05-23)"]),
        ("It fell on the 22nd of May.", &["the 22nd of May = DATE 2025-05-22 [2025-05-22, 2025-05-23)"]),
        ("The law may march through in 2023.", &["2023 = DATE 2023 [2023-01-01, 2024-01-01)"]),
        ("They met in March.", &["March = DATE 2025-03 [2025-03-01, 2025-04-01)"]),
        ("They met last March.", &["last March = DATE 2025-03 [2025-03-01, 2025-04-01)"]),
        ("They met last November.", &["last November = DATE 2024-11 [2024-11-01, 2024-12-01)"]),
        ("It was cut between March 3-5.", &["March 3-5 = DATE 2025-03-03/2025-03-05 [2025-03-03, 2025-03-06)"]),
        ("A truce held in mid-April.", &["mid-April = DATE 2025-04 [2025-04-11, 2025-04-21) MID"]),
        ("He was held in the late 1990s.", &["the late 1990s = DATE 199 [1996-08-31, 2000-01-01) END"]),
        ("A fort of the 19th century.", &["the 19th century = DATE 18 [1800-01-01, 1900-01-01)"]),
        ("The file is dated 2025-05-09.", &["2025-05-09 = DATE 2025-05-09 [2025-05-09, 2025-05-10)"]),
        ("About 2000 people left.", &[]),
        ("The 47-year-old driver died.", &[]),
        ("He was freed on Christmas Eve.", &["Christmas Eve = DATE 2024-12-24 [2024-12-24, 2024-12-25)"]),
    ]);
}

#[test]
fn distances() {
    check(&[
        ("The war began two years ago.", &["two years ago = DATE 2023 [2023-01-01, 2024-01-01)"]),
        ("He left three days ago.", &["three days ago = DATE 2025-05-11 [2025-05-11, 2025-05-12)"]),
        (
            "The town fell on April 2. Two weeks later it was retaken.",
            &[
                "April 2 = DATE 2025-04-02 [2025-04-02, 2025-04-03)",
                "Two weeks later = DATE 2025-W16 [2025-04-14, 2025-04-21)",
            ],
        ),
        ("The post was lost earlier this month.", &["earlier this month = DATE 2025-05 [2025-05-01, 2025-05-14)"]),
        ("Ties were cut last year.", &["last year = DATE 2024 [2024-01-01, 2025-01-01)"]),
        ("Elections follow next week.", &["next week = DATE 2025-W21 [2025-05-19, 2025-05-26)"]),
        ("It closed at the end of March.", &["the end of March = DATE 2025-03 [2025-03-21, 2025-04-01) END"]),
        ("Output fell in the third quarter.", &["the third quarter = DATE 2024-Q3 [2024-07-01, 2024-10-01)"]),
        ("The group is now in the city.", &["now = DATE PRESENT_REF"]),
        ("It was recently retaken.", &["recently = DATE PAST_REF"]),
    ]);
}

#[test]
fn lengths_and_sets() {
    check(&[
        ("It fell nearly 15 months after the start.", &["nearly 15 months = DURATION P15M LESS_THAN"]),
        ("A three-day truce was agreed.", &["three-day = DURATION P3D"]),
        ("They held out for more than two weeks.", &["more than two weeks = DURATION P2W MORE_THAN"]),
        ("No aid came in the past 48 hours.", &["the past 48 hours = DURATION PT48H"]),
        ("No aid came in the past three days.", &["the past three days = DURATION P3D [2025-05-12, 2025-05-15)"]),
        ("Shelling went on for weeks.", &["weeks = DURATION PXW"]),
        ("He waited half an hour.", &["half an hour = DURATION PT30M"]),
        ("It took two and a half years.", &["two and a half years = DURATION P2.5Y"]),
        ("They shell us every day.", &["every day = SET P1D"]),
        ("Buses run twice a week.", &["twice a week = SET P1W"]),
    ]);
}

#[test]
fn without_a_date_times_stay_relative() {
    let text = "On Monday they left. Two days ago he fell; on May 3 it rained. It was 2023.";
    let (times, notices) = read(text, None);
    let values: Vec<&str> = times.iter().map(|t| t.value.as_str()).collect();
    assert_eq!(values, ["XXXX-WXX-1", "XXXX-XX-XX", "XXXX-05-03", "2023"]);
    assert_eq!(notices.len(), 1);
    assert_eq!((notices[0].code, notices[0].span.map(|s| s.of(text))), (Code::NoDate, Some("Monday")));
}

#[test]
fn absurd_lengths_have_no_place() {
    assert_eq!(show("It fell 9999 decades ago.", Some("2025-05-14")), ["9999 decades = DURATION P99990Y"]);
    assert_eq!(show("It fell 999999999 years ago.", Some("2025-05-14")), ["999999999 years = DURATION P999999999Y"]);
}

#[test]
fn one_sentence_of_fifty_thousand_words_is_read_in_time() {
    let text = "on Monday two or three of the last few and a half hundred days ".repeat(4_000);
    assert_eq!(show(&text, Some("2025-05-14")).len() % 4_000, 0);
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,120}", published in "\\PC{0,12}") {
        read(&text, Some(&published));
    }

    #[test]
    fn no_words_of_time_panic(
        picked in prop::collection::vec(prop::sample::select(vec![
            "the", "last", "early", "late", "May", "Monday", "second", "quarter", "9999", "31", "2025", "-", "of", "and", "a", "half",
            "year", "centuries", "ago", "later", "'", "s", ".", ",", "12", ":", "30", "p.m.", "hundred", "trillion", "million",
            "decade", "Easter", "week", "night", "overnight", "0630", "GMT", "1990s", "20th", "century", "é", "'90s", "/", "\n\n",
        ]), 0..24),
        spaced in any::<bool>(),
    ) {
        let text = picked.join(if spaced { " " } else { "" });
        for published in [None, Some("2025-05-14"), Some("0001-01-01"), Some("9999-12-31")] {
            for time in read(&text, published).0 {
                prop_assert!(!time.span.of(&text).is_empty());
            }
        }
    }
}
