//! Signatures of C2PA manifests: which hold, which do not, and of which that cannot be told.

use ciborium::Value;
use sayso::picture::{Binding, Manifest, Picture, Signature};
use sha2::{Digest, Sha256};

use crate::made::{JPEG, Made, PNG, Parts, Signer, address, cbor, done, info, map, text, values};
use crate::manifest::manifest;

fn by(signer: Signer) -> Signature {
    manifest(&Made { signer, ..Made::default() }.within(PNG)).signature
}

/// A manifest that was changed after it was signed.
fn after(change: fn(&mut Parts)) -> Manifest {
    manifest(&Made { after: change, ..Made::default() }.within(PNG))
}

type Change = fn(&mut Vec<(Value, Value)>);

/// A manifest whose signer states something else.
fn stating(change: Change) -> Manifest {
    manifest(&Made { before: change, ..Made::default() }.within(PNG))
}

/// The addresses in a claim.
fn addresses(stated: &mut [(Value, Value)]) -> &mut Vec<Value> {
    stated[1].1.as_array_mut().unwrap()
}

/// The parts of a signature: its heads, open heads, nothing, its bytes.
fn parts(signature: &mut Value) -> &mut Vec<Value> {
    let Value::Tag(_, inner) = signature else { panic!("no tag") };
    inner.as_array_mut().unwrap()
}

fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
}

#[test]
fn every_algorithm_that_is_read() {
    assert_eq!([Signer::p256(), Signer::p384(), Signer::ed25519()].map(by), [Signature::Holds; 3]);
    for number in [-37, -38, -39] {
        assert_eq!(by(Signer::rsa(number, 2048)), Signature::Holds, "{number}");
    }
    assert_eq!(by(Signer::rsa(-37, 3072)), Signature::Holds);
}

#[test]
fn a_claim_changed_by_a_byte() {
    let file = Made::default().within(PNG);
    let at = file.windows(20).position(|window| window == b"claim_generator_info").unwrap() - 2;
    let end = file.windows(14).position(|window| window == b"c2pa.signature").unwrap();
    // Before its label are the heads of its boxes, its kind and a byte.
    let end = end - 33;
    assert!(end > at + 200);
    for place in at..end {
        let mut changed = file.clone();
        changed[place] ^= 1;
        let found = Picture::read("p", &changed).0.unwrap().manifest;
        assert!(found.is_none_or(|found| found.signature == Signature::Broken), "{place}");
    }
    let mut changed = file;
    replace(&mut changed, b"Field Camera", b"Phone Camera");
    let found = manifest(&changed);
    assert_eq!((found.signature, found.bytes), (Signature::Broken, Binding::Match));
    assert_eq!(
        found.to_string(),
        "its C2PA manifest says: created (digitalCapture), edited; written by Phone Camera 2.1; signed in the name of Harbour Office, with a time stamp (not checked); ITS SIGNATURE DOES NOT HOLD: it was changed since it was signed, or that key never signed it; the file is as it was then"
    );
}

#[test]
fn every_byte_of_a_manifest() {
    let file = Made::default().within(PNG);
    let whole = manifest(&file);
    for place in 33..33 + file.len() - PNG.len() {
        for change in [1, 0x80] {
            let mut changed = file.clone();
            changed[place] ^= change;
            let found = Picture::read("p", &changed).0.unwrap().manifest;
            // Beside what is signed lie the heads of boxes, the time stamp, the manifests before this one.
            let holds = found.filter(|found| found.signature == Signature::Holds);
            assert!(holds.is_none_or(|found| Manifest { stamped: true, ..found } == whole), "{place}");
        }
    }
}

