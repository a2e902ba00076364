//! What the address of the case page asks for, and which claims answer it.
//!
//! In: the query. Out: which claims, in which order, and the addresses of the views next to this one.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use sayso::weighing::{Claim, Stance};
use serde::Deserialize;

use crate::claims::has_words;
use crate::web::layout::{Page, encode};
use crate::web::state::CaseView;

/// The query of the case page; what is empty asks for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) q: String,
    pub(super) actor: String,
    pub(super) place: String,
    pub(super) status: String,
    pub(super) outlet: String,
    /// A day, `2025-05-11`.
    pub(super) from: String,
    pub(super) to: String,
    pub(super) sort: String,
    /// `1`: only what changed since the last look.
    pub(super) changed: String,
    pub(super) page: String,
}

/// The orders, with the words for them.
pub(super) const SORTS: [(&str, &str); 3] =
    [("", "Most outlets"), ("disputed", "Most disputed"), ("newest", "Newest change")];

impl Asked {
    /// Every field with its value, in the order of the address.
    fn fields(&self) -> [(&'static str, &str); 10] {
        [
            ("q", &self.q),
            ("actor", &self.actor),
            ("place", &self.place),
            ("outlet", &self.outlet),
            ("from", &self.from),
            ("to", &self.to),
            ("status", &self.status),
            ("changed", &self.changed),
            ("sort", &self.sort),
            ("page", &self.page),
        ]
    }

    /// The address of the same view with one field changed; the first page of it, unless the page is what changes.
    pub(super) fn link(&self, page: &Page, field: &str, value: &str) -> String {
        let pairs = self.fields().into_iter().filter_map(|(name, own)| {
            let value = if name == field {
                value
            } else if name == "page" {
                ""
            } else {
                own
            };
            (!value.is_empty()).then(|| format!("{name}={}", encode(value)))
        });
        let query = pairs.collect::<Vec<_>>().join("&");
        page.link(&if query.is_empty() { String::new() } else { format!("?{query}") })
    }

    /// What is asked for beside status and order, each with the words for it.
    pub(super) fn active(&self) -> Vec<(&'static str, String)> {
        let words = |(name, value): (&'static str, &str)| {
            let label = match name {
                "q" => "words",
                "actor" | "place" | "outlet" | "from" => name,
                "to" => "until",
                "changed" => return (!value.is_empty()).then(|| (name, "changed since you last looked".to_owned())),
                _ => return None,
            };
            (!value.trim().is_empty()).then(|| (name, format!("{label}: {}", value.trim())))
        };
        self.fields().into_iter().filter_map(words).collect()
    }

    /// Whether a field of the folded part is set.
    pub(super) fn unfolds(&self) -> bool {
        [&self.actor, &self.place, &self.outlet, &self.from, &self.to].iter().any(|value| !value.trim().is_empty())
    }

    /// Which page, from 1.
    pub(super) fn number(&self) -> usize {
        self.page.parse().ok().filter(|number| *number > 0).unwrap_or(1)
    }

    /// The claims that answer all of it but the status, with their numbers in the case, in the order asked for.
    pub(super) fn claims<'a>(&self, view: &'a CaseView, changed: &dyn Fn(&Claim) -> bool) -> Vec<(usize, &'a Claim)> {
        let test = Test::new(self, view);
        let all = view.weighing.claims().enumerate().map(|(k, claim)| (k + 1, claim));
        let mut out: Vec<_> =
            all.filter(|(_, claim)| test.holds(claim) && (self.changed.is_empty() || changed(claim))).collect();
        match self.sort.as_str() {
            "disputed" => out.sort_by_cached_key(|&(number, claim)| (Reverse(dispute(claim)), number)),
            "newest" => out.sort_by_cached_key(|&(number, claim)| (Reverse(last_change(claim)), number)),
            _ => out.sort_by_cached_key(|&(number, claim)| {
                (Reverse((claim.outlets, dispute(claim))), Reverse(last_change(claim)), number)
            }),
        }
        out
    }
}

/// How much a claim is disputed: the kind of dispute, then how many speak against it.
fn dispute(claim: &Claim) -> (usize, usize, usize) {
    const RANKS: [&str; 4] = ["denied", "contested", "superseded", "retracted"];
    let rank = RANKS.iter().position(|word| *word == claim.dispute).map_or(0, |k| k + 1);
    let against = claim.mentions.iter().filter(|mention| !matches!(mention.stance, Stance::Asserts | Stance::Verifies));
    (rank.min(2), against.count() + claim.contradictions.len(), rank)
}

/// The moment of a claim's last change, as the reports date it.
pub(super) fn last_change(claim: &Claim) -> Option<&str> {
    let changes = claim.history.iter().filter_map(|change| change.at.as_deref());
    changes.chain(claim.mentions.iter().filter_map(|mention| mention.published.as_deref())).max()
}

/// The filters, looked up once.
struct Test<'a> {
    asked: &'a Asked,
    view: &'a CaseView,
    words: Vec<String>,
    /// Ids and names of the actors meant, if any are.
    actors: Option<BTreeSet<&'a str>>,
}

impl<'a> Test<'a> {
    fn new(asked: &'a Asked, view: &'a CaseView) -> Self {
        let words = asked.q.split_whitespace().map(str::to_lowercase).collect();
        let name = asked.actor.trim().to_lowercase();
        let actors = (!name.is_empty()).then(|| {
            let bears = |part: bool, form: &String| {
                let form = form.to_lowercase();
                if part { form.contains(&name) } else { form == name }
            };
            let meant = |part: bool| {
                let all = view.weighing.actors.iter();
                let meant = all.filter(|a| {
                    a.id == asked.actor || std::iter::once(&a.name).chain(&a.aliases).any(|f| bears(part, f))
                });
                meant.flat_map(|actor| [actor.id.as_str(), actor.name.as_str()]).collect::<BTreeSet<_>>()
            };
            let exact = meant(false);
            if exact.is_empty() { meant(true) } else { exact }
        });
        Self { asked, view, words, actors }
    }

