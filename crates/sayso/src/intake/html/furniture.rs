//! What stands on pages around the article, by its words: `data/page-furniture.txt` and `data/months.txt`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::leaves::Leaf;

/// A line longer than this (in letters) is no label, no pointer and no button.
const SHORT: usize = 170;

/// The lists of `data/page-furniture.txt` by their heading.
struct Lists {
    lists: HashMap<&'static str, HashSet<&'static str>>,
    /// The first word of each pointer line, with the pointers that start so.
    pointers: HashMap<String, Vec<&'static str>>,
    labels: HashSet<&'static str>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists: HashMap<&str, HashSet<&str>> = HashMap::new();
    let mut heading = "";
    for line in include_str!("../../../data/page-furniture.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(name) = line.strip_prefix('[') {
            heading = name.split([':', ']']).next().unwrap_or_default();
            // Two headings begin with "class words: out": the second is told by its end.
            if name.contains("wherever") {
                heading = "always out";
            } else if name.contains("out, unless") {
                heading = "out";
            } else if let Some((_, what)) = name.trim_end_matches(']').split_once("class words: ") {
                heading = what;
            }
            continue;
        }
        let list = lists.entry(heading).or_default();
        if heading.starts_with("class pairs") || !is_word_list(heading) {
            list.insert(line);
        } else {
            list.extend(line.split_whitespace());
        }
    }
    let mut pointers: HashMap<String, Vec<&str>> = HashMap::new();
    for line in lists.get("lines that point elsewhere").into_iter().flatten() {
        pointers.entry(first_word(line).to_owned()).or_default().push(line);
    }
    let mut labels = lists.get("labels").cloned().unwrap_or_default();
    labels.extend(months());
    Lists { lists, pointers, labels }
});

fn is_word_list(heading: &str) -> bool {
    matches!(
        heading,
        "always out" | "out" | "byline" | "date line" | "caption" | "embed" | "under the headline" | "labels"
    )
}

/// Names of months and weekdays.
fn months() -> impl Iterator<Item = &'static str> {
    include_str!("../../../data/months.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
}

fn first_word(line: &str) -> &str {
    line.split([' ', ':', '\u{a0}']).next().unwrap_or_default()
}

/// What a class or id of an element says about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Says {
    /// Out, unless most of the page's text is inside.
    pub(super) out: bool,
    /// Out, however much text is inside.
    pub(super) always_out: bool,
    /// Names of authors.
    pub(super) byline: bool,
    /// Time of publication and the like.
    pub(super) date_line: bool,
    /// Words under a picture.
    pub(super) caption: bool,
    /// Something from elsewhere.
    pub(super) embed: bool,
    /// The lines between headline and text.
    pub(super) standfirst: bool,
    /// The article's text by name.
    pub(super) body: bool,
    /// A quotation repeated in large letters.
    pub(super) pull_quote: bool,
}

/// Reads a class or id: `related-stories__list`, `articleBody`.
pub(super) fn says(class: &str) -> Says {
    let mut out = Says::default();
    for name in class.split_whitespace().take(40) {
        let words = words_of(name);
        let has = |list: &str| {
            LISTS.lists.get(list).is_some_and(|list| words.iter().any(|word| list.contains(word.as_str())))
        };
        let pairs = || words.windows(2).map(|pair| pair.join(" "));
        let listed_pair =
            LISTS.lists.get("class pairs").is_some_and(|list| pairs().any(|pair| list.contains(pair.as_str())));
        out.out |= has("out") || listed_pair;
        out.always_out |= has("always out");
        out.byline |= has("byline");
        out.date_line |= has("date line");
        out.caption |= has("caption");
        out.embed |= has("embed");
        out.standfirst |= has("under the headline");
        let subject = |word: &str| {
            matches!(
                word,
                "article" | "story" | "post" | "entry" | "news" | "text" | "main" | "page" | "artikel" | "articulo"
            )
        };
        out.body |= pairs().any(|pair| {
            let (first, second) = pair.split_once(' ').unwrap_or_default();
            subject(first) && matches!(second, "body" | "content" | "text" | "bodycopy" | "copy" | "contents")
        }) || words.iter().any(|word| {
            matches!(word.as_str(), "articlebody" | "storytext" | "articletext" | "storybody" | "maintext" | "newstext")
        });
        out.pull_quote |= words.iter().any(|word| matches!(word.as_str(), "pullquote" | "blockquotelarge"))
            || pairs().any(|pair| pair == "pull quote");
    }
    out
}

