//! Names across reports: folding, stems, and when two forms may be one name.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words that carry no identity in a name.
const EMPTY: [&str; 13] = ["the", "of", "a", "an", "for", "and", "in", "de", "la", "el", "du", "s", "al"];

/// A name's words, folded: lower case, no accents, no marks, no articles.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let folded: String = name.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty() && !EMPTY.contains(w))
        .map(ToOwned::to_owned)
        .collect()
}

/// The words joined: equal keys are equal names.
#[must_use]
pub fn key(name: &str) -> String {
    words(name).join(" ")
}

/// One key for the spellings of a name in different transliterations.
#[must_use]
pub fn sound(word: &str) -> String {
    let mut out = String::new();
    let swapped = [
        ("kh", "h"),
        ("zh", "j"),
        ("dzh", "j"),
        ("ph", "f"),
        ("ck", "k"),
        ("q", "k"),
        ("w", "v"),
        ("y", "i"),
        ("c", "k"),
    ];
    let mut word = word.to_owned();
    for (from, to) in swapped {
        word = word.replace(from, to);
    }
    for c in word.chars() {
        if c.is_numeric() || !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// Whether two words are spellings of one: equal after folding sounds, or one letter apart when long. Numbers have one spelling.
#[must_use]
pub fn same_word(a: &str, b: &str) -> bool {
    same_word_by_sound(a, b, &sound(a), &sound(b))
}

/// The same for words whose sounds are known.
#[must_use]
pub(super) fn same_word_by_sound(a: &str, b: &str, sound_a: &str, sound_b: &str) -> bool {
    let numbers = || a.chars().chain(b.chars()).any(char::is_numeric);
    a == b || sound_a == sound_b || (a.len() >= 6 && b.len() >= 6 && !numbers() && one_apart(sound_a, sound_b))
}

/// Whether one insertion, deletion or change of a letter makes `a` of `b`; not at the end, where endings tell people apart.
fn one_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    end > 0 && a.len().max(b.len()) - start - end <= 1
}

/// Whether two names of organisations are one name in another order or form: "Freedom Legion of X", "X Free Legion". Each is
/// given as its words and their sounds.
#[must_use]
pub(super) fn same_in_other_order(a: (&[String], &[String]), b: (&[String], &[String])) -> bool {
    let alike = |(x, sound_x): (&String, &String), (y, sound_y): (&String, &String)| {
        same_word_by_sound(x, y, sound_x, sound_y)
            || x.chars().zip(y.chars()).take(4).filter(|(p, q)| p == q).count() == 4
    };
    let all_in = |a: (&[String], &[String]), b: (&[String], &[String])| {
        a.0.iter().zip(a.1).all(|x| b.0.iter().zip(b.1).any(|y| alike(x, y)))
    };
    a.0.len() == b.0.len() && a.0.len() >= 3 && all_in(a, b) && all_in(b, a)
}

/// The initials of a name's words, in upper case.
#[must_use]
pub fn initials(name: &str) -> String {
    words(name).iter().filter_map(|w| w.chars().next()).flat_map(char::to_uppercase).collect()
}

/// Whether a form is an acronym: two to six capitals.
#[must_use]
pub fn is_acronym(form: &str) -> bool {
    (2..=6).contains(&form.chars().count()) && form.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// Whether an acronym's letters are the initials of a name, in any order.
#[must_use]
pub fn stands_for(acronym: &str, name: &str) -> bool {
    let sorted = |s: &str| {
        let mut letters: Vec<char> = s.chars().collect();
        letters.sort_unstable();
        letters
    };
    acronym.len() >= 3 && sorted(acronym) == sorted(&initials(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name() {
        for (a, b) in [
            ("grayvoron", "graivoron"),
            ("kharkiv", "harkiv"),
            ("tynybaqova", "tynybakova"),
            ("shebekino", "shebekyno"),
        ] {
            assert!(same_word(a, b), "{a} {b}");
        }
        assert!(!same_word("petrov", "petrova"), "short endings tell people apart");
        assert!(!same_word("dostyk", "birlik"));
        assert!(!same_word("3", "33") && !same_word("brigade47", "brigade48"), "numbers tell bodies apart");
    }

    #[test]
    fn one_body_in_another_order() {
        let same = |a: &str, b: &str| {
            let sounds = |words: &[String]| words.iter().map(|w| sound(w)).collect::<Vec<_>>();
            let (a, b) = (words(a), words(b));
            same_in_other_order((&a, &sounds(&a)), (&b, &sounds(&b)))
        };
        assert!(same("Free River Legion", "Legion of the Free River"));
        assert!(same("River Freedom Legion", "Free River Legion"));
        assert!(!same("Free River Legion", "Free River Brigade"));
        assert!(stands_for("RFL", "Free River Legion"));
        assert!(!stands_for("FL", "Free Legion"));
    }
}
