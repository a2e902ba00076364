//! Whether a C2PA manifest is as its key signed it.
//!
//! In: the claim as it lies in the file, the assertions beside it, the signature. Out: it holds, it does not, or that cannot be told.
//! A signature (COSE_Sign1, RFC 9052) is over the claim, and the claim has a hash of each assertion (C2PA 2.2, 8.4.2.3 and 13.2). The
//! key is the one that comes with it: whether the certificate around it is really of the one it names is not checked. May not happen:
//! "holds" while a byte of the claim or of an assertion is another than was signed.

use std::collections::{BTreeMap, BTreeSet};

use ciborium::Value;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use serde::{Deserialize, Serialize};

use super::certificate::{Certificate, Kind};
use super::manifest::{digest, get, list};
use super::store::{Boxes, Super};

/// Whether a manifest is as its key signed it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signature {
    /// It is. Whose key that is nobody checked.
    Holds,
    /// The signature is not of the key that comes with it, what it says or asserts was changed since, or nobody signed it.
    Broken,
    /// It is signed in a way that is not read, or no key comes with it.
    #[default]
    Unknown,
}

impl Signature {
    /// Whether two things hold.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Broken, _) | (_, Self::Broken) => Self::Broken,
            (Self::Holds, Self::Holds) => Self::Holds,
            _ => Self::Unknown,
        }
    }

    fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Broken }
    }
}

/// A signature: the protected heads as they lie in the file and what is in them, the open heads, the signature's bytes.
pub(super) struct Cose<'a> {
    protected: &'a [u8],
    heads: Option<Value>,
    open: &'a Value,
    signature: &'a [u8],
}

/// The heads' numbers of the algorithm (RFC 9052) and of the certificates (RFC 9360).
const ALGORITHM: i32 = 1;
const CHAIN: i32 = 33;

impl<'a> Cose<'a> {
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        let inner = if let Value::Tag(_, inner) = value { inner } else { value };
        // Between the heads and the signature is what is signed, where it does not lie elsewhere: here it does.
        let [protected, open, _, signature] = inner.as_array()?.as_slice() else { return None };
        let (protected, signature) = (protected.as_bytes()?, signature.as_bytes()?);
        Some(Self { protected, heads: ciborium::from_reader(protected.as_slice()).ok(), open, signature })
    }

    /// Whether a time stamp is there.
    pub(super) fn is_stamped(&self) -> bool {
        get(self.open, "sigTst").or_else(|| get(self.open, "sigTst2")).is_some()
    }

    /// The signer's certificate: the first of the chain, which older programs put among the open heads, or under its name.
    pub(super) fn certificate(&self) -> Option<Certificate<'_>> {
        let is_chain = |key: &Value| key.as_integer() == Some(CHAIN.into()) || key.as_text() == Some("x5chain");
        let heads = self.heads.iter().chain([self.open]).filter_map(Value::as_map).flatten();
        let chain = heads.into_iter().find(|(key, _)| is_chain(key)).map(|(_, chain)| chain)?;
        let first = chain.as_array().map_or(Some(chain), |all| all.first());
        Certificate::parse(first.and_then(Value::as_bytes)?)
    }

    /// Whether it is over these bytes, with the key that comes with it.
    pub(super) fn check(&self, claim: &[u8]) -> Signature {
        let heads = self.heads.as_ref().and_then(Value::as_map).into_iter().flatten();
        let algorithm = heads.into_iter().find(|(key, _)| key.as_integer() == Some(ALGORITHM.into()));
        let number = algorithm.and_then(|(_, number)| i64::try_from(number.as_integer()?).ok());
        let certificate = self.certificate();
        let Some((number, key)) = number.zip(certificate.as_ref().and_then(Certificate::key)) else {
            return Signature::Unknown;
        };
        let method = match method(number, key.kind) {
            Ok(method) => method,
            Err(why) => return why,
        };
        let signed = ["Signature1".into(), self.protected.into(), Value::Bytes(Vec::new()), claim.into()];
        let mut bytes = Vec::new();
        let Ok(()) = ciborium::into_writer(&Value::Array(signed.into()), &mut bytes) else { return Signature::Unknown };
        let holds = |method| UnparsedPublicKey::new(method, key.bytes).verify(&bytes, self.signature).is_ok();
        if holds(method) {
            Signature::Holds
        } else if in_der(key.kind).is_some_and(holds) {
            // Of that key, but in a form that COSE does not have: programs write it that mean well.
            Signature::Unknown
        } else {
            Signature::Broken
        }
    }
}

