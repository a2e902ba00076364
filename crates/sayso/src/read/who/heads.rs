//! What the rules of [`super::resolve`] know of single words: pronouns, heads of roles, what stands before them.

use crate::reading::ActorKind;

use super::drafts::Part;
use super::roles::Role;

pub(super) fn is_pronoun(low: &str) -> bool {
    matches!(
        low,
        "he" | "him"
            | "his"
            | "she"
            | "her"
            | "hers"
            | "it"
            | "its"
            | "they"
            | "them"
            | "their"
            | "we"
            | "us"
            | "our"
            | "i"
            | "me"
            | "my"
    )
}

/// Nouns for one thing: "spokesman", "spokeswoman", "spokesperson".
pub(super) fn class_of(head: &str) -> String {
    for (ending, whole) in [
        ("spokeswoman", "spokesman"),
        ("spokesperson", "spokesman"),
        ("chairwoman", "chairman"),
        ("chairperson", "chairman"),
        ("laboratory", "lab"),
        ("organization", "organisation"),
        ("organizer", "organiser"),
    ] {
        if head == ending {
            return whole.to_string();
        }
    }
    head.to_string()
}

pub(super) fn is_human(kind: ActorKind) -> bool {
    matches!(kind, ActorKind::Person | ActorKind::Anonymous)
}

/// Roles that one person holds at a time.
pub(super) fn is_office(head: &str) -> bool {
    matches!(
        head,
        "governor"
            | "minister"
            | "president"
            | "mayor"
            | "premier"
            | "chancellor"
            | "ambassador"
            | "director"
            | "colonel"
            | "general"
            | "captain"
            | "bishop"
            | "archbishop"
            | "king"
            | "queen"
            | "pope"
            | "ombudsman"
            | "chairman"
            | "spokesman"
            | "spokeswoman"
    )
}

/// Words before a head noun that tell nobody apart.
pub(super) fn is_weak(word: &str) -> bool {
    const WEAK: &[&str] = &[
        "the", "same", "latter", "said", "own", "former", "then", "local", "top", "senior", "official", "new", "old",
        "exile", "exiled", "armed", "shadowy",
    ];
    word.len() < 3 || WEAK.contains(&word)
}

pub(super) fn alike(a: &str, b: &str) -> bool {
    let stem = |w: &str| w.chars().take(5).collect::<String>();
    a == b || (a.len() > 4 && b.len() > 4 && stem(a) == stem(b))
}

/// Whether the modifiers of a role do not tell it apart from the roles that somebody has.
pub(super) fn agree(parts: &[Part], role: &Role) -> bool {
    let strong: Vec<&String> = role.modifiers.iter().filter(|m| !is_weak(m)).collect();
    let same: Vec<&Part> = parts.iter().filter(|p| class_of(&p.head) == class_of(&role.head)).collect();
    strong.is_empty()
        || same.iter().any(|p| {
            p.modifiers.iter().all(|m| is_weak(m)) || p.modifiers.iter().any(|m| strong.iter().any(|s| alike(s, m)))
        })
}
