//! How fast a report is read: `cargo bench -p sayso --bench model`. For one core: `RAYON_NUM_THREADS=1`.

use divan::counter::ItemsCount;
use sayso::model::Network;
use sayso::read::Reader;
use sayso::report::Report;

fn main() {
    divan::main();
}

/// Five paragraphs, written for this.
const PAGE: &str = "The harbour of Olm was closed on Tuesday after a tanker ran aground, the port authority said.\n\
“We heard the hull scrape and then nothing,” the first mate, Ruta Vale, told Radio Delta. “Nobody panicked.”\n\
The ministry of transport denied that the pilot had been asleep, and said an inquiry would begin within days.\n\
Two fishermen, who asked not to be named, said they had seen a second ship without lights near the channel.\n\
The owner of the tanker did not answer questions; its insurer, according to the paper Meridian, expects the worst.\n";

#[divan::bench(args = [1, 8, 64])]
fn read(bencher: divan::Bencher<'_, '_>, pages: usize) {
    let reader = Reader::new();
    let report = Report { text: PAGE.repeat(pages), ..Report::default() };
    let tokens = sayso::text::tokens(&report.text).len();
    bencher.counter(ItemsCount::new(tokens)).bench(|| reader.read(divan::black_box(&report)));
}

/// The networks beside each other: ours by the best kernel that the processor has, the reference by the general engine.
#[divan::bench(args = [Network::Accurate, Network::Fast, Network::Reference])]
fn networks(bencher: divan::Bencher<'_, '_>, network: Network) {
    let reader = Reader::with(network);
    let report = Report { text: PAGE.repeat(8), ..Report::default() };
    let tokens = sayso::text::tokens(&report.text).len();
    bencher.counter(ItemsCount::new(tokens)).bench(|| reader.read(divan::black_box(&report)));
}

#[divan::bench]
fn load() -> Reader {
    Reader::new()
}
