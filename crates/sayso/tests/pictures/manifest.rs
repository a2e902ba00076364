//! C2PA manifests in the three kinds of files: what they say, whether the file is still theirs, and broken ones.

use ciborium::Value;
use proptest::prelude::*;
use sayso::picture::{Binding, Manifest, Picture};
use sha2::{Digest, Sha256};

fn text(words: &str) -> Value {
    Value::Text(words.into())
}

fn map<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Map(pairs.into_iter().map(|(key, value)| (text(key), value)).collect())
}

fn boxed(kind: &[u8; 4], inside: &[u8]) -> Vec<u8> {
    let length = u32::try_from(inside.len() + 8).unwrap();
    [length.to_be_bytes().as_slice(), kind, inside].concat()
}

fn named(label: &str, parts: &[Vec<u8>]) -> Vec<u8> {
    let description = [[0; 16].as_slice(), &[3], label.as_bytes(), &[0]].concat();
    boxed(b"jumb", &[boxed(b"jumd", &description), parts.concat()].concat())
}

fn values(label: &str, value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    named(label, &[boxed(b"cbor", &bytes)])
}

fn der(tag: u8, inside: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(inside.len()).unwrap()], inside].concat()
}

/// As much of a certificate as has names in it.
fn certificate(organisation: &str) -> Vec<u8> {
    let name = |words: &str| {
        let pair = [der(6, &[0x55, 4, 10]), der(12, words.as_bytes())].concat();
        der(0x30, &der(0x31, &der(0x30, &pair)))
    };
    let dates = der(0x30, b"");
    let parts = [der(0xa0, &der(2, &[2])), der(2, &[7]), der(0x30, b""), name("Root"), dates, name(organisation)];
    der(0x30, &der(0x30, &parts.concat()))
}

/// What is left out of the hash: where the manifest lies, and how long it is there.
type LeftOut = (usize, usize);

fn store((start, length): LeftOut, hash: [u8; 32], generated: bool) -> Vec<u8> {
    let kind = if generated { "trainedAlgorithmicMedia" } else { "digitalCapture" };
    let kind = format!("http://cv.iptc.org/newscodes/digitalsourcetype/{kind}");
    let created = map([("action", text("c2pa.created")), ("digitalSourceType", text(&kind))]);
    let edited = map([
        ("action", text("c2pa.edited")),
        ("softwareAgent", map([("name", text("Darkroom"))])),
        ("when", Value::Tag(0, text("2025-05-12T08:00:00Z").into())),
    ]);
    let exclusion = map([("start", (start as u64).into()), ("length", (length as u64).into())]);
    let bound = map([
        ("exclusions", Value::Array(vec![exclusion])),
        ("alg", text("sha256")),
        ("hash", Value::Bytes(hash.into())),
    ]);
    let assertion = |label: &str| map([("url", text(&format!("self#jumbf=c2pa.assertions/{label}")))]);
    let stated = map([
        ("claim_generator_info", map([("name", text("Field Camera")), ("version", text("2.1"))])),
        ("created_assertions", Value::Array(vec![assertion("c2pa.actions.v2"), assertion("c2pa.hash.data")])),
    ]);
    let mut heads = Vec::new();
    let chain = Value::Array(vec![Value::Bytes(certificate("Harbour Office"))]);
    ciborium::into_writer(&Value::Map(vec![(33.into(), chain)]), &mut heads).unwrap();
    let stamp = map([("sigTst2", map([("tstTokens", Value::Array(Vec::new()))]))]);
    let signature = Value::Array(vec![Value::Bytes(heads), stamp, Value::Null, Value::Bytes(vec![1; 64])]);
    let assertions = named(
        "c2pa.assertions",
        &[
            values("c2pa.actions.v2", &map([("actions", Value::Array(vec![created, edited]))])),
            values("c2pa.hash.data", &bound),
        ],
    );
    let older = named("urn:c2pa:1", &[values("c2pa.claim.v2", &map([("claim_generator", text("Older"))]))]);
    let signature = values("c2pa.signature", &Value::Tag(18, signature.into()));
    named("c2pa", &[older, named("urn:c2pa:2", &[assertions, values("c2pa.claim.v2", &stated), signature])])
}

/// A file with the manifest in it, in APP11 segments of at most `most` bytes, a caBX chunk or a C2PA chunk.
fn wrapped(file: &[u8], store: &[u8], most: usize) -> (Vec<u8>, LeftOut) {
    let (at, piece) = match file[0] {
        0xff => {
            let pieces = store[8..].chunks(most).zip(1u32..).map(|(part, number)| {
                let length = u16::try_from(2 + 8 + 8 + part.len()).unwrap();
                [&[0xff, 0xeb], length.to_be_bytes().as_slice(), b"JP\0\x01", &number.to_be_bytes(), &store[..8], part]
                    .concat()
            });
            (2, pieces.collect::<Vec<_>>().concat())
        }
        0x89 => {
            let length = u32::try_from(store.len()).unwrap();
            (33, [length.to_be_bytes().as_slice(), b"caBX", store, &[0; 4]].concat())
        }
        _ => {
            let length = u32::try_from(store.len()).unwrap();
            (file.len(), [b"C2PA".as_slice(), &length.to_le_bytes(), store].concat())
        }
    };
    let length = piece.len();
    ([&file[..at], &piece, &file[at..]].concat(), (at, length))
}

