//! What `sayso bulk` writes and what it withstands, on the shipped program: kills, company, full disks, broken files.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

mod desk;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{ArrayRef, DictionaryArray, Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray};
use desk::Desk;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sayso::tables::TABLES;
use sayso_ledger::{Sqlite, Store};

/// The text of one of many short reports.
fn text(k: usize) -> String {
    format!(
        "Harbour master Ana Lind said on Tuesday that crane {k} had been struck at night, killing {k} people in Kyiv.\n\n\
         The port’s union denied it, spokesman Per Dahl told Harbour News. Video showed smoke; it could not be verified.\n"
    )
}

fn many(reports: usize) -> String {
    let line = |k: usize| {
        serde_json::json!({"id": format!("r{k}"), "text": text(k), "outlet": "Wire", "published": "2025-04-02"})
            .to_string()
    };
    (0..reports).map(|k| line(k) + "\n").collect()
}

/// Reports that fill several units: long, with little to read.
fn units(desk: &Desk, files: usize) {
    fs::create_dir(desk.path("long")).unwrap();
    for k in 0..files {
        let filler = " \\n".repeat(1_500_000);
        let line = |n: usize| {
            format!("{{\"id\":\"r{k}-{n}\",\"text\":\"Mayor Ana Lind said that bridge {k} was open.{filler}\"}}\n")
        };
        desk.write(&format!("long/{k:02}.jsonl"), line(0) + &line(1));
    }
}

/// Every file of the tables, by its name.
fn files(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let parts = TABLES.iter().flat_map(|table| fs::read_dir(out.join(table)).unwrap());
    let name = |path: &Path| path.strip_prefix(out).unwrap().to_string_lossy().into_owned();
    parts.map(|part| part.unwrap().path()).map(|path| (name(&path), fs::read(&path).unwrap())).collect()
}

/// All rows of a table.
fn table(out: &Path, name: &str) -> Vec<RecordBatch> {
    let mut parts: Vec<_> = fs::read_dir(out.join(name)).unwrap().map(|part| part.unwrap().path()).collect();
    parts.sort();
    let open = |path| ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    parts.into_iter().flat_map(|path| open(path).map(Result::unwrap).collect::<Vec<_>>()).collect()
}

