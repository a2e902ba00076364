//! Role phrases: "a Ukrainian official", "the Assembly's spokeswoman", "two residents", "police".

use std::collections::HashMap;
use std::ops::Range;

use super::lists::{is_plural, singular};
use super::names::NameMention;
use super::scene::{Scene, is_function_word, is_number};

/// How a phrase is introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Article {
    /// "the", "this": known from before.
    Definite,
    /// "a", "two", "some": new.
    Indefinite,
    /// "its", "the group's".
    Possessive,
    /// None: "police said", "spokesman Ivan Ost".
    Bare,
}

/// One role phrase where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Role {
    /// From the article to the head noun.
    pub(crate) tokens: Range<usize>,
    /// With "of …", "in …" behind the head noun.
    pub(crate) full: Range<usize>,
    /// The head noun, singular and folded.
    pub(crate) head: String,
    /// The words between article and head noun, folded.
    pub(crate) modifiers: Vec<String>,
    pub(crate) article: Article,
    pub(crate) plural: bool,
    /// Whose it is: tokens of "its", "the Assembly", "the Legion" in "a spokesman for the Legion".
    pub(crate) owner: Option<Range<usize>>,
}

/// All role phrases, in order.
pub(crate) fn find(scene: &Scene<'_>, names: &[NameMention], at: &HashMap<usize, usize>) -> Vec<Role> {
    let mut out: Vec<Role> = Vec::new();
    for k in 0..scene.len() {
        if at.contains_key(&k) || !is_head(scene, k, at) {
            continue;
        }
        let role = build(scene, names, at, k);
        // "no official", "no funds": nobody.
        if scene.low(role.tokens.start) == "no" {
            continue;
        }
        // A head inside a longer phrase ("police spokesman") is its modifier.
        while out.last().is_some_and(|last| last.tokens.start >= role.tokens.start) {
            out.pop();
        }
        out.push(role);
    }
    out
}

/// Whether the noun at `k` can be the head of a role phrase here.
fn is_head(scene: &Scene<'_>, k: usize, at: &HashMap<usize, usize>) -> bool {
    let low = scene.low(k);
    let listed = ["persons", "groups"].iter().any(|section| scene.lists.has(section, low)) || is_outlet_noun(scene, k);
    if !listed || matches!(scene.pos(k), "VERB" | "AUX" | "ADJ" | "ADV" | "ADP") {
        return false;
    }
    // "officials' families", "state-run", "police van": the noun only modifies.
    let next = k + 1;
    if next >= scene.len() || !scene.follows(next) || at.contains_key(&next) {
        return true;
    }
    if scene.word(next) == "-" && scene.gap(next).is_empty() {
        return false;
    }
    if scene.tagged(next) {
        return scene.pos(next) != "NOUN"
            || scene.lists.has("persons", low) && !scene.lists.has("persons", scene.low(next)) && is_plural(low);
    }
    !["persons", "groups", "outlets"].iter().any(|section| scene.lists.has(section, scene.low(next)))
}

/// "the newspaper", "a radio station", "the news site": "post" and "station" alone are more often something else.
fn is_outlet_noun(scene: &Scene<'_>, k: usize) -> bool {
    let low = scene.low(k);
    let before = if scene.follows(k) { scene.low(k - 1) } else { "" };
    match low {
        "station" | "stations" | "site" | "sites" | "portal" => {
            matches!(
                before,
                "radio" | "tv" | "television" | "news" | "checking" | "media" | "monitoring" | "broadcast" | "online"
            )
        }
        "post" | "posts" | "press" | "gazette" | "journal" | "weekly" => false,
        "daily" | "paper" => matches!(before, "the" | "state" | "local" | "national") || scene.is_capital(k + 1),
        _ => scene.lists.has("outlets", low),
    }
}

fn build(scene: &Scene<'_>, names: &[NameMention], at: &HashMap<usize, usize>, head: usize) -> Role {
    let (start, article, owner) = left_of(scene, names, at, head);
    let modifiers = (start..head)
        .map(|k| scene.low(k))
        .filter(|low| !is_function_word(low) && low.len() > 2)
        .map(str::to_string)
        .collect();
    let (end, after) = right_of(scene, names, at, head);
    Role {
        tokens: start..head + 1,
        full: start..end,
        head: singular(scene.low(head)),
        modifiers,
        article,
        plural: is_plural(scene.low(head)),
        owner: owner.or(after),
    }
}

