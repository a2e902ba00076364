//! The pages of the workbench over HTTP: each is there, is sound, and its decisions have effect.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod desk;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use desk::Desk;
use regex::Regex;

/// The program, serving a folder's ledger on a port of its own.
struct Serving {
    child: Child,
    address: String,
    key: String,
}

impl Serving {
    fn of(desk: &Desk) -> Self {
        let mut command = desk.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = Regex::new("http://[0-9.:]+").unwrap().find(&line).unwrap().as_str().to_owned();
        let key = line.trim_end().split_once("?key=").unwrap().1.to_owned();
        Self { child, address, key }
    }

    fn page(&self, path: &str) -> String {
        let asked = ureq::get(format!("{}{path}", self.address)).header("authorization", &self.bearer());
        asked.call().unwrap().body_mut().read_to_string().unwrap()
    }

    /// Sends a form as it is. Out: the status, and where it leads.
    fn post(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let config = ureq::config::Config::builder().max_redirects(0).http_status_as_error(false).build();
        let asked = ureq::Agent::new_with_config(config).post(format!("{}{path}", self.address));
        let answer = asked.header("authorization", &self.bearer()).send_form(fields.iter().copied()).unwrap();
        let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        (answer.status().as_u16(), location.unwrap_or_default())
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.key)
    }

    /// Sends the form of a page that has all of `words`, and returns the page it leads to.
    fn send(&self, page: &str, words: &[&str]) -> String {
        let forms = Regex::new("(?s)<form[^>]*method=\"post\".*?</form>").unwrap();
        let form = forms.find_iter(page).map(|f| f.as_str()).find(|form| words.iter().all(|word| form.contains(word)));
        let fields = Regex::new("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"").unwrap();
        let form = form.unwrap_or_else(|| panic!("no form with {words:?}"));
        let fields: Vec<(String, String)> =
            fields.captures_iter(form).map(|field| (field[1].to_owned(), plain(&field[2]))).collect();
        let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields: Vec<(&str, &str)> = fields.collect();
        let (_, location) = self.post("/c/dam/decisions", &fields);
        self.page(location.split('#').next().unwrap())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The value of an attribute.
fn plain(value: &str) -> String {
    let entities = [("&#34;", "\""), ("&quot;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    entities.iter().fold(value.to_owned(), |value, (entity, letter)| value.replace(entity, letter))
}

/// The addresses on a page that match.
fn links(page: &str, pattern: &str) -> Vec<String> {
    let pattern = Regex::new(&format!("href=\"({pattern})\"")).unwrap();
    pattern.captures_iter(page).map(|link| plain(&link[1])).collect()
}

/// What must hold of every page.
fn sound(page: &str, path: &str) {
    assert_eq!(page.matches("<h1").count(), 1, "{path}: one headline");
    assert!(
        !page.contains(" style=\"") && !page.contains("<style") && !page.contains("onclick"),
        "{path}: nothing inline"
    );
    assert!(!Regex::new("<script(?: defer)?>").unwrap().is_match(page), "{path}: no script inline");
    let ids: Vec<&str> =
        Regex::new(" id=\"([^\"]*)\"").unwrap().captures_iter(page).map(|id| id.get(1).unwrap().as_str()).collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{path}: ids are there once: {ids:?}");
    for paragraph in Regex::new("(?s)<p[ >].*?</p>").unwrap().find_iter(page) {
        assert!(!paragraph.as_str().contains("<form"), "{path}: a form in a paragraph: {}", paragraph.as_str());
    }
}

#[test]
fn the_pages_are_sound_and_lead_to_each_other() {
    let desk = Desk::added();
    let serving = Serving::of(&desk);
    let case = serving.page("/c/dam/");
    let claims = links(&case, "/c/dam/claims/[^\"]*");
    assert!(!claims.is_empty() && case.contains("outlets"), "{case}");
    let claim = serving.page(&claims[0]);
    let words = links(&claim, "/c/dam/reports/[^\"]*at=[^\"]*");
    let report = serving.page(words[0].split('#').next().unwrap());
    let place = words[0].split('#').nth(1).unwrap();
    assert!(report.contains(&format!("id=\"{place}\"")), "the characters that {} names are lit", words[0]);
    let original = serving.page(&links(&report, "/c/dam/reports/[^\"]*original=1")[0]);
    assert!(original.contains("Outlet: "), "the bytes as text: {original}");
    let actors = serving.page("/c/dam/actors");
    let actor = links(&actors, "/c/dam/actors/[^\"]*");
    let pages = [
        ("the case", case),
        ("the claim", claim),
        ("the report", report),
        ("the original", original),
        ("an actor", serving.page(&actor[0])),
        ("actors", actors),
        ("reports", serving.page("/c/dam/reports/")),
        ("review", serving.page("/c/dam/review")),
        ("search", serving.page("/c/dam/search?q=dam")),
        ("nothing found", serving.page("/c/dam/?q=%3Cscript%3Exyz")),
    ];
    pages.iter().for_each(|(path, page)| sound(page, path));
    assert!(!pages[9].1.contains("<script>xyz"));
}

#[test]
fn a_cut_counts_and_can_be_undone() {
    let desk = Desk::added();
    let serving = Serving::of(&desk);
    let claims = links(&serving.page("/c/dam/?q=opened"), "/c/dam/claims/[^\"]*");
    let numbers = |page: &str| {
        Regex::new("<span class=\"origins\"><b>([^<]*)</b>").unwrap().captures(page).unwrap()[1].to_owned()
    };
    let claim = claims.iter().map(|path| serving.page(path)).find(|page| page.contains("value=\"cut\""));
    let before = claim.expect("a claim that two outlets carry");
    let after = serving.send(&before, &["value=\"cut\""]);
    assert_ne!(numbers(&before), numbers(&after), "two origins may be more than one");
    assert!(after.contains("is in the journal") && after.contains("Restore"), "{after}");
    let back = serving.send(&after, &["class=\"strip undo\""]);
    assert_eq!(numbers(&before), numbers(&back));
}

#[test]
fn a_question_is_asked_until_it_is_answered() {
    let desk = Desk::added();
    let serving = Serving::of(&desk);
    let waiting = |page: &str| -> usize {
        Regex::new("<span id=\"left\">([0-9]+)").unwrap().captures(page).unwrap()[1].parse().unwrap()
    };
    let review = serving.page("/c/dam/review");
    let after = serving.send(&review, &["data-answer=\"x\""]);
    assert!(waiting(&after) < waiting(&review), "{after}");
}

#[test]
fn many_questions_are_answered_at_once() {
    let desk = Desk::added();
    let serving = Serving::of(&desk);
    let review = serving.page("/c/dam/review");
    let chosen = Regex::new("name=\"chosen\" value=\"([^\"]*)\"").unwrap();
    let chosen: Vec<String> = chosen.captures_iter(&review).map(|found| plain(&found[1])).take(3).collect();
    assert!(chosen.len() > 1, "{review}");
    let csrf = Regex::new("name=\"csrf\" value=\"([^\"]*)\"").unwrap().captures(&review).unwrap()[1].to_owned();
    let mut fields = vec![("csrf", csrf.as_str()), ("back", "/c/dam/review")];
    fields.extend(chosen.iter().map(|both| ("chosen", both.as_str())));
    assert_eq!(serving.post("/c/dam/decisions/many", &fields), (400, String::new()), "yes or no?");
    fields.push(("answer", "no"));
    assert_eq!(serving.post("/c/dam/decisions/many", &[fields[0], fields[1], ("answer", "no")]).0, 400, "to what?");
    let done = serving.post("/c/dam/decisions/many", &fields);
    assert_eq!(done, (303, format!("/c/dam/review?decided={}", chosen.len())));
    assert_eq!(desk.json(&["log"]).as_array().unwrap().len(), chosen.len());
}

#[test]
fn a_mention_is_cited_as_a_sentence() {
    let desk = Desk::added();
    let serving = Serving::of(&desk);
    let pages = links(&serving.page("/c/dam/?q=opened"), "/c/dam/claims/[^\"]*");
    let cites: Vec<String> = pages
        .iter()
        .map(|path| serving.page(path))
        .flat_map(|page| {
            let cite = Regex::new("data-cite>([^<]*)<").unwrap();
            cite.captures_iter(&page).map(|found| plain(&found[1])).collect::<Vec<_>>()
        })
        .collect();
    assert!(
        cites
            .iter()
            .any(|cite| cite.starts_with("Ines Okafor") && cite.contains("according to Valley Wire, 2025-04-02")),
        "{cites:?}"
    );
}
