//! Numbers in words and digits: "24", "1,700", "2.5", "twenty-four", "two and a half", "a dozen", "several".
//!
//! In: [`Words`] and where to begin. Out: the number and where it ends. May not happen: an overflow.

use super::words::Words;

/// A number as the text has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number {
    /// The smallest it can be; for a vague one by convention.
    pub(crate) low: f64,
    /// The largest it can be.
    pub(crate) high: f64,
    /// Whether the text leaves it open ("several", "dozens").
    pub(crate) vague: bool,
    /// Whether it is written in digits.
    pub(crate) digits: bool,
    /// One past its last word.
    pub(crate) end: usize,
}

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: [&str; 20] = [
    "",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];
const TENTHS: [&str; 8] =
    ["twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth"];

/// The value of a vague count: (word, low, high). ACLED codes tens as 10, dozens as 12, hundreds as 100; the low end
/// of "dozens" is 24, because the plural says at least two of them.
const VAGUE: [(&str, f64, f64); 12] = [
    ("several", 3.0, 9.0),
    ("few", 3.0, 5.0),
    ("some", 2.0, 9.0),
    ("many", 3.0, f64::INFINITY),
    ("numerous", 3.0, f64::INFINITY),
    ("scores", 40.0, f64::INFINITY),
    ("tens", 20.0, f64::INFINITY),
    ("dozens", 24.0, f64::INFINITY),
    ("hundreds", 200.0, f64::INFINITY),
    ("thousands", 2_000.0, f64::INFINITY),
    ("millions", 2_000_000.0, f64::INFINITY),
    ("multiple", 2.0, f64::INFINITY),
];

fn scale(word: &str) -> Option<f64> {
    Some(match word {
        "dozen" => 12.0,
        "hundred" => 100.0,
        "thousand" => 1e3,
        "million" | "mln" => 1e6,
        "billion" | "bn" => 1e9,
        _ => return None,
    })
}

/// A number word below one hundred, without what may follow it.
fn small(word: &str) -> Option<f64> {
    let place = |list: &[&str]| list.iter().position(|w| *w == word);
    place(&ONES).map(|n| n as f64).or_else(|| place(&TENS).map(|n| (n * 10 + 20) as f64))
}

/// The ordinal at `k` and one past it: "third", "21st", "twenty-first".
pub(crate) fn ordinal(words: &Words<'_>, k: usize) -> Option<(u32, usize)> {
    let word = words.get(k);
    if let Some(n) = ORDINALS.iter().position(|w| *w == word).filter(|n| *n > 0) {
        return Some((n as u32, k + 1));
    }
    if let Some(n) = TENTHS.iter().position(|w| *w == word) {
        return Some((n as u32 * 10 + 20, k + 1));
    }
    if let Some(tens) = TENS.iter().position(|w| *w == word) {
        let next = k + 1 + usize::from(words.get(k + 1) == "-");
        let one = ORDINALS.iter().take(10).position(|w| *w == words.get(next)).filter(|n| *n > 0)?;
        return Some(((tens * 10 + 20 + one) as u32, next + 1));
    }
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    (matches!(ending, "st" | "nd" | "rd" | "th") && digits.len() < 4)
        .then(|| digits.parse().ok().map(|n| (n, k + 1)))?
}