#[test]
fn an_assertion_changed_added_or_taken_out() {
    let changed = after(|parts| replace(&mut parts.assertions[0], b"c2pa.edited", b"c2pa.cut___"));
    assert_eq!((changed.signature, changed.actions[1].action.as_str()), (Signature::Broken, "c2pa.cut___"));
    // A byte of its description, too: the box's kind.
    assert_eq!(after(|parts| parts.assertions[0][16] ^= 1).signature, Signature::Broken);
    assert_eq!(after(|parts| drop(parts.assertions.remove(0))).signature, Signature::Broken);
    // What the claim does not name is not read.
    let more = after(|parts| parts.assertions.push(values("c2pa.actions.v2__1", &done(true))));
    assert_eq!((more.signature, more.actions.len(), more.is_generated()), (Signature::Broken, 2, false));
    // Nor does a second box under a name pass for the first.
    for place in [0, 2] {
        let insert: fn(&mut Parts) = if place == 0 {
            |parts| parts.assertions.insert(0, values("c2pa.actions.v2", &done(true)))
        } else {
            |parts| parts.assertions.push(values("c2pa.actions.v2", &done(true)))
        };
        assert_eq!(after(insert).signature, Signature::Broken);
    }
    // A hash of the file's bytes that nobody signed says nothing of the file.
    let unnamed = stating(|stated| drop(addresses(stated).pop()));
    assert_eq!((unnamed.signature, unnamed.bytes), (Signature::Broken, Binding::Unknown));
}

#[test]
fn how_assertions_are_named() {
    let from_store = stating(|stated| put(stated, "self#jumbf=/c2pa/urn:c2pa:2/c2pa.assertions/c2pa.actions.v2"));
    assert_eq!((from_store.signature, from_store.actions.len()), (Signature::Holds, 2));
    // In another manifest, elsewhere in this one, on the net.
    for put_elsewhere in [
        (|stated| put(stated, "self#jumbf=/c2pa/urn:c2pa:1/c2pa.assertions/c2pa.actions.v2")) as Change,
        |stated| put(stated, "self#jumbf=c2pa.databoxes/c2pa.actions.v2"),
        |stated| put(stated, "https://example.org/c2pa.assertions/c2pa.actions.v2"),
    ] {
        assert_eq!(stating(put_elsewhere).signature, Signature::Broken);
    }
    // The list of older claims, and the one of what others gathered.
    assert_eq!(stating(|stated| stated[1].0 = text("assertions")).signature, Signature::Holds);
    assert_eq!(stating(|stated| stated[1].0 = text("gathered_assertions")).signature, Signature::Holds);
    // Twice is not too often, but with one hash.
    assert_eq!(stating(|stated| addresses(stated).extend_from_within(..1)).signature, Signature::Holds);
    let two = |stated: &mut Vec<_>| addresses(stated).push(address("c2pa.actions.v2", b"another box"));
    assert_eq!(stating(two).signature, Signature::Broken);
}

/// Another address of the first assertion.
fn put(stated: &mut [(Value, Value)], url: &str) {
    addresses(stated)[0].as_map_mut().unwrap()[0].1 = text(url);
}

#[test]
fn kinds_of_hashes() {
    let own = |stated: &mut Vec<(Value, Value)>| {
        stated[2].1 = text("md5");
        for one in addresses(stated) {
            one.as_map_mut().unwrap().push((text("alg"), text("sha256")));
        }
    };
    assert_eq!(stating(own).signature, Signature::Holds);
    assert_eq!(stating(|stated| stated[2].1 = text("md5")).signature, Signature::Unknown);
    assert_eq!(stating(|stated| drop(stated.pop())).signature, Signature::Unknown);
    assert_eq!(stating(|stated| stated[2].1 = text("sha512")).signature, Signature::Broken);
}

#[test]
fn a_key_of_another_kind_or_of_another_one() {
    // Made with one key, and with the certificate of another.
    let of = |signer: Signer, info: &Signer| Signer { info: info.info.clone(), ..signer };
    assert_eq!(by(of(Signer::p256(), &Signer::p256())), Signature::Broken);
    assert_eq!(by(of(Signer::p256(), &Signer::ed25519())), Signature::Broken);
    assert_eq!(by(of(Signer::ed25519(), &Signer::p384())), Signature::Broken);
    assert_eq!(by(of(Signer::rsa(-37, 2048), &Signer::p384())), Signature::Broken);
    assert_eq!(by(of(Signer::p384(), &Signer::rsa(-37, 2048))), Signature::Broken);
    // Another padding's hash than it says.
    assert_eq!(by(Signer { algorithm: Some(-38), ..Signer::rsa(-37, 2048) }), Signature::Broken);
}

