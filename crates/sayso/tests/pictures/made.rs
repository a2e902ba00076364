//! C2PA manifests made for these tests, signed with keys made for them, and files with such a manifest in them.

use std::process::Command;

use ciborium::Value;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RsaKeyPair};
use sha2::{Digest, Sha256};

pub(crate) fn text(words: &str) -> Value {
    Value::Text(words.into())
}

pub(crate) fn map<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Map(pairs.into_iter().map(|(key, value)| (text(key), value)).collect())
}

pub(crate) fn cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn boxed(kind: &[u8; 4], inside: &[u8]) -> Vec<u8> {
    let length = u32::try_from(inside.len() + 8).unwrap();
    [length.to_be_bytes().as_slice(), kind, inside].concat()
}

pub(crate) fn named(label: &str, parts: &[Vec<u8>]) -> Vec<u8> {
    let description = [[0; 16].as_slice(), &[3], label.as_bytes(), &[0]].concat();
    boxed(b"jumb", &[boxed(b"jumd", &description), parts.concat()].concat())
}

pub(crate) fn values(label: &str, value: &Value) -> Vec<u8> {
    named(label, &[boxed(b"cbor", &cbor(value))])
}

fn der(tag: u8, inside: &[u8]) -> Vec<u8> {
    let length = u16::try_from(inside.len()).unwrap().to_be_bytes();
    let head = if inside.len() < 128 { vec![tag, length[1]] } else { vec![tag, 0x82, length[0], length[1]] };
    [head.as_slice(), inside].concat()
}

/// As much of a certificate as has names and a key in it.
fn certificate(organisation: &str, info: &[u8]) -> Vec<u8> {
    let name = |words: &str| {
        let pair = [der(6, &[0x55, 4, 10]), der(12, words.as_bytes())].concat();
        der(0x30, &der(0x31, &der(0x30, &pair)))
    };
    let (dates, kind) = (der(0x30, b""), der(0x30, b""));
    let parts = [
        der(0xa0, &der(2, &[2])),
        der(2, &[7]),
        kind,
        name("Root"),
        dates,
        name(organisation),
        info.to_vec(),
        der(0xa3, b""),
    ];
    der(0x30, &der(0x30, &parts.concat()))
}

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// Who signs: the algorithm's number, the key as a certificate has it, and what makes a signature.
pub(crate) struct Signer {
    pub(crate) algorithm: Option<i64>,
    pub(crate) info: Vec<u8>,
    pub(crate) sign: Sign,
}

const CURVE: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 34];

/// A public key as it stands in a certificate.
pub(crate) fn info(kind: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let algorithm = der(0x30, &[der(6, kind).as_slice(), parameters].concat());
    der(0x30, &[algorithm, der(3, &[&[0], key].concat())].concat())
}

impl Signer {
    fn new(algorithm: i64, info: Vec<u8>, sign: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Self {
        Self { algorithm: Some(algorithm), info, sign: Box::new(sign) }
    }

    fn curve(number: i64, algorithm: &'static EcdsaSigningAlgorithm, curve: &[u8]) -> Self {
        let dice = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &dice).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &dice).unwrap();
        let info = info(CURVE, &der(6, curve), key.public_key().as_ref());
        Self::new(number, info, move |bytes| key.sign(&dice, bytes).unwrap().as_ref().to_vec())
    }

    pub(crate) fn p256() -> Self {
        Self::curve(-7, &signature::ECDSA_P256_SHA256_FIXED_SIGNING, P256)
    }

    pub(crate) fn p384() -> Self {
        Self::curve(-35, &signature::ECDSA_P384_SHA384_FIXED_SIGNING, P384)
    }

    /// A signature in the form that certificates have.
    pub(crate) fn p256_in_der() -> Self {
        Self::curve(-7, &signature::ECDSA_P256_SHA256_ASN1_SIGNING, P256)
    }

    /// The same key every time.
    pub(crate) fn ed25519() -> Self {
        let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let info = info(&[0x2b, 0x65, 0x70], &[], key.public_key().as_ref());
        Self::new(-8, info, move |bytes| key.sign(bytes).as_ref().to_vec())
    }

    /// With a key that OpenSSL makes.
    pub(crate) fn rsa(number: i64, bits: u32) -> Self {
        let padding: &'static dyn signature::RsaEncoding = match number {
            -37 => &signature::RSA_PSS_SHA256,
            -38 => &signature::RSA_PSS_SHA384,
            _ => &signature::RSA_PSS_SHA512,
        };
        let bits = format!("rsa_keygen_bits:{bits}");
        let made = Command::new("openssl")
            .args(["genpkey", "-algorithm", "RSA", "-outform", "DER", "-pkeyopt", &bits])
            .output();
        // Its versions differ in what they put around the key.
        let made = made.unwrap().stdout;
        let key = RsaKeyPair::from_pkcs8(&made).or_else(|_| RsaKeyPair::from_der(&made)).unwrap();
        let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
        let info = info(&oid, &[5, 0], key.public_key().as_ref());
        Self::new(number, info, move |bytes| {
            let mut out = vec![0; key.public().modulus_len()];
            key.sign(padding, &SystemRandom::new(), bytes, &mut out).unwrap();
            out
        })
    }

    /// A signature over a claim (RFC 9052), with a time stamp that is none.
    fn seal(&self, claim: &[u8]) -> Value {
        let algorithm = self.algorithm.map(|number| (Value::from(1), Value::from(number)));
        let chain =
            Value::Array(vec![Value::Bytes(certificate("Harbour Office", &self.info)), Value::Bytes(vec![0x30, 0])]);
        let heads = cbor(&Value::Map(algorithm.into_iter().chain([(33.into(), chain)]).collect()));
        let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
        let signed = cbor(&Value::Array(vec![text("Signature1"), bytes(&heads), bytes(&[]), bytes(claim)]));
        let stamp = map([("sigTst2", map([("tstTokens", Value::Array(Vec::new()))]))]);
        Value::Tag(18, Value::Array(vec![bytes(&heads), stamp, Value::Null, bytes(&(self.sign)(&signed))]).into())
    }
}

