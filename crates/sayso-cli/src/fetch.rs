//! A page or a feed from the web: asked for once, kept as it came.
//!
//! In: a URL that a person named. Out: the bytes of the answer, with every step on the way there and its headers. May not happen:
//! a wait without end, more bytes than allowed, a redirect that is not recorded; a request to this machine or its network for somebody who
//! sits elsewhere.

use std::fmt::Write;
use std::time::{Duration, Instant};

use sayso::notice::{Code, Notice};
use ureq::http::Response;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Error};
use url::Url;

use crate::text::clean;
use crate::time;

mod reach;

use reach::PublicOnly;
pub(crate) use reach::Reach;

/// Who asks, as servers see it.
const USER_AGENT: &str = concat!("sayso/", env!("CARGO_PKG_VERSION"), " (reads one page at the request of a person)");
const REDIRECTS: usize = 10;

/// How long and how much.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Limits {
    /// Give up on a URL after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3600))]
    timeout: u32,
    /// Give up on a URL that sends more than so many megabytes
    #[arg(long, value_name = "MB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=900))]
    largest: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { timeout: 30, largest: 64 }
    }
}

/// What a URL answered.
pub(crate) struct Page {
    pub(crate) bytes: Vec<u8>,
    /// Where it came from in the end.
    pub(crate) url: String,
    pub(crate) content_type: Option<String>,
    /// When it was asked for.
    pub(crate) fetched: String,
    /// Every request with its answer's headers, a line each.
    pub(crate) headers: String,
}

/// Whether an input is to be fetched.
pub(crate) fn is_url(input: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .any(|scheme| input.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
}

/// What a server said of a page before: asked with it, it may answer that nothing has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// The header ETag.
    pub(crate) tag: Option<String>,
    /// The header Last-Modified.
    pub(crate) modified: Option<String>,
}

impl Known {
    /// Out of the headers that were kept with a capture: those of the last answer.
    pub(crate) fn recorded(headers: &str) -> Self {
        let last = headers.rfind("GET ").map_or(headers, |at| &headers[at..]);
        let value = |name: &str| {
            let line = last
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(known, _)| known.eq_ignore_ascii_case(name));
            line.map(|(_, value)| value.to_owned())
        };
        Self { tag: value("etag"), modified: value("last-modified") }
    }
}

/// What came of asking.
pub(crate) enum Answer {
    /// The page, and what to ask with next time.
    Page(Page, Known),
    /// It is as it was.
    Unchanged,
}

/// Why there is no page.
pub(crate) struct Failed {
    pub(crate) notice: Notice,
    /// Seconds after which the server wants to be asked again.
    pub(crate) later: Option<u64>,
}

/// Asks for a page, and for what it redirects to.
pub(crate) fn fetch(asked: &str, limits: Limits, reach: Reach) -> Result<Page, Notice> {
    match ask(asked, limits, reach, &Known::default()) {
        Ok(Answer::Page(page, _)) => Ok(page),
        Ok(Answer::Unchanged) => {
            Err(Notice::new(Code::Unreadable, format!("{asked} could not be fetched: the server sent nothing.")))
        }
        Err(failed) => Err(failed.notice),
    }
}

