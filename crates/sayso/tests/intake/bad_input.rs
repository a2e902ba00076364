//! Bad input: a notice with its code, never a panic, and the rest goes on.

use sayso::notice::Code;

use crate::read_all;

/// Ids of the reports and codes of all notices, in order.
fn outcome(name: &str, bytes: &[u8]) -> Vec<String> {
    let mut out = Vec::new();
    for result in read_all(name, bytes) {
        match result {
            Ok(report) => {
                out.push(format!("{:?}", report.text.chars().take(20).collect::<String>()));
                out.extend(report.notices.iter().map(|notice| notice.code.as_str().to_owned()));
            }
            Err(notice) => out.push(notice.code.as_str().to_owned()),
        }
    }
    out
}

#[test]
fn empty_and_binary() {
    assert_eq!(outcome("a.html", b""), ["S0101"]);
    assert_eq!(outcome("a.txt", b" \n\t\n"), ["S0101"]);
    assert_eq!(outcome("a", b"\xef\xbb\xbf"), ["S0101"]);
    assert_eq!(outcome("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), ["S0103"]);
    assert_eq!(outcome("a.pdf", b"%PDF-1.7\n1 0 obj"), ["S0103"]);
    let noise: Vec<u8> = (0..4_000u32).map(|k| (k.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_eq!(outcome("a.txt", &noise), ["S0103"]);
    assert_eq!(outcome("a.html", b"<html><script>1</script></html>"), ["\"\"", "S0109", "S0101"]);
}

#[test]
fn damaged_characters_are_kept_with_a_notice() {
    assert_eq!(
        outcome("a.txt", b"caf\xc3\xa9 d\xc3\xa9j\xc3\xa0 vu, et puis \xff na\xc3\xafve"),
        ["\"café déjà vu, et pui\"", "S0102"]
    );
    assert_eq!(outcome("a.txt", b"The mayor said no.\0 Nobody asked."), ["\"The mayor said no.\\0 \"", "S0102"]);
    let odd = [b"\xff\xfe".as_slice(), b"n\0o\0b\0o\0d\0y\0 \0w\0a\0s\0 \0h\0u\0r\0t\0!"].concat();
    assert_eq!(outcome("a.txt", &odd), ["\"nobody was hurt\u{fffd}\"", "S0102"]);
}

#[test]
fn broken_lines_are_named_and_the_rest_is_read() {
    let file = "{\"id\": \"a\", \"text\": \"One.\"}\nnonsense\n\n{\"id\": 7}\n{\"id\": 8, \"text\": 9}\n{\"id\": \"b\", \"text\": \"Two.\"}\n{\"id\": \"c\", \"text\": \"Thr";
    assert_eq!(outcome("a.jsonl", file.as_bytes()), ["\"One.\"", "S0106", "S0106", "S0106", "\"Two.\"", "S0106"]);
    let notices: Vec<_> = read_all("a.jsonl", file.as_bytes()).into_iter().filter_map(Result::err).collect();
    assert!(notices[0].message.starts_with("Line 2 of a.jsonl is no report"), "{}", notices[0].message);
    assert!(notices[3].message.starts_with("Line 7 of"), "{}", notices[3].message);
}

#[test]
fn ids_and_texts_of_jsonl_stay_as_they_are() {
    let file = "{\"id\": \"x/1\", \"text\": \"A\\r\\nB\\u0000\", \"published\": \"soon\"}\n{\"id\": 12345678901234567890, \"text\": \"\", \"extra\": {\"deep\": [[[]]]}}\n{\"text\": \"no id\"}";
    let reports: Vec<_> = read_all("a.jsonl", file.as_bytes()).into_iter().map(Result::unwrap).collect();
    assert_eq!((reports[0].id.as_str(), reports[0].id_is_number, reports[0].text.as_str()), ("x/1", false, "A\r\nB\0"));
    assert_eq!((reports[1].id.as_str(), reports[1].id_is_number), ("12345678901234567890", true));
    assert!(reports[2].id.ends_with("-3") && reports[2].source == "a.jsonl#3");
    assert_eq!(reports[0].notices[0].code, Code::BadRecord);
    assert_eq!(reports[1].notices[0].code, Code::Empty);
    let whole = "[\n {\"id\": 1, \"text\": \"One.\"},\n {\"id\": 2, \"text\": \"Two.\"}\n]";
    assert_eq!(outcome("a.json", whole.as_bytes()), ["\"One.\"", "\"Two.\""]);
}

#[test]
fn nested_tags_and_hostile_markup() {
    let story =
        "<p>The mayor of the town said on Monday that nobody had been hurt, and then she said it again.</p>".repeat(4);
    let deep = format!("<html><body>{}{story}{}", "<div><b>".repeat(50_000), "</b></div>".repeat(50_000));
    assert!(outcome("a.html", deep.as_bytes()).contains(&"S0108".to_owned()));
    for hostile in [
        "<a ",
        "<a b='",
        "<!--",
        "<![CDATA[",
        "</",
        "<script>",
        "<p><h1>",
        "&",
        "<table><tr><td>",
        "<ul><li><a href=x>y",
        "<div hidden>",
        "<div itemprop=author>",
    ] {
        let page = format!("<html><body>{story}{}", hostile.repeat(20_000));
        let texts = outcome("a.html", page.as_bytes());
        assert!(texts[0].starts_with("\"The mayor of the"), "{hostile}: {texts:?}");
    }
}

#[test]
fn long_texts_are_kept_and_their_reading_bounded() {
    let text = "Word. ".repeat(400_000);
    let file = format!("{{\"id\": 1, \"text\": \"{text}\"}}\n{{\"id\": 2, \"text\": \"Short.\"}}");
    let reports: Vec<_> = read_all("a.jsonl", file.as_bytes()).into_iter().map(Result::unwrap).collect();
    assert_eq!(reports[0].text, text);
    assert_eq!(reports[0].notices[0].code, Code::TooLong);
    assert!(reports[0].blocks[0].span.len() <= sayso::intake::READ_AT_MOST);
    assert!(reports[0].readable().len() <= sayso::intake::READ_AT_MOST && reports[0].text.len() > 2_000_000);
    assert_eq!(reports[1].text, "Short.");
}

#[test]
fn marks_of_every_script_survive() {
    let text = "שלום, אמר השר. e\u{301}te\u{301} — \u{202b}قال\u{202c} 👩\u{200d}🚒 नमस्ते\n";
    let reports = read_all("a.txt", text.as_bytes());
    assert_eq!(reports[0].as_ref().unwrap().text, text);
}
