//! Every page, wide and narrow, light and dark: a picture, and what a checker of accessibility says of it.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::browser::{Browser, LOOKS, installed};
use crate::served::Served;
use crate::walk::{CASE, on_the_sample};

/// Where pictures go; git does not look there.
fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pictures")
}

#[tokio::test]
async fn every_page_is_clean_at_both_widths_and_in_both_themes() {
    if !installed() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(&["--sample"], folder.path());
    let browser = on_the_sample(&served, folder.path()).await;
    let mut wrong = Vec::new();
    let first = async |list: &str, part: &str| {
        browser.goto(&format!("{}{CASE}{list}", served.address)).await;
        let script = "return document.querySelector(`main a[href*='${arguments[0]}']`)?.getAttribute('href')";
        browser.script(script, vec![json!(part)]).await.as_str().unwrap().to_owned()
    };
    let mut pages = vec![
        ("claim", first("", "/claims/").await),
        ("report", first("reports/", "/reports/").await),
        ("actor", first("actors", "/actors/").await),
        ("matrix-words", first("matrix", "cell=").await),
        ("nothing", "/c/nowhere/".to_owned()),
    ];
    pages.push(("original", format!("{}?original=1", pages[1].1)));
    let of_case = [
        ("case", ""),
        ("reports", "reports/"),
        ("matrix", "matrix"),
        ("matrix-hidden", "matrix?names=hidden"),
        ("timeline", "timeline"),
        ("timeline-list", "timeline?view=list"),
        ("actors", "actors"),
        ("review", "review"),
        ("search", "search?q=legion"),
        ("add", "add"),
        ("export", "export"),
        ("journal", "journal"),
    ];
    pages.extend(of_case.map(|(name, path)| (name, format!("{CASE}{path}"))));
    a_decision(&browser, &served).await;
    for (name, path) in &pages {
        browser.goto(&format!("{}{path}", served.address)).await;
        for look in LOOKS {
            browser.look(look).await;
            let theme = if look.dark { "dark" } else { "light" };
            let title = format!("{name}-{}-{theme}", look.width);
            browser.picture(look, &pictures().join(format!("{title}.png"))).await;
            wrong.extend(browser.violations().await.into_iter().map(|line| format!("{title}: {line}")));
            wrong.extend(browser.overflow().await.map(|line| format!("{title}: wider than the screen: {line}")));
        }
    }
    wrong.extend(browser.complaints().await);
    browser.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// So that the journal has something to show.
async fn a_decision(browser: &Browser, served: &Served) {
    browser.goto(&format!("{}{CASE}review", served.address)).await;
    let send = "arguments[0].requestSubmit ? arguments[0].requestSubmit() : arguments[0].submit()";
    let form = browser.find(".answers form").await;
    let _ = browser.client.execute(send, vec![serde_json::to_value(form).unwrap()]).await;
    browser
        .until("a line in the journal", || async {
            browser.goto(&format!("{}{CASE}journal", served.address)).await;
            browser.has("tbody tr").await.then_some(())
        })
        .await;
}
