//! Mentions that lean on one picture: what two reports make of one photo is one piece of evidence.
//!
//! A mention leans on a picture when it stands in the words under it, or when its sentence says that a photo or footage shows it. May not
//! happen: an edge because two reports are illustrated by one picture out of the archive.

use super::edges::{Edge, Scene, sentence};
use crate::picture::Picture;
use crate::weigh::Entry;
use crate::weigh::mentions::Item;

/// So many pictures of a report, and of all mentions of a claim, are compared.
const OF_A_REPORT: usize = 8;
const OF_A_CLAIM: usize = 2_000;
/// A picture that one outlet shows in more reports than this stands for the outlet, not for what happened.
const FURNITURE: usize = 3;

impl Scene<'_> {
    /// Ties each mention to the first that leans on the same picture, in whatever size.
    pub(super) fn pictures(&self, stating: &[usize], out: &mut Vec<Edge>) {
        let mut seen: Vec<(&Picture, usize)> = Vec::new();
        for &k in stating {
            let entry = self.entries[self.items[k].entry];
            for picture in leans_on(entry, &self.items[k]) {
                let same = seen.iter().find_map(|(other, first)| Some((*other, *first, picture.same(other)?)));
                match same {
                    None if seen.len() < OF_A_CLAIM => seen.push((picture, k)),
                    Some((other, first, apart)) => out.extend(self.same_picture((k, picture), (first, other), apart)),
                    None => {}
                }
            }
        }
    }

    fn same_picture(
        &self,
        (k, picture): (usize, &Picture),
        (first, other): (usize, &Picture),
        apart: u32,
    ) -> Option<Edge> {
        let two = self.items[k].entry != self.items[first].entry && (self.open(k) || self.open(first));
        if !two || self.stands_for_outlet(k, picture) || self.stands_for_outlet(first, other) {
            return None;
        }
        let how = match (picture.look, other.look) {
            (Some(a), Some(b)) if picture.sha256 != other.sha256 => {
                format!("looks {b} and {a}, {apart} of 64 bits differ")
            }
            _ => format!("one file, SHA-256 {}…", &picture.sha256.get(..16).unwrap_or_default()),
        };
        let why = format!("{} and {} lean on the same picture ({how})", self.outlet(first), self.outlet(k));
        let span = picture.caption.map(|span| (self.items[k].mention.report.clone(), span));
        Some(Edge { span, ..Edge::new(k, first, "same picture", why) })
    }

    /// Whether the outlet of a mention shows a picture again and again.
    fn stands_for_outlet(&self, k: usize, picture: &Picture) -> bool {
        let outlet = &self.items[k].outlet;
        let shows = |entry: &&&Entry| {
            entry.report.outlet == *outlet && entry.report.pictures.iter().any(|other| picture.same(other).is_some())
        };
        outlet.is_some() && self.entries.iter().filter(shows).nth(FURNITURE).is_some()
    }
}

/// The pictures that a mention leans on.
fn leans_on<'a>(entry: &'a Entry, item: &Item) -> impl Iterator<Item = &'a Picture> {
    let span = item.mention.spans[0];
    let shown = !entry.report.pictures.is_empty() && {
        let sentence = sentence(&entry.report.text, span);
        let seen = |kind: &str| matches!(kind, "photo" | "video" | "satellite");
        entry.reading.evidence.iter().any(|e| sentence.overlaps(e.span) && seen(&e.kind))
    };
    let pictures = entry.report.pictures.iter().take(OF_A_REPORT);
    pictures.filter(move |picture| shown || picture.caption.is_some_and(|caption| caption.overlaps(span)))
}
