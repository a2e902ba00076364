//! The channel of a statement, where it is named: Telegram, a statement, an interview, the telephone.

use crate::read::speaker::Frame;
use crate::read::who::Scene;
use crate::reading::Link;

/// Phrases behind "in", "by", "at", "on", "over" and what they are called.
const CHANNELS: &[(&str, &str)] = &[
    ("interview", "interview"),
    ("statement", "statement"),
    ("communique", "statement"),
    ("press release", "press release"),
    ("press conference", "press conference"),
    ("news conference", "press conference"),
    ("briefing", "briefing"),
    ("telephone", "telephone"),
    ("phone", "telephone"),
    ("letter", "letter"),
    ("e-mail", "e-mail"),
    ("email", "e-mail"),
    ("voice message", "voice message"),
    ("text message", "text message"),
    ("video address", "video address"),
    ("video message", "video message"),
    ("televised address", "television"),
    ("state television", "state television"),
    ("television", "television"),
    ("state tv", "state television"),
    ("radio", "radio"),
    ("speech", "speech"),
    ("report", "report"),
    ("social media", "social media"),
];

/// A link without an actor: the channel that stands beside the statement, outside of its content.
pub(super) fn named(scene: &Scene<'_>, frame: &Frame<'_>) -> Option<Link> {
    let sentence = frame.sentence_tokens(scene);
    for k in sentence.start..sentence.end {
        if frame.in_content(scene, k)
            || scene.quoted[k]
            || !matches!(scene.low(k), "in" | "by" | "at" | "on" | "over" | "through" | "via")
        {
            continue;
        }
        for end in k + 2..sentence.end.min(k + 6) + 1 {
            let phrase = scene.span(k + 1..end.min(sentence.end)).of(scene.doc.text());
            let low = crate::read::who::fold(phrase);
            let bare = ["a ", "an ", "the ", "its ", "his ", "her ", "their "]
                .iter()
                .find_map(|a| low.strip_prefix(a))
                .unwrap_or(&low);
            let listed = CHANNELS.iter().find(|(words, _)| {
                bare == *words || bare.ends_with(&format!(" {words}")) && bare.split(' ').count() < 4
            });
            let platform = scene
                .lists
                .get("platforms", bare)
                .filter(|_| scene.low(k) != "by" && phrase.chars().any(char::is_uppercase));
            let name = platform.map(|_| phrase.to_string()).or_else(|| listed.map(|(_, name)| (*name).to_string()));
            if let Some(channel) = name {
                let channel = channel
                    .trim_start_matches("its ")
                    .trim_start_matches("his ")
                    .trim_start_matches("her ")
                    .to_string();
                let cue = scene.span(k..end.min(sentence.end));
                return Some(Link {
                    actor: None,
                    cue,
                    verb: None,
                    channel: Some(channel),
                    rule: "channel named".into(),
                });
            }
            if frame.in_content(scene, end.min(sentence.end) - 1) {
                break;
            }
        }
    }
    None
}
