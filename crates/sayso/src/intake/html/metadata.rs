//! What a page says about itself: JSON-LD, Open Graph, `meta`, microdata, `<time>`, its byline.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::article::Article;
use super::furniture::date_in;
use super::leaves::Leaf;
use super::tree::Tree;
use crate::intake::dates;
use crate::report::{Report, Shown};

/// At most so many objects of JSON-LD are looked at.
const OBJECTS: usize = 2_000;

/// What the head of a page says, strongest first in every list.
#[derive(Debug, Default)]
pub(super) struct Stated {
    titles: Vec<String>,
    outlets: Vec<String>,
    published: Vec<String>,
    modified: Vec<String>,
    authors: Vec<String>,
    urls: Vec<String>,
    sections: Vec<String>,
    languages: Vec<String>,
    credits: Vec<String>,
    /// Addresses of the one picture that stands for the page.
    pictures: Vec<String>,
    /// `<title>`, often with the outlet's name behind it.
    page_title: Option<String>,
    /// Whether the page calls itself an article.
    pub(super) is_article: bool,
}

/// Reads everything but the page's text.
pub(super) fn stated(tree: &Tree<'_>) -> Stated {
    let mut out = Stated::default();
    json_ld(tree, &mut out);
    metas(tree, &mut out);
    microdata(tree, &mut out);
    if out.outlets.is_empty() {
        out.outlets = out.outlet_in_title(tree).into_iter().collect();
    }
    out
}

impl Stated {
    /// The headline as the head has it.
    pub(super) fn title(&self) -> Option<String> {
        let title = self.titles.first().cloned().or_else(|| self.page_title.clone())?;
        Some(self.without_outlet(&title))
    }

    /// `Headline | Outlet` without its end.
    fn without_outlet(&self, title: &str) -> String {
        let outlet = self.outlets.first().map(|outlet| outlet.to_lowercase());
        for mark in [" | ", " — ", " – ", " - ", " :: ", " » ", " • "] {
            if let Some((head, end)) = title.rsplit_once(mark) {
                let named = outlet.as_ref().is_some_and(|outlet| {
                    end.to_lowercase().contains(outlet) || outlet.contains(&end.trim().to_lowercase())
                });
                if named || mark == " | " && self.titles.is_empty() && end.chars().count() <= 40 {
                    return head.trim().to_owned();
                }
            }
        }
        title.trim().to_owned()
    }

    /// The outlet's name behind the headline in `<title>`, if the page itself shows it too.
    fn outlet_in_title(&self, tree: &Tree<'_>) -> Option<String> {
        let title = self.page_title.as_ref()?;
        let end = [" | ", " — ", " – ", " - ", " :: "]
            .iter()
            .filter_map(|mark| title.rsplit_once(mark))
            .map(|pair| pair.1.trim())
            .min_by_key(|end| end.len())?;
        let shown =
            tree.nodes.iter().filter(|node| node.is_text()).any(|node| tree.page[node.range.clone()].trim() == end);
        (shown && end.chars().count() <= 40).then(|| end.to_owned())
    }

    /// Fills the report; `article` and `leaves` give what the head does not.
    pub(super) fn fill(self, tree: &Tree<'_>, leaves: &[Leaf], article: &Article, report: &mut Report) {
        let headline = headline(tree, leaves, article);
        let stated = if self.titles.is_empty() { headline.clone().or_else(|| self.title()) } else { self.title() };
        report.title = stated.or(headline);
        report.outlet = self.outlets.first().cloned();
        let first_date = |dates: &[String]| dates.iter().find(|date| dates::instant(date).is_some()).cloned();
        report.published = first_date(&self.published).or_else(|| date_on_page(tree, leaves, article));
        report.modified = first_date(&self.modified);
        report.url = self.urls.into_iter().next();
        report.section = self.sections.into_iter().next();
        report.language = self.languages.into_iter().next();
        report.credit = self.credits.into_iter().next();
        if !self.pictures.is_empty() {
            report.shown.insert(0, Shown { addresses: self.pictures, caption: None });
        }
        report.authors =
            if self.authors.is_empty() { authors_on_page(tree, leaves, article) } else { distinct(self.authors) };
    }
}

