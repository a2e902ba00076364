//! Which pictures come with a report, from every format that carries any.

use std::io::Write;

use sayso::intake::{Hints, Source, read_source, see};
use sayso::report::Report;

use crate::draw::{Scene, scaled};

fn reports(name: &str, bytes: &[u8]) -> Vec<Report> {
    read_source(&Source { name, bytes, hints: Hints::default() }).map(Result::unwrap).collect()
}

fn photo(seed: u64) -> Vec<u8> {
    scaled(&Scene::new(seed).draw(), 280, 210).png()
}

fn icon() -> Vec<u8> {
    scaled(&Scene::new(1).draw(), 64, 64).png()
}

/// Source and caption of each picture.
fn shown(report: &Report) -> Vec<String> {
    let caption = |span: Option<sayso::span::Span>| span.map_or("", |span| span.of(&report.text)).to_owned();
    report.pictures.iter().map(|p| format!("{} | {}", p.source, caption(p.caption))).collect()
}

const PAGE: &str = r#"<!doctype html><html><head><title>Bridge falls</title><meta property="og:image" content="/img/lead.png?w=1200">
<meta property="og:type" content="article"></head><body>
<header><a href="/"><img src="/img/logo.png"></a></header><nav><a href="/n"><img src="/img/nav.png"></a></nav>
<article><h1>Bridge over the Serebra falls</h1><div class="author-bio"><img src="/img/author.png"></div>
<figure><picture><source srcset="lead-640.png 640w, lead-1280.png 1280w"><img src="data:image/gif;base64,R0lGODlh" data-src="lead.png"></picture>
<figcaption>The bridge on Monday morning, in a photo by the harbour office.</figcaption></figure>
<p>The mayor said on Monday that the bridge had fallen in the night and that nobody had been on it.</p>
<img src="//pictures.example/second.png"><p>Her deputy denied that the bridge had ever been closed, “not for one day”, he said.</p>
<a href="/other-story"><img src="/img/teaser.png"></a>
<p>The harbour office published a photo that shows the middle pillar in the water, and nothing else.</p></article>
<aside><img src="/img/aside.png"></aside><footer><img src="/img/foot.png"></footer></body></html>"#;

#[test]
fn of_a_page_the_articles_own() {
    let page = &reports("page.html", PAGE.as_bytes())[0];
    let wanted: Vec<_> = page.shown.iter().map(|shown| shown.addresses.join(" ")).collect();
    assert_eq!(
        wanted,
        [
            "/img/lead.png?w=1200",
            "data:image/gif;base64,R0lGODlh lead.png lead-640.png lead-1280.png",
            "//pictures.example/second.png",
        ]
    );
    assert_eq!(
        page.shown[1].caption.unwrap().of(&page.text),
        "The bridge on Monday morning, in a photo by the harbour office."
    );
    assert_eq!(page.shown[2].caption, None);
}

#[test]
fn of_several_sizes_the_largest_and_no_icons() {
    let mut page = reports("page.html", PAGE.as_bytes()).remove(0);
    let (small, large) = (photo(1), scaled(&Scene::new(1).draw(), 560, 420).png());
    see(&mut page, |address| match address {
        "lead-640.png" => Some(small.as_slice().into()),
        "lead-1280.png" => Some(large.as_slice().into()),
        "//pictures.example/second.png" => Some(icon().into()),
        _ => None,
    });
    assert_eq!(shown(&page), ["lead-1280.png | The bridge on Monday morning, in a photo by the harbour office."]);
    assert_eq!((page.pictures[0].width, page.pictures[0].height), (560, 420));
    assert!(page.notices.is_empty(), "{:?}", page.notices);
    let again: Report = serde_json::from_str(&serde_json::to_string(&page).unwrap()).unwrap();
    assert_eq!(again.pictures, page.pictures);
    assert!(!serde_json::to_string(&Report::default()).unwrap().contains("pictures"));
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sign = |bits: u32, k: u32| char::from(SIGNS[(bits >> (18 - 6 * k) & 63) as usize]);
    let group = |three: &[u8]| -> String {
        let bits = (0..3).fold(0, |bits, k| bits << 8 | u32::from(three.get(k).copied().unwrap_or(0)));
        (0..4).map(|k| if k as usize <= three.len() { sign(bits, k) } else { '=' }).collect()
    };
    bytes.chunks(3).map(group).collect()
}

