//! How fast readings become tables, and tables Parquet, in reports a second: the sample case twenty times over.

mod sample;

use arrow_array::RecordBatch;
use divan::Bencher;
use divan::counter::ItemsCount;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use sayso::model::Network;
use sayso::read::Reader;
use sayso::tables::{Item, flat, nested};

fn main() {
    divan::main();
}

fn items() -> Vec<Item> {
    let reader = Reader::with(Network::Fast);
    let out: Vec<Item> = sample::reports().into_iter().map(|report| Item::read(&reader, report)).collect();
    std::iter::repeat_n(out, 20).flatten().collect()
}

#[divan::bench]
fn flat_tables(bencher: Bencher<'_, '_>) {
    let items = items();
    bencher.counter(ItemsCount::new(items.len())).bench(|| flat(&items));
}

#[divan::bench]
fn nested_table(bencher: Bencher<'_, '_>) {
    let items = items();
    bencher.counter(ItemsCount::new(items.len())).bench(|| nested(&items));
}

/// Packed as `sayso bulk` packs them, into memory.
#[divan::bench]
fn parquet_files(bencher: Bencher<'_, '_>) {
    let items = items();
    let tables = flat(&items);
    let write = |rows: &RecordBatch| {
        let packed = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        let mut writer = ArrowWriter::try_new(Vec::new(), rows.schema(), Some(packed)).expect("a writer");
        writer.write(rows).expect("memory");
        writer.into_inner().expect("memory").len()
    };
    bencher.counter(ItemsCount::new(items.len())).bench(|| tables.iter().map(|table| write(&table.1)).sum::<usize>());
}