/// The same for a page that was asked for before.
pub(crate) fn ask(asked: &str, limits: Limits, reach: Reach, known: &Known) -> Result<Answer, Failed> {
    let failed = |why: String| Failed {
        notice: Notice::new(Code::Unreadable, format!("{asked} could not be fetched: {why}.")),
        later: None,
    };
    let mut url = Url::parse(asked).map_err(|error| failed(format!("it is no URL ({error})")))?;
    let fetched = time::now();
    let end = Instant::now() + Duration::from_secs(limits.timeout.into());
    let mut headers = String::new();
    for _ in 0..=REDIRECTS {
        let left = end.saturating_duration_since(Instant::now());
        let mut request = agent(left, reach).get(url.as_str());
        for (name, value) in [("if-none-match", &known.tag), ("if-modified-since", &known.modified)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let mut answer = request.call().map_err(|error| failed(why(&error, limits)))?;
        record(&mut headers, &url, &answer);
        if let Some(target) = target(&answer) {
            let next = url.join(&target).map_err(|error| failed(format!("it redirects to no URL ({error})")))?;
            if !is_url(next.as_str()) {
                return Err(failed(format!("it redirects to {}", clean(next.as_str()))));
            }
            url = next;
            continue;
        }
        if answer.status() == 304 && *known != Known::default() {
            return Ok(Answer::Unchanged);
        }
        if !answer.status().is_success() {
            let later = header(&answer, "retry-after").and_then(|seconds| seconds.trim().parse().ok());
            return Err(Failed { later, ..failed(format!("the server answered {}", answer.status())) });
        }
        let content_type = header(&answer, "content-type");
        let body = answer.body_mut().with_config().limit(u64::from(limits.largest) << 20);
        let bytes = body.read_to_vec().map_err(|error| failed(why(&error, limits)))?;
        let known = Known { tag: header(&answer, "etag"), modified: header(&answer, "last-modified") };
        return Ok(Answer::Page(Page { bytes, url: url.into(), content_type, fetched, headers }, known));
    }
    Err(failed(format!("it redirects more than {REDIRECTS} times")))
}

/// Sends JSON to an address that the user named.
pub(crate) fn post(url: &str, body: &str, limits: Limits) -> Result<(), String> {
    let agent = agent(Duration::from_secs(limits.timeout.into()), Reach::Anywhere);
    let answer =
        agent.post(url).header("content-type", "application/json").send(body).map_err(|error| why(&error, limits))?;
    if answer.status().is_success() { Ok(()) } else { Err(format!("the server answered {}", answer.status())) }
}

/// Sends a request for a time stamp to a server that the user named. Out: its answer.
pub(crate) fn timestamp(url: &str, request: &[u8], limits: Limits) -> Result<Vec<u8>, String> {
    let agent = agent(Duration::from_secs(limits.timeout.into()), Reach::Anywhere);
    let asked = agent.post(url).header("content-type", "application/timestamp-query").send(request);
    let mut answer = asked.map_err(|error| why(&error, limits))?;
    if !answer.status().is_success() {
        return Err(format!("the server answered {}", answer.status()));
    }
    // A stamp with its certificates has some kilobytes.
    answer.body_mut().with_config().limit(1 << 20).read_to_vec().map_err(|error| why(&error, limits))
}

fn agent(left: Duration, reach: Reach) -> Agent {
    let config = Agent::config_builder()
        .user_agent(USER_AGENT)
        .timeout_global(Some(left.max(Duration::from_millis(1))))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false);
    match reach {
        Reach::Anywhere => Agent::new_with_config(config.build()),
        // A proxy would look names up by itself, out of our sight.
        Reach::Public => {
            Agent::with_parts(config.proxy(None).build(), DefaultConnector::default(), PublicOnly::default())
        }
    }
}

fn header(answer: &Response<Body>, name: &str) -> Option<String> {
    answer.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Where it redirects to, if it does.
fn target(answer: &Response<Body>) -> Option<String> {
    matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308).then(|| header(answer, "location"))?
}

/// The request and the head of its answer.
fn record(headers: &mut String, url: &Url, answer: &Response<Body>) {
    let _ = writeln!(headers, "GET {url}\n{:?} {}", answer.version(), answer.status());
    for (name, value) in answer.headers() {
        let _ = writeln!(headers, "{name}: {}", clean(&String::from_utf8_lossy(value.as_bytes())));
    }
}

fn why(error: &Error, limits: Limits) -> String {
    match error {
        Error::Timeout(_) => format!("it took longer than {} seconds (--timeout allows more)", limits.timeout),
        Error::BodyExceedsLimit(_) => format!("it sends more than {} MB (--largest allows more)", limits.largest),
        Error::Other(error) if error.is::<reach::Private>() => error.to_string(),
        Error::HostNotFound => "there is no such host, or the network is down".to_owned(),
        Error::ConnectionFailed => "the server cannot be reached".to_owned(),
        Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => {
            format!("it took longer than {} seconds (--timeout allows more)", limits.timeout)
        }
        Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            "the server takes no connections".to_owned()
        }
        error => clean(&error.to_string()),
    }
}
