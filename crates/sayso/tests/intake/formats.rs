//! Feeds, archives, Telegram exports and mails: many reports out of one capture, each with its way back.

use std::io::Write;

use sayso::intake::{Hints, Source, read_source};
use sayso::notice::Notice;
use sayso::report::Report;

use crate::{Form, maps_back, read_all};

fn reports(name: &str, bytes: &[u8]) -> Vec<Report> {
    read_all(name, bytes).into_iter().map(|result| result.unwrap()).collect()
}

const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE rss [<!ENTITY lol "lol"><!ENTITY bomb "&lol;&lol;&lol;">]>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Skerry Post</title><link>https://skerry.example</link>
<item><title>Ferry stopped &amp; towed</title><link>https://skerry.example/1</link><pubDate>Tue, 03 Sep 2024 08:41:00 +0200</pubDate><dc:creator>Ragna Tveit</dc:creator>
<content:encoded><![CDATA[<p>The owner said it was &#8220;an ordinary fire&#8221;.</p><p>The union denied it.</p>]]></content:encoded></item>
<item><title>Second</title><description>&lt;p&gt;The mayor caf&amp;eacute; &amp;bomb; said &lt;b&gt;no&lt;/b&gt;.&lt;/p&gt;</description><source url="https://lantern.example/rss">Weekly Lantern</source></item></channel></rss>"#;

#[test]
fn rss_with_text_inside_text() {
    let found = reports("feed.xml", RSS.as_bytes());
    assert_eq!(found[0].text, "The owner said it was “an ordinary fire”.\n\nThe union denied it.");
    assert_eq!(found[0].title.as_deref(), Some("Ferry stopped & towed"));
    assert_eq!(found[0].published.as_deref(), Some("2024-09-03T06:41:00Z"));
    assert_eq!(
        (found[0].outlet.as_deref(), found[0].url.as_deref()),
        (Some("Skerry Post"), Some("https://skerry.example/1"))
    );
    assert_eq!(found[0].authors, ["Ragna Tveit"]);
    assert_eq!(maps_back(&found[0], RSS.as_bytes(), Form::Html), [""; 0]);
    assert_eq!(found[1].text, "The mayor café &bomb; said no.");
    let at = found[1].text.find("said").unwrap();
    let source = found[1].map.source(sayso::span::Span::new(at, at + 4));
    assert_eq!(&RSS[source], "said");
    assert!(found[1].source.ends_with("#2") && found[1].id != found[0].id);
    assert_eq!(
        (found[1].outlet.as_deref(), found[1].came_from.as_deref()),
        (Some("Weekly Lantern"), Some("https://lantern.example/rss"))
    );
    assert_eq!(found[0].came_from, None);
}

#[test]
fn atom_and_json_feeds() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Delta</title><entry><title type="html">A &amp;amp; B</title><link rel="self" href="https://d.example/s"/><link href="https://d.example/1"/><updated>2025-01-19T18:30:00Z</updated><author><name>Omar Sefton</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Water <b>rose</b>, he said.</p></div></content></entry></feed>"#;
    let found = reports("atom.xml", atom.as_bytes());
    assert_eq!((found[0].text.as_str(), found[0].title.as_deref()), ("Water rose, he said.", Some("A & B")));
    assert_eq!(
        (found[0].url.as_deref(), found[0].published.as_deref()),
        (Some("https://d.example/1"), Some("2025-01-19T18:30:00Z"))
    );
    assert_eq!(maps_back(&found[0], atom.as_bytes(), Form::Html), [""; 0]);
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Delta", "items": [{"id": "1", "url": "https://d.example/1", "content_html": "<p>She said \u201cno\u201d.</p>", "date_published": "2025-01-19T18:30:00+01:00"}, {"id": "2", "content_text": "He said yes."}]}"#;
    let found = reports("feed.json", json.as_bytes());
    assert_eq!((found[0].text.as_str(), found[1].text.as_str()), ("She said “no”.", "He said yes."));
    assert_eq!(found[0].published.as_deref(), Some("2025-01-19T17:30:00Z"));
    assert_eq!(maps_back(&found[1], json.as_bytes(), Form::Json), [""; 0]);
}

const TELEGRAM: &str = r#"{
 "name": "Free Channel", "type": "public_channel", "id": 1234,
 "messages": [
  {"id": 1, "type": "service", "date": "2025-05-11T20:00:00", "action": "create_channel", "text": ""},
  {"id": 2, "type": "message", "date": "2025-05-11T22:38:00", "date_unixtime": "1747003080", "edited_unixtime": "1747003200", "from": "Free Channel", "text": "We hold the bridge.\nThey ran.", "text_entities": []},
  {"id": 3, "type": "message", "date_unixtime": "1747003300", "from": "Free Channel", "forwarded_from": "North Front", "reply_to_message_id": 2, "text": ["Seen at ", {"type": "bold", "text": "the br\u0069dge"}, ": nobody."]},
  {"id": 4, "type": "message", "photo": "p.jpg", "text": ""}
 ]}"#;

