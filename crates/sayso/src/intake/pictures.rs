//! The pictures that a report shows, from wherever their bytes lie.
//!
//! In: a report with addresses of pictures ([`Shown`]), and whoever has bytes. Out: the report with its pictures. May not happen: a
//! picture that keeps its report from being read.

use std::borrow::Cow;

use super::eml::base64;
use crate::notice::{Code, Notice};
use crate::picture::Picture;
use crate::report::{Report, Shown};
use crate::span::Span;

/// A report has at most so many pictures.
const MOST: usize = 60;

/// Takes in the pictures that a report shows and whose bytes `bytes_of` has, by an address as the report has it; of several sizes of one
/// picture the largest. What it does not have stays in [`Report::shown`].
pub fn see<'a>(report: &mut Report, mut bytes_of: impl FnMut(&str) -> Option<Cow<'a, [u8]>>) {
    for shown in std::mem::take(&mut report.shown) {
        let bytes = |address: &String| match address.strip_prefix("data:") {
            Some(data) => inline(data).map(Cow::Owned),
            None => bytes_of(address),
        };
        let mut largest: Option<(&str, Cow<'_, [u8]>)> = None;
        for (address, bytes) in shown.addresses.iter().zip(shown.addresses.iter().map(bytes)) {
            if let Some(bytes) = bytes
                && largest.as_ref().is_none_or(|before| before.1.len() < bytes.len())
            {
                largest = Some((address, bytes));
            }
        }
        let taken = largest.is_some_and(|(address, bytes)| add(report, address, &bytes, shown.caption));
        if !taken {
            report.shown.push(shown);
        }
    }
}

/// Adds a picture to a report, or says why not. Out: whether it is one that reports show, read or not; an icon is none.
pub(super) fn add(report: &mut Report, source: &str, bytes: &[u8], caption: Option<Span>) -> bool {
    if report.pictures.len() >= MOST {
        return false;
    }
    let (picture, trouble) = Picture::read(source, bytes);
    let found = picture.is_some() || trouble.is_some();
    if let Some(why) = trouble {
        let name = picture.as_ref().map_or_else(|| super::shorten(source), |picture| super::shorten(&picture.source));
        report.notices.push(Notice::new(Code::Picture, format!("The picture {name} {why}")));
    }
    if let Some(picture) = picture {
        match report.pictures.iter_mut().find(|known| known.sha256 == picture.sha256) {
            Some(known) => known.caption = known.caption.or(caption),
            None => report.pictures.push(Picture { caption, ..picture }),
        }
    }
    found
}

/// A picture in a post: the post's text is what is said of it.
pub(super) fn with_text(address: String, text: &str) -> Shown {
    let caption = Some(Span::new(0, text.len()).trim(text)).filter(|span| !span.is_empty());
    Shown { addresses: vec![address], caption }
}

/// The bytes in a `data:` URL behind its scheme; none when they are not written in base64, or no picture.
fn inline(data: &str) -> Option<Vec<u8>> {
    let (kind, written) = data.split_once(',')?;
    let picture = kind.starts_with("image/") && kind.ends_with(";base64");
    Some(base64(written.as_bytes(), 0).0).filter(|bytes| picture && !bytes.is_empty())
}

/// An address on a page, as seen from outside: `base` is the page's own (RFC 3986, without its rarer forms).
pub(super) fn join(base: &str, address: &str) -> String {
    let address = address.trim();
    let scheme = address.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    let Some((protocol, rest)) = base.split_once("://").filter(|_| !scheme) else { return address.to_owned() };
    if let Some(host) = address.strip_prefix("//") {
        return format!("{protocol}://{host}");
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let (steps, query) = address.split_at(end);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut out: Vec<&str> = Vec::new();
    let from = if steps.starts_with('/') { "" } else { folder };
    for step in from.split('/').filter(|step| !step.is_empty()).chain(steps.trim_start_matches('/').split('/')) {
        match step {
            "." => {}
            ".." => {
                out.pop();
            }
            step => out.push(step),
        }
    }
    format!("{protocol}://{host}/{}{query}", out.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_from_outside() {
        let base = "https://example.org/news/2025/raid.html?x=1#top";
        for (address, want) in [
            ("bridge.jpg", "https://example.org/news/2025/bridge.jpg"),
            ("./a/../bridge.jpg?w=800", "https://example.org/news/2025/bridge.jpg?w=800"),
            ("../../../../up.png", "https://example.org/up.png"),
            ("/img/a.jpg", "https://example.org/img/a.jpg"),
            ("//cdn.example.org/a.jpg", "https://cdn.example.org/a.jpg"),
            ("http://other.example/a.jpg", "http://other.example/a.jpg"),
            ("data:image/png;base64,AA", "data:image/png;base64,AA"),
        ] {
            assert_eq!(join(base, address), want);
        }
        assert_eq!(join("", "a.jpg"), "a.jpg");
        assert_eq!(join("https://example.org", "a.jpg"), "https://example.org/a.jpg");
    }

    #[test]
    fn bytes_in_an_address() {
        assert_eq!(inline("image/png;base64,aGVs\nbG8=").as_deref(), Some(b"hello".as_slice()));
        assert_eq!(inline("text/html;base64,aGVsbG8="), None);
        assert_eq!(inline("image/svg+xml,<svg>"), None);
    }
}
