//! Look-ups for the questions that come later: which actor stands at a place, and in whose statement it lies.

use crate::reading::{Actor, ActorId, Attribution};
use crate::span::Span;

/// The mentions of a reading's actors, by place.
#[derive(Debug)]
pub struct Actors<'a> {
    text: &'a str,
    actors: &'a [Actor],
    /// Every mention with its actor's number, by place.
    mentions: Vec<(Span, usize)>,
    longest: usize,
}

impl<'a> Actors<'a> {
    /// Indexes `actors` of a report's `text` once.
    #[must_use]
    pub fn new(text: &'a str, actors: &'a [Actor]) -> Self {
        let each = actors.iter().enumerate();
        let mut mentions: Vec<(Span, usize)> =
            each.flat_map(|(n, a)| a.mentions.iter().map(move |span| (*span, n))).collect();
        mentions.sort();
        let longest = mentions.iter().map(|(span, _)| span.len()).max().unwrap_or(0);
        Self { text, actors, mentions, longest }
    }

    /// The actor that `span` (bytes) speaks of: the first mention in it that is nobody else's owner, the longest where
    /// several start together. "the Assembly's spokeswoman, Ana Ruiz" is Ana Ruiz.
    #[must_use]
    pub fn at(&self, span: Span) -> Option<&'a ActorId> {
        self.number(span).map(|n| &self.actors[n].id)
    }

    /// The same as [`Actors::at`], as the actor itself.
    #[must_use]
    pub fn actor(&self, span: Span) -> Option<&'a Actor> {
        self.number(span).map(|n| &self.actors[n])
    }

    /// The actor whose mention ends last in `span`.
    #[must_use]
    pub fn last(&self, span: Span) -> Option<&'a Actor> {
        let inside = self.within(span).filter(|(m, _)| m.end <= span.end);
        inside.max_by_key(|(m, _)| (m.end, m.len())).map(|(_, n)| &self.actors[n])
    }

    /// All actors, in the order given.
    #[must_use]
    pub fn all(&self) -> &'a [Actor] {
        self.actors
    }

    /// The actor of that id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&'a Actor> {
        let number = id.strip_prefix('a').and_then(|n| n.parse::<usize>().ok());
        number.and_then(|n| self.actors.get(n.checked_sub(1)?)).filter(|a| a.id == id)
    }

    fn number(&self, span: Span) -> Option<usize> {
        let mut best: Option<(Span, usize)> = None;
        for (mention, actor) in self.within(span) {
            match best {
                Some((kept, _)) if mention.start > kept.end && self.owns(kept, mention) => {
                    best = Some((mention, actor))
                }
                Some((kept, _)) if mention.start > kept.start => break,
                Some((kept, _)) if mention.len() <= kept.len() => {}
                _ => best = Some((mention, actor)),
            }
        }
        best.map(|(_, actor)| actor)
    }

    /// Whether `owner` is only the owner of what follows: "the union's Ana Ruiz".
    fn owns(&self, owner: Span, next: Span) -> bool {
        let between = &self.text[owner.end..next.start];
        let pronoun =
            matches!(owner.of(self.text).to_lowercase().as_str(), "his" | "her" | "its" | "their" | "our" | "my");
        between.len() < 7 && (between.starts_with("'") || between.starts_with('’')) || pronoun && between.len() < 20
    }

    /// Every mention that shares a byte with `span`, by place, with its actor's number in the list.
    pub fn within(&self, span: Span) -> impl Iterator<Item = (Span, usize)> + '_ {
        let from = self.mentions.partition_point(|(m, _)| m.start + self.longest < span.start);
        let near = self.mentions[from..].iter().take_while(move |(m, _)| m.start < span.end);
        near.filter(move |(m, _)| m.overlaps(span)).copied()
    }
}

/// The contents of a reading's attributions, by place.
#[derive(Debug)]
pub struct Statements {
    /// Every content span with its attribution's number, by place.
    contents: Vec<(Span, usize)>,
    /// The furthest end among the contents up to here.
    reach: Vec<usize>,
}

impl Statements {
    /// Indexes `attributions` once.
    #[must_use]
    pub fn new(attributions: &[Attribution]) -> Self {
        let each = attributions.iter().enumerate();
        let mut contents: Vec<(Span, usize)> =
            each.flat_map(|(n, a)| a.content.iter().map(move |span| (*span, n))).collect();
        contents.sort();
        let mut reach: Vec<usize> = Vec::with_capacity(contents.len());
        for (span, _) in &contents {
            reach.push(span.end.max(reach.last().copied().unwrap_or(0)));
        }
        Self { contents, reach }
    }

    /// The number of the innermost attribution whose content holds `span` (bytes).
    #[must_use]
    pub fn at(&self, span: Span) -> Option<usize> {
        let all = self.around(span);
        all.into_iter().min_by_key(|(content, n)| (content.len(), *n)).map(|(_, n)| n)
    }

    /// All attributions whose content holds `span`, the outermost first.
    #[must_use]
    pub fn around(&self, span: Span) -> Vec<(Span, usize)> {
        let last = self.contents.partition_point(|(content, _)| content.start <= span.start);
        let mut out = Vec::new();
        for k in (0..last).rev() {
            if self.reach[k] < span.end {
                break;
            }
            if self.contents[k].0.contains(span) {
                out.push(self.contents[k]);
            }
        }
        out.reverse();
        out
    }
}