/// The headline's words on the page; its first line where the heading was never closed.
fn headline(tree: &Tree<'_>, leaves: &[Leaf], article: &Article) -> Option<String> {
    let at = article.headline?;
    let words = tree.words(at);
    let first = || {
        leaves
            .iter()
            .find(|leaf| (at..tree.nodes[at].end).contains(&leaf.node))
            .map(|leaf| leaf.words().replace('\n', " "))
    };
    if words.chars().count() > 250 { first() } else { Some(words).filter(|words| !words.is_empty()) }
}

fn distinct(names: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in names {
        if !out.contains(&name) && out.len() < 20 {
            out.push(name);
        }
    }
    out
}

/// Text of a value that may be escaped twice; none when it is empty or a link.
fn clean(text: &str) -> Option<String> {
    let text = htmlize::unescape(text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty() && text.len() < 2_000).then_some(text)
}

fn push(list: &mut Vec<String>, text: Option<&str>) {
    list.extend(text.and_then(clean));
}

// JSON-LD

fn json_ld(tree: &Tree<'_>, out: &mut Stated) {
    let mut objects = Vec::new();
    for (at, node) in tree.nodes.iter().enumerate().filter(|(_, node)| node.name == "script") {
        if node.attribute("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"))
            && let Some(inside) = tree.nodes.get(at + 1).filter(|inside| inside.is_text())
            && let Some(value) = parse(&tree.page[inside.range.clone()])
        {
            flatten(value, &mut objects);
        }
    }
    let by_id: BTreeMap<String, Value> = objects
        .iter()
        .filter(|o| o.as_object().is_some_and(|o| o.len() > 1))
        .filter_map(|o| Some((o.get("@id")?.as_str()?.to_owned(), o.clone())))
        .collect();
    let article = objects.iter().find(|o| is_type(o, &is_article_type) && o.get("headline").is_some());
    let Some(article) = article.or_else(|| objects.iter().find(|o| is_type(o, &is_article_type))) else {
        from_web_page(&objects, out);
        return;
    };
    out.is_article = true;
    let resolve = |value: &Value| -> Value {
        let id = value.get("@id").and_then(Value::as_str);
        let alone = value.as_object().is_some_and(|o| o.len() == 1);
        id.filter(|_| alone).and_then(|id| by_id.get(id)).unwrap_or(value).clone()
    };
    push(&mut out.titles, text_of(article, "headline").or_else(|| text_of(article, "name")));
    push(&mut out.published, text_of(article, "datePublished").or_else(|| text_of(article, "dateCreated")));
    push(&mut out.modified, text_of(article, "dateModified"));
    push(&mut out.sections, text_of(article, "articleSection"));
    push(&mut out.languages, text_of(article, "inLanguage"));
    for key in ["publisher", "sourceOrganization", "isPartOf"] {
        names(&article.get(key).map_or(Value::Null, &resolve), &mut out.outlets);
    }
    let authors = article.get("author").or_else(|| article.get("creator")).cloned().unwrap_or(Value::Null);
    for author in as_list(&authors) {
        names(&resolve(author), &mut out.authors);
    }
    let page = article.get("mainEntityOfPage");
    push(
        &mut out.urls,
        text_of(article, "url")
            .or_else(|| page?.as_str())
            .or_else(|| page?.get("@id")?.as_str())
            .filter(|url| url.starts_with("http")),
    );
    for picture in article.get("image").map_or(&[][..], as_list).iter().take(8) {
        push(
            &mut out.pictures,
            picture.as_str().or_else(|| text_of(picture, "url")).or_else(|| text_of(picture, "contentUrl")),
        );
    }
    for key in ["creditText", "provider"] {
        names(article.get(key).unwrap_or(&Value::Null), &mut out.credits);
    }
}

/// Dates and the site's name where no article is described.
fn from_web_page(objects: &[Value], out: &mut Stated) {
    for page in objects.iter().filter(|o| is_type(o, &|kind| kind.ends_with("WebPage"))) {
        push(&mut out.published, text_of(page, "datePublished"));
        push(&mut out.modified, text_of(page, "dateModified"));
        names(page.get("publisher").unwrap_or(&Value::Null), &mut out.outlets);
    }
}

