//! What a person does, step by step, on the sample: from a claim to its characters, decisions and their undoing, adding, exporting.

use std::fs;

use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::json;

use crate::browser::{Browser, installed};
use crate::served::Served;

pub(crate) const CASE: &str = "/c/maktaaral-raid/";

/// A browser on the sample when all of it is read.
pub(crate) async fn on_the_sample(served: &Served, folder: &std::path::Path) -> Browser {
    let browser = Browser::new(folder).await;
    browser.goto(&served.printed).await;
    browser
        .until("the sample to be read", || async {
            browser.goto(&format!("{}{CASE}export", served.address)).await;
            let read =
                browser.text("main").await.contains("14 reports") && !browser.has("#reading:not([hidden])").await;
            read.then_some(())
        })
        .await;
    browser.goto(&format!("{}{CASE}", served.address)).await;
    browser
}

#[tokio::test]
async fn a_person_goes_from_a_claim_to_its_characters_and_decides() {
    if !installed() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(&["--sample"], folder.path());
    let browser = on_the_sample(&served, folder.path()).await;
    many_outlets_and_one_origin(&browser).await;
    from_the_words_to_the_characters(&browser).await;
    a_cut_changes_the_count(&browser).await;
    two_actors_become_one_and_two_again(&browser, &served).await;
    a_report_is_added_and_an_open_page_says_so(&browser, &served).await;
    every_format_downloads(&browser, &served).await;
    the_keyboard_reviews(&browser, &served).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "the console");
    browser.close().await;
}

/// From the list to a claim that many outlets carry and one origin stands behind.
async fn many_outlets_and_one_origin(browser: &Browser) {
    let many = "return [...document.querySelectorAll('.claims > li')].findIndex(li => {
        const [outlets, origins] = [...li.querySelectorAll('.said b')].map(b => b.textContent);
        return outlets >= 3 && origins === '1';
    }) + 1";
    let at = browser.script(many, vec![]).await.as_i64().unwrap();
    assert!(at > 0, "three outlets or more with one origin are in the list");
    let outlets = browser.text(&format!(".claims > li:nth-child({at}) .said b")).await;
    browser.click(&format!(".claims > li:nth-child({at}) h3 a")).await;
    browser.says(".counts .outlets", &outlets).await;
    assert!(browser.text(".counts .origins").await.starts_with("1 origin"));
}

/// From the exact words to where they stand in the report, and back.
async fn from_the_words_to_the_characters(browser: &Browser) {
    let claim = browser.client.current_url().await.unwrap();
    let words = browser.text(".quote .said-words").await;
    browser.click(".quote .meta a[href*='at=']").await;
    let lit =
        browser.script("return [...document.querySelectorAll('.at')].map(e => e.textContent).join('')", vec![]).await;
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(plain(lit.as_str().unwrap()).contains(&plain(&words)), "{words:?} is what is lit: {lit}");
    browser.client.back().await.unwrap();
    assert_eq!(browser.client.current_url().await.unwrap(), claim, "back works");
}

async fn a_cut_changes_the_count(browser: &Browser) {
    let before = browser.text(".counts .origins").await;
    let edges = browser.client.find_all(Locator::Css(".ties button")).await.unwrap().len();
    assert!(edges > 1, "the outlets depend on each other");
    let mut changed = false;
    // Where several words show one dependence, cutting one of them changes nothing: the next may.
    for edge in 1..=edges.min(6) {
        browser.click(&format!(".ties li:nth-child({edge}) button")).await;
        changed = browser.text(".counts .origins").await != before;
        browser.click("form.undo button").await;
        browser.says(".counts .origins", &before).await;
        if changed {
            break;
        }
    }
    assert!(changed, "no cut changes {before}");
}

async fn two_actors_become_one_and_two_again(browser: &Browser, served: &Served) {
    let url = format!("{}{CASE}actors", served.address);
    browser.goto(&url).await;
    let rows = "return document.querySelectorAll('tbody tr[data-item]').length";
    let before = browser.script(rows, vec![]).await;
    let other = browser.text("tbody tr:nth-child(2) b").await;
    browser.click("tbody tr:nth-child(1) a").await;
    browser.find("input[name=other]").await.send_keys(&other).await.unwrap();
    browser.click("form[action*='#merge'] button").await;
    browser.click("form:has(input[value=merge-actors]) button").await;
    let merged = browser.script(rows, vec![]).await;
    assert_eq!(merged.as_i64().unwrap(), before.as_i64().unwrap() - 1, "{other} and the first are one");
    browser.click("form.undo button").await;
    browser.goto(&url).await;
    assert_eq!(browser.script(rows, vec![]).await, before, "and two again");
    browser.goto(&format!("{}{CASE}journal", served.address)).await;
    browser.says("tbody tr:nth-child(1)", "undid decision").await;
    browser.says("tbody tr:nth-child(2)", "merged the actors").await;
}

