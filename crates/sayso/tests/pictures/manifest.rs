//! C2PA manifests in the three kinds of files: what they say, whether the file is still theirs, and broken ones.

use proptest::prelude::*;
use sayso::picture::{Binding, Manifest, Picture, Signature};

use crate::made::{JPEG, Made, PNG, WEBP, named, wrapped};

pub(crate) fn manifest(file: &[u8]) -> Manifest {
    Picture::read("p", file).0.unwrap().manifest.unwrap()
}

#[test]
fn what_it_says_in_every_kind_of_file() {
    for (file, most) in [(JPEG, 60_000), (JPEG, 100), (PNG, 1), (WEBP, 1)] {
        let found = manifest(&Made { most, ..Made::default() }.within(file));
        assert_eq!(found.generator.as_deref(), Some("Field Camera 2.1"));
        assert_eq!((found.signer.as_deref(), found.stamped), (Some("Harbour Office"), true));
        assert_eq!(found.assertions, ["c2pa.actions.v2", "c2pa.hash.data"]);
        assert_eq!((found.signature, found.bytes), (Signature::Holds, Binding::Match));
        assert_eq!(
            found.to_string(),
            "its C2PA manifest says: created (digitalCapture), edited; written by Field Camera 2.1; signed in the name of Harbour Office, with a time stamp (not checked); its signature holds: it is as that key signed it, but whether the certificate is really of the one it names nobody checked; the file is as it was then"
        );
        let json = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<Manifest>(&json).unwrap(), found);
    }
    let made = manifest(&Made { generated: true, ..Made::default() }.within(JPEG));
    assert!(
        made.is_generated()
            && made.to_string().starts_with("its C2PA manifest says: made by a generative model; created")
    );
}

#[test]
fn whether_the_file_is_still_its_own() {
    let mut file = Made::default().within(JPEG);
    let last = file.len() - 100;
    file[last] ^= 1;
    // The manifest is still as it was signed, but of another file.
    let found = manifest(&file);
    assert_eq!((found.bytes, found.signature), (Binding::Differ, Signature::Holds));
    // A hash that leaves out a part of the picture is no match.
    let file = Made { more: 500, ..Made::default() }.within(JPEG);
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

/// What the manifests of a folder of pictures say: `MANIFESTS=folder cargo test --workspace --test pictures -- --nocapture of_a_folder`.
#[test]
fn of_a_folder() {
    let Ok(folder) = std::env::var("MANIFESTS") else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        let (picture, trouble) = Picture::read("p", &std::fs::read(&file).unwrap());
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        match picture.and_then(|picture| picture.manifest) {
            Some(found) => println!("{:?} {:?} {name}: {found}", found.signature, found.bytes),
            None => println!("None {name}: {}", trouble.unwrap_or_default()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn changed_bytes_never_pass_as_the_same(kind in 0..3usize, at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<Option<prop::sample::Index>>()) {
        let file = Made::default().within([JPEG, PNG, WEBP][kind]);
        let whole = manifest(&file);
        let mut bytes = file.clone();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let found = Picture::read("p", &bytes).0.and_then(|picture| picture.manifest);
        // What holds says what was signed; whether a time stamp is there is not under the signature.
        let holds = found.filter(|found| found.signature == Signature::Holds);
        let same = |found: &Manifest| Manifest { stamped: true, bytes: whole.bytes, ..found.clone() } == whole;
        prop_assert!(holds.as_ref().is_none_or(same));
        // Either a byte beside what is signed was changed, within the manifest, or none, or the file no longer fits.
        let outside = holds.filter(|found| *found == whole && bytes != file);
        let (start, length) = ([2, 33, WEBP.len()][kind], file.len() - [JPEG, PNG, WEBP][kind].len());
        prop_assert!(outside.is_none() || (start..start + length).contains(&at) && bytes.len() == file.len(), "{at}");
    }
}