/// JSON as pages have it: with raw line breaks in strings, in comments, with a comma too many.
fn parse(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let text = text
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[")
        .trim_end_matches("]]>")
        .trim_end_matches("//]]>")
        .trim();
    static COMMA: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r",(\s*[}\]])").ok());
    serde_json::from_str(text).ok().or_else(|| {
        let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let spaced = COMMA.as_ref().map_or(spaced.clone(), |comma| comma.replace_all(&spaced, "$1").into_owned());
        serde_json::from_str(spaced.trim().trim_end_matches(';')).ok()
    })
}

/// All objects of a value that may describe the page: lists, graphs, and what they are about.
fn flatten(value: Value, out: &mut Vec<Value>) {
    let mut queue = std::collections::VecDeque::from([value]);
    while let Some(value) = queue.pop_front() {
        if out.len() >= OBJECTS {
            return;
        }
        match value {
            Value::Array(values) => queue.extend(values),
            Value::Object(_) => {
                for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                    queue.extend(value.get(key).filter(|inner| !inner.is_string()).cloned());
                }
                out.push(value);
            }
            _ => {}
        }
    }
}

fn as_list(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        Value::Null => &[],
        other => std::slice::from_ref(other),
    }
}

fn is_type(object: &Value, wanted: &dyn Fn(&str) -> bool) -> bool {
    object.get("@type").is_some_and(|kinds| as_list(kinds).iter().filter_map(Value::as_str).any(wanted))
}

fn is_article_type(kind: &str) -> bool {
    let kind = kind.rsplit('/').next().unwrap_or(kind);
    kind.ends_with("Article")
        || matches!(
            kind,
            "BlogPosting" | "LiveBlogPosting" | "Report" | "SocialMediaPosting" | "DiscussionForumPosting"
        )
}

/// The text of a key; of the first where it is a list.
fn text_of<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    let value = as_list(object.get(key)?).first()?;
    value.as_str().or_else(|| value.get("@value")?.as_str()).or_else(|| value.get("name")?.as_str())
}

/// Names of people or organisations, however they are wrapped.
fn names(value: &Value, out: &mut Vec<String>) {
    for one in as_list(value).iter().take(20) {
        let name = one.as_str().or_else(|| text_of(one, "name"));
        push(out, name.filter(|name| !name.starts_with("http")));
    }
}

// Open Graph, meta, link, title