/// What is left out of the hash: where the manifest lies, and how long it is there.
pub(crate) type LeftOut = (usize, usize);

/// A manifest that is being made. What is changed by `before` is signed; what is changed by `after` is not.
pub(crate) struct Made {
    pub(crate) generated: bool,
    /// The most bytes in a piece, where the file is a JPEG.
    pub(crate) most: usize,
    /// How many bytes behind the manifest are left out of the hash, too.
    pub(crate) more: usize,
    pub(crate) signer: Signer,
    pub(crate) before: fn(&mut Vec<(Value, Value)>),
    pub(crate) after: fn(&mut Parts),
}

/// A manifest in parts.
pub(crate) struct Parts {
    pub(crate) assertions: Vec<Vec<u8>>,
    pub(crate) claim: Vec<u8>,
    pub(crate) signature: Value,
}

impl Default for Made {
    fn default() -> Self {
        Self { generated: false, most: 60_000, more: 0, signer: Signer::ed25519(), before: |_| {}, after: |_| {} }
    }
}

/// What was done to a picture.
pub(crate) fn done(generated: bool) -> Value {
    let kind = if generated { "trainedAlgorithmicMedia" } else { "digitalCapture" };
    let kind = format!("http://cv.iptc.org/newscodes/digitalsourcetype/{kind}");
    let created = map([("action", text("c2pa.created")), ("digitalSourceType", text(&kind))]);
    let edited = map([
        ("action", text("c2pa.edited")),
        ("softwareAgent", map([("name", text("Darkroom"))])),
        ("when", Value::Tag(0, text("2025-05-12T08:00:00Z").into())),
    ]);
    map([("actions", Value::Array(vec![created, edited]))])
}

/// How a claim names an assertion: the hash is over all in its box, without the box's own head.
pub(crate) fn address(label: &str, part: &[u8]) -> Value {
    let hash = Value::Bytes(Sha256::digest(&part[8..]).to_vec());
    map([("url", text(&format!("self#jumbf=c2pa.assertions/{label}"))), ("hash", hash)])
}

impl Made {
    fn store(&self, (start, length): LeftOut, hash: [u8; 32]) -> Vec<u8> {
        let exclusion = map([("start", (start as u64).into()), ("length", (length as u64).into())]);
        let bound = map([
            ("exclusions", Value::Array(vec![exclusion])),
            ("alg", text("sha256")),
            ("hash", Value::Bytes(hash.into())),
        ]);
        let labels = ["c2pa.actions.v2", "c2pa.hash.data"];
        let assertions = vec![values(labels[0], &done(self.generated)), values(labels[1], &bound)];
        let addresses = labels.iter().zip(&assertions).map(|(label, part)| address(label, part)).collect();
        let mut stated = vec![
            (text("claim_generator_info"), map([("name", text("Field Camera")), ("version", text("2.1"))])),
            (text("created_assertions"), Value::Array(addresses)),
            (text("alg"), text("sha256")),
        ];
        (self.before)(&mut stated);
        let claim = cbor(&Value::Map(stated));
        let mut parts = Parts { signature: self.signer.seal(&claim), assertions, claim };
        (self.after)(&mut parts);
        let older = named("urn:c2pa:1", &[values("c2pa.claim.v2", &map([("claim_generator", text("Older"))]))]);
        let signature = if parts.signature.is_null() { Vec::new() } else { values("c2pa.signature", &parts.signature) };
        let claim = named("c2pa.claim.v2", &[boxed(b"cbor", &parts.claim)]);
        let manifest = named("urn:c2pa:2", &[named("c2pa.assertions", &parts.assertions), claim, signature]);
        named("c2pa", &[older, manifest])
    }

    /// The file with this manifest in it, made for it.
    pub(crate) fn within(&self, file: &[u8]) -> Vec<u8> {
        let place = |left_out| {
            let (start, length) = wrapped(file, &self.store(left_out, [0; 32]), self.most).1;
            (start, length + self.more)
        };
        // The length of the numbers in it may change that of the manifest by some bytes: once more.
        let left_out = place(place((1_000, 2_000)));
        let whole = wrapped(file, &self.store(left_out, [0; 32]), self.most).0;
        let hash = Sha256::digest([&whole[..left_out.0], &whole[left_out.0 + left_out.1..]].concat());
        wrapped(file, &self.store(left_out, hash.into()), self.most).0
    }
}

/// A file with a store in it, in APP11 segments of at most `most` bytes, a caBX chunk or a C2PA chunk.
pub(crate) fn wrapped(file: &[u8], store: &[u8], most: usize) -> (Vec<u8>, LeftOut) {
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

pub(crate) const JPEG: &[u8] = include_bytes!("files/plain.jpg");
pub(crate) const PNG: &[u8] = include_bytes!("files/palette.png");
pub(crate) const WEBP: &[u8] = include_bytes!("files/plain.webp");
