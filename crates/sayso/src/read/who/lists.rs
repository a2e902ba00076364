//! The word lists: publishers and platforms, words for speakers, titles, seats of governments.
//!
//! Plain files under `data/`; a user's file of the same form adds to them.

use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word's gender, where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// He.
    Male,
    /// She.
    Female,
}

static SHIPPED: OnceLock<Lists> = OnceLock::new();
static USER: OnceLock<String> = OnceLock::new();

/// Sections of words, each keyed by the folded word.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    sections: HashMap<String, HashMap<String, String>>,
}

impl Lists {
    /// Adds a user's file to the lists of this process. In: its text, in the form of the shipped files. Out: whether it
    /// counts; it does not once anything was read, so that all reports are read by the same lists.
    #[must_use]
    pub fn add_of_user(text: String) -> bool {
        USER.set(text).is_ok() && SHIPPED.get().is_none()
    }

    /// The lists that come with the program, with the user's.
    #[must_use]
    pub fn shipped() -> &'static Self {
        SHIPPED.get_or_init(|| {
            let mut lists = Self::default();
            lists.extend(include_str!("../../../data/outlets.txt"));
            lists.extend(include_str!("../../../data/roles.txt"));
            lists.extend(USER.get().map_or("", String::as_str));
            lists
        })
    }

    /// The lines of a user's file that say nothing: their numbers, from 1, and why.
    #[must_use]
    pub fn broken(text: &str) -> Vec<(usize, String)> {
        let mut known = Self::default();
        known.extend(include_str!("../../../data/outlets.txt"));
        known.extend(include_str!("../../../data/roles.txt"));
        let mut section = false;
        let mut out = Vec::new();
        for (k, line) in text.lines().map(str::trim).enumerate() {
            let mut names = known.sections.keys().map(String::as_str).collect::<Vec<_>>();
            names.sort_unstable();
            let why = match line.strip_prefix('[') {
                _ if line.is_empty() || line.starts_with('#') => continue,
                Some(rest) => {
                    section = true;
                    let name = rest.strip_suffix(']').map(|name| name.trim().to_lowercase());
                    match name {
                        Some(name) if known.sections.contains_key(&name) => continue,
                        Some(_) => format!("no such section; there are {}", names.join(", ")),
                        None => "the header has no closing bracket".to_owned(),
                    }
                }
                None if !section => "an entry before the first [section]".to_owned(),
                None if line.split('|').any(|part| part.trim().is_empty()) => "nothing beside the bar".to_owned(),
                None => continue,
            };
            out.push((k + 1, why));
        }
        out
    }

    /// Adds the entries of `text`: `[section]` headers, then one entry a line as `word | other word …`.
    /// Lines that begin with `#` and lines before the first header are left out.
    pub fn extend(&mut self, text: &str) {
        let mut section = None;
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = Some(self.sections.entry(name.trim().to_lowercase()).or_default());
                continue;
            }
            let Some(entries) = section.as_deref_mut() else { continue };
            let mut parts = line.split('|').map(str::trim);
            let first = parts.next().unwrap_or_default();
            let others: Vec<&str> = parts.collect();
            entries.insert(fold(first), others.first().copied().unwrap_or(first).to_string());
            for other in others {
                entries.entry(fold(other)).or_insert_with(|| first.to_string());
            }
        }
    }

    /// Whether `word` (folded) or its singular stands in a section.
    #[must_use]
    pub fn has(&self, section: &str, word: &str) -> bool {
        self.get(section, word).is_some()
    }

    /// What stands beside `word` (folded) or its singular in a section: the bar's other side.
    #[must_use]
    pub fn get(&self, section: &str, word: &str) -> Option<&str> {
        let entries = self.sections.get(section)?;
        let found = entries.get(word).or_else(|| entries.get(singular(word).as_str()));
        found.map(String::as_str)
    }

    /// Whether `name` (folded) is a known publisher.
    #[must_use]
    pub fn is_publisher(&self, name: &str) -> bool {
        ["agencies", "broadcasters", "newspapers"]
            .iter()
            .any(|section| self.sections.get(*section).is_some_and(|x| x.contains_key(name)))
    }

    /// The gender that a word for a person, or a title, has.
    #[must_use]
    pub fn gender(&self, word: &str) -> Option<Gender> {
        match self.get("persons", word).or_else(|| self.get("titles", word)) {
            Some("m") => Some(Gender::Male),
            Some("f") => Some(Gender::Female),
            _ => None,
        }
    }
}

