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

/// Bytes in base64, in lines of so many signs.
fn base64(bytes: &[u8], width: usize) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut signs = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, k| bits << 8 | u32::from(*three.get(k).unwrap_or(&0)));
        let sign = |k: usize| char::from(SIGNS[(bits >> (18 - 6 * k) & 63) as usize]);
        signs.extend((0..4).map(|k| if k <= three.len() { sign(k) } else { '=' }));
    }
    let lines: Vec<&str> = signs.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join("\r\n") + "\r\n"
}

fn quoted(bytes: &[u8], width: usize) -> String {
    let mut out = String::new();
    let mut line = 0;
    for byte in bytes {
        let sign = match byte {
            b' '..=b'~' if *byte != b'=' => char::from(*byte).to_string(),
            _ => format!("={byte:02X}"),
        };
        if line + sign.len() > width {
            out.push_str("=\r\n");
            line = 0;
        }
        line += sign.len();
        out.push_str(&sign);
    }
    out + "\r\n"
}

fn coded_mail(charset: &str, base64ed: bool, body: &str) -> Vec<u8> {
    let coding = if base64ed { "base64" } else { "quoted-printable" };
    format!(
        "From: Desk <desk@h.example>\r\nSubject: Note\r\nMessage-ID: <1@h.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {coding}\r\n\r\n{body}"
    )
    .into_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn of_coded_mails((encoding, text) in encoded(), base64ed in any::<bool>(), width in 4usize..77, nth in 0usize..40) {
        let bytes = bytes_of(encoding, &text);
        let body = if base64ed { base64(&bytes, width) } else { quoted(&bytes, width) };
        holds("a.eml", &coded_mail(encoding.name(), base64ed, &body), nth)?;
    }
}

#[test]
fn of_all_parts_of_a_mail() {
    let text = "Witness Ana Lind said that the bridge was struck at night by a José Lind.";
    let page = format!("<html><body><p>{}</p><p>ana&#32;lind</p></body></html>", text.replace('é', "&eacute;"));
    let mail = format!(
        "From: =?utf-8?Q?Ana_Lind?= <desk@h.example>\r\nSubject: =?utf-8?B?{}?=\r\n =?utf-8?B?{}?=\r\nMessage-ID: <1@h.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n\
         --c\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\
         --c\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}--c--\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@h.example\r\nSubject: Fwd\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\
         --b\r\nContent-Type: text/csv; name=\"ana-lind.csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\
         --b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--b--\r\n",
        base64(b"Statement by Ana", 99).trim_end(),
        base64(b" Lind, witness", 99).trim_end(),
        base64(text.as_bytes(), 10),
        quoted(page.as_bytes(), 20),
        base64(b"Ana Lind wrote this", 9),
        base64(b"name,seen\nAna Lind,yes\n", 76),
        base64(b"\x89PNG\r\n\x1a\n\x00\x00 Ana Lind", 76),
    );
    let report = read_all("a.eml", mail.as_bytes()).remove(0).unwrap();
    assert_eq!(report.title.as_deref(), Some("Statement by Ana Lind, witness"));
    let done = without("a.eml", mail.as_bytes(), &report, "Ana Lind").unwrap();
    let (read, new) =
        (read_all("a.eml", &done.bytes).remove(0).unwrap(), String::from_utf8(done.bytes.clone()).unwrap());
    assert_eq!(read.text, text.replace("Ana Lind", "XXX XXXX"));
    assert_eq!(read.title.as_deref(), Some("Statement by XXX XXXX, witness"));
    assert_eq!(read.outlet.as_deref(), Some("XXX XXXX"));
    assert_eq!((done.left, done.bytes.len()), (0, mail.len()));
    let page = page.replace("Ana Lind", "XXX XXXX").replace("ana&#32;lind", "XXX&#32;XXXX");
    for kept in
        [quoted(page.as_bytes(), 20), base64(b"XXX XXXX wrote this", 9), base64(b"name,seen\nXXX XXXX,yes\n", 76)]
    {
        assert!(new.contains(&kept), "{kept}\n{new}");
    }
    assert!(new.contains("name=\"XXX-XXXX.csv\""));
    assert!(new.contains(&base64(b"\x89PNG\r\n\x1a\n\x00\x00 Ana Lind", 76)), "no byte of what is no text");
}