    fn holds(&self, claim: &Claim) -> bool {
        let outlet = self.asked.outlet.trim();
        let (from, to) = (self.asked.from.trim(), self.asked.to.trim());
        let within = |at: &str| (from.is_empty() || at >= from) && (to.is_empty() || at.get(..10).unwrap_or(at) <= to);
        (self.words.is_empty() || has_words(claim, &self.words))
            && self.actors.as_ref().is_none_or(|actors| said_by(claim, actors))
            && (self.asked.place.is_empty() || place(self.view, claim) == Some(self.asked.place.as_str()))
            && (outlet.is_empty() || claim.mentions.iter().any(|mention| self.view.outlet(&mention.report) == outlet))
            && (from.is_empty() && to.is_empty()
                || claim.mentions.iter().filter_map(|mention| mention.published.as_deref()).any(within))
    }
}

/// Whether one of the actors says it or passes it on.
fn said_by(claim: &Claim, actors: &BTreeSet<&str>) -> bool {
    claim.mentions.iter().any(|mention| {
        mention.actor.as_deref().is_some_and(|id| actors.contains(id))
            || mention.chain.iter().any(|name| actors.contains(name.as_str()))
    })
}

/// Where the incident of a claim is.
pub(super) fn place<'a>(view: &'a CaseView, claim: &Claim) -> Option<&'a str> {
    view.incident_by_id(claim.incident.as_deref()?)?.place.as_deref()
}

#[cfg(test)]
mod tests {
    use axum::extract::Query;
    use proptest::prelude::*;

    use super::*;
    use crate::web::fixture::{page, view};

    thread_local! {
        static VIEW: CaseView = view();
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_asked_is_answered_and_stays_in_the_address(
            typed in prop::collection::vec("\\PC{0,12}|[\\x00-\\x7f]{0,8}|2025-0[1-9]-1\\PC", 9), number in "[0-9]{0,25}|\\PC{0,3}"
        ) {
            let mut own = typed.into_iter();
            let mut next = || own.next().unwrap_or_default();
            let asked = Asked {
                q: next(), actor: next(), place: next(), status: next(), outlet: next(), from: next(), to: next(), sort: next(),
                changed: next(), page: number,
            };
            let found = VIEW.with(|view| asked.claims(view, &|_| true).len());
            prop_assert!(VIEW.with(|view| found <= view.weighing.claims.len()) && asked.number() > 0);
            let link = asked.link(&page(), "status", "a&b=c");
            let uri: axum::http::Uri = link.parse().unwrap();
            let Query(again) = Query::<Asked>::try_from_uri(&uri).unwrap();
            let expected = Asked { status: "a&b=c".into(), page: String::new(), ..asked };
            prop_assert_eq!(again.fields(), expected.fields());
        }
    }

    fn asked(field: impl FnOnce(&mut Asked)) -> Asked {
        let mut asked = Asked::default();
        field(&mut asked);
        asked
    }

    #[test]
    fn one_field_changes_and_the_page_starts_anew() {
        let asked = asked(|a| (a.q, a.sort, a.page) = ("dam & lake".into(), "newest".into(), "4".into()));
        assert_eq!(asked.link(&page(), "status", "denied"), "/c/sea/?q=dam%20%26%20lake&status=denied&sort=newest");
        assert_eq!(asked.link(&page(), "page", "2"), "/c/sea/?q=dam%20%26%20lake&sort=newest&page=2");
        assert_eq!(asked.active(), [("q", "words: dam & lake".to_owned())]);
        assert_eq!((asked.number(), Asked::default().number()), (4, 1));
    }

    #[test]
    fn each_filter_leaves_what_it_names() {
        let view = view();
        let found = |asked: &Asked| asked.claims(&view, &|_| true).len();
        let all = found(&Asked::default());
        assert!(all > 1, "{all}");
        assert!((1..all).contains(&found(&asked(|a| a.q = "STORM harbour".into()))));
        assert_eq!(found(&asked(|a| a.outlet = "Havn Post".into())), all, "both outlets carry everything");
        assert_eq!(found(&asked(|a| a.outlet = "Nobody".into())), 0);
        assert_eq!(found(&asked(|a| a.place = "Nowhere".into())), 0);
        assert!((1..all).contains(&found(&asked(|a| a.actor = "harbour master".into()))));
        assert_eq!(found(&asked(|a| a.from = "2025-03-05".into())), all);
        assert_eq!(found(&asked(|a| a.from = "2025-03-06".into())), 0);
        assert_eq!(found(&asked(|a| a.to = "2025-03-04".into())), all, "a day lasts until its end");
        assert_eq!(asked(|a| a.changed = "1".into()).claims(&view, &|_| false).len(), 0);
    }

    #[test]
    fn the_orders_are_orders_of_the_same_claims() {
        let view = view();
        let mut orders: Vec<Vec<usize>> = SORTS
            .iter()
            .map(|(sort, _)| asked(|a| a.sort = (*sort).into()).claims(&view, &|_| true).iter().map(|c| c.0).collect())
            .collect();
        orders.iter_mut().for_each(|order| order.sort_unstable());
        assert!(orders.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
