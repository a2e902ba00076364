//! Digests in web archives: made anew for other bytes, in the form in which they are written.
//!
//! In: a digest as a record's head has it, and bytes. Out: the digest of other bytes, as long. SHA-1 is here because archives have it, not
//! because anything rests on it.

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use sha2::{Digest, Sha256};

/// The digest of `after`, written as `said` is, if `said` is the digest of `before`: `sha1:` in base32 or hex, `sha256:` in either.
pub(super) fn anew(said: &str, before: &[u8], after: &[u8]) -> Option<String> {
    let (name, value) = said.split_once(':')?;
    let own = |bytes: &[u8]| -> Option<String> {
        let digest = match name.to_ascii_lowercase().as_str() {
            "sha1" | "sha-1" => sha1(bytes),
            "sha256" | "sha-256" => Sha256::digest(bytes).to_vec(),
            _ => return None,
        };
        Some(if value.len() == 2 * digest.len() { super::super::hex(&digest) } else { base32(&digest) })
    };
    if !own(before)?.eq_ignore_ascii_case(value) {
        return None;
    }
    own(after).map(|value| format!("{name}:{value}"))
}

/// RFC 4648.
fn base32(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    for five in bytes.chunks(5) {
        let mut all = [0u8; 8];
        all[3..3 + five.len()].copy_from_slice(five);
        let bits = u64::from_be_bytes(all);
        let signs = (five.len() * 8).div_ceil(5);
        let sign = |k: usize| char::from(SIGNS[(bits >> (35 - 5 * k) & 31) as usize]);
        out.extend((0..8).map(|k| if k < signs { sign(k) } else { '=' }));
    }
    out
}

fn sha1(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_as_others_make_them() {
        // From RFC 3174 and FIPS 180.
        for (text, expected) in [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
        ] {
            assert_eq!(super::super::super::hex(&sha1(text.as_bytes())), expected);
        }
        assert_eq!(super::super::super::hex(&sha1(&[b'a'; 1_000])), "291e9a6c66994949b57ba5e650361e98fc36b1ba");
        for (text, expected) in [("", ""), ("f", "MY======"), ("foobar", "MZXW6YTBOI======"), ("fooba", "MZXW6YTB")] {
            assert_eq!(base32(text.as_bytes()), expected);
        }
        let said = "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5";
        assert_eq!(anew(said, b"abc", b"").as_deref(), Some("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"));
        assert_eq!(anew(said, b"abd", b""), None);
        let same = anew("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", b"", b"");
        assert_eq!(same.as_deref(), Some("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    }
}
