//! `/c/{case}/add`: more reports. `/c/{case}/add/{job}`: how far they are read.
//!
//! In: addresses, a text with what is known of it, files; in any of the formats that `sayso add` takes. Out: a job that reads them, and a
//! page that tells how it goes. May not happen: an upload without bounds; an input that goes missing without a sentence.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use sayso::intake::Hints;

use crate::fetch::is_url;
use crate::text::count;
use crate::time;
use crate::web::error::WebError;
use crate::web::jobs::{Input, Job, Progress};
use crate::web::layout::{Nav, Page, Starting, encode, html};
use crate::web::state::Desk;

/// Bytes of all that one form sends.
const LARGEST: usize = 128 << 20;
/// Files of one form.
const FILES: usize = 500;
/// Addresses of one form.
const URLS: usize = 100;
/// Characters of a typed field.
const LONGEST: usize = 500;

pub(super) fn routes() -> Router<Arc<Desk>> {
    let form = get(add).post(start).layer(DefaultBodyLimit::max(LARGEST));
    Router::new()
        .route("/c/{case}/add", form)
        .route("/c/{case}/add/{job}", get(job))
        .route("/c/{case}/add/{job}/progress", get(progress))
}

#[derive(Template)]
#[template(path = "add.html")]
struct AddPage {
    page: Page,
    case: String,
    empty: bool,
    jobs: Vec<(String, String)>,
    limit: usize,
}

async fn add(at: Starting) -> Result<Html<String>, WebError> {
    at.visitor.may_decide()?;
    let case = at.view.name.clone();
    let link = |job: Arc<Job>| (job.words(), format!("/c/{}/add/{}", encode(&case), job.id));
    let jobs = at.desk.jobs.of(&case).into_iter().take(8).map(link).collect();
    html(&AddPage {
        page: at.page("Add reports", Nav::Add),
        empty: at.view.entries.is_empty(),
        jobs,
        limit: LARGEST >> 20,
        case,
    })
}

/// What a form sent.
#[derive(Default)]
struct Sent {
    case: String,
    urls: String,
    text: String,
    title: String,
    outlet: String,
    published: String,
    url: String,
    files: Vec<(String, Vec<u8>)>,
}

async fn start(at: Starting, form: Multipart) -> Result<Response, WebError> {
    at.visitor.may_decide()?;
    let sent = Sent::read(form).await?;
    let case = if sent.case.is_empty() { at.view.name.clone() } else { named(&sent.case)? };
    let (what, inputs, hints) = sent.inputs()?;
    let job = at.desk.jobs.start(&at.desk, &case, &what, inputs, hints);
    Ok(Redirect::to(&format!("/c/{}/add/{}", encode(&case), job.id)).into_response())
}

impl Sent {
    async fn read(mut form: Multipart) -> Result<Self, WebError> {
        let mut sent = Self::default();
        while let Some(field) = form.next_field().await.map_err(|error| too_much(&error))? {
            let name = field.name().unwrap_or_default().to_owned();
            if let Some(file) = field.file_name().map(plain_name) {
                let bytes = field.bytes().await.map_err(|error| too_much(&error))?;
                // A browser sends one nameless file when none was chosen.
                if !(bytes.is_empty() && file.is_empty()) {
                    sent.files.push((file, bytes.to_vec()));
                }
                if sent.files.len() > FILES {
                    return Err(WebError::bad(format!(
                        "These are more than {FILES} files: send them in parts, or use sayso add."
                    )));
                }
                continue;
            }
            let value = field.text().await.map_err(|error| too_much(&error))?;
            match name.as_str() {
                "text" => sent.text = value,
                "urls" => sent.urls = value,
                _ => sent.short(&name, &value)?,
            }
        }
        Ok(sent)
    }

    /// A field of one line.
    fn short(&mut self, name: &str, value: &str) -> Result<(), WebError> {
        let value = value.trim();
        if value.chars().count() > LONGEST {
            return Err(WebError::bad(format!("The field {name} is longer than {LONGEST} characters.")));
        }
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        match name {
            "case" => self.case = value,
            "title" => self.title = value,
            "outlet" => self.outlet = value,
            "published" => self.published = value,
            "url" => self.url = value,
            _ => {}
        }
        Ok(())
    }

    /// What is to be read, in words and as it is, and what is known about all of it.
    fn inputs(self) -> Result<(String, Vec<Input>, Hints), WebError> {
        let said = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
        let published = said(&self.published).map(|date| self::published(&date)).transpose()?;
        let hints = Hints { outlet: said(&self.outlet), published, ..Hints::default() };
        let mut words = Vec::new();
        let mut inputs = Vec::new();
        let urls: Vec<&str> = self.urls.split_whitespace().collect();
        if let Some(other) = urls.iter().find(|url| !is_url(url)) {
            return Err(WebError::bad(format!("{other} is no address of a page: it begins with http:// or https://.")));
        }
        if urls.len() > URLS {
            return Err(WebError::bad(format!("These are more than {URLS} addresses: send them in parts.")));
        }
        if let [one] = urls[..] {
            words.push(one.to_owned());
        } else if !urls.is_empty() {
            words.push(count(urls.len(), "page"));
        }
        inputs.extend(urls.into_iter().map(|url| Input::Url(url.to_owned())));
        if !self.text.trim().is_empty() {
            let name = if self.title.is_empty() { "pasted text" } else { &self.title };
            words.push(format!("“{name}”"));
            inputs.push(Input::Bytes(name.to_owned(), with_header(&self.title, &self.url, &self.text).into_bytes()));
        }
        if let [(name, _)] = &self.files[..] {
            words.push(name.clone());
        } else if !self.files.is_empty() {
            words.push(count(self.files.len(), "file"));
        }
        inputs.extend(self.files.into_iter().map(|(name, bytes)| Input::Bytes(name, bytes)));
        if inputs.is_empty() {
            return Err(WebError::bad("There is nothing to add: give an address, a text or a file."));
        }
        Ok((words.join(", "), inputs, hints))
    }
}