/// The words of one class name, in lower case: cut at signs and where a capital follows a small letter.
fn words_of(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut small = false;
    for c in name.chars().take(120) {
        if !c.is_alphanumeric() {
            out.push(String::new());
            small = false;
            continue;
        }
        if out.is_empty() || small && c.is_uppercase() {
            out.push(String::new());
        }
        small = c.is_lowercase();
        if let Some(word) = out.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

/// Whether a line is furniture by its words alone; the answer is the rule's name.
pub(super) fn is_furniture(leaf: &Leaf) -> Option<&'static str> {
    if leaf.letters > SHORT {
        return None;
    }
    let line = plain(leaf.words());
    if line.is_empty() {
        return Some("no letters");
    }
    if is_label(&line) {
        return Some("label");
    }
    if leaf.timed * 10 >= leaf.letters * 6 {
        return Some("time");
    }
    if points_elsewhere(&line) && (leaf.linked > 0 || leaf.letters < 90 && !line.ends_with(['.', '”', '"'])) {
        return Some("pointer");
    }
    // One word alone ("newsletter") is weak: only a very short line is judged by it.
    let fits = |words: &str| (words.contains(' ') || leaf.letters < 60) && line.contains(words);
    let listed =
        LISTS.lists.get("short lines with these words").is_some_and(|list| list.iter().any(|words| fits(words)));
    listed.then_some("service line")
}

/// Whether a heading opens what follows the article ("Related stories").
pub(super) fn opens_furniture(heading: &str) -> bool {
    let line = plain(heading);
    LISTS
        .lists
        .get("headings of what follows the article")
        .is_some_and(|list| list.contains(line.trim_end_matches([':', '.', ' '])))
}

/// Lower case, with straight apostrophes, without signs at the start.
fn plain(line: &str) -> String {
    let line = line.to_lowercase().replace('’', "'").replace('\u{a0}', " ");
    line.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ':' | '”' | '"' | '?' | '!')).to_owned()
}

/// Nothing but words of buttons and dates, and numbers.
fn is_label(line: &str) -> bool {
    let mut any = false;
    line.len() < 140
        && line.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty()).all(|word| {
            any = true;
            let number = word.chars().all(|c| c.is_numeric() || "-kmaptuhst".contains(c))
                && word.starts_with(|c: char| c.is_numeric());
            number || LISTS.labels.contains(word) || LISTS.labels.contains(word.trim_end_matches('.'))
        })
        && any
}

fn points_elsewhere(line: &str) -> bool {
    LISTS
        .pointers
        .get(first_word(line))
        .is_some_and(|pointers| pointers.iter().any(|pointer| starts_with_words(line, pointer)))
}

fn starts_with_words(line: &str, words: &str) -> bool {
    line.strip_prefix(words).is_some_and(|rest| words.ends_with(':') || !rest.starts_with(char::is_alphanumeric))
}