/// Lower case, without accents and typographic apostrophes.
#[must_use]
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain = text.nfd().filter(|c| !is_combining_mark(*c));
    plain.flat_map(char::to_lowercase).map(|c| if matches!(c, '’' | '‘' | 'ʼ') { '\'' } else { c }).collect()
}

/// The singular of a lower-case noun, as far as spelling tells.
#[must_use]
pub(crate) fn singular(word: &str) -> String {
    for (plural, one) in [("women", "woman"), ("men", "man"), ("wives", "wife"), ("forces", "forces")] {
        if let Some(stem) = word.strip_suffix(plural) {
            return format!("{stem}{one}");
        }
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    if let Some(stem) = word.strip_suffix("es").filter(|stem| stem.ends_with("ch") || stem.ends_with("ss")) {
        return stem.to_string();
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem.to_string(),
        _ => word.to_string(),
    }
}

/// Whether a lower-case noun is a plural, as far as spelling tells.
#[must_use]
pub(crate) fn is_plural(word: &str) -> bool {
    singular(word) != word || matches!(word, "police" | "people" | "troops" | "authorities" | "staff")
}

/// The base form of a verb, as far as spelling tells: irregular verbs of saying are listed.
#[must_use]
pub(crate) fn lemma(word: &str, lists: &Lists) -> String {
    let word = fold(word);
    for (base, forms) in IRREGULAR {
        if forms.contains(&word.as_str()) {
            return (*base).to_string();
        }
    }
    let tries = [
        ("ies", "y"),
        ("ied", "y"),
        ("es", "e"),
        ("es", ""),
        ("s", ""),
        ("ed", "e"),
        ("ed", ""),
        ("ing", "e"),
        ("ing", ""),
    ];
    for (ending, base) in tries {
        if let Some(stem) = word.strip_suffix(ending) {
            let whole = format!("{stem}{base}");
            if lists.has("speech", &whole) {
                return whole;
            }
            let mut undoubled = stem.chars().collect::<Vec<_>>();
            if undoubled.len() > 3 && undoubled[undoubled.len() - 1] == undoubled[undoubled.len() - 2] {
                undoubled.pop();
                let whole: String = undoubled.into_iter().collect();
                if lists.has("speech", &whole) {
                    return whole;
                }
            }
        }
    }
    word
}

const IRREGULAR: &[(&str, &[&str])] = &[
    ("say", &["say", "says", "said", "saying"]),
    ("tell", &["tell", "tells", "told", "telling"]),
    ("write", &["write", "writes", "wrote", "written", "writing"]),
    ("speak", &["speak", "speaks", "spoke", "spoken", "speaking"]),
    ("find", &["find", "finds", "found", "finding"]),
    ("think", &["think", "thinks", "thought"]),
    ("swear", &["swear", "swears", "swore", "sworn"]),
    ("give", &["give", "gives", "gave", "given", "giving"]),
    ("put", &["put", "puts", "putting"]),
    ("take", &["take", "takes", "took", "taken"]),
    ("withdraw", &["withdraw", "withdraws", "withdrew", "withdrawn"]),
    ("have", &["has", "have", "had"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fold_and_lose_their_plural() {
        assert_eq!(fold("Öffentlichkeit’s"), "offentlichkeit's");
        for (many, one) in [
            ("spokeswomen", "spokeswoman"),
            ("authorities", "authority"),
            ("witnesses", "witness"),
            ("police", "police"),
        ] {
            assert_eq!(singular(many), one);
        }
    }

    #[test]
    fn verbs_of_saying_find_their_base() {
        let lists = Lists::shipped();
        for (form, base) in [
            ("told", "tell"),
            ("Insisted", "insist"),
            ("denies", "deny"),
            ("admitting", "admit"),
            ("cited", "cite"),
            ("quoted", "quote"),
        ] {
            assert_eq!(lemma(form, lists), base);
        }
    }

    #[test]
    fn a_users_file_adds_to_the_lists() {
        let mut lists = Lists::shipped().clone();
        assert!(!lists.is_publisher("fjord tidings"));
        lists.extend("stray line\n[agencies]\n# mine\nFjord Tidings | FT-N\n");
        let broken = Lists::broken("stray\n[agencies]\nFjord Tidings |\nFine\n[nothing]\n[agencies\n# mine\n");
        assert_eq!(broken.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3, 5, 6]);
        assert!(lists.is_publisher("fjord tidings") && lists.is_publisher("ft-n") && lists.is_publisher("reuters"));
    }
}