/// The start of the phrase, how it is introduced, and its owner.
fn left_of(
    scene: &Scene<'_>,
    names: &[NameMention],
    at: &HashMap<usize, usize>,
    head: usize,
) -> (usize, Article, Option<Range<usize>>) {
    let (mut start, mut owner, mut k) = (head, None, head);
    let mut possessive = false;
    while k > 0 && head - k < 8 && scene.follows(k) {
        let j = k - 1;
        let low = scene.low(j);
        if let Some(n) = at.get(&j) {
            let name = names[*n].tokens.clone();
            if owner.is_none() {
                owner = Some(name.clone());
            }
            start = names[*n].title.clone().map_or(name.start, |title| title.start);
            k = start;
            continue;
        }
        let ending =
            usize::from(low == "s" && j > 0 && scene.is_possessive(j - 1)) + usize::from(scene.is_possessive(j)) * 2;
        if ending > 0 {
            possessive = true;
            k = if ending == 1 { j - 1 } else { j };
            if owner.is_none() && k > 0 && !at.contains_key(&(k - 1)) {
                owner = Some(noun_before(scene, k));
            }
            start = k;
            continue;
        }
        match low {
            "the" | "this" | "that" | "these" | "those" => {
                if let Some(range) = owner.as_mut().filter(|range| range.start == k) {
                    range.start = j;
                }
                let article = if possessive { Article::Possessive } else { Article::Definite };
                return (j, article, owner);
            }
            "its" | "his" | "her" | "their" | "our" | "my" | "your" | "whose" => {
                return (j, Article::Possessive, Some(j..k));
            }
            "a" | "an" | "another" | "no" => return (j, Article::Indefinite, owner),
            "-" | "–" if scene.gap(j).is_empty() => {}
            _ if is_number(low) => {
                start = j;
                let article = (j > 0 && scene.follows(j)).then(|| scene.low(j - 1));
                return match article {
                    Some("the" | "these" | "those") => (j - 1, Article::Definite, owner),
                    Some("its" | "his" | "her" | "their" | "our") => (j - 1, Article::Possessive, Some(j - 1..j)),
                    _ => (start, Article::Indefinite, owner),
                };
            }
            _ if !may_modify(scene, j) => break,
            _ => {}
        }
        start = j;
        k = j;
    }
    // Without an article and without tags, only a name in front surely belongs to the phrase.
    if !possessive && !scene.tagged(head) && start < head {
        start = owner.as_ref().filter(|o| o.end == head).map_or(head, |o| o.start);
    }
    let article = if possessive { Article::Possessive } else { Article::Bare };
    (start, article, owner)
}

/// The plain noun phrase that ends before `end`: the owner in "the drivers' union".
fn noun_before(scene: &Scene<'_>, end: usize) -> Range<usize> {
    let mut start = end - 1;
    while start > 0 && end - start < 4 && scene.follows(start) {
        let low = scene.low(start - 1);
        if matches!(low, "the" | "this" | "a" | "an" | "its" | "their") {
            return start - 1..end;
        }
        if !may_modify(scene, start - 1) {
            break;
        }
        start -= 1;
    }
    start..end
}

fn may_modify(scene: &Scene<'_>, k: usize) -> bool {
    if !scene.is_word(k) || is_function_word(scene.low(k)) && scene.low(k) != "former" {
        return false;
    }
    match scene.pos(k) {
        "X" | "" => scene.saying(k).is_none(),
        "ADJ" | "NOUN" | "PROPN" | "NUM" | "ADV" => true,
        "VERB" => scene.low(k).ends_with("ed") && scene.saying(k).is_none(),
        _ => false,
    }
}

/// Where the phrase ends with its "of …", and the owner that stands there.
fn right_of(
    scene: &Scene<'_>,
    names: &[NameMention],
    at: &HashMap<usize, usize>,
    head: usize,
) -> (usize, Option<Range<usize>>) {
    let (mut end, mut owner) = (head + 1, None);
    while end < scene.len()
        && end - head < 12
        && scene.follows(end)
        && matches!(scene.low(end), "of" | "for" | "from" | "at" | "in" | "with")
    {
        let mut k = end + 1;
        while k < scene.len()
            && scene.follows(k)
            && (matches!(scene.low(k), "the" | "a" | "an" | "its" | "their" | "our" | "his" | "her")
                || (!at.contains_key(&k) && scene.tagged(k) && scene.pos(k) == "ADJ"))
        {
            k += 1;
        }
        if k >= scene.len()
            || !scene.follows(k)
            || (k == end + 1 && is_function_word(scene.low(k)) && scene.low(k) != "mine")
        {
            break;
        }
        let stop = match at.get(&k) {
            Some(n) => names[*n].tokens.end,
            None => {
                let mut stop = k;
                while stop < scene.len()
                    && (stop == k || scene.follows(stop))
                    && !at.contains_key(&stop)
                    && is_noun(scene, stop)
                {
                    stop += 1;
                }
                stop
            }
        };
        if stop == k {
            break;
        }
        let of_body = matches!(scene.low(end), "of" | "for" | "from" | "at" | "with" | "in");
        if owner.is_none() && of_body {
            owner = Some(end + 1..stop);
        }
        end = stop;
    }
    (end, owner)
}

fn is_noun(scene: &Scene<'_>, k: usize) -> bool {
    if scene.low(k) == "mine" {
        return true;
    }
    if scene.tagged(k) {
        return matches!(scene.pos(k), "NOUN" | "PROPN");
    }
    scene.is_word(k) && !is_function_word(scene.low(k)) && scene.saying(k).is_none()
}
