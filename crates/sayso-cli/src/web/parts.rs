//! Small things that many pages show, as HTML that cannot be misused: a moment, a chip, the two numbers.
//!
//! In: plain values. Out: markup in which every word is escaped.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use sayso::weighing::{Claim, Stance};

use crate::show::stance;
use crate::text::Escaped as Text;
use crate::time;

/// A moment in UTC; the script writes the reader's own time beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct When(pub(crate) Option<String>);

impl When {
    pub(crate) fn new(moment: Option<&str>) -> Self {
        Self(moment.map(str::to_owned))
    }
}

impl Display for When {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("<span class=\"quiet\">no date</span>"),
            Some(at) => write!(f, "<time datetime=\"{}\">{}</time>", Text(at), Text(&time::shown(at))),
        }
    }
}

impl HtmlSafe for When {}

/// A word in a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chip {
    class: String,
    words: String,
    /// What kind of word it is, for who does not see the box.
    about: &'static str,
}

impl Chip {
    pub(crate) fn new(class: &str, words: impl Into<String>, about: &'static str) -> Self {
        Self { class: class.to_owned(), words: words.into(), about }
    }

    /// A claim's status.
    pub(crate) fn status(claim: &Claim) -> Self {
        Self::new(&format!("status {}", claim.status), claim.status.as_str(), "status")
    }

    /// All that is to be said of a claim beside its status: support, dispute, circularity, checks.
    pub(crate) fn standing(claim: &Claim) -> Vec<Self> {
        let mut out = Vec::new();
        if claim.support != claim.status && !claim.support.is_empty() {
            out.push(Self::new("support", claim.support.as_str(), "support"));
        }
        if claim.dispute != "none" && claim.dispute != claim.status {
            out.push(Self::new(&claim.dispute, claim.dispute.as_str(), "dispute"));
        }
        if claim.circular {
            out.push(Self::new("circular", "circular", "warning"));
        }
        for check in &claim.verification {
            let chip = Self::new(outcome_class(&check.outcome), outcome(&check.outcome, &check.by), "verification");
            if !out.contains(&chip) {
                out.push(chip);
            }
        }
        out
    }
}

/// `verified by Reuters`, `Reuters tried, could not`.
fn outcome(outcome: &str, by: &str) -> String {
    match outcome.strip_prefix("tried") {
        Some(_) => format!("{by} {outcome}"),
        None => format!("{outcome} by {by}"),
    }
}

/// The class for the outcome of a check.
pub(crate) fn outcome_class(outcome: &str) -> &'static str {
    match outcome {
        "verified" => "verified",
        "partly" => "partly",
        "refuted" => "refuted",
        _ => "tried",
    }
}

impl Display for Chip {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (class, about, words) = (Text(&self.class), self.about, Text(&self.words));
        write!(f, "<span class=\"chip {class}\"><span class=\"sr\">{about}: </span>{words}</span>")
    }
}

impl HtmlSafe for Chip {}

/// How many outlets, how many origins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) outlets: usize,
    pub(crate) least: usize,
    pub(crate) most: usize,
}

impl Counts {
    pub(crate) fn of(claim: &Claim) -> Self {
        Self { outlets: claim.outlets, least: claim.independent_min, most: claim.independent_max }
    }

    /// `1`, `1–3`.
    pub(crate) fn origins(&self) -> String {
        if self.least == self.most { self.least.to_string() } else { format!("{}–{}", self.least, self.most) }
    }

    /// The word after the first number.
    pub(crate) fn outlets_word(&self) -> &'static str {
        if self.outlets == 1 { "outlet" } else { "outlets" }
    }

    /// The word after the second.
    pub(crate) fn origins_word(&self) -> &'static str {
        if self.least == 1 && self.most == 1 { "origin" } else { "origins" }
    }
}

impl Display for Counts {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<span class=\"counts\"><span class=\"outlets\"><b>{}</b> {}</span> <span class=\"dot\">·</span> \
             <span class=\"origins\"><b>{}</b> {}</span></span>",
            self.outlets,
            self.outlets_word(),
            self.origins(),
            self.origins_word()
        )
    }
}

impl HtmlSafe for Counts {}

/// How a mention stands to its claim, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stands(pub(crate) Stance);

impl Stands {
    /// The word.
    pub(crate) fn word(self) -> &'static str {
        stance(self.0)
    }
}

impl Display for Stands {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let word = self.word();
        write!(f, "<span class=\"stance {word}\">{word}</span>")
    }
}

impl HtmlSafe for Stands {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_reports_are_never_markup() {
        let chip = Chip::new("tried", outcome("tried, could not", "<b>Eve & \"co\"'"), "verification");
        assert!(chip.to_string().contains("&lt;b&gt;Eve &amp; &quot;co&quot;&#39; tried, could not"), "{chip}");
        let when = When::new(Some("\"><script>"));
        assert!(!when.to_string().contains("<script"), "{when}");
        assert_eq!(When(None).to_string(), "<span class=\"quiet\">no date</span>");
    }

    #[test]
    fn the_numbers_say_what_is_open() {
        let one = Counts { outlets: 9, least: 1, most: 1 };
        assert_eq!((one.origins().as_str(), one.origins_word()), ("1", "origin"));
        let open = Counts { outlets: 1, least: 1, most: 3 };
        assert_eq!((open.origins().as_str(), open.origins_word(), open.outlets_word()), ("1–3", "origins", "outlet"));
    }

    #[test]
    fn a_status_is_not_said_twice() {
        let claim = Claim {
            status: "contested".into(),
            support: "claimed by a party".into(),
            dispute: "contested".into(),
            ..Claim::default()
        };
        let words: Vec<String> = Chip::standing(&claim).into_iter().map(|chip| chip.words).collect();
        assert_eq!(words, ["claimed by a party"]);
    }
}