#[test]
fn telegram_messages() {
    let found = reports("result.json", TELEGRAM.as_bytes());
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].text, "We hold the bridge.\nThey ran.");
    assert_eq!(
        (found[0].published.as_deref(), found[0].modified.as_deref()),
        (Some("2025-05-11T22:38:00Z"), Some("2025-05-11T22:40:00Z"))
    );
    assert_eq!((found[0].outlet.as_deref(), found[0].authors.len()), (Some("Free Channel"), 0));
    assert_eq!(found[1].text, "Seen at the bridge: nobody.");
    assert_eq!((found[1].forwarded_from.as_deref(), found[1].reply_to.as_deref()), (Some("North Front"), Some("2")));
    for report in &found {
        assert_eq!(maps_back(report, TELEGRAM.as_bytes(), Form::Json), [""; 0]);
    }
    let cut = &TELEGRAM[..TELEGRAM.find("reply_to").unwrap()];
    let results = read_all("result.json", cut.as_bytes());
    assert_eq!((results[0].is_ok(), results[1].as_ref().unwrap_err().code.as_str(), results.len()), (true, "S0106", 2));
}

#[test]
fn telegram_pages() {
    let page = r##"<!DOCTYPE html><html><head><meta charset="utf-8"><title>Exported Data</title></head><body><div class="page_wrap"><div class="page_header"><div class="content"><div class="text bold">Free Channel</div></div></div><div class="history">
<div class="message service" id="message-1"><div class="body details">11 May 2025</div></div>
<div class="message default clearfix" id="message2"><div class="body"><div class="pull_right date details" title="12.05.2025 01:38:00 UTC+03:00">01:38</div><div class="from_name">Free Channel</div><div class="text">We hold the bridge.<br>They &quot;ran&quot;.</div></div></div>
<div class="message default clearfix joined" id="message3"><div class="body"><div class="pull_right date details" title="12.05.2025 01:40:00 UTC+03:00">01:40</div><div class="reply_to details">In reply to <a href="#go_to_message2">this message</a></div><div class="forwarded body"><div class="from_name">North Front <span class="date details" title="11.05.2025 23:00:00 UTC+03:00">11.05.2025</span></div><div class="text">Nobody was <strong>seen</strong> there.</div></div></div></div></div></div></body></html>"##;
    let found = reports("messages.html", page.as_bytes());
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].text, "We hold the bridge.\nThey \"ran\".");
    assert_eq!(
        (found[0].published.as_deref(), found[0].outlet.as_deref()),
        (Some("2025-05-11T22:38:00Z"), Some("Free Channel"))
    );
    assert_eq!(
        (found[1].text.as_str(), found[1].forwarded_from.as_deref(), found[1].reply_to.as_deref()),
        ("Nobody was seen there.", Some("North Front"), Some("2"))
    );
    assert!(found[1].source.ends_with("#3"));
    for report in &found {
        assert_eq!(maps_back(report, page.as_bytes(), Form::Html), [""; 0]);
    }
}

#[test]
fn mails_through_every_encoding() {
    let head = "From: Press Office <press@office.example>\r\nTo: desk@paper.example\r\nSubject: =?utf-8?q?D=C3=A9menti?=\r\nDate: Tue, 04 Mar 2025 12:10:00 +0300\r\nMessage-ID: <1@office.example>\r\nMIME-Version: 1.0\r\n";
    let plain = format!(
        "{head}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nThe ministry denies the report about =E2=80=9Cthe caf=C3=A9=E2=80=9D =\r\nand says so.\r\n"
    );
    let found = reports("note.eml", plain.as_bytes());
    assert_eq!(found[0].text.trim(), "The ministry denies the report about “the café” and says so.");
    assert_eq!((found[0].title.as_deref(), found[0].outlet.as_deref()), (Some("Démenti"), Some("Press Office")));
    assert_eq!(found[0].published.as_deref(), Some("2025-03-04T09:10:00Z"));
    let at = found[0].text.find('é').unwrap();
    assert_eq!(&plain[found[0].map.source(sayso::span::Span::new(at, at + 2))], "=C3=A9");
    let both = format!(
        "{head}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsee html\r\n--b\r\nContent-Type: text/html; charset=windows-1251\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+zP3wIO7y8Oj24OXyLjwvcD4=\r\n--b--\r\n"
    );
    let found = reports("mail", both.as_bytes());
    assert_eq!(found[0].text, "Мэр отрицает.");
    let source = found[0].map.source(sayso::span::Span::new(0, 2));
    assert!(both[source].len() <= 4);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn warc_record(url: &str, body: &[u8], headers: &str) -> Vec<u8> {
    let http = [
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{headers}\r\n").into_bytes(),
        body.to_vec(),
    ]
    .concat();
    let head = format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-05-12T08:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
        http.len()
    );
    [head.into_bytes(), http, b"\r\n\r\n".to_vec()].concat()
}