/// A column of texts; an empty one for none.
fn column(rows: &[RecordBatch], name: &str) -> Vec<String> {
    let cells = |rows: &RecordBatch| {
        let column = rows.column_by_name(name).unwrap().as_string::<i32>().clone();
        column.iter().map(|cell| cell.unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    rows.iter().flat_map(cells).collect()
}

fn parquet(desk: &Desk, name: &str, columns: Vec<(&str, ArrayRef)>) {
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(desk.path(name)).unwrap(), rows.schema(), None).unwrap();
    writer.write(&rows).unwrap();
    writer.close().unwrap();
}

#[test]
fn tables_hold_what_the_json_holds() {
    let desk = Desk::new();
    desk.write("many.jsonl", many(5));
    let (exit, out, err) = desk.run(&["bulk", "many.jsonl", "in", "-o", "out"]);
    assert_eq!((exit, err.as_str()), (0, ""), "{out}");
    assert!(out.starts_with("8 reports in out ("), "{out}");
    let (_, json, _) = desk.run(&["read", "--format", "jsonl", "many.jsonl", "in/a.txt", "in/b.txt", "in/c.txt"]);
    let json: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let out = desk.path("out");
    let reports = table(&out, "reports");
    for name in ["id", "source", "sha256", "text"] {
        let said: Vec<_> = json.iter().map(|report| report[name].as_str().unwrap()).collect();
        assert_eq!(column(&reports, name), said);
    }
    for name in &TABLES[1..] {
        let rows = table(&out, name);
        let list = |report: &serde_json::Value, key: &str| report[key].as_array().unwrap().len();
        let said: usize =
            json.iter().map(|r| list(r, name) + if *name == "attributions" { list(r, "voice") } else { 0 }).sum();
        assert_eq!(rows.iter().map(RecordBatch::num_rows).sum::<usize>(), said, "{name}");
        assert!(said > 0 || *name == "notices", "{name}");
    }
    let places = table(&out, "places");
    let start = places[0].column_by_name("start").unwrap().as_primitive::<Int32Type>().clone();
    let said = json.iter().flat_map(|r| r["places"].as_array().unwrap()).map(|p| p["span"][0].as_i64().unwrap());
    assert_eq!(start.values().iter().map(|n| i64::from(*n)).collect::<Vec<_>>(), said.collect::<Vec<_>>());
    let low = table(&out, "quantities")[0].column_by_name("low").unwrap().as_primitive::<Int64Type>().clone();
    assert!(low.values().contains(&4), "{low:?}");
    assert!(column(&table(&out, "attributions"), "content_words")[0].contains("crane 0 had been struck"));
    assert!(column(&table(&out, "attributions"), "speaker_name")[0].contains("Ana Lind"));
}

#[test]
fn ids_are_those_of_the_ledger() {
    let desk = Desk::new();
    desk.write("noid.jsonl", many(3).replace("\"id\"", "\"nr\""));
    assert_eq!(desk.run(&["add", "noid.jsonl", "in"]).0, 0);
    assert_eq!(desk.run(&["bulk", "noid.jsonl", "in", "-o", "out"]).0, 0);
    let mut kept: Vec<_> = Sqlite::open(&desk.path("sayso.db"))
        .unwrap()
        .entries("default")
        .unwrap()
        .into_iter()
        .map(|e| e.report.id)
        .collect();
    let mut ids = column(&table(&desk.path("out"), "reports"), "id");
    kept.sort();
    ids.sort();
    assert_eq!(ids, kept);
}

#[test]
fn the_same_bytes_whatever_the_threads_and_the_packing() {
    let desk = Desk::new();
    units(&desk, 4);
    desk.run(&["bulk", "long", "-o", "one", "--threads", "1"]);
    desk.run(&["bulk", "long", "-o", "four", "--threads", "4"]);
    let one = files(&desk.path("one"));
    assert!(one.len() > 2 * TABLES.len(), "several units: {:?}", one.keys());
    assert_eq!(one, files(&desk.path("four")));
    desk.write("many.jsonl", many(6));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(many(6).as_bytes()).unwrap();
    desk.write("many.jsonl.gz", gzip.finish().unwrap());
    desk.write("many.jsonl.zst", zstd::encode_all(many(6).as_bytes(), 1).unwrap());
    let texts = |input: &str| {
        let (exit, _, err) = desk.run(&["bulk", input, "-o", &format!("{input}.out")]);
        assert_eq!((exit, err.as_str()), (0, ""));
        let rows = table(&desk.path(&format!("{input}.out")), "attributions");
        (column(&rows, "report"), column(&rows, "content_words"))
    };
    assert_eq!(texts("many.jsonl"), texts("many.jsonl.gz"));
    assert_eq!(texts("many.jsonl"), texts("many.jsonl.zst"));
}

#[test]
fn killed_at_any_moment_it_goes_on_and_ends_with_the_same_bytes() {
    let desk = Desk::new();
    units(&desk, 6);
    assert_eq!(desk.run(&["bulk", "long", "-o", "straight"]).0, 0);
    let straight = files(&desk.path("straight"));
    let (mut stopped, mut was) = (0, 0);
    for wait in [5, 150, 300, 500, 700, 900] {
        let mut child = desk
            .command(&["bulk", "long", "-o", "out", "--threads", "1"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        stopped += usize::from(child.wait().unwrap().code().is_none());
        let units = fs::read_to_string(desk.path("out/_run/units.jsonl")).unwrap_or_default();
        let done = units.matches('\n').count();
        assert!(done >= was, "what is done stays done");
        was = done;
    }
    assert!(stopped >= 2, "only {stopped} runs were killed under way");
    // A torn line and a torn part are nothing.
    fs::write(desk.path("out/actors/part-000003.parquet"), "torn").unwrap_or_default();
    let units = fs::read_to_string(desk.path("out/_run/units.jsonl")).unwrap_or_default();
    let kept: String =
        units.lines().filter(|line| !line.contains("\"unit\":3,")).map(|line| format!("{line}\n")).collect();
    fs::create_dir_all(desk.path("out/_run")).unwrap();
    fs::write(desk.path("out/_run/units.jsonl"), kept + "{\"unit\":9").unwrap();
    fs::remove_file(desk.path("out/_SUCCESS")).unwrap_or_default();
    let (exit, out, err) = desk.run(&["bulk", "long", "-o", "out"]);
    assert_eq!((exit, err.as_str()), (0, ""), "{out}");
    assert!(out.starts_with("12 reports"), "{out}");
    assert_eq!(files(&desk.path("out")), straight);
    assert!(desk.run(&["bulk", "long", "-o", "out"]).1.contains("done before"));
}

#[test]
fn a_folder_takes_one_run_and_no_other() {
    let desk = Desk::new();
    units(&desk, 6);
    let mut first =
        desk.command(&["bulk", "long", "-o", "out"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !desk.path("out/_run/begun.json").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let (exit, _, err) = desk.run(&["bulk", "long", "-o", "out"]);
    assert!(exit == 2 && err.contains("another run is writing to out"), "{err}");
    first.wait().unwrap();
    for (args, why) in [
        (vec!["bulk", "long", "-o", "out", "--outlet", "Wire"], "another outlet"),
        (vec!["bulk", "long", "in", "-o", "out"], "another number of input files"),
        (vec!["bulk", "in", "-o", "long"], "holds other files"),
        (vec!["bulk", "in", "-o", "new", "--column", "body"], "NAME=COLUMN"),
    ] {
        let (exit, _, err) = desk.run(&args);
        assert!(exit == 2 && err.contains(why), "{why}: {err}");
    }
}

#[test]
fn a_full_disk_stops_it_with_a_sentence_and_loses_nothing() {
    let desk = Desk::new();
    units(&desk, 3);
    desk.write("long/99.jsonl", many(40));
    let sayso = desk.command(&[]).get_program().to_owned();
    let script = "trap '' XFSZ; ulimit -f 6; exec \"$0\" bulk long -o out --threads 1";
    let run =
        std::process::Command::new("bash").args(["-c", script]).arg(sayso).current_dir(desk.0.path()).output().unwrap();
    let err = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(2), "{err}");
    assert!(err.contains("what was done stays done") && !err.contains("panicked"), "{err}");
    let (exit, out, err) = desk.run(&["bulk", "long", "-o", "out"]);
    assert_eq!((exit, err.as_str()), (0, ""));
    assert!(out.starts_with("46 reports"), "{out}");
    desk.run(&["bulk", "long", "-o", "straight"]);
    assert_eq!(files(&desk.path("out")), files(&desk.path("straight")));
}

#[test]
fn columns_of_any_text_type_are_read() {
    let desk = Desk::new();
    let texts: Vec<String> = (0..3).map(text).collect();
    let plain: ArrayRef = Arc::new(StringArray::from(texts.clone()));
    let kinds: [(&str, ArrayRef); 4] = [
        ("plain", plain.clone()),
        ("large", Arc::new(LargeStringArray::from(texts.clone()))),
        ("view", Arc::new(texts.iter().map(|t| Some(t.as_str())).collect::<StringViewArray>())),
        ("dictionary", Arc::new(texts.iter().map(String::as_str).collect::<DictionaryArray<Int32Type>>())),
    ];
    let mut all = Vec::new();
    for (name, column_of) in kinds {
        let ids: ArrayRef = Arc::new(Int64Array::from(vec![10, 11, 12]));
        parquet(&desk, &format!("{name}.parquet"), vec![("id", ids), ("body", column_of), ("other", plain.clone())]);
        let args = ["bulk", &format!("{name}.parquet"), "--column", "text=body", "-o", name];
        let (exit, _, err) = desk.run(&args);
        assert_eq!((exit, err.as_str()), (0, ""));
        assert_eq!(column(&table(&desk.path(name), "reports"), "id"), ["10", "11", "12"]);
        all.push(column(&table(&desk.path(name), "attributions"), "content_words"));
    }
    assert!(!all[0].is_empty() && all.iter().all(|one| *one == all[0]));
}

#[test]
fn broken_inputs_cost_no_others() {
    let desk = Desk::new();
    let cell = |k: usize| (k != 1).then(|| text(k));
    let texts: ArrayRef = Arc::new((0..4).map(cell).collect::<StringArray>());
    parquet(&desk, "a.parquet", vec![("text", texts.clone())]);
    parquet(&desk, "b.parquet", vec![("body", texts.clone()), ("date", texts.clone())]);
    parquet(&desk, "c.parquet", vec![("text", Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef)]);
    let whole = fs::read(desk.path("a.parquet")).unwrap();
    desk.write("d.parquet", &whole[..whole.len() / 2]);
    desk.write("e.jsonl", many(2) + "no report\n" + &many(1));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    gzip.write_all(many(4).as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    desk.write("f.jsonl.gz", &gzip[..gzip.len() - 200]);
    desk.write("g.png", b"\x89PNG\r\n");
    desk.write("h.txt", "");
    let inputs: Vec<String> =
        ["a.parquet", "b.parquet", "c.parquet", "d.parquet", "e.jsonl", "f.jsonl.gz", "g.png", "h.txt", "gone.txt"]
            .map(String::from)
            .into();
    let args: Vec<&str> = ["bulk", "-o", "out"].into_iter().chain(inputs.iter().map(String::as_str)).collect();
    let (exit, out, err) = desk.run(&args);
    assert_eq!(exit, 1, "{out}{err}");
    assert!(!err.contains("panicked"), "{err}");
    assert!(err.contains("no column “text” or “html”; its columns are body, date"), "{err}");
    let notices = table(&desk.path("out"), "notices");
    let named: Vec<_> = column(&notices, "report")
        .into_iter()
        .zip(column(&notices, "source"))
        .zip(column(&notices, "message"))
        .collect();
    for (source, why) in [
        ("a.parquet#2", "no text"),
        ("b.parquet", "its columns are body, date"),
        ("d.parquet", "could not be read as Parquet"),
        ("e.jsonl", "Line 3"),
        ("f.jsonl.gz", "could not be read"),
        ("g.png", "picture"),
        ("h.txt", "no bytes"),
        ("gone.txt", "no such file"),
    ] {
        assert!(
            named.iter().any(|((report, of), said)| report.is_empty() && of == source && said.contains(why)),
            "{source}: {named:?}"
        );
    }
    let reports = column(&table(&desk.path("out"), "reports"), "source");
    assert_eq!(reports.iter().filter(|source| source.starts_with("a.parquet")).count(), 3, "{reports:?}");
    assert_eq!(reports.iter().filter(|source| source.starts_with("e.jsonl")).count(), 3);
    assert!(
        reports.iter().filter(|source| source.starts_with("f.jsonl.gz")).count() >= 3,
        "whole lines of a torn file"
    );
}

#[test]
fn a_large_archive_comes_in_pieces_with_its_own_places() {
    let desk = Desk::new();
    let record = |k: usize| {
        let words: String = (0..150_000).map(|n| char::from(b'a' + u8::try_from((n * n + k) % 23).unwrap())).collect();
        let page = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>Mayor Ana Lind said that bridge {k} was open.</p><!--{words}--></body></html>"
        );
        format!(
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/{k}\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n{page}\r\n\r\n",
            page.len()
        )
    };
    let mut packed = Vec::new();
    for k in 0..70 {
        let mut gzip = flate2::write::GzEncoder::new(&mut packed, flate2::Compression::none());
        gzip.write_all(record(k).as_bytes()).unwrap();
        gzip.finish().unwrap();
    }
    desk.write("large.warc.gz", packed);
    desk.write("large.warc", (0..70).map(record).collect::<String>());
    for file in ["large.warc.gz", "large.warc"] {
        let (_, json, _) = desk.run(&["read", "--format", "jsonl", file]);
        let whole: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let out = format!("{file}.out");
        assert_eq!(desk.run(&["bulk", file, "-o", &out]).0, 0);
        assert!(files(&desk.path(&out)).len() > TABLES.len(), "several units");
        let reports = table(&desk.path(&out), "reports");
        for name in ["id", "source", "text"] {
            let said: Vec<_> = whole.iter().map(|report| report[name].as_str().unwrap()).collect();
            assert_eq!(column(&reports, name), said, "{file}");
        }
    }
}