#[test]
fn in_the_page_itself() {
    let inside = format!("data:image/png;base64,{}", base64(&photo(2)));
    let page = PAGE.replace("//pictures.example/second.png", &inside);
    let report = &reports("page.html", page.as_bytes())[0];
    assert_eq!(shown(report).len(), 1);
    assert!(report.pictures[0].source.starts_with("data:image/png;base64,") && report.pictures[0].source.len() < 60);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn record(url: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let http = [format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n").into_bytes(), body.to_vec()].concat();
    let head = format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-05-12T08:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
        http.len()
    );
    [head.into_bytes(), http, b"\r\n\r\n".to_vec()].concat()
}

#[test]
fn in_the_same_archive() {
    let records = [
        record("https://a.example/news/bridge", "text/html", PAGE.as_bytes()),
        record("https://a.example/img/logo.png", "image/png", &photo(3)),
        record("https://a.example/news/lead-640.png", "image/png", &photo(4)),
        record("http://pictures.example/second.png", "image/png", &photo(5)),
    ];
    let packed: Vec<Vec<u8>> = records.iter().map(|record| gzip(record)).collect();
    for (name, archive) in [("a.warc", records.concat()), ("a.warc.gz", packed.concat())] {
        let found = reports(name, &archive);
        assert_eq!(found.len(), 1);
        assert_eq!(
            shown(&found[0]),
            [
                "https://a.example/news/lead-640.png | The bridge on Monday morning, in a photo by the harbour office.",
                "https://pictures.example/second.png | ",
            ],
            "{name}"
        );
        // A cut-off archive has the page all the same.
        let whole = if name.ends_with("gz") { packed.as_slice() } else { &records };
        let cut = Source { name, bytes: &archive[..whole[0].len() + whole[1].len() + 300], hints: Hints::default() };
        assert_eq!(read_source(&cut).flatten().map(|report| report.pictures.len()).collect::<Vec<_>>(), [0]);
    }
}

#[test]
fn in_a_chat_and_in_a_mail() {
    let chat = r#"{"name": "Harbour", "type": "public_channel", "id": 1, "messages": [
        {"id": 1, "type": "message", "date": "2025-05-12T08:00:00", "photo": "photos/photo_1.jpg", "text": "The bridge fell in the night."},
        {"id": 2, "type": "message", "date": "2025-05-12T09:00:00", "photo": "(File not included. Change data exporting settings to download.)", "text": "Nobody was hurt."}]}"#;
    let mut found = reports("result.json", chat.as_bytes());
    assert!(found[1].shown.is_empty());
    see(&mut found[0], |address| (address == "photos/photo_1.jpg").then(|| photo(6).into()));
    assert_eq!(shown(&found[0]), ["photos/photo_1.jpg | The bridge fell in the night."]);

    let page = r#"<!DOCTYPE html><html><head><title>Exported Data</title></head><body><div class="page_header"><div class="text bold">Harbour</div></div>
        <div class="message default clearfix" id="message1"><div class="body"><div class="pull_right date details" title="12.05.2025 08:00:00 UTC+00:00">08:00</div>
        <div class="from_name">Harbour</div><div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/photo_1.jpg"><img class="photo" src="photos/photo_1_thumb.jpg"></a></div>
        <div class="text">The bridge fell in the night.</div></div></div></body></html>"#;
    let found = reports("messages.html", page.as_bytes());
    assert_eq!(found[0].shown[0].addresses, ["photos/photo_1.jpg"]);
    assert_eq!(found[0].shown[0].caption.unwrap().of(&found[0].text), "The bridge fell in the night.");

    let mail = format!(
        "From: Harbour <h@example.org>\r\nSubject: The bridge\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>The bridge fell in the night, the harbour office says.</p><img src=\"cid:one\">\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <one>\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b\r\nContent-Type: image/png; name=icon.png\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
        base64(&photo(7)),
        base64(&icon())
    );
    assert_eq!(shown(&reports("note.eml", mail.as_bytes())[0]), ["cid:one | "]);
}
