//! Whose key it is, as a certificate has it (X.509, RFC 5280).
//!
//! In: the certificate's DER. Out: a name, and the key. Nothing in it is checked: anybody can make a certificate in any name. May not
//! happen: a step outside the bytes, whatever lengths they state.

use super::store::number;

/// A certificate's parts that are read.
pub(super) struct Certificate<'a> {
    /// In whose name it is.
    subject: &'a [u8],
    /// The key, and what kind it is of.
    info: &'a [u8],
}

/// A public key.
pub(super) struct Key<'a> {
    pub(super) kind: Kind,
    /// The point of a curve, or an RSA key's two numbers in DER.
    pub(super) bytes: &'a [u8],
}

/// Kinds of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    P256,
    P384,
    Rsa,
    Ed25519,
    /// Another kind, or of a size or form that is not read.
    Other,
}

const ORGANISATION: &[u8] = &[0x55, 4, 10];
const NAME: &[u8] = &[0x55, 4, 3];
const CURVE: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 34];
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

impl<'a> Certificate<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (_, certificate, _) = element(bytes)?;
        let (_, mut stated, _) = element(certificate)?;
        let mut parts = Vec::new();
        // Version (tagged 0xa0), number, algorithm, issuer, validity, subject, key.
        while let Some((tag, inside, rest)) = element(stated).filter(|_| parts.len() < 7) {
            parts.push((tag, inside));
            stated = rest;
        }
        let first = usize::from(parts.first()?.0 == 0xa0);
        Some(Self { subject: parts.get(first + 4)?.1, info: parts.get(first + 5).map_or(&[], |part| part.1) })
    }

    /// The organisation, else the name.
    pub(super) fn subject(&self) -> Option<String> {
        find(self.subject, ORGANISATION).or_else(|| find(self.subject, NAME))
    }

    pub(super) fn key(&self) -> Option<Key<'a>> {
        let (_, algorithm, rest) = element(self.info)?;
        let (_, bits, _) = element(rest).filter(|(tag, ..)| *tag == 3)?;
        let bytes = bits.strip_prefix(&[0])?;
        let (_, named, parameters) = element(algorithm)?;
        let curve = element(parameters).map(|(_, curve, _)| curve);
        let kind = match (named, curve) {
            (CURVE, Some(P256)) if bytes.len() == 65 => Kind::P256,
            (CURVE, Some(P384)) if bytes.len() == 97 => Kind::P384,
            (RSA | RSA_PSS, _) if is_read(bytes) => Kind::Rsa,
            (ED25519, _) => Kind::Ed25519,
            _ => Kind::Other,
        };
        Some(Key { kind, bytes })
    }
}

/// Whether an RSA key has between 2048 and 8192 bits.
fn is_read(numbers: &[u8]) -> bool {
    let modulus = element(numbers).and_then(|(_, numbers, _)| element(numbers)).map(|(_, modulus, _)| modulus);
    modulus.is_some_and(|modulus| (256..=1024).contains(&modulus.strip_prefix(&[0]).unwrap_or(modulus).len()))
}

/// One element of DER: its tag, its contents, and what lies behind it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, first) = (*bytes.first()?, usize::from(*bytes.get(1)?));
    let (start, length) = match first {
        0..=127 => (2, first),
        129..=132 => (2 + first - 128, number(bytes, 2, first - 128)?),
        _ => return None,
    };
    let end = start.checked_add(length)?;
    Some((tag, bytes.get(start..end)?, &bytes[end..]))
}

/// The value of an attribute among a certificate's names.
fn find(mut names: &[u8], wanted: &[u8]) -> Option<String> {
    while let Some((_, set, rest)) = element(names) {
        let (_, pair, _) = element(set)?;
        let (_, kind, value) = element(pair)?;
        if kind == wanted {
            let (_, value, _) = element(value)?;
            let words = String::from_utf8_lossy(value);
            return Some(words.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect());
        }
        names = rest;
    }
    None
}