/// The date that a line names in words or numbers (`12 мая 2025`, `May 12, 2025`), as `2025-05-12`.
pub(super) fn date_in(line: &str) -> Option<String> {
    static MONTHS: LazyLock<HashMap<&str, i8>> = LazyLock::new(|| {
        let lines = include_str!("../../../data/months.txt").lines().filter(|line| !line.starts_with(['#', '0']));
        lines
            .flat_map(|line| {
                let mut words = line.split_whitespace();
                let number = words.next().and_then(|n| n.parse().ok()).unwrap_or(0);
                words.map(move |word| (word, number))
            })
            .collect()
    });
    let line = line.to_lowercase();
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && *word != "de" && *word != "del")
        .collect();
    let number = |word: &str| -> Option<i16> {
        let digits: String = word
            .chars()
            .filter_map(|c| c.to_digit(10).or_else(|| arabic_digit(c)))
            .map(|d| char::from_digit(d, 10).unwrap_or('0'))
            .collect();
        let rest = word.chars().count() - digits.len();
        (rest == 0 || rest == 2 && word.ends_with(|c: char| c.is_ascii_lowercase()))
            .then(|| digits.parse().ok())
            .flatten()
    };
    let day = |n: &i16| (1..=31).contains(n);
    let year = |n: &i16| (1990..=2100).contains(n);
    for (k, word) in words.iter().enumerate() {
        let at = |j: usize| words.get(j).and_then(|word| number(word));
        if let Some(&month) = MONTHS.get(word) {
            let before = k.checked_sub(1).and_then(at);
            let found =
                match (before.filter(day), at(k + 1).filter(year), at(k + 1).filter(day), at(k + 2).filter(year)) {
                    (Some(day), Some(year), _, _) => Some((year, day)),
                    (_, _, Some(day), Some(year)) => Some((year, day)),
                    _ => None,
                };
            let date = found.and_then(|(year, day)| jiff::civil::Date::new(year, month, i8::try_from(day).ok()?).ok());
            if date.is_some() {
                return date.map(|date| date.to_string());
            }
        }
        // 12.05.2025 and 2025-05-12; 05/12/2025 could be either and stays unknown unless a number tells.
        if let (Some(a), Some(b), Some(c)) = (at(k), at(k + 1), at(k + 2)) {
            let dotted = line.contains(&format!("{}.{}.{}", words[k], words[k + 1], words[k + 2]));
            let (y, m, d) = if year(&a) {
                (a, b, c)
            } else if year(&c) && (dotted || a > 12) {
                (c, b, a)
            } else {
                continue;
            };
            let date = jiff::civil::Date::new(y, i8::try_from(m).ok()?, i8::try_from(d).ok()?);
            if let Ok(date) = date {
                return Some(date.to_string());
            }
        }
    }
    None
}

fn arabic_digit(c: char) -> Option<u32> {
    match c {
        '\u{660}'..='\u{669}' => Some(c as u32 - 0x660),
        '\u{6f0}'..='\u{6f9}' => Some(c as u32 - 0x6f0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_say_what_they_hold() {
        assert!(says("related-stories__list").out && says("c-newsletterSignup").out && says("inline_readMore").out);
        assert!(says("comments-area").always_out && says("articleBody").body && says("story-content").body);
        assert!(!says("article-header").out && !says("shareable leadership").out && !says("address").out);
        assert!(says("post__byline").byline && says("entry-date").date_line && says("wp-caption-text").caption);
    }

    #[test]
    fn dates_in_words() {
        for (line, expected) in [
            ("Published 12 May 2025, 14:30", "2025-05-12"),
            ("Monday, May 12th, 2025 at 2:30 p.m.", "2025-05-12"),
            ("12 мая 2025, 14:30", "2025-05-12"),
            ("5 de marzo de 2026", "2026-03-05"),
            ("12.05.2025 14:30", "2025-05-12"),
            ("25/12/2024", "2024-12-25"),
            ("١٢ مايو ٢٠٢٥", "2025-05-12"),
        ] {
            assert_eq!(date_in(line).as_deref(), Some(expected), "{line}");
        }
        assert_eq!(date_in("05/06/2025"), None);
        assert_eq!(date_in("In May 2025 the price rose"), None);
    }

    #[test]
    fn labels_and_pointers() {
        let leaf = |words: &str, linked: usize| {
            let mut leaf =
                Leaf { letters: words.chars().filter(|c| !c.is_whitespace()).count(), linked, ..Leaf::default() };
            leaf.text.add(words, 0);
            leaf
        };
        for (words, linked) in [
            ("Updated 14:30 GMT, 12 May 2025", 0),
            ("12 shares", 0),
            ("3 min read", 0),
            ("Share on Facebook", 0),
            ("MORE: What is the salt road?", 20),
            ("Read also: Volcano on alert", 10),
            ("Читайте также: Что известно о пожаре", 20),
            ("اقرأ أيضا: ما نعرفه عن الحريق", 10),
            ("Sign up for our morning newsletter.", 0),
            ("👍 4.1K 🔥 2.7K", 0),
        ] {
            assert!(is_furniture(&leaf(words, linked)).is_some(), "{words}");
        }
        for words in [
            "No comment, he said.",
            "Read the treaty before you sign, the minister said.",
            "Yes.",
            "Related parties deny it.",
            "In May 2025 nobody shared it.",
        ] {
            assert_eq!(is_furniture(&leaf(words, 0)), None, "{words}");
        }
    }
}
