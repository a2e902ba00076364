//! A mention as a sentence to put into an article: who said what, in which words, through whom, and where it stands.
//!
//! In: a mention. Out: plain words. May not happen: a word in quotation marks that the report does not have; a statement in our own voice.

use sayso::reading::HedgeOwner;
use sayso::weighing::{Mention, Stance};

use crate::time;
use crate::web::state::CaseView;

/// Characters that are quoted.
const LONGEST: usize = 400;

/// The sentence, without its link.
pub(super) fn sentence(view: &CaseView, mention: &Mention) -> String {
    let outlet = view.outlet(&mention.report);
    let entry = view.entry(&mention.report);
    let attribution = entry.and_then(|entry| entry.reading.attributions.get(mention.attribution));
    let own = mention.speaker.as_deref().is_none_or(|speaker| speaker == outlet) && mention.chain.is_empty();
    let who = match mention.speaker.as_deref() {
        _ if own => outlet.clone(),
        Some(speaker) => speaker.to_owned(),
        None => "Somebody whom the report does not name".to_owned(),
    };
    let channel = attribution.and_then(|a| a.chain.iter().find_map(|link| link.channel.clone()));
    let channel = channel.filter(|channel| !channel.is_empty()).map(|channel| format!(" ({channel})"));
    let mut out = format!("{who} {}{}: “{}”", verb(mention.stance), channel.unwrap_or_default(), words(mention));
    let hedged = attribution.into_iter().flat_map(|a| &a.hedges).filter(|hedge| hedge.by == HedgeOwner::Outlet);
    let hedged = hedged.filter_map(|hedge| entry?.report.text.get(hedge.span.start..hedge.span.end));
    let hedged: Vec<String> = hedged.map(|words| format!("“{words}”")).collect();
    if !hedged.is_empty() {
        out.push_str(&format!(", which {outlet} hedges with {}", hedged.join(" and ")));
    }
    // The chain goes from the outlet back to the speaker.
    let through: Vec<&str> =
        mention.chain.iter().map(String::as_str).filter(|name| **name != who && **name != outlet).collect();
    let date = mention.published.as_deref().map(|at| format!(", {}", time::shown(at))).unwrap_or_default();
    out.push_str(&match (own, through.is_empty()) {
        (true, _) => format!(", in its own voice{date}"),
        (false, true) => format!(", according to {outlet}{date}"),
        (false, false) => format!(", according to {outlet}{date}, which cites {}", through.join(", which cites ")),
    });
    out.push('.');
    out
}

/// What a stance is as a verb.
fn verb(stance: Stance) -> &'static str {
    match stance {
        Stance::Asserts => "said",
        Stance::Denies => "denied",
        Stance::Doubts => "doubted",
        Stance::Verifies => "verified",
        Stance::Refutes => "refuted",
        Stance::Retracts => "retracted",
    }
}

/// The words of a mention on one line, without quotation marks around them.
fn words(mention: &Mention) -> String {
    let line = mention.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_matches(['"', '“', '”', '„', '«', '»', ',', ' ']);
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", line[..at].rsplit_once(' ').map_or(&line[..at], |(before, _)| before)),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::fixture::view;

    #[test]
    fn the_sentence_says_who_and_where() {
        let view = view();
        let mention = Mention {
            text: "“the post\n had fallen,”".into(),
            stance: Stance::Denies,
            speaker: Some("Ines Okafor".into()),
            chain: vec!["Valley Wire".into(), "Lamp".into()],
            published: Some("2025-03-05T10:00:00Z".into()),
            attribution: usize::MAX,
            ..view.weighing.claims[0].mentions[0].clone()
        };
        let outlet = view.outlet(&mention.report);
        let told = sentence(&view, &mention);
        let expected = format!(
            "Ines Okafor denied: “the post had fallen”, according to {outlet}, 2025-03-05 10:00 UTC, which cites Valley Wire, which cites Lamp."
        );
        assert_eq!(told, expected);
        let own = sentence(&view, &Mention { speaker: None, chain: Vec::new(), ..mention.clone() });
        assert!(own.starts_with(&format!("{outlet} denied: “")) && own.contains("own voice"), "{own}");
        let long = sentence(&view, &Mention { text: "word ".repeat(200), ..mention });
        assert!(long.contains(" word …”"), "{long}");
    }
}