fn metas(tree: &Tree<'_>, out: &mut Stated) {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (at, node) in tree.nodes.iter().enumerate() {
        match node.name {
            "meta" => {
                let key = ["property", "name", "itemprop", "http-equiv"].iter().find_map(|key| node.attribute(key));
                if let (Some(key), Some(value)) = (key, node.attribute("content").as_deref().and_then(clean)) {
                    seen.entry(key.to_ascii_lowercase()).or_default().push(value);
                }
            }
            "link" if node.attribute("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                if let Some(url) = node.attribute("href").filter(|url| url.starts_with("http")) {
                    out.urls.insert(0, url.into_owned());
                }
            }
            "title" if out.page_title.is_none() => out.page_title = clean(&tree.words(at)),
            "html" | "body" => out.languages.extend(node.attribute("lang").map(std::borrow::Cow::into_owned)),
            _ => {}
        }
    }
    let take = |keys: &[&str], list: &mut Vec<String>| {
        keys.iter().for_each(|key| list.extend(seen.get(*key).into_iter().flatten().cloned()));
    };
    take(
        &["og:title", "twitter:title", "dc.title", "dcterms.title", "headline", "parsely-title", "sailthru.title"],
        &mut out.titles,
    );
    take(
        &[
            "og:site_name",
            "application-name",
            "publisher",
            "dc.publisher",
            "article:publisher_name",
            "twitter:app:name:iphone",
        ],
        &mut out.outlets,
    );
    take(
        &[
            "article:published_time",
            "og:published_time",
            "datepublished",
            "date",
            "dc.date",
            "dc.date.issued",
            "dcterms.created",
            "dcterms.date",
            "pubdate",
            "publishdate",
            "publish-date",
            "publish_date",
            "article.published",
            "parsely-pub-date",
            "sailthru.date",
            "cxenseparse:recs:publishtime",
            "article_date_original",
        ],
        &mut out.published,
    );
    take(
        &[
            "article:modified_time",
            "og:updated_time",
            "datemodified",
            "last-modified",
            "lastmod",
            "dcterms.modified",
            "revised",
        ],
        &mut out.modified,
    );
    take(&["og:url", "twitter:url", "parsely-link"], &mut out.urls);
    take(&["og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"], &mut out.pictures);
    take(&["article:section", "section", "parsely-section", "category"], &mut out.sections);
    take(&["og:locale", "content-language", "language", "dc.language"], &mut out.languages);
    let mut authors = Vec::new();
    take(
        &[
            "author",
            "article:author",
            "parsely-author",
            "sailthru.author",
            "dc.creator",
            "dcterms.creator",
            "byl",
            "cxenseparse:author",
        ],
        &mut authors,
    );
    if out.authors.is_empty() {
        let people = authors
            .into_iter()
            .filter(|name| !name.starts_with("http") && !name.contains('@') && !name.starts_with('/'));
        out.authors = people.flat_map(|names| split_names(names.strip_prefix("By ").unwrap_or(&names))).collect();
    }
    out.outlets.retain(|outlet| !outlet.starts_with('@') && !outlet.starts_with("http"));
    out.is_article |=
        seen.get("og:type").is_some_and(|kinds| kinds.iter().any(|kind| kind.to_ascii_lowercase().contains("article")));
}

// Microdata and <time>

fn microdata(tree: &Tree<'_>, out: &mut Stated) {
    let value = |at: usize| {
        let node = &tree.nodes[at];
        let stated =
            ["content", "datetime"].iter().find_map(|key| node.attribute(key)).map(std::borrow::Cow::into_owned);
        stated.or_else(|| clean(&tree.words(at)))
    };
    for (at, node) in tree.nodes.iter().enumerate().filter(|(_, node)| node.has_attributes() && node.name != "meta") {
        let Some(prop) = node.attribute("itemprop") else {
            if node.name == "time"
                && (node.attribute("pubdate").is_some()
                    || node.attribute("class").is_some_and(|c| c.to_ascii_lowercase().contains("publish")))
            {
                out.published.extend(value(at));
            }
            continue;
        };
        match prop.as_ref() {
            "headline" => out.titles.extend(value(at)),
            "datePublished" => out.published.extend(value(at)),
            "dateModified" => out.modified.extend(value(at)),
            "articleSection" => out.sections.extend(value(at)),
            "articleBody" => out.is_article = true,
            "author" | "creator" | "publisher" => {
                let named = (at + 1..node.end)
                    .find(|&inner| tree.nodes[inner].attribute("itemprop").is_some_and(|prop| prop == "name"));
                let list = if prop == "publisher" { &mut out.outlets } else { &mut out.authors };
                let name = value(named.unwrap_or(at)).filter(|name| name.chars().count() < 80);
                list.extend(name.map(|name| name.strip_prefix("By ").unwrap_or(&name).to_owned()));
            }
            _ => {}
        }
    }
}

/// The date near the headline: a `<time>`, or a line that names one.
fn date_on_page(tree: &Tree<'_>, leaves: &[Leaf], article: &Article) -> Option<String> {
    let lines = || article.bylines.iter().map(|&k| &leaves[k]);
    let times = tree.nodes.iter().filter(|node| node.name == "time").filter_map(|node| node.attribute("datetime"));
    let time = times.map(std::borrow::Cow::into_owned).find(|time| dates::instant(time).is_some());
    if time.is_some() {
        return time;
    }
    let first = article.leaves.first().map_or(0, |leaf| leaf.0);
    let near = leaves[first.saturating_sub(6)..leaves.len().min(first + 6)].iter().filter(|leaf| leaf.letters < 90);
    lines().chain(near).find_map(|leaf| date_in(leaf.words()))
}

