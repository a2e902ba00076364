//! How many: counts of people and equipment. Sentences written for this project.

use proptest::prelude::*;
use sayso::model::Analysis;
use sayso::read::{Document, how_many};
use sayso::reading::Quantity;
use sayso::report::Report;

fn read(text: &str) -> Vec<Quantity> {
    let report = Report { text: text.to_owned(), ..Report::default() };
    how_many::find(&Document { report: &report, analysis: Analysis::words(&report) })
}

/// Each quantity as `words = of low-high scope`; an open end is `…`.
fn show(text: &str) -> Vec<String> {
    let show = |q: Quantity| {
        let high = q.high.map_or("…".to_owned(), |h| h.to_string());
        format!("{} = {} {}-{high} {}", q.span.of(text), q.of, q.low, q.scope).trim_end().to_owned()
    };
    read(text).into_iter().map(show).collect()
}

fn check(table: &[(&str, &[&str])]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, want)| {
            let got = show(text);
            (got != *want).then(|| format!("{text}\n  want {want:#?}\n  got  {got:#?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn killed_and_wounded() {
    check(&[
        (
            "At least 14 people were killed and 30 others wounded, including two children, when shells hit the market.",
            &["At least 14 people = killed 14-…", "30 others = wounded 30-30", "two children = wounded 2-2 part"],
        ),
        (
            "Militants killed three soldiers and four civilians.",
            &["three soldiers = killed 3-3", "four civilians = killed 4-4"],
        ),
        ("OSTER, March 5 (Wire) - Nine people were killed on Thursday.", &["Nine people = killed 9-9"]),
        ("A woman of 71 had died on the way.", &[]),
        ("The blast left 12 dead.", &["12 = killed 12-12"]),
        ("The death toll rose to 16 on Monday.", &["16 = killed 16-16 total"]),
        ("Two more soldiers died of their wounds.", &["Two more soldiers = killed 2-2 increment"]),
        ("Two gunmen killed the mayor.", &["the mayor = killed 1-1"]),
        ("A soldier was seriously wounded.", &["A soldier = wounded 1-1"]),
        ("Between 10 and 15 were injured.", &["Between 10 and 15 = wounded 10-15"]),
        ("More than 50 people were hurt.", &["More than 50 people = wounded 51-…"]),
        ("Dozens of people were killed.", &["Dozens of people = killed 24-…"]),
        ("In 2023, 12 died, three of them women.", &["12 = killed 12-12", "three of them women = killed 3-3 part"]),
        ("Petro Koval, 56, was injured.", &["Petro Koval = wounded 1-1"]),
    ]);
}

#[test]
fn none_is_a_count_and_no_report_is_not() {
    check(&[
        ("There were no casualties.", &["no casualties = casualties 0-0"]),
        ("Nobody was hurt.", &["Nobody was hurt = wounded 0-0"]),
        ("We have no dead.", &["no dead = killed 0-0"]),
        ("The strike did not cause any injuries.", &["any injuries = wounded 0-0"]),
        ("There were no immediate reports of casualties.", &[]),
    ]);
}

#[test]
fn people_taken_displaced_and_missing() {
    check(&[
        ("Gunmen kidnapped 40 pupils.", &["40 pupils = abducted 40-40"]),
        ("They took 12 hostage.", &["12 = captured 12-12"]),
        ("Police arrested 866 activists.", &["866 activists = detained 866-866"]),
        ("Some 5,000 residents have been evacuated.", &["Some 5,000 residents = displaced 5000-5000"]),
        ("Seven miners are missing.", &["Seven miners = missing 7-7"]),
    ]);
}

#[test]
fn equipment_is_lost_and_places_are_no_prisoners() {
    check(&[
        ("The brigade destroyed three tanks.", &["three tanks = equipment lost 3-3"]),
        ("Two drones were shot down overnight.", &["Two drones = equipment lost 2-2"]),
        ("The army captured two villages.", &[]),
        ("It burned 40 percent of the crop.", &[]),
        ("They walked 12 kilometres and were killed.", &[]),
    ]);
}

#[test]
fn a_vague_count_keeps_its_convention() {
    let quantity = &read("Dozens were killed.")[0];
    assert_eq!(
        (quantity.low, quantity.high, quantity.acled, quantity.modifier.as_str()),
        (24, None, Some(12), "VAGUE")
    );
}

#[test]
fn one_sentence_of_fifty_thousand_words_is_read_in_time() {
    read(&"12 of the people and a man who were killed or 30 others ".repeat(4_200));
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,120}") {
        read(&text);
    }

    #[test]
    fn no_words_of_counting_panic(picked in prop::collection::vec(prop::sample::select(vec![
        "at", "least", "no", "12", "1,000", "dozens", "tens", "of", "hundreds", "million", "people", "them", "were", "killed", "dead", "wounded",
        "and", "including", "another", "a", "the", "toll", "to", "rose", "destroyed", "tanks", "missing", ",", ".", "é", "between", "99999999999999",
    ]), 0..20)) {
        let text = picked.join(" ");
        for quantity in read(&text) {
            prop_assert!(quantity.high.is_none_or(|h| h >= quantity.low));
        }
    }
}