#[test]
fn what_cannot_be_told() {
    // ES512, a number that nobody gave away, none at all, and a curve with the hash of another.
    for algorithm in [Some(-36), Some(-4711), None] {
        assert_eq!(by(Signer { algorithm, ..Signer::p256() }), Signature::Unknown, "{algorithm:?}");
    }
    assert_eq!(by(Signer { algorithm: Some(-7), ..Signer::p384() }), Signature::Unknown);
    // P-521, a key that is too short, and none.
    let long = info(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1], &[6, 5, 0x2b, 0x81, 4, 0, 35], &[4; 133]);
    assert_eq!(by(Signer { info: long, ..Signer::p256() }), Signature::Unknown);
    let short = info(
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1],
        &[5, 0],
        &[&[0x30, 7, 2, 2, 0x7f, 1, 2, 1], &[3][..]].concat(),
    );
    assert_eq!(by(Signer { info: short, ..Signer::rsa(-37, 2048) }), Signature::Unknown);
    assert_eq!(by(Signer { info: Vec::new(), ..Signer::p256() }), Signature::Unknown);
    let found =
        manifest(&Made { signer: Signer { algorithm: Some(-36), ..Signer::p256() }, ..Made::default() }.within(PNG));
    assert!(
        found
            .to_string()
            .contains("; whether its signature holds cannot be told, so anybody may have changed what it says; ")
    );
    // A curve's signature in DER, and a draft's hashes of the contents alone; a byte of either changed.
    assert_eq!(by(Signer::p256_in_der()), Signature::Unknown);
    let change: fn(&mut Parts) = |parts| parts.claim[100] ^= 1;
    let changed = Made { signer: Signer::p256_in_der(), after: change, ..Made::default() };
    assert_eq!(manifest(&changed.within(PNG)).signature, Signature::Broken);
    let draft = |stated: &mut Vec<(Value, Value)>| {
        let hash = Sha256::digest(cbor(&done(false))).to_vec();
        addresses(stated)[0].as_map_mut().unwrap()[1].1 = Value::Bytes(hash);
    };
    assert_eq!(stating(draft).signature, Signature::Unknown);
    // An assertion that does not fit is broken, whatever the signature.
    let changed: fn(&mut Parts) = |parts| parts.assertions[0][16] ^= 1;
    let signer = Signer { algorithm: Some(-36), ..Signer::p256() };
    assert_eq!(manifest(&Made { signer, after: changed, ..Made::default() }.within(PNG)).signature, Signature::Broken);
    // What was read before signatures were checked.
    let older: Manifest = serde_json::from_str(r#"{"stamped":false,"bytes":"match"}"#).unwrap();
    assert_eq!(older.signature, Signature::Unknown);
}

#[test]
fn a_signature_cut_off_or_taken_out() {
    for change in [
        (|made| parts(&mut made.signature)[3].as_bytes_mut().unwrap().truncate(63)) as fn(&mut Parts),
        |made| parts(&mut made.signature)[3].as_bytes_mut().unwrap().clear(),
        |made| drop(parts(&mut made.signature).pop()),
        |made| made.signature = map([]),
        |made| made.signature = Value::Null,
    ] {
        let found = after(change);
        assert_eq!(found.signature, Signature::Broken);
        assert!(found.to_string().contains("DOES NOT HOLD"));
    }
    // Heads that are open may grow and shrink: they are not signed. Whoever puts in another time stamp is not found out.
    assert_eq!(
        after(|made| parts(&mut made.signature)[1] = map([("pad", Value::Bytes(vec![0; 9]))])).signature,
        Signature::Holds
    );
    assert!(manifest(&Made::default().within(JPEG)).stamped);
}
