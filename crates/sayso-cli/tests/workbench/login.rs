//! Who may do what: a reader looks, a reviewer decides, nobody sees anything without a login.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::prelude::*;
use serde_json::json;

use crate::browser::{Browser, installed};
use crate::served::Served;

const REPORT: &str = "Title: Dam holds, says engineer\nOutlet: Valley Wire\nPublished: 2025-04-02T08:00:00Z\n\n\
    The water board's engineer Ines Okafor said on Wednesday that the Lower Dam had been opened at night.\n\n\
    Mayor Tomas Rehn denied that the Lower Dam had been opened at night.\n";

fn sayso(folder: &Path, args: &[&str], input: &str) {
    let mut command = Command::cargo_bin("sayso").unwrap();
    command.current_dir(folder).args(args).env_remove("SAYSO_LEDGER").env("USER", "ed");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "{args:?}");
}

async fn log_in(browser: &Browser, served: &Served, name: &str, password: &str) {
    browser.goto(&format!("{}/c/dam/", served.address)).await;
    let type_in = "document.querySelector(arguments[0]).value = arguments[1]";
    browser.find("form [name=password]").await;
    browser.script(type_in, vec![json!("[name=name]"), json!(name)]).await;
    browser.script(type_in, vec![json!("[name=password]"), json!(password)]).await;
    browser.click("main form button").await;
}

#[tokio::test]
async fn a_reader_looks_and_a_reviewer_decides() {
    if !installed() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("dam.txt"), REPORT).unwrap();
    sayso(folder.path(), &["add", "--case", "dam", "dam.txt"], "");
    sayso(folder.path(), &["user", "add", "rita", "--role", "reader"], "opens at night\n");
    sayso(folder.path(), &["user", "add", "remi", "--role", "reviewer"], "holds by day\n");
    let served = Served::new(&[], folder.path());
    let browser = Browser::new(folder.path()).await;
    log_in(&browser, &served, "rita", "opens by day").await;
    assert!(browser.has("form [name=password]").await, "a wrong password opens nothing");
    log_in(&browser, &served, "rita", "opens at night").await;
    browser.says("main", "Lower Dam").await;
    browser.click(".claims h3 a").await;
    assert!(!browser.has("form[action$=decisions]").await, "a reader sees nothing to decide with");
    let refused = "const done = arguments[arguments.length - 1];
        fetch('/c/dam/decisions', {method: 'POST', headers: {'x-csrf': document.querySelector('[name=csrf]').value},
            body: new URLSearchParams({decision: 'undo', line: '1'})}).then(answer => done(answer.status), error => done(String(error)))";
    assert_eq!(browser.client.execute_async(refused, vec![]).await.unwrap(), 403, "nor may it be sent");
    browser.click("form[action='/logout'] button").await;
    log_in(&browser, &served, "remi", "holds by day").await;
    browser.click(".claims h3 a").await;
    browser.click("form:has([value=accept]) button").await;
    browser.goto(&format!("{}/c/dam/journal", served.address)).await;
    browser.says("tbody tr", "remi").await;
    browser.click("form[action='/logout'] button").await;
    browser.goto(&format!("{}/c/dam/journal", served.address)).await;
    browser.find("form [name=password]").await;
    browser.close().await;
}
