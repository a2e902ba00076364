//! How much of a long claim is shown at first, and the way to the rest: the address says how much.

use std::cell::Cell;

use sayso::weighing::Claim;
use serde::Deserialize;

use super::words::speaks_for;
use crate::web::layout::{Page, encode};

/// Shown of each part at first.
const FIRST: usize = 20;
/// Shown more with each step.
const STEP: usize = 200;

/// A part of the page that may be long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Tree,
    Ties,
    For,
    Against,
}

impl Part {
    /// Its name in the address; the section that is loaded anew has it as its id.
    fn name(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Ties => "ties",
            Self::For => "for",
            Self::Against => "against",
        }
    }
}

/// What the address asks for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Another claim, by number or id, to merge with.
    pub(super) other: String,
    pub(super) tree: Option<usize>,
    pub(super) ties: Option<usize>,
    pub(super) r#for: Option<usize>,
    pub(super) against: Option<usize>,
    /// A mention that must be among those shown, by its number.
    pub(super) mention: Option<usize>,
}

/// A link to what is left out of a part.
pub(super) struct Rest {
    pub(super) part: &'static str,
    pub(super) href: String,
    pub(super) words: String,
}

/// What is shown of a claim.
pub(super) struct Shown<'a> {
    page: &'a Page,
    claim: &'a Claim,
    asked: Asked,
    /// Of each mention, whether it speaks for the claim, and its place among those that do, or do not.
    sides: Vec<(bool, usize)>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(page: &'a Page, claim: &'a Claim, asked: Asked) -> Self {
        let counts = [Cell::new(0), Cell::new(0)];
        let side = |pro: bool| (pro, counts[usize::from(pro)].replace(counts[usize::from(pro)].get() + 1));
        let sides = claim.mentions.iter().map(|mention| side(speaks_for(mention))).collect();
        Self { page, claim, asked, sides }
    }

    /// How many of a part are shown.
    pub(super) fn most(&self, part: Part) -> usize {
        let (asked, side) = match part {
            Part::Tree => (self.asked.tree, None),
            Part::Ties => (self.asked.ties, None),
            Part::For => (self.asked.r#for, Some(true)),
            Part::Against => (self.asked.against, Some(false)),
        };
        let mention = self.asked.mention.and_then(|number| self.sides.get(number.checked_sub(1)?));
        let reaching = mention.filter(|(pro, _)| Some(*pro) == side).map_or(0, |(_, at)| at + 1);
        asked.unwrap_or(FIRST).max(FIRST).max(reaching)
    }

    /// The way to the rest of a part of `of` things; none when all are shown.
    pub(super) fn rest(&self, part: Part, of: usize, shown: usize) -> Option<Rest> {
        let left = of.checked_sub(shown).filter(|left| *left > 0)?;
        let next = self.most(part) + STEP;
        let words = if left <= STEP { format!("Show {left} more") } else { format!("Show {STEP} more of {left}") };
        Some(Rest { part: part.name(), href: self.link(Some((part, next)), None, part.name()), words })
    }

    /// Where the words of a mention stand: on this page, or on the one that shows them.
    pub(super) fn words(&self, number: usize) -> String {
        let side = number.checked_sub(1).and_then(|k| self.sides.get(k));
        match side {
            Some(&(pro, at)) if at >= self.most(if pro { Part::For } else { Part::Against }) => {
                self.link(None, Some(number), &format!("m{number}"))
            }
            _ => format!("#m{number}"),
        }
    }

    /// This page with one part longer.
    fn link(&self, longer: Option<(Part, usize)>, mention: Option<usize>, place: &str) -> String {
        let of = |part: Part, asked: Option<usize>| match longer {
            Some((other, most)) if other == part => Some(most),
            _ => asked,
        };
        let fields = [
            ("tree", of(Part::Tree, self.asked.tree)),
            ("ties", of(Part::Ties, self.asked.ties)),
            ("for", of(Part::For, self.asked.r#for)),
            ("against", of(Part::Against, self.asked.against)),
            ("mention", mention.or(self.asked.mention)),
        ];
        let query: Vec<String> =
            fields.iter().filter_map(|(name, value)| Some(format!("{name}={}", (*value)?))).collect();
        format!("{}#{place}", self.page.link(&format!("claims/{}?{}", encode(&self.claim.id), query.join("&"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::fixture::{page, view};

    #[test]
    fn what_is_left_out_is_one_link_away() {
        let (view, page) = (view(), page());
        let mention = view.weighing.claims[0].mentions[0].clone();
        let claim = Claim { id: "c-1".into(), mentions: vec![mention; 60], ..Claim::default() };
        let shown = Shown::new(&page, &claim, Asked::default());
        assert_eq!((shown.most(Part::For), shown.words(20)), (FIRST, "#m20".to_owned()));
        assert_eq!(shown.words(57), "/c/sea/claims/c-1?mention=57#m57");
        let rest = shown.rest(Part::For, 60, 20).unwrap();
        assert_eq!((rest.words.as_str(), rest.href.as_str()), ("Show 40 more", "/c/sea/claims/c-1?for=220#for"));
        assert!(shown.rest(Part::Ties, 20, 20).is_none());
        let reaching = Shown::new(&page, &claim, Asked { mention: Some(57), ..Asked::default() });
        assert_eq!((reaching.most(Part::For), reaching.words(57)), (57, "#m57".to_owned()));
    }
}
