//! What holds for any input: every character maps back, nothing is lost, nothing panics.

use encoding_rs::Encoding;
use proptest::prelude::*;
use sayso::span::Span;
use sayso::text::{sentences, tokens};

use crate::{Form, maps_back, read_all};

/// Encodings, with a text that each can write.
pub(crate) fn encoded() -> impl Strategy<Value = (&'static Encoding, String)> {
    let any = "[a-zA-Zа-яА-Яéñ“”«»—.,!? \n\u{4e00}-\u{4eff}\u{600}-\u{64a}🙂]{0,60}";
    prop_oneof![
        (Just(encoding_rs::UTF_8), any),
        (Just(encoding_rs::UTF_16LE), any),
        (Just(encoding_rs::UTF_16BE), any),
        (Just(encoding_rs::WINDOWS_1251), "[a-zA-Zа-яА-Яё«»—.,!? \n]{0,80}"),
        (Just(encoding_rs::KOI8_R), "[a-zA-Zа-яА-Я.,!? \n]{0,80}"),
        (Just(encoding_rs::WINDOWS_1252), "[a-zA-Zéüñß“”’—.,!? \n]{0,80}"),
        (Just(encoding_rs::WINDOWS_1256), "[a-zA-Z\u{621}-\u{63a}،؟.! \n]{0,80}"),
        (Just(encoding_rs::SHIFT_JIS), "[a-zA-Zァ-ンー首相述べ。、 \n]{0,60}"),
        (Just(encoding_rs::GB18030), any),
    ]
}

pub(crate) fn bytes_of(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    let wide = |pair: fn(u16) -> [u8; 2]| std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(pair).collect();
    match encoding.name() {
        "UTF-16LE" => wide(u16::to_le_bytes),
        "UTF-16BE" => wide(u16::to_be_bytes),
        _ => encoding.encode(text).0.into_owned(),
    }
}

/// Pieces of a page: text, entities, tags that fit and tags that do not.
pub(crate) fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z ,.!?“”’]{1,30}",
        2 => prop_oneof![Just("&amp;"), Just("&eacute;"), Just("&#8220;"), Just("&mdash;"), Just("&nbsp;"), Just("&copy"), Just("&shy;"), Just("& "), Just("&#x41;"), Just("&NotEqualTilde;")].prop_map(str::to_owned),
        3 => prop_oneof![Just("<p>"), Just("</p>"), Just("<b>"), Just("</b>"), Just("<br>"), Just("<div class=\"text\">"), Just("</div>"), Just("<a href=x>"), Just("</a>"), Just("<td>"), Just("<table>"), Just("</table>"), Just("<li>"), Just("<blockquote>"), Just("<h2>"), Just("</h2>"), Just("<!-- x -->"), Just("<script>a<b</script>"), Just("<"), Just("<pre>"), Just("\n\n")].prop_map(str::to_owned),
        1 => "[а-яё\u{4e00}-\u{4e20}🙂]{1,10}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// White space as Python has it.
fn is_white(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn pages_map_back(inside in markup(), (encoding, _) in encoded()) {
        let head = format!("<!doctype html><meta charset={}><title>T</title><body>", encoding.name());
        // What the encoding cannot write comes as numeric entities.
        let bytes = bytes_of(encoding, &(head + &inside));
        for report in read_all("page.html", &bytes).into_iter().flatten() {
            prop_assert_eq!(maps_back(&report, &bytes, Form::Html), Vec::<String>::new());
            for block in &report.blocks {
                prop_assert!(!block.span.of(&report.text).trim().is_empty());
            }
        }
    }

    #[test]
    fn plain_texts_map_back((encoding, text) in encoded()) {
        let bytes = bytes_of(encoding, &text);
        for report in read_all("note.txt", &bytes).into_iter().flatten() {
            prop_assert_eq!(maps_back(&report, &bytes, Form::Plain), Vec::<String>::new());
        }
    }

    #[test]
    fn jsonl_comes_back_byte_for_byte(texts in prop::collection::vec("\\PC{0,60}|[\\x00-\\x7f]{0,40}", 1..6), ascii in any::<bool>()) {
        let line = |(k, text): (usize, &String)| {
            let text = serde_json::to_string(text).unwrap();
            let escape = |c: char| if c.is_ascii() { c.to_string() } else { c.encode_utf16(&mut [0; 2]).iter().map(|u| format!("\\u{u:04x}")).collect() };
            let text = if ascii { text.chars().map(escape).collect() } else { text };
            format!("{{\"other\": [1, {{}}], \"id\": {k}, \"text\": {text}}}\n")
        };
        let file: String = texts.iter().enumerate().map(line).collect();
        let reports = read_all("corpus.jsonl", file.as_bytes());
        prop_assert_eq!(reports.len(), texts.len());
        for (k, (report, text)) in reports.into_iter().zip(&texts).enumerate() {
            let report = report.unwrap();
            prop_assert_eq!((&report.text, &report.id), (text, &k.to_string()));
            prop_assert_eq!(maps_back(&report, file.as_bytes(), Form::Json), Vec::<String>::new());
        }
    }

    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..400), name in prop_oneof![Just("a.html"), Just("a.txt"), Just("a.jsonl"), Just("a")]) {
        read_all(name, &bytes);
        let mut page = b"<html><p>".to_vec();
        page.extend(&bytes);
        read_all(name, &page);
    }

    #[test]
    fn tokens_and_sentences_lose_nothing(text in "(\\PC|[\\n .!?“”\"'()]){0,120}", cut in 0usize..120) {
        let found = tokens(&text);
        let mut at = 0;
        for token in &found {
            prop_assert!(is_white(&text[at..token.start]));
            prop_assert!(!token.is_empty());
            at = token.end;
        }
        prop_assert!(is_white(&text[at..]));
        let middle = text.char_indices().nth(cut).map_or(text.len(), |(at, _)| at);
        let blocks = [Span::new(0, middle), Span::new(middle, text.len())];
        let mut next = 0;
        for sentence in sentences(&text, &found, &blocks) {
            prop_assert_eq!(sentence.start, next);
            prop_assert!(!sentence.is_empty());
            next = sentence.end;
        }
        prop_assert_eq!(next, found.len());
    }
}