/// The names in the bylines near the article: what is linked there, else what follows "By", else a line of names.
fn authors_on_page(tree: &Tree<'_>, leaves: &[Leaf], article: &Article) -> Vec<String> {
    for leaf in article.bylines.iter().map(|&k| &leaves[k]) {
        let element = leaf.element.max(1);
        let inside = element..tree.nodes[element].end.min(element + 40);
        let named = tree.around(leaf.node).take(4).any(|up| super::article::said(&tree.nodes[up]).byline);
        let linked: Vec<String> = inside
            .filter(|&at| tree.nodes[at].name == "a")
            .map(|at| tree.words(at))
            .filter(|words| named && is_name(words))
            .collect();
        if !linked.is_empty() {
            return distinct(linked);
        }
        if let Some(names) = leaf.words().lines().find_map(byline) {
            return split_names(&names);
        }
        let first = leaf.words().split([',', '|', '•', '\n']).next().unwrap_or_default().trim();
        if named && is_name(first) && date_in(leaf.words()).is_none() {
            return split_names(leaf.words());
        }
    }
    Vec::new()
}

/// Two to five words, each with a capital.
fn is_name(words: &str) -> bool {
    (2..=5).contains(&words.split_whitespace().count())
        && words
            .split_whitespace()
            .all(|word| word.chars().next().is_some_and(|c| !c.is_lowercase() || word.len() <= 3))
        && words.chars().filter(|c| c.is_uppercase()).count() >= 2
        && !words.contains(|c: char| c.is_numeric() || c == ':')
}

/// The names of a byline: `By Ann Lee and Bo Rao in Oslo` is `Ann Lee and Bo Rao`. None when the line is no byline.
pub(super) fn byline(line: &str) -> Option<String> {
    static BY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:(?:By|BY|by|Written by|Words by|Story by|Text by|Por|POR|Par|PAR|Von|VON|Di|Door|Автор|Авторы|Текст|Autor|Autora|Auteur|كتب|كتبت|بقلم|إعداد)[:\s]\s*)(.{3,100})$").ok()
    });
    let line = line.trim();
    let names = BY.as_ref()?.captures(line)?.get(1)?.as_str();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let upper = names.split_whitespace().next()?.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_lowercase());
    (letters <= 110 && upper && !line.ends_with(['.', '!', '?', ':', '”', '"'])).then(|| names.to_owned())
}

/// Names out of `Ann Lee and Bo Rao, World Reporter, in Oslo`.
fn split_names(text: &str) -> Vec<String> {
    let head = text
        .split(" in ")
        .next()
        .unwrap_or(text)
        .split(" | ")
        .next()
        .unwrap_or(text)
        .split(" • ")
        .next()
        .unwrap_or(text);
    let parts = head
        .split([',', ';', '&', '/'])
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" и "))
        .flat_map(|part| part.split(" y "));
    let is_role = |part: &str| {
        ["Reporter", "Correspondent", "Editor", "Writer", "reporter", "correspondent", "editor"]
            .iter()
            .any(|role| part.contains(role))
    };
    let found: Vec<String> =
        parts.map(str::trim).filter(|part| is_name(part) && !is_role(part)).map(str::to_owned).collect();
    if found.is_empty() { clean(head.trim().trim_end_matches(',')).into_iter().collect() } else { distinct(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines() {
        let names = |line: &str| byline(line).map(|names| split_names(&names));
        assert_eq!(names("By Petra Oduya, NorthBeam, in Zhetisay"), Some(vec!["Petra Oduya".into()]));
        assert_eq!(names("By Ann Lee and Bo Rao"), Some(vec!["Ann Lee".into(), "Bo Rao".into()]));
        assert_eq!(names("Автор: Ирина Лебедева"), Some(vec!["Ирина Лебедева".into()]));
        assert_eq!(names("By our own reporters"), Some(vec!["our own reporters".into()]).filter(|_| false));
        assert_eq!(names("By Monday the water had fallen."), None);
    }

    #[test]
    fn broken_json_is_read() {
        assert!(parse("<!-- {\"a\": \"b\nc\",} -->").is_some());
        assert!(parse("{\"a\":").is_none());
    }
}
