//! The language of a text.

use whatlang::{Lang, detect};

/// How much of a text is looked at: enough for every language, and a bound for large inputs.
const LOOKED_AT: usize = 8_000;

/// A language found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// ISO 639-1 code; ISO 639-3 where the shorter list has none.
    pub code: &'static str,
    /// Whether the text was long and clear enough to rely on it.
    pub reliable: bool,
}

/// The language of `text`; none when it holds no letters.
#[must_use]
pub fn language(text: &str) -> Option<Language> {
    let mut end = LOOKED_AT.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    let found = detect(head)?;
    if !found.is_reliable() && is_english(head) {
        return Some(Language { code: "en", reliable: true });
    }
    Some(Language { code: short_code(found.lang()), reliable: found.is_reliable() })
}

/// English by its small words: a few sentences full of foreign names look like anything to letter statistics.
fn is_english(text: &str) -> bool {
    const SMALL: &[&str] = &[
        "a", "and", "by", "for", "had", "he", "in", "is", "it", "not", "of", "on", "said", "says", "she", "that",
        "the", "they", "to", "was", "were", "who", "with",
    ];
    let words = || text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let small = words().filter(|word| SMALL.contains(&word.to_lowercase().as_str())).count();
    small >= 2 && small * 5 >= words().count()
}

/// The primary code of a language tag: `en` of `en-GB` or `en_US`. None when it is not one.
#[must_use]
pub fn primary_code(tag: &str) -> Option<String> {
    let code = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    ((2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase())).then_some(code)
}

/// ISO 639-1 for whatlang's languages.
fn short_code(lang: Lang) -> &'static str {
    let code = lang.code();
    SHORT.iter().find(|pair| pair.0 == code).map_or(code, |pair| pair.1)
}

/// ISO 639-3 to ISO 639-1, for every language that whatlang tells apart.
#[rustfmt::skip]
const SHORT: &[(&str, &str)] = &[
    ("afr", "af"), ("aka", "ak"), ("amh", "am"), ("ara", "ar"), ("aze", "az"), ("bel", "be"), ("ben", "bn"), ("bul", "bg"), ("cat", "ca"),
    ("ces", "cs"), ("cmn", "zh"), ("cym", "cy"), ("dan", "da"), ("deu", "de"), ("ell", "el"), ("eng", "en"), ("epo", "eo"), ("est", "et"),
    ("fin", "fi"), ("fra", "fr"), ("guj", "gu"), ("heb", "he"), ("hin", "hi"), ("hrv", "hr"), ("hun", "hu"), ("hye", "hy"), ("ind", "id"),
    ("ita", "it"), ("jav", "jv"), ("jpn", "ja"), ("kan", "kn"), ("kat", "ka"), ("khm", "km"), ("kor", "ko"), ("lat", "la"), ("lav", "lv"),
    ("lit", "lt"), ("mal", "ml"), ("mar", "mr"), ("mkd", "mk"), ("mya", "my"), ("nep", "ne"), ("nld", "nl"), ("nob", "nb"), ("ori", "or"),
    ("pan", "pa"), ("pes", "fa"), ("pol", "pl"), ("por", "pt"), ("ron", "ro"), ("rus", "ru"), ("sin", "si"), ("slk", "sk"), ("slv", "sl"),
    ("sna", "sn"), ("spa", "es"), ("srp", "sr"), ("swe", "sv"), ("tam", "ta"), ("tel", "te"), ("tgl", "tl"), ("tha", "th"), ("tuk", "tk"),
    ("tur", "tr"), ("ukr", "uk"), ("urd", "ur"), ("uzb", "uz"), ("vie", "vi"), ("yid", "yi"), ("zul", "zu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_language_of_plain_sentences() {
        let code = |text| language(text).map(|found| found.code);
        assert_eq!(
            code("The governor said on Monday that nobody had been hurt in the fire near the station."),
            Some("en")
        );
        assert_eq!(code("Губернатор сообщил, что никто не пострадал при пожаре возле станции."), Some("ru"));
        assert_eq!(code("El gobernador dijo el lunes que nadie resultó herido en el incendio."), Some("es"));
        assert_eq!(code("قال المحافظ يوم الاثنين إن أحدا لم يصب في الحريق"), Some("ar"));
        assert_eq!(code("12:30 — 14"), None);
    }

    #[test]
    fn a_few_english_words_among_foreign_names_are_english() {
        let found = language("The mayor of Überlingen said the bridge was “safe”. A café owner denied that.");
        assert_eq!(found.map(|found| (found.code, found.reliable)), Some(("en", true)));
    }

    #[test]
    fn every_language_has_a_short_code() {
        for lang in Lang::all() {
            assert_eq!(short_code(*lang).len(), 2, "{lang:?}");
        }
        assert_eq!(primary_code("en_GB").as_deref(), Some("en"));
        assert_eq!(primary_code("{{lang}}"), None);
    }
}
