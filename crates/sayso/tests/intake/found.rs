//! What the fuzzers found: inputs that broke something once, as they lie in `found/`.

use crate::read_all;

#[test]
fn texts_and_their_maps_are_of_one_length() {
    let found: &[(&str, &[u8])] = &[("a.xml", include_bytes!("found/feed-1"))];
    for (name, bytes) in found {
        for report in read_all(name, bytes).into_iter().flatten() {
            assert_eq!(report.map.len(), report.text.len(), "{:?}", report.text);
        }
    }
}