fn story(words: &str) -> Vec<u8> {
    format!("<!doctype html><article><h1>Headline of {words}</h1><p>The mayor of {words} said on Monday that nobody had been hurt in the fire.</p><p>Her deputy denied that there had been any fire at all, “or smoke”.</p></article>").into_bytes()
}

#[test]
fn warc_records_with_their_places() {
    let chunked =
        [format!("{:x}\r\n", story("Two").len()).into_bytes(), story("Two"), b"\r\n0\r\n\r\n".to_vec()].concat();
    let records = [
        warc_record("https://a.example/1", &story("One"), ""),
        warc_record("https://a.example/2", &chunked, "Transfer-Encoding: chunked\r\n"),
        warc_record("https://a.example/3", &gzip(&story("Three")), "Content-Encoding: gzip\r\n"),
    ];
    let packed: Vec<Vec<u8>> = records.iter().map(|record| gzip(record)).collect();
    for (name, parts) in [("a.warc", &records.to_vec()), ("a.warc.gz", &packed)] {
        let archive = parts.concat();
        let found = reports(name, &archive);
        assert_eq!(found.len(), 3);
        let mut offset = 0;
        for (k, report) in found.iter().enumerate() {
            let place = report.archived.as_ref().unwrap();
            assert_eq!(
                (place.offset, report.url.as_deref()),
                (offset, Some(format!("https://a.example/{}", k + 1).as_str()))
            );
            assert!(report.text.starts_with("Headline of"), "{}", report.text);
            offset += parts[k].len();
        }
        assert_eq!(maps_back(&found[2], &story("Three"), Form::Html), [""; 0]);
    }
    let mut damaged = packed.concat();
    let middle = packed[0].len() + packed[1].len() / 2;
    damaged[middle..middle + 20].fill(0xaa);
    damaged.truncate(damaged.len() - 30);
    let results = read_all("a.warc.gz", &damaged);
    let codes: Vec<_> = results
        .iter()
        .map(|result: &Result<Report, Notice>| result.as_ref().map_or_else(|notice| notice.code.as_str(), |_| "ok"))
        .collect();
    assert_eq!(codes[..2], ["ok", "S0106"]);
}

#[test]
fn wacz_archives_and_bombs() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("datapackage.json", stored).unwrap();
    zip.write_all(b"{}").unwrap();
    zip.start_file("archive/data.warc.gz", stored).unwrap();
    zip.write_all(&gzip(&warc_record("https://a.example/1", &story("One"), ""))).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    let found = reports("a.wacz", &bytes);
    assert_eq!((found.len(), found[0].source.as_str()), (1, "a.wacz#archive/data.warc.gz#0"));
    assert_eq!(read_all("a.wacz", &bytes[..bytes.len() / 2])[0].as_ref().unwrap_err().code.as_str(), "S0103");
    // Two hundred megabytes of zeros in one record of some kilobytes.
    let bomb = gzip(&warc_record("https://a.example/b", &gzip(&vec![0; 200 << 20]), "Content-Encoding: gzip\r\n"));
    let results = read_all("b.warc.gz", &bomb);
    assert_eq!(results[0].as_ref().unwrap_err().code.as_str(), "S0106");
}

#[test]
fn hints_go_before_what_the_source_says() {
    let hints = Hints { published: Some("2025-05-12".into()), outlet: Some("By hand".into()), ..Hints::default() };
    let source = Source { name: "a.html", bytes: &story("One"), hints };
    let report = read_source(&source).next().unwrap().unwrap();
    assert_eq!((report.published.as_deref(), report.outlet.as_deref()), (Some("2025-05-12"), Some("By hand")));
}
