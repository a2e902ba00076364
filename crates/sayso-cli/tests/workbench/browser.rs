//! A real browser, driven over WebDriver; Debian's packages chromium and chromium-driver have it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// The longest that anything may take before it counts as never: far longer than it should, for slow machines.
const PATIENCE: Duration = Duration::from_secs(40);
const AXE: &str = include_str!("axe/axe.min.js");

/// A width in pixels, and a theme.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) dark: bool,
}

/// How every page is looked at.
pub(crate) const LOOKS: [Look; 4] = [
    Look { width: 1280, dark: false },
    Look { width: 1280, dark: true },
    Look { width: 390, dark: false },
    Look { width: 390, dark: true },
];

pub(crate) struct Browser {
    driver: Child,
    pub(crate) client: Client,
    pub(crate) downloads: PathBuf,
}

/// Whether there is a browser to test with. Without one the tests are passed over, unless `SAYSO_BROWSER=needed`.
pub(crate) fn installed() -> bool {
    let there =
        Command::new("chromedriver").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    let needed = std::env::var("SAYSO_BROWSER").is_ok_and(|needed| needed == "needed");
    assert!(
        there || !needed,
        "the browser tests need chromium and chromedriver: apt-get install chromium chromium-driver"
    );
    there
}

impl Browser {
    pub(crate) async fn new(folder: &Path) -> Self {
        let downloads = folder.join("downloads");
        fs::create_dir_all(&downloads).unwrap();
        let mut driver =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let started = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("started successfully on port")));
        let line = started.unwrap().unwrap();
        let port = line.trim_end_matches('.').rsplit(' ').next().unwrap().to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
            "--window-size=1280,900",
        ];
        let prefs = json!({"download.default_directory": downloads, "download.prompt_for_download": false});
        let options = json!({"args": arguments, "prefs": prefs});
        let capabilities = json!({"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}});
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.as_object().unwrap().clone());
        let client = builder.connect(&format!("http://127.0.0.1:{port}")).await.unwrap();
        Self { driver, client, downloads }
    }

    /// Ends browser and driver.
    pub(crate) async fn close(mut self) {
        drop(self.client.clone().close().await);
        drop(self.driver.kill());
        drop(self.driver.wait());
    }

    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Waits until an element is there.
    pub(crate) async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        match found {
            Ok(found) => found,
            Err(error) => {
                panic!("{css} at {}: {error}\n{}", self.client.current_url().await.unwrap(), self.text("body").await)
            }
        }
    }

    /// Whether an element is there now.
    pub(crate) async fn has(&self, css: &str) -> bool {
        !self.client.find_all(Locator::Css(css)).await.unwrap().is_empty()
    }

    /// Asks until there is an answer.
    pub(crate) async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, ask: impl Fn() -> F) -> T {
        let asked = async {
            loop {
                if let Some(answer) = ask().await {
                    return answer;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(answer) => answer,
            Err(_) => panic!(
                "never came: {what} at {}\n{}",
                self.client.current_url().await.unwrap(),
                self.text("body").await
            ),
        }
    }

    /// Follows a link or sends a form, and waits for the page behind it.
    pub(crate) async fn click(&self, css: &str) {
        self.find(css).await;
        self.follow(self.find(css).await).await;
    }

    /// The same for an element.
    pub(crate) async fn follow(&self, element: Element) {
        // The page that goes away takes its mark with it; one that stays (a dialog, htmx) loses it below.
        self.script("window.before = true", vec![]).await;
        let href = self.client.current_url().await.unwrap();
        self.script(
            "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})",
            vec![serde_json::to_value(&element).unwrap()],
        )
        .await;
        element.click().await.unwrap();
        self.until("the next page", || async {
            let script = "return document.readyState === 'complete' && window.before !== true";
            let next = self.client.execute(script, vec![]).await.ok()?.as_bool()?;
            // A link to a place in the same page changes the address alone.
            let same = self.client.current_url().await.ok()? != href;
            (next || same).then_some(())
        })
        .await;
        self.until("a whole page", || async {
            let script = "return document.readyState === 'complete'";
            self.client.execute(script, vec![]).await.ok()?.as_bool()?.then_some(())
        })
        .await;
    }

    pub(crate) async fn script(&self, script: &str, args: Vec<Value>) -> Value {
        self.client.execute(script, args).await.unwrap()
    }

    /// The words of an element as people see them; empty if it is not there.
    pub(crate) async fn text(&self, css: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        self.script(script, vec![json!(css)]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an element says something.
    pub(crate) async fn says(&self, css: &str, words: &str) {
        self.until(&format!("{css} that says {words:?}"), || async {
            self.text(css).await.contains(words).then_some(())
        })
        .await;
    }

    /// A command of Chromium's own.
    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.client.issue_cmd(DevTools(json!({"cmd": command, "params": parameters}))).await.unwrap()
    }

    /// Makes the page as wide, light or dark as a look has it.
    pub(crate) async fn look(&self, look: Look) {
        self.size(look, 900).await;
        let scheme = if look.dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.devtools("Emulation.setEmulatedMedia", json!({"media": "", "features": features})).await;
    }

    /// A picture of the whole page, though not of more than some screens.
    pub(crate) async fn picture(&self, look: Look, path: &Path) {
        let height = self.script("return Math.min(document.documentElement.scrollHeight, 3200)", vec![]).await;
        // What is far below is drawn only when it is on the screen.
        self.size(look, height.as_u64().unwrap()).await;
        let taken = self.devtools("Page.captureScreenshot", json!({"format": "png"})).await;
        self.size(look, 900).await;
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, base64(taken["data"].as_str().unwrap())).unwrap();
    }

    async fn size(&self, look: Look, height: u64) {
        let metrics = json!({"width": look.width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// What axe finds wrong with the page: a line a rule, with where.
    pub(crate) async fn violations(&self) -> Vec<String> {
        self.script(&format!("if (!window.axe) {{ {AXE}\n window.axe = axe; }}"), vec![]).await;
        let script = "const done = arguments[arguments.length - 1];
            axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']})
               .then(found => done(found.violations.map(v => `${v.id}: ${v.help}: ` + v.nodes.slice(0, 4).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join(' | '))))
               .catch(error => done(['axe failed: ' + error]))";
        let found = self.client.execute_async(script, vec![]).await.unwrap();
        found.as_array().unwrap().iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Whether the page is wider than the screen.
    pub(crate) async fn overflow(&self) -> Option<String> {
        let script = "const wide = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= wide) return null;
            const out = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 1 && !e.closest('.scroll, nav, svg'));
            return `${document.documentElement.scrollWidth} pixels: ` + out.slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(' | ')";
        self.script(script, vec![]).await.as_str().map(str::to_owned)
    }

    /// What the console complains about, such as what the policy forbids.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.client.issue_cmd(Log).await.unwrap();
        let severe = |line: &&Value| {
            line["level"] == "SEVERE" && !line["message"].as_str().unwrap_or_default().contains("/c/nowhere/")
        };
        let lines = log.as_array().unwrap().iter().filter(severe);
        lines.map(|line| line["message"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}

#[derive(Debug)]
struct Log;

impl WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({"type": "browser"}).to_string()))
    }
}

/// The bytes of what is written in base 64.
fn base64(text: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => Some(u32::from(c - b'A')),
        b'a'..=b'z' => Some(u32::from(c - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(c - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u32> = text.bytes().filter_map(value).collect();
    let group = |group: &[u32]| {
        let bits = group.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - group.len()));
        bits.to_be_bytes()[1..group.len()].to_vec()
    };
    digits.chunks(4).flat_map(group).collect()
}