/// A text with the header block that intake knows; as it is when nothing is known.
fn with_header(title: &str, url: &str, text: &str) -> String {
    let line = |name: &str, value: &str| if value.is_empty() { String::new() } else { format!("{name}: {value}\n") };
    let header = line("Title", title) + &line("URL", url);
    if header.is_empty() { text.to_owned() } else { format!("{header}\n{text}") }
}

/// A date, or date and time in UTC, as browsers send them.
fn published(date: &str) -> Result<String, WebError> {
    let moment = if date.contains('T') && date.len() == 16 { format!("{date}:00Z") } else { date.to_owned() };
    time::date(&moment).map_err(|how| WebError::bad(format!("{date} is no date: {how}.")))
}

/// A case's name as a person may write it.
fn named(name: &str) -> Result<String, WebError> {
    if name.chars().count() > 100 {
        return Err(WebError::bad("A case's name has up to 100 characters."));
    }
    Ok(name.to_owned())
}

/// The last part of a file's name, without what could be mistaken for anything else.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect()
}

fn too_much(error: &axum::extract::multipart::MultipartError) -> WebError {
    let status = error.status();
    if status == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        let words = format!("This is more than {} MB at once: send it in parts, or use sayso add.", LARGEST >> 20);
        return WebError::new(status, words);
    }
    WebError::new(status, format!("The form could not be read: {}.", error.body_text()))
}

/// How a job goes.
struct State {
    /// Where its progress is asked for.
    poll: String,
    words: String,
    done: bool,
    failed: Option<String>,
    /// Hundredths; none when it is not known.
    part: Option<u64>,
    came: Vec<String>,
    lost: Vec<Told>,
    notes: Vec<Told>,
}

/// What was said of one input.
struct Told {
    source: String,
    code: String,
    sentence: String,
}

impl State {
    fn new(job: &Job) -> Self {
        let Progress { read, of, new, known, unchanged, notices, done, failed, .. } = job.progress();
        let told = |(source, code, sentence): (String, String, String)| Told { source, code, sentence };
        let (lost, notes) = notices.into_iter().map(told).partition(|told: &Told| is_loss(&told.code));
        let mut came = vec![format!("{} added", count(new, "new report"))];
        came.extend((known > 0).then(|| format!("{} there already", count(known, "report"))));
        came.extend((unchanged > 0).then(|| format!("{} not changed since last time", count(unchanged, "input"))));
        Self {
            poll: format!("/c/{}/add/{}/progress", encode(&job.case), job.id),
            words: job.words(),
            done,
            part: (of > 0).then(|| (read * 100).checked_div(of).unwrap_or(0).min(100)),
            failed,
            came,
            lost,
            notes,
        }
    }
}

/// Whether an input, or a record of it, could not be read.
fn is_loss(code: &str) -> bool {
    use sayso::notice::Code;
    Code::ALL.iter().any(|known| known.as_str() == code && crate::messages::is_loss(*known))
}

#[derive(Template)]
#[template(path = "adding.html")]
struct JobPage {
    page: Page,
    what: String,
    state: State,
}

#[derive(Template)]
#[template(path = "adding-progress.html")]
struct ProgressPart {
    page: Page,
    state: State,
}

async fn found(at: &Starting, number: u64) -> Result<Arc<Job>, WebError> {
    at.visitor.may_decide()?;
    let job = at.desk.jobs.get(number).filter(|job| job.case == at.view.name);
    job.ok_or_else(|| WebError::not_found("This addition is not remembered any more. What it added is in the case."))
}

async fn job(at: Starting, Path((_, number)): Path<(String, u64)>) -> Result<Html<String>, WebError> {
    let job = found(&at, number).await?;
    html(&JobPage { page: at.page("Adding reports", Nav::Add), what: job.what.clone(), state: State::new(&job) })
}

async fn progress(at: Starting, Path((_, number)): Path<(String, u64)>) -> Result<Html<String>, WebError> {
    let job = found(&at, number).await?;
    html(&ProgressPart { page: at.page("Adding reports", Nav::Add), state: State::new(&job) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_lead_nowhere() {
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("C:\\news\\a\r\nb.html"), "ab.html");
        assert_eq!(plain_name(&"x".repeat(999)).len(), 200);
    }

    #[test]
    fn a_text_gets_its_header() {
        assert_eq!(with_header("", "", "Fog fell."), "Fog fell.");
        assert_eq!(
            with_header("Fog", "https://a.example/1", "Fog fell."),
            "Title: Fog\nURL: https://a.example/1\n\nFog fell."
        );
    }

    #[test]
    fn what_is_no_input_is_told() {
        let sent = |urls: &str, text: &str| Sent { urls: urls.into(), text: text.into(), ..Sent::default() };
        assert!(sent("", " ").inputs().is_err());
        assert!(sent("file:///etc/passwd", "").inputs().is_err());
        let (words, inputs, _) = sent("https://a.example/1 http://b.example", "Fog fell.").inputs().unwrap();
        assert_eq!((words.as_str(), inputs.len()), ("2 pages, “pasted text”", 3));
        assert_eq!(published("2025-05-12T08:30").unwrap(), "2025-05-12T08:30:00Z");
        assert!(published("soon").is_err());
    }
}
