//! Pictures of every kind, and what becomes of broken and of hostile ones: a sentence, never a crash.

use proptest::prelude::*;
use sayso::intake::{Hints, Source, read_source};
use sayso::picture::Picture;

const FILES: [(&str, &[u8]); 6] = [
    ("plain.jpg", include_bytes!("files/plain.jpg")),
    ("progressive.jpg", include_bytes!("files/progressive.jpg")),
    ("cmyk.jpg", include_bytes!("files/cmyk.jpg")),
    ("plain.webp", include_bytes!("files/plain.webp")),
    ("animated.webp", include_bytes!("files/animated.webp")),
    ("palette.png", include_bytes!("files/palette.png")),
];

#[test]
fn one_picture_in_every_kind_of_file() {
    let all: Vec<Picture> = FILES.iter().map(|(name, bytes)| Picture::read(name, bytes).0.unwrap()).collect();
    for picture in &all {
        assert_eq!((picture.width, picture.height), (320, 240), "{}", picture.source);
        assert!(all.iter().all(|other| picture.same(other).is_some_and(|bits| bits <= 4)), "{}", picture.source);
    }
    assert_eq!(all[0].same(&all[0]), Some(0));
}

#[test]
fn sixteen_bits_and_opacity() {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 256, 256);
    encoder.set_color(png::ColorType::GrayscaleAlpha);
    encoder.set_depth(png::BitDepth::Sixteen);
    let pixels: Vec<u8> = (0..256 * 256u32).flat_map(|k| [(k % 256) as u8, 0, (k / 256) as u8, 0xff]).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    let (picture, trouble) = Picture::read("deep.png", &out);
    assert!(picture.unwrap().look.is_some() && trouble.is_none());
}

/// A PNG that says that it is so large, with nothing in it.
fn says(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    png::Encoder::new(&mut out, width, height).write_header().map(drop).unwrap();
    out
}

#[test]
fn bombs_and_cut_off_files() {
    let why = |bytes: &[u8]| Picture::read("p", bytes);
    let (picture, trouble) = why(&says(60_000, 60_000));
    assert!(picture.unwrap().look.is_none() && trouble.unwrap().starts_with("has 3600000000 pixels"));
    let (picture, trouble) = why(&says(400, 400));
    assert!(picture.unwrap().look.is_none() && trouble.unwrap().starts_with("is damaged or cut off"));
    // Of what moves, the first picture counts, and is there.
    for (name, bytes) in FILES.into_iter().filter(|(name, _)| *name != "animated.webp") {
        let (picture, trouble) = why(&bytes[..bytes.len() * 2 / 3]);
        // Half a picture must not look like another half: it is not compared at all.
        assert!(picture.is_none_or(|picture| picture.look.is_none()), "{name}");
        assert!(trouble.is_none_or(|why| why.contains("damaged")), "{name}");
    }
    // Black from side to side, and files that are no pictures, or none that are read.
    let black = crate::draw::Drawn::new(300, 300, |_, _| 3.0).png();
    let (picture, trouble) = why(&black);
    assert!(picture.unwrap().look.is_none() && trouble.is_none());
    assert_eq!(why(b"<html>not found</html>"), (None, None));
    assert_eq!(why(b""), (None, None));
    let (picture, trouble) = why(&[b"GIF89a".as_slice(), &[0; 20_000]].concat());
    assert!(picture.is_none() && trouble.unwrap().starts_with("is no JPEG, PNG or WebP file"));
}

#[test]
fn a_damaged_picture_is_a_notice_and_its_report_is_read() {
    let head = "From: H <h@example.org>\r\nSubject: B\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe bridge fell.\r\n--b\r\nContent-Type: image/png; name=bridge.png\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    let mail = [head.as_bytes(), &says(400, 400), b"\r\n--b--\r\n"].concat();
    let report = read_source(&Source { name: "b.eml", bytes: &mail, hints: Hints::default() }).next().unwrap().unwrap();
    assert_eq!(report.text.trim(), "The bridge fell.");
    let notices: Vec<_> = report.notices.iter().map(|n| format!("{} {}", n.code.as_str(), n.message)).collect();
    assert!(notices[0].starts_with("S0110 The picture bridge.png is damaged or cut off"), "{notices:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn changed_bytes_never_panic(file in 0..FILES.len(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<Option<prop::sample::Index>>()) {
        let mut bytes = FILES[file].1.to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = Picture::read("p", &bytes);
    }
}