/// One window stays open while another adds a report.
async fn a_report_is_added_and_an_open_page_says_so(browser: &Browser, served: &Served) {
    browser.goto(&format!("{}{CASE}", served.address)).await;
    let reader = browser.client.window().await.unwrap();
    let second = browser.client.new_window(true).await.unwrap();
    browser.client.switch_to_window(second.handle).await.unwrap();
    browser.goto(&format!("{}{CASE}add", served.address)).await;
    let report = "Ferry operators told the Lakeside Courier on Friday that a ferry named Aral Dawn had been held at Shardara harbour since noon.";
    let type_in = "document.querySelector(arguments[0]).value = arguments[1]";
    for (field, value) in [
        ("[name=text]", report),
        ("[name=title]", "Ferry held at Shardara"),
        ("[name=outlet]", "Lakeside Courier"),
        ("[name=published]", "2025-05-16T09:30"),
    ] {
        browser.script(type_in, vec![json!(field), json!(value)]).await;
    }
    browser.click("main form button.main").await;
    browser.find("#progress[data-done]").await;
    browser.says("#progress", "1 new report added").await;
    browser.goto(&format!("{}{CASE}?q=ferry", served.address)).await;
    browser.says(".claims", "Aral Dawn").await;
    browser.client.close_window().await.unwrap();
    browser.client.switch_to_window(reader).await.unwrap();
    browser.find("#live:not([hidden])").await;
    browser.says("#live", "changed").await;
}

async fn every_format_downloads(browser: &Browser, served: &Served) {
    browser.goto(&format!("{}{CASE}export", served.address)).await;
    let each = "const done = arguments[arguments.length - 1];
        Promise.all([...document.querySelectorAll('.ways a[download]')].map(async a => {
            const answer = await fetch(a.href);
            const bytes = (await answer.arrayBuffer()).byteLength;
            return `${answer.status} ${bytes > 20 ? 'full' : bytes} ${answer.headers.get('content-disposition').includes(a.download)}`;
        })).then(done, error => done([String(error)]))";
    let got = browser.client.execute_async(each, vec![]).await.unwrap();
    let got: Vec<&str> = got.as_array().unwrap().iter().filter_map(|line| line.as_str()).collect();
    assert_eq!(got, ["200 full true"; 10], "one a format");
    browser.find("a[download$='.csv']").await.click().await.unwrap();
    let path = browser.downloads.join("maktaaral-raid.csv");
    let csv =
        browser.until("the download", || async { fs::read_to_string(&path).ok().filter(|csv| !csv.is_empty()) }).await;
    assert!(csv.lines().count() > 20 && csv.contains("Aral Dawn"), "a row a mention");
}

async fn the_keyboard_reviews(browser: &Browser, served: &Served) {
    browser.goto(&format!("{}{CASE}review", served.address)).await;
    browser.find("[data-review] [data-item]:focus").await;
    let number = || async { browser.text("#left").await.parse::<i64>().unwrap() };
    let waiting = number().await;
    for key in ["a", "x", "u", "z"] {
        browser.client.active_element().await.unwrap().send_keys(key).await.unwrap();
    }
    browser.until("two answers and one taken back", || async { (number().await == waiting - 2).then_some(()) }).await;
    browser
        .until("two decisions in the journal", || async {
            browser.goto(&format!("{}{CASE}journal", served.address)).await;
            let rows = browser.text("tbody").await;
            (rows.contains("accepted") || rows.contains("merged") || rows.contains("made")).then_some(())
        })
        .await;
    browser.client.find(Locator::Css("body")).await.unwrap().send_keys(&format!("{}k", Key::Control)).await.unwrap();
    let focused = browser.script("return document.activeElement.id", vec![]).await;
    assert_eq!(focused, "find", "ctrl+K searches");
}
