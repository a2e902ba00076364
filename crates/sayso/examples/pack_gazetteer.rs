//! Packs the table of `scripts/gazetteer/collect.py` into the embedded gazetteer: `pack_gazetteer PLACES.tsv OUT.bin`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = paths.as_slice() else { return Err("usage: pack_gazetteer PLACES.tsv OUT.bin".into()) };
    let bytes = sayso::read::r#where::pack(&std::fs::read_to_string(from)?)?;
    std::fs::write(to, bytes)?;
    Ok(())
}
