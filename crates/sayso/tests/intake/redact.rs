//! Words taken out of captures: whatever goes, everything else stays where it was.

use proptest::prelude::*;
use sayso::intake::redact::{Cannot, Redacted, Wanted, Words, redact};
use sayso::intake::{Hints, Source};
use sayso::report::Report;

use crate::properties::{bytes_of, encoded, markup};
use crate::read_all;

fn without(name: &str, bytes: &[u8], report: &Report, words: &str) -> Result<Redacted, Cannot> {
    let words = [Words::new(words).unwrap()];
    redact(&Source { name, bytes, hints: Hints::default() }, report, Wanted { words: &words, spans: &[] })
}

/// A word of the text, the nth one that has a letter which its mask is not.
fn word(text: &str, nth: usize) -> Option<&str> {
    let masks = |c: char| "xXχΧхХｘＸ×ξΞ*".contains(c) || !c.is_alphanumeric();
    let all: Vec<&str> =
        text.split_whitespace().filter(|word| !word.chars().all(masks) && !word.contains('*')).collect();
    all.get(nth % all.len().max(1)).copied()
}

/// What holds of every word of every report of some bytes.
fn holds(name: &str, bytes: &[u8], nth: usize) -> Result<(), TestCaseError> {
    let before: Vec<Report> = read_all(name, bytes).into_iter().flatten().collect();
    for (k, report) in before.iter().enumerate() {
        let Some(word) = word(&report.text, nth) else { continue };
        let done = match without(name, bytes, report, word) {
            Ok(done) => done,
            Err(Cannot::Form(_)) => continue,
            Err(error) => return Err(TestCaseError::fail(format!("{word:?}: {error}"))),
        };
        let now: Vec<Report> = read_all(name, &done.bytes).into_iter().flatten().collect();
        prop_assert_eq!((done.bytes.len(), now.len()), (bytes.len(), before.len()));
        for (other, (was, is)) in before.iter().zip(&now).enumerate().filter(|(other, _)| *other != k) {
            prop_assert_eq!(&was.text, &is.text, "report {} of {}", other, name);
        }
        let (old, new) = (&report.text, &done.report.text);
        prop_assert_eq!(new, &now[k].text);
        prop_assert!(Words::new(word).unwrap().find(new).is_empty(), "{:?} is left in {:?}", word, new);
        prop_assert_eq!(old.len(), new.len());
        let gone = |at: usize| done.spans.iter().any(|span| span.start <= at && at < span.end);
        let stays = old.char_indices().zip(new.char_indices()).all(|((a, c), (b, d))| a == b && (c == d || gone(a)));
        prop_assert!(stays, "{:?} became {:?}", old, new);
        let differs = |at: usize| done.places.iter().any(|place| place.start <= at && at < place.end);
        prop_assert!((0..bytes.len()).all(|at| bytes[at] == done.bytes[at] || differs(at)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn of_pages(inside in markup(), (encoding, _) in encoded(), nth in 0usize..40) {
        let head = format!("<!doctype html><meta charset={}><title>T</title><body>", encoding.name());
        holds("page.html", &bytes_of(encoding, &(head + &inside)), nth)?;
    }

    #[test]
    fn of_plain_texts((encoding, text) in encoded(), nth in 0usize..40) {
        holds("note.txt", &bytes_of(encoding, &text), nth)?;
    }

    #[test]
    fn of_lines(texts in prop::collection::vec("[a-dé王🙂 \"\\\\.]{0,30}", 1..5), ascii in any::<bool>(), nth in 0usize..40) {
        let escape = |c: char| {
            if c.is_ascii() { c.to_string() } else { c.encode_utf16(&mut [0; 2]).iter().map(|u| format!("\\u{u:04x}")).collect() }
        };
        let line = |(k, text): (usize, &String)| {
            let text = serde_json::to_string(text).unwrap();
            let text: String = if ascii { text.chars().map(escape).collect() } else { text };
            format!("{{\"id\":\"{k}\",\"note\":{text},\"text\":{text},\"title\":{text}}}\n")
        };
        let lines: String = texts.iter().enumerate().map(line).collect();
        holds("lines.jsonl", lines.as_bytes(), nth)?;
    }
}

#[test]
fn of_feeds_and_mails() {
    let item = |name: &str, more: &str| {
        format!(
            "<item><title>{name} speaks</title><guid>{more}</guid><description>&lt;p&gt;Witness {name} said that Jos&amp;eacute; fled.&lt;/p&gt;</description></item>"
        )
    };
    let feed = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Wire</title>{}{}</channel></rss>",
        item("Ana Lind", "1"),
        item("Per Dahl", "2")
    );
    let before: Vec<Report> = read_all("feed.xml", feed.as_bytes()).into_iter().flatten().collect();
    for (report, words) in [(&before[0], "Ana Lind"), (&before[1], "José"), (&before[1], "Per Dahl")] {
        let done = without("feed.xml", feed.as_bytes(), report, words).unwrap();
        assert!(!done.report.text.contains(words), "{}", done.report.text);
        assert!(!String::from_utf8(done.bytes).unwrap().contains(words), "title and text");
    }
    let mail = "From: Desk <desk@h.example>\r\nSubject: Statement\r\nMessage-ID: <1@h.example>\r\nMIME-Version: 1.0\r\n\
                Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
                Witness Jos=C3=A9 Lind said that the bridge was struck at night.\r\n";
    let report = read_all("a.eml", mail.as_bytes()).remove(0).unwrap();
    let done = without("a.eml", mail.as_bytes(), &report, "José Lind").unwrap();
    assert!(done.report.text.starts_with("Witness XXXΧ XXXX said"), "{}", done.report.text);
    assert_eq!(done.bytes.len(), mail.len());
}
