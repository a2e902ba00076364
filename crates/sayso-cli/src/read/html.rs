//! Readings as one self-contained page: the text with source, cue and content marked, and who says it in the margin.
//!
//! In: [`Page`]s, one after another. Out: HTML that asks nothing of any network. May not happen: a byte of
//! the input taken for markup, a character of the text left out.

use std::fmt::Write;

use sayso::reading::{Attribution, Kind};
use sayso::report::BlockKind;
use sha2::{Digest, Sha256};

use super::marks::{self, Mark, Marked, Role};
use super::statement::{Page, act_word, is_against};
use crate::text::Escaped;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page up to the first report.
pub(crate) fn head() -> String {
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>On whose say-so</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{LEGEND}\n<main>\n"
    )
}

const LEGEND: &str = "<aside class=\"legend\" aria-label=\"Legend\">\
    <span><span class=\"w\">who</span> says it</span> <span><span class=\"c\">how</span> they say it</span> \
    <span><span class=\"q\">what</span> they say</span> <span><span class=\"h\">hedge</span> weakens it</span> \
    <label><input type=\"checkbox\" id=\"marks\" checked> Marks</label></aside>";

/// The page after the last report.
pub(crate) fn foot() -> String {
    format!("</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

/// One report; `number` tells it from the others on the page.
pub(crate) fn report(page: Page<'_>, number: usize) -> String {
    let mut out = String::with_capacity(page.report.text.len() * 2);
    let language = page.report.language.as_deref().unwrap_or("und");
    let _ = writeln!(out, "<article id=\"r{number}\" lang=\"{}\">\n<header>", escape(language));
    if let Some(title) = &page.report.title {
        let _ = writeln!(out, "<h1 dir=\"auto\">{}</h1>", escape(title));
    }
    let _ = writeln!(out, "<p class=\"origin\">{}</p>", escape(&page.origin().join(" · ")));
    let _ = writeln!(out, "<p class=\"summary\" lang=\"en\">{}</p>", escape(&page.summary()));
    notices(&mut out, page);
    out.push_str("</header>\n");
    for block in &marks::blocks(page, &[]) {
        let element = block.element();
        let _ = write!(out, "<section class=\"{}\">\n<{element} dir=\"auto\">", class(block.kind));
        text(&mut out, page, block, number);
        let _ = writeln!(out, "</{element}>");
        margin(&mut out, page, block, number);
        out.push_str("</section>\n");
    }
    out.push_str("</article>\n");
    out
}

fn notices(out: &mut String, page: Page<'_>) {
    if page.reading.notices.is_empty() {
        return;
    }
    out.push_str("<ul class=\"notices\" lang=\"en\">");
    for notice in &page.reading.notices {
        let _ = write!(out, "<li><code>{}</code> {}</li>", notice.code.as_str(), escape(&notice.message));
    }
    out.push_str("</ul>\n");
}

fn class(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Heading => "heading",
        BlockKind::Paragraph => "paragraph",
        BlockKind::Quote => "quote",
        BlockKind::Caption => "caption",
        BlockKind::Embed => "embed",
    }
}

/// The text of a block; `number` tells the report from the others on the page.
fn text(out: &mut String, page: Page<'_>, block: &Marked, number: usize) {
    for piece in &block.pieces {
        let words = escape(page.words(piece.span));
        if piece.marks.is_empty() {
            out.push_str(&words);
        } else {
            let _ = write!(out, "<span{}>{words}</span>", attributes(&piece.marks, page));
        }
        for of in &piece.numbers {
            let _ = write!(
                out,
                "<a class=\"n\" id=\"r{number}t{of}\" href=\"#r{number}s{of}\" data-s=\"{of}\">{}</a>",
                of + 1
            );
        }
    }
}

/// `class` for how it looks, `data-` for which statements it belongs to.
fn attributes(marks: &[Mark], page: Page<'_>) -> String {
    let mut classes = String::new();
    let mut data = String::new();
    for (role, letter) in [(Role::Who, 'w'), (Role::How, 'c'), (Role::What, 'q'), (Role::Hedge, 'h')] {
        let of: Vec<usize> = marks.iter().filter(|mark| mark.role == role).map(|mark| mark.of).collect();
        if of.is_empty() {
            continue;
        }
        let said = |n: &usize| page.reading.attributions[*n].kind != Kind::Voice;
        if role != Role::What || of.iter().any(said) {
            classes.push(letter);
            classes.push(' ');
        }
        let list: Vec<String> = of.iter().map(usize::to_string).collect();
        let _ = write!(data, " data-{letter}=\"{}\"", list.join(" "));
    }
    if classes.is_empty() { data } else { format!(" class=\"{}\"{data}", classes.trim_end()) }
}

/// The notes of the statements that belong beside this block.
fn margin(out: &mut String, page: Page<'_>, block: &Marked, number: usize) {
    if block.statements.is_empty() {
        return;
    }
    out.push_str("<ol lang=\"en\">\n");
    for &n in &block.statements {
        note(out, page, &page.reading.attributions[n], n, number);
    }
    out.push_str("</ol>\n");
}

/// One note: who, through whom, how.
fn note(out: &mut String, page: Page<'_>, statement: &Attribution, n: usize, number: usize) {
    let own = if statement.kind == Kind::Voice { " class=\"own\"" } else { "" };
    let _ = write!(
        out,
        "<li{own} id=\"r{number}s{n}\" data-s=\"{n}\"><a class=\"n\" href=\"#r{number}t{n}\">{}</a> ",
        n + 1
    );
    match page.speaker(statement) {
        Some(name) => drop(write!(out, "<b dir=\"auto\">{}</b>", escape(&name))),
        None => out.push_str("<b>not said who</b>"),
    }
    let act = if own.is_empty() { act_word(statement.act) } else { "in its own voice" };
    let against = if is_against(statement.act) { " against" } else { "" };
    let _ = write!(out, " <span class=\"act{against}\">{act}</span>");
    if !statement.cue.is_empty() {
        let _ = write!(out, " <i>“{}”</i>", escape(&page.joined(&statement.cue)));
    }
    if let Some(chain) = page.chain(statement) {
        let _ = write!(out, " <span class=\"via\">via {}</span>", escape(&chain));
    }
    for (words, owner) in page.hedges(statement) {
        let _ = write!(out, " <span class=\"hedge\">~ {} ({owner})</span>", escape(words));
    }
    out.push_str("</li>\n");
}

fn escape(text: &str) -> String {
    Escaped(text).to_string()
}

/// The hash by which the page's policy names what may run in it.
fn hash(content: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(content.as_bytes());
    let mut out = String::from("sha256-");
    for three in digest.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for k in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * k) & 63) as usize];
            out.push(if k <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::fixture;

    fn article() -> String {
        let (report_, reading) = (fixture::report(), fixture::reading());
        report(Page { report: &report_, reading: &reading }, 1)
    }

    /// What a browser shows of the paragraphs: tags off, entities back, the statements' numbers left out.
    fn shown(html: &str) -> String {
        let numbers = regex::Regex::new(r#"<a class="n".*?</a>|<ol.*?</ol>|<header>.*?</header>"#).unwrap();
        let html = html.replace('\n', "\u{1}");
        let text = numbers.replace_all(&html, "").into_owned();
        let text = regex::Regex::new("<[^>]*>").unwrap().replace_all(&text, "").into_owned();
        let back = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"), ("\u{1}", "\n")];
        back.iter().fold(text, |text, (entity, letter)| text.replace(entity, letter))
    }

    #[test]
    fn the_article() {
        insta::assert_snapshot!(article());
    }

    #[test]
    fn every_character_of_the_text_is_shown() {
        let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert_eq!(letters(&shown(&article())), letters(&fixture::report().text));
    }

    #[test]
    fn what_the_input_says_is_never_markup() {
        assert_eq!(escape("<script>'\"&\u{1b}"), "&lt;script&gt;&#39;&quot;&amp;\u{fffd}");
        assert!(!head().contains("http:") && !foot().contains("https:"), "the page asks a network for nothing");
    }

    #[test]
    fn the_policy_names_the_script_by_its_hash() {
        assert_eq!(hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