/// How a signature is checked, by the algorithm's number at IANA and the kind of the key; else what it means that it is not. Not read are
/// what C2PA allows besides: P-521, and a curve with the hash of another.
fn method(algorithm: i64, key: Kind) -> Result<&'static dyn VerificationAlgorithm, Signature> {
    match (algorithm, key) {
        (-7, Kind::P256) => Ok(&signature::ECDSA_P256_SHA256_FIXED),
        (-35, Kind::P384) => Ok(&signature::ECDSA_P384_SHA384_FIXED),
        (-37, Kind::Rsa) => Ok(&signature::RSA_PSS_2048_8192_SHA256),
        (-38, Kind::Rsa) => Ok(&signature::RSA_PSS_2048_8192_SHA384),
        (-39, Kind::Rsa) => Ok(&signature::RSA_PSS_2048_8192_SHA512),
        (-8, Kind::Ed25519) => Ok(&signature::ED25519),
        // No key of this kind can have made such a signature.
        (-36 | -35 | -7, Kind::Rsa | Kind::Ed25519)
        | (-39..=-37, Kind::P256 | Kind::P384 | Kind::Ed25519)
        | (-8, Kind::P256 | Kind::P384 | Kind::Rsa) => Err(Signature::Broken),
        _ => Err(Signature::Unknown),
    }
}

/// A curve's signature as certificates have it.
fn in_der(key: Kind) -> Option<&'static dyn VerificationAlgorithm> {
    match key {
        Kind::P256 => Some(&signature::ECDSA_P256_SHA256_ASN1),
        Kind::P384 => Some(&signature::ECDSA_P384_SHA384_ASN1),
        _ => None,
    }
}

/// The assertions that a claim names, by label. None when one lies outside this manifest, or one is named twice with different hashes:
/// no program writes that.
pub(super) fn named<'a>(stated: &'a Value, manifest: &str) -> Option<BTreeMap<&'a str, &'a Value>> {
    let mut all = BTreeMap::new();
    for one in ["created_assertions", "gathered_assertions", "assertions"].iter().flat_map(|key| list(stated, key)) {
        let address = get(one, "url")?.as_text()?.strip_prefix("self#jumbf=")?;
        // From the beginning of the store, or from the beginning of the manifest.
        let from_store = address.trim_start_matches('/').strip_prefix("c2pa/");
        let here = from_store.map_or(Some(address), |rest| rest.strip_prefix(manifest)?.strip_prefix('/'));
        let label = here?.strip_prefix("c2pa.assertions/")?;
        if all.insert(label, one).is_some_and(|before| before != one) {
            return None;
        }
    }
    Some(all)
}

/// Whether the assertions are those that the claim names: all of them, each with its hash, and no others.
pub(super) fn assertions(named: &BTreeMap<&str, &Value>, there: &[Super<'_>], default: Option<&Value>) -> Signature {
    let labels: BTreeSet<&str> = there.iter().map(|part| part.label).collect();
    let complete = Signature::of(labels.iter().eq(named.keys()));
    let fits = |part: &Super<'_>| {
        let Some(one) = named.get(part.label) else { return Signature::Broken };
        let (algorithm, expected) = (get(one, "alg").or(default), get(one, "hash").and_then(Value::as_bytes));
        let hash = |bytes| digest(algorithm, bytes, &[]);
        match hash(part.whole) {
            None => Signature::Unknown,
            found if found.as_ref() == expected => Signature::Holds,
            // Drafts before C2PA 1.0 hashed the contents alone.
            _ if Boxes(part.inside).last().and_then(|(_, bytes)| hash(bytes)).as_ref() == expected => {
                Signature::Unknown
            }
            _ => Signature::Broken,
        }
    };
    there.iter().map(fits).fold(complete, Signature::and)
}