/// The digits at `k` with their thousands and decimals, and one past them.
pub(crate) fn digits(words: &Words<'_>, k: usize) -> Option<(f64, usize)> {
    let plain = |k: usize| {
        Some(words.get(k)).filter(|w| !w.is_empty() && w.len() < 16 && w.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut whole = plain(k)?.to_owned();
    let mut end = k + 1;
    let more = |end: usize, sign: &str| words.get(end) == sign && words.glued(end - 1) && words.glued(end);
    while whole.len() < 15 && more(end, ",") && plain(end + 1).is_some_and(|w| w.len() == 3) {
        whole.push_str(words.get(end + 1));
        end += 2;
    }
    if more(end, ".") && plain(end + 1).is_some() {
        whole.push('.');
        whole.push_str(words.get(end + 1));
        end += 2;
    }
    whole.parse().ok().map(|n| (n, end))
}

/// The number that begins at `k`, if one does. "a" counts only before "dozen", "hundred", "few" and the like.
pub(crate) fn number(words: &Words<'_>, k: usize) -> Option<Number> {
    let exact = |n: f64, digits: bool, end: usize| Number { low: n, high: n, vague: false, digits, end };
    if let Some((n, end)) = digits(words, k) {
        let (n, end) = scale(words.get(end)).map_or((n, end), |by| (n * by, end + 1));
        return Some(exact(n, true, end));
    }
    if let Some(number) = vague(words, k) {
        return Some(number);
    }
    let (n, end) = spelled(words, k)?;
    Some(exact(n, false, end))
}

/// "several", "a few", "a couple of", "dozens of", "tens of thousands".
fn vague(words: &Words<'_>, k: usize) -> Option<Number> {
    let article = usize::from(matches!(words.get(k), "a" | "the") && matches!(words.get(k + 1), "few" | "couple"));
    let word = words.get(k + article);
    if word == "couple" {
        let of = usize::from(words.get(k + article + 1) == "of");
        return Some(Number { low: 2.0, high: 2.0, vague: false, digits: false, end: k + article + 1 + of });
    }
    let &(_, low, high) = VAGUE.iter().find(|v| v.0 == word)?;
    let mut out = Number { low, high, vague: true, digits: false, end: k + article + 1 };
    if let Some(by) = scale(words.get(out.end)) {
        return Some(Number { low: low * by, high: high * by, end: out.end + 1, ..out });
    }
    if words.get(out.end) == "of" {
        out.end += 1;
        if let Some(more) = VAGUE.iter().find(|v| v.0 == words.get(out.end)).filter(|_| low > 9.0) {
            out = Number { low: low / 2.0 * more.1, high: f64::INFINITY, end: out.end + 1, ..out };
            out.end += usize::from(words.get(out.end) == "of");
        }
    }
    Some(out)
}

/// "twenty-four", "a hundred and ten", "two and a half", "half a dozen".
fn spelled(words: &Words<'_>, k: usize) -> Option<(f64, usize)> {
    let mut end = k;
    let (mut total, mut part) = (0.0_f64, None);
    if words.are(k, &["half", "a"]) && scale(words.get(k + 2)).is_some() {
        (end, part) = (k + 2, Some(0.5));
    } else if matches!(words.get(k), "a" | "an") {
        scale(words.get(k + 1))?;
        (end, part) = (k + 1, Some(1.0));
    }
    loop {
        let here = end + usize::from(end > k && matches!(words.get(end), "-" | "and"));
        let word = words.get(here);
        if let Some(n) = small(word) {
            let room =
                part.is_none_or(
                    |p: f64| if n < 10.0 { p % 10.0 == 0.0 && p >= 20.0 } else { p >= 100.0 && p % 100.0 == 0.0 },
                );
            if !room || here > end && words.get(end) == "and" && part.is_none_or(|p| p < 100.0) {
                break;
            }
            part = Some(part.unwrap_or(0.0) + n);
        } else if let Some(by) = scale(word).filter(|_| part.is_some() && here == end) {
            let value = part.unwrap_or(1.0) * by;
            if by >= 1e3 {
                (total, part) = (total + value, Some(0.0));
            } else {
                part = Some(value);
            }
        } else {
            break;
        }
        end = here + 1;
        if end > k + 16 {
            break;
        }
    }
    let mut value = total + part?;
    if words.are(end, &["and", "a", "half"]) {
        (value, end) = (value + 0.5, end + 3);
    }
    (end > k && !(end == k + 1 && matches!(words.get(k), "a" | "an" | "half"))).then_some((value, end))
}
