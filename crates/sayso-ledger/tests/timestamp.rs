//! Time stamps, made by OpenSSL as an authority makes them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod authority;

use authority::Authority;
use sayso_ledger::timestamp::{Wrong, read, request};

const HASH: [u8; 32] = [0xab; 32];

#[test]
fn a_stamp_says_what_when_and_who_and_its_signature_holds() {
    let keys: [&[&str]; 3] = [
        &["-newkey", "rsa:2048"],
        &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
        &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
    ];
    for key in keys {
        let authority = Authority::new(key);
        for nonce in [0, 1, 127, 128, 0xffff_ffff_ffff_ffff] {
            let answer = authority.answers(&request(&HASH, nonce), &[]);
            let token = read(&answer).unwrap();
            assert_eq!((token.hash, token.authority.as_str()), (HASH, "Stamps of tests"), "{key:?}");
            assert!(token.answers(nonce) && !token.answers(nonce ^ 1));
            assert!(token.at.starts_with("20") && token.at.ends_with('Z'), "{}", token.at);
            token.leads_to(&authority.root()).unwrap();
        }
        let bare = authority.answers(&request(&HASH, 5), &["-token_out"]);
        assert_eq!(read(&bare).unwrap().hash, HASH, "a token without its answer");
        let chained = authority.answers(&request(&HASH, 5), &["-chain", "root.pem"]);
        read(&chained).unwrap().leads_to(&authority.root()).unwrap();
    }
}

#[test]
fn what_was_changed_does_not_hold() {
    let authority = Authority::new(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let answer = authority.answers(&request(&HASH, 77), &[]);
    let told = read(&answer).unwrap();
    let mut held = 0;
    for at in 0..answer.len() {
        for bit in [0x01, 0x80] {
            let mut changed = answer.clone();
            changed[at] ^= bit;
            // Some bytes of the envelope say nothing: then all that is said must be the same.
            if let Ok(token) = read(&changed) {
                assert_eq!((token.hash, &token.at, &token.serial), (told.hash, &told.at, &told.serial), "byte {at}");
                held += 1;
            }
        }
        assert!(read(&answer[..at]).is_err(), "cut off at {at}");
    }
    assert!(held < answer.len() / 10, "{held} of {} changes were not seen", 2 * answer.len());
}

#[test]
fn other_roots_and_other_certificates_are_refused() {
    let (authority, other) = (Authority::new(&["-newkey", "rsa:2048"]), Authority::new(&["-newkey", "rsa:2048"]));
    let answer = authority.answers(&request(&HASH, 1), &[]);
    let token = read(&answer).unwrap();
    assert!(matches!(token.leads_to(&other.root()), Err(Wrong::Root(_))));
    assert!(matches!(token.leads_to(b"no certificate"), Err(Wrong::Root(_))));
    assert!(matches!(token.leads_to(&std::fs::read(authority.path("web.pem")).unwrap()), Err(Wrong::Root(_))));
    assert_eq!(read(b""), Err(Wrong::Form("the answer")));
    assert_eq!(read(b"<html>no such page</html>"), Err(Wrong::Form("the answer")));
    // A request for a hash that the authority does not take: SHA-1.
    let mut odd = request(&HASH, 1);
    odd[17] ^= 1;
    let refused = authority.answers(&odd, &[]);
    assert!(matches!(read(&refused), Err(Wrong::Refused(_))), "{:?}", read(&refused));
}