/// The file with a manifest that is made for it. `more` bytes behind the manifest are left out of the hash, too.
fn signed(file: &[u8], most: usize, more: usize, generated: bool) -> Vec<u8> {
    let place = wrapped(file, &store((1_000, 2_000), [0; 32], generated), most).1;
    let left_out = (place.0, place.1 + more);
    // The length of the numbers in it may change that of the manifest by some bytes: once more.
    let place = wrapped(file, &store(left_out, [0; 32], generated), most).1;
    let left_out = (place.0, place.1 + more);
    let whole = wrapped(file, &store(left_out, [0; 32], generated), most).0;
    let hash = Sha256::digest([&whole[..left_out.0], &whole[left_out.0 + left_out.1..]].concat());
    wrapped(file, &store(left_out, hash.into(), generated), most).0
}

const JPEG: &[u8] = include_bytes!("files/plain.jpg");
const PNG: &[u8] = include_bytes!("files/palette.png");
const WEBP: &[u8] = include_bytes!("files/plain.webp");

fn manifest(file: &[u8]) -> Manifest {
    Picture::read("p", file).0.unwrap().manifest.unwrap()
}

#[test]
fn what_it_says_in_every_kind_of_file() {
    for (file, most) in [(JPEG, 60_000), (JPEG, 100), (PNG, 0), (WEBP, 0)] {
        let most = most.max(1);
        let found = manifest(&signed(file, most, 0, false));
        assert_eq!(found.generator.as_deref(), Some("Field Camera 2.1"));
        assert_eq!((found.signer.as_deref(), found.stamped), (Some("Harbour Office"), true));
        assert_eq!(found.assertions, ["c2pa.actions.v2", "c2pa.hash.data"]);
        assert_eq!(found.bytes, Binding::Match);
        assert_eq!(
            found.to_string(),
            "its C2PA manifest says: created (digitalCapture), edited; written by Field Camera 2.1; signed by Harbour Office, with a time stamp (not checked); the file is as it was then"
        );
        let json = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<Manifest>(&json).unwrap(), found);
    }
    let made = manifest(&signed(JPEG, 60_000, 0, true));
    assert!(
        made.is_generated()
            && made.to_string().starts_with("its C2PA manifest says: made by a generative model; created")
    );
}

#[test]
fn whether_the_file_is_still_its_own() {
    let mut file = signed(JPEG, 60_000, 0, false);
    let last = file.len() - 100;
    file[last] ^= 1;
    assert_eq!(manifest(&file).bytes, Binding::Differ);
    // A hash that leaves out a part of the picture is no match.
    let file = signed(JPEG, 60_000, 500, false);
    assert_eq!(manifest(&file).bytes, Binding::Partly);
    // Nothing that was made before counts: the last one is in force.
    assert_ne!(manifest(&file).generator.as_deref(), Some("Older"));
}

#[test]
fn a_broken_one_is_told() {
    let broken = wrapped(JPEG, &named("c2pa", &[named("urn:c2pa:2", &[])]), 60_000).0;
    let (picture, trouble) = Picture::read("p", &broken);
    assert!(picture.unwrap().manifest.is_none() && trouble.unwrap() == "has a C2PA manifest that cannot be read.");
    // Other data in the same segments is none.
    let other = wrapped(JPEG, &named("panorama", &[]), 60_000).0;
    assert_eq!(Picture::read("p", &other).1, None);
    assert_eq!(Picture::read("p", JPEG).0.unwrap().manifest, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn changed_bytes_never_pass_as_the_same(kind in 0..3usize, at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<Option<prop::sample::Index>>()) {
        let file = signed([JPEG, PNG, WEBP][kind], 60_000, 0, false);
        let whole = manifest(&file);
        let mut bytes = file.clone();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let found = Picture::read("p", &bytes).0.and_then(|picture| picture.manifest);
        // Either a byte of the manifest itself was changed, or none, or the file no longer fits.
        let outside = found.filter(|found| *found == whole && bytes != file);
        let (start, length) = wrapped([JPEG, PNG, WEBP][kind], &store((1_000, 2_000), [0; 32], false), 60_000).1;
        prop_assert!(outside.is_none() || (start..start + length + 16).contains(&at) && bytes.len() == file.len());
    }
}
