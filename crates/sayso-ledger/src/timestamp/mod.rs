//! Time stamps as RFC 3161 has them: an authority's word, signed, that a hash was there at a moment.
//!
//! In: a hash, to make a request of; an authority's answer, to be checked without the network. Out: what the answer says, and whether its
//! signature holds. May not happen: a token taken for one whose signature does not hold, or is of another hash; a failure on bytes of any
//! kind.
//!
//! The signature is checked by the certificate in the token (which is asked for with every request), as RFC 3161 §2.4.2 and RFC 5652
//! §5.6 tell: the token signs the hash of its content, names its certificate by a hash (RFC 5816), and the certificate is one for time
//! stamps alone. Whether that certificate is one of an authority that you trust is told when you name its root.

mod der;

use std::time::Duration;

use ring::digest::{self, digest};
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use der::{BITS, INTEGER, OCTETS, OID, SEQUENCE, SET, TIME, Value, Values, context};

/// Object identifiers, as DER has them.
mod oid {
    pub(super) const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
    pub(super) const SHA384: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
    pub(super) const SHA512: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];
    pub(super) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    pub(super) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    pub(super) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    pub(super) const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
    pub(super) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
    pub(super) const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
    pub(super) const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
    pub(super) const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
    pub(super) const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
    pub(super) const CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c];
    pub(super) const CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];
    pub(super) const KEY_USAGES: &[u8] = &[0x55, 0x1d, 0x25];
    pub(super) const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
    pub(super) const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    pub(super) const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
}

/// Why an answer proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The authority did not do it.
    #[error("the authority refused: {0}")]
    Refused(String),
    /// The bytes are something else.
    #[error("it is no time stamp: {0} is missing or not of its form")]
    Form(&'static str),
    /// The signature does not hold.
    #[error("its signature does not hold: {0}")]
    Signature(&'static str),
    /// It is made in a way that is not known here.
    #[error("it is signed in a way that this program cannot check: {0}")]
    Unknown(&'static str),
    /// The certificate does not lead to a root that is trusted.
    #[error("its certificate leads to none of the roots that were named: {0}")]
    Root(String),
}

/// What a time stamp says. It was checked: the signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The SHA-256 that it stamps.
    pub hash: [u8; 32],
    /// The moment, RFC 3339 UTC.
    pub at: String,
    /// Who says so: the name in the certificate.
    pub authority: String,
    /// The token's number, in hex.
    pub serial: String,
    /// The number that the request had, if it had one.
    pub nonce: Option<Vec<u8>>,
    /// Certificates in the token, its own first.
    certificates: Vec<Vec<u8>>,
}

/// A request for a stamp on a SHA-256, to be sent to an authority (`application/timestamp-query`). The same nonce comes back.
#[must_use]
pub fn request(hash: &[u8; 32], nonce: u64) -> Vec<u8> {
    let algorithm = der::write(SEQUENCE, &[&der::write(OID, &[oid::SHA256]), &[0x05, 0x00]]);
    let imprint = der::write(SEQUENCE, &[&algorithm, &der::write(OCTETS, &[hash])]);
    let nonce = nonce.to_be_bytes();
    // A number is written in as few bytes as keep it from looking negative.
    let skip = nonce.iter().take_while(|&&byte| byte == 0).count().min(7);
    let sign: &[u8] = if nonce[skip] >= 0x80 { &[0] } else { &[] };
    let nonce = der::write(INTEGER, &[sign, &nonce[skip..]]);
    der::write(SEQUENCE, &[&[INTEGER, 1, 1], &imprint, &nonce, &[0x01, 1, 0xff]])
}

/// Reads and checks an authority's answer (`.tsr`), or the token in it (`.tst`).
///
/// # Errors
/// When the authority refused, the bytes are something else, or the signature does not hold.
pub fn read(bytes: &[u8]) -> Result<Token, Wrong> {
    let signed = Signed::parse(token_in(bytes)?)?;
    signed.check()?;
    let mut values = Values(signed.content);
    let mut info = values.one(SEQUENCE).ok_or(Wrong::Form("what it states"))?.values();
    stated(&mut info, &signed).ok_or(Wrong::Form("what it states"))?
}

/// The token within an answer.
fn token_in(bytes: &[u8]) -> Result<Value<'_>, Wrong> {
    let form = Wrong::Form("the answer");
    let whole = Values(bytes).one(SEQUENCE).ok_or(form.clone())?;
    let mut parts = whole.values();
    let first = parts.next().ok_or(form.clone())?;
    if first.tag == OID {
        return Ok(whole);
    }
    let mut status = first.values();
    let code = status.one(INTEGER).ok_or(form)?.content;
    // Granted, or granted with a change.
    if !matches!(code, [0 | 1]) {
        let said = status.maybe(SEQUENCE).and_then(|texts| texts.values().next());
        let said = said.map(|text| String::from_utf8_lossy(text.content).into_owned());
        return Err(Wrong::Refused(said.unwrap_or_else(|| format!("status {}", hex(code)))));
    }
    parts.one(SEQUENCE).ok_or(Wrong::Form("the token in the answer"))
}

/// The parts of a token that its signature is about.
struct Signed<'a> {
    /// What is stated.
    content: &'a [u8],
    certificates: Vec<Value<'a>>,
    /// Which certificate, by its issuer and number.
    signer: Value<'a>,
    /// Which hash.
    hashed: &'static digest::Algorithm,
    /// What is signed, its tag and length included, as it lies in the token.
    attributes: Value<'a>,
    signature: &'a [u8],
}

impl<'a> Signed<'a> {
    fn parse(token: Value<'a>) -> Result<Self, Wrong> {
        let none = |what| move || Wrong::Form(what);
        let mut outer = token.values();
        let kind = outer.one(OID).ok_or_else(none("its kind"))?;
        let data = outer.one(context(0)).and_then(|data| data.values().one(SEQUENCE));
        let mut data = data.filter(|_| kind.content == oid::SIGNED_DATA).ok_or_else(none("signed data"))?.values();
        data.one(INTEGER).and_then(|_| data.one(SET)).ok_or_else(none("signed data"))?;
        let mut inner = data.one(SEQUENCE).ok_or_else(none("its content"))?.values();
        let kind = inner.one(OID).filter(|kind| kind.content == oid::TST_INFO);
        let content = inner.one(context(0)).and_then(|content| content.values().one(OCTETS));
        let content = content.filter(|_| kind.is_some()).ok_or_else(none("its content"))?.content;
        let certificates = data.maybe(context(0)).map_or_else(Vec::new, |all| all.values().take(16).collect());
        data.maybe(context(1));
        let mut signers = data.one(SET).ok_or_else(none("its signature"))?.values();
        let signer = signers.one(SEQUENCE).ok_or_else(none("its signature"))?;
        if signers.next().is_some() {
            return Err(Wrong::Unknown("several have signed it"));
        }
        let mut parts = signer.values();
        parts.one(INTEGER).ok_or_else(none("its signature"))?;
        let signer = parts.one(SEQUENCE).ok_or(Wrong::Unknown("the certificate is not named by its issuer"))?;
        let hashed = parts.one(SEQUENCE).ok_or_else(none("its hash"))?;
        let hashed = algorithm(hashed).ok_or(Wrong::Unknown("by a hash that is none of SHA-256, SHA-384, SHA-512"))?;
        let attributes = parts.one(context(0)).ok_or_else(none("what is signed"))?;
        parts.one(SEQUENCE).ok_or_else(none("its signature"))?;
        let signature = parts.one(OCTETS).ok_or_else(none("its signature"))?.content;
        Ok(Self { content, certificates, signer, hashed, attributes, signature })
    }

    /// Whether the certificate signed what is signed, and that is the content.
    fn check(&self) -> Result<(), Wrong> {
        let attribute = |kind: &[u8]| {
            let mut found = self.attributes.values().filter_map(|attribute| {
                let mut parts = attribute.values();
                let named = parts.one(OID)?.content == kind;
                named.then(|| parts.one(SET)?.values().next())?
            });
            found.next().filter(|_| found.next().is_none())
        };
        let kind = attribute(oid::CONTENT_TYPE).is_some_and(|kind| kind.content == oid::TST_INFO);
        let stated = attribute(oid::MESSAGE_DIGEST).filter(|_| kind).ok_or(Wrong::Form("what is signed"))?;
        if digest(self.hashed, self.content).as_ref() != stated.content {
            return Err(Wrong::Signature("its content was changed"));
        }
        let own = self.certificate()?;
        let named = attribute(oid::CERTIFICATE_V2).and_then(|value| named_certificate(value, true));
        let named = named.or_else(|| attribute(oid::CERTIFICATE).and_then(|value| named_certificate(value, false)));
        let (by, hash) = named.ok_or(Wrong::Form("the hash of its certificate"))?;
        if digest(by, own.whole).as_ref() != hash {
            return Err(Wrong::Signature("its certificate is another than it names"));
        }
        let own = Certificate::parse(own).ok_or(Wrong::Form("its certificate"))?;
        if !own.stamps_time() {
            return Err(Wrong::Signature("its certificate is not one for time stamps"));
        }
        // What is signed is the set as such, not as a part of the token (RFC 5652 §5.4).
        let mut signed = self.attributes.whole.to_vec();
        signed[0] = SET;
        let by =
            own.verifies(self.hashed).ok_or(Wrong::Unknown("by a key that is none of RSA, P-256, P-384, Ed25519"))?;
        UnparsedPublicKey::new(by, own.key)
            .verify(&signed, self.signature)
            .map_err(|_| Wrong::Signature("the key in its certificate did not make it"))
    }

    /// The certificate whose key signed.
    fn certificate(&self) -> Result<Value<'a>, Wrong> {
        let mut parts = self.signer.values();
        let (issuer, number) = parts.next().zip(parts.one(INTEGER)).ok_or(Wrong::Form("whose signature it is"))?;
        let own = self.certificates.iter().find(|one| {
            Certificate::parse(**one)
                .is_some_and(|one| one.issuer.whole == issuer.whole && one.number.content == number.content)
        });
        own.copied().ok_or(Wrong::Form("the certificate that signed it"))
    }
}

/// What the content of a token states.
fn stated(info: &mut Values<'_>, signed: &Signed<'_>) -> Option<Result<Token, Wrong>> {
    info.one(INTEGER)?;
    info.one(OID)?;
    let mut imprint = info.one(SEQUENCE)?.values();
    let by = imprint.one(SEQUENCE)?.values().one(OID)?.content;
    let hash = imprint.one(OCTETS)?.content;
    if by != oid::SHA256 {
        return Some(Err(Wrong::Unknown("what it stamps is no SHA-256")));
    }
    let hash = hash.try_into().ok()?;
    let serial = hex(info.one(INTEGER)?.content);
    let at = moment(info.one(TIME)?.content)?;
    info.maybe(SEQUENCE);
    info.maybe(0x01);
    let nonce = info.maybe(INTEGER).map(|nonce| nonce.content.to_vec());
    let own = signed.certificate().ok()?;
    let authority = Certificate::parse(own)?.name()?;
    let others = signed.certificates.iter().filter(|one| one.whole != own.whole).map(|one| one.whole.to_vec());
    let certificates = std::iter::once(own.whole.to_vec()).chain(others).collect();
    Some(Ok(Token { hash, at, authority, serial, nonce, certificates }))
}

impl Token {
    /// Whether the token's certificate leads to one of these roots (PEM), and was good at the token's moment.
    ///
    /// # Errors
    /// When it does not, or the roots are none.
    pub fn leads_to(&self, roots: &[u8]) -> Result<(), Wrong> {
        let root = |why: &dyn std::fmt::Display| Wrong::Root(why.to_string());
        let named: Vec<CertificateDer<'_>> =
            CertificateDer::pem_slice_iter(roots).collect::<Result<_, _>>().map_err(|error| root(&error))?;
        let anchors = named.iter().map(anchor_from_trusted_cert).collect::<Result<Vec<_>, _>>();
        let anchors = anchors.map_err(|error| root(&error))?;
        let all: Vec<CertificateDer<'_>> = self.certificates.iter().map(|one| one.as_slice().into()).collect();
        let (own, between) = all.split_first().ok_or(Wrong::Form("its certificate"))?;
        let own = EndEntityCert::try_from(own).map_err(|error| root(&error))?;
        let at: jiff::Timestamp = self.at.parse().map_err(|error| root(&error))?;
        let at = UnixTime::since_unix_epoch(Duration::from_secs(at.as_second().unsigned_abs()));
        let usage = KeyUsage::required(oid::TIME_STAMPING);
        own.verify_for_usage(ALL_VERIFICATION_ALGS, &anchors, between, at, usage, None, None)
            .map(drop)
            .map_err(|error| root(&error))
    }

    /// Whether it answers a request with this nonce.
    #[must_use]
    pub fn answers(&self, nonce: u64) -> bool {
        let stated = self.nonce.as_deref().unwrap_or_default();
        let stated = &stated[stated.iter().take_while(|&&byte| byte == 0).count()..];
        let nonce = nonce.to_be_bytes();
        stated == &nonce[nonce.iter().take_while(|&&byte| byte == 0).count()..]
    }
}

/// What is needed of a certificate.
struct Certificate<'a> {
    number: Value<'a>,
    issuer: Value<'a>,
    subject: Value<'a>,
    kind: Value<'a>,
    key: &'a [u8],
    extensions: Option<Value<'a>>,
}

impl<'a> Certificate<'a> {
    fn parse(value: Value<'a>) -> Option<Self> {
        let mut parts = (value.tag == SEQUENCE).then(|| value.values())?.one(SEQUENCE)?.values();
        parts.maybe(context(0));
        let number = parts.one(INTEGER)?;
        parts.one(SEQUENCE)?;
        let issuer = parts.one(SEQUENCE)?;
        parts.one(SEQUENCE)?;
        let subject = parts.one(SEQUENCE)?;
        let mut key = parts.one(SEQUENCE)?.values();
        let (kind, bits) = (key.one(SEQUENCE)?, key.one(BITS)?.content);
        // The first byte of a string of bits tells how many at its end are none.
        let key = bits.strip_prefix(&[0])?;
        let extensions = parts.find(|part| part.tag == context(3)).and_then(|all| all.values().one(SEQUENCE));
        Some(Self { number, issuer, subject, kind, key, extensions })
    }

    /// Whether it is for time stamps and nothing else.
    fn stamps_time(&self) -> bool {
        let usages = self.extensions.into_iter().flat_map(Value::values).find_map(|extension| {
            let mut parts = extension.values();
            let named = parts.one(OID)?.content == oid::KEY_USAGES;
            let value = parts.find(|part| part.tag == OCTETS)?;
            named.then(|| Values(value.content).one(SEQUENCE))?
        });
        usages.is_some_and(|usages| {
            let mut all = usages.values();
            all.one(OID).is_some_and(|usage| usage.content == oid::TIME_STAMPING) && all.next().is_none()
        })
    }

    /// How its key is checked, with this hash.
    fn verifies(&self, hashed: &'static digest::Algorithm) -> Option<&'static dyn VerificationAlgorithm> {
        let mut kind = self.kind.values();
        let algorithm = kind.one(OID)?.content;
        let curve = kind.maybe(OID).map_or(&[] as &[u8], |curve| curve.content);
        let is = |other: &'static digest::Algorithm| hashed == other;
        Some(match (algorithm, curve) {
            (oid::RSA, _) if is(&digest::SHA256) => &signature::RSA_PKCS1_2048_8192_SHA256,
            (oid::RSA, _) if is(&digest::SHA384) => &signature::RSA_PKCS1_2048_8192_SHA384,
            (oid::RSA, _) => &signature::RSA_PKCS1_2048_8192_SHA512,
            (oid::EC, oid::P256) if is(&digest::SHA256) => &signature::ECDSA_P256_SHA256_ASN1,
            (oid::EC, oid::P256) if is(&digest::SHA384) => &signature::ECDSA_P256_SHA384_ASN1,
            (oid::EC, oid::P384) if is(&digest::SHA256) => &signature::ECDSA_P384_SHA256_ASN1,
            (oid::EC, oid::P384) if is(&digest::SHA384) => &signature::ECDSA_P384_SHA384_ASN1,
            (oid::ED25519, _) => &signature::ED25519,
            _ => return None,
        })
    }

    /// Whose it is: its common name, else its organisation.
    fn name(&self) -> Option<String> {
        let part = |kind: &[u8]| {
            let mut all = self.subject.values().flat_map(Value::values).filter_map(|pair| {
                let mut parts = pair.values();
                let named = parts.one(OID)?.content == kind;
                let text = parts.next()?.content;
                named.then(|| String::from_utf8_lossy(text).into_owned())
            });
            all.next()
        };
        Some(part(oid::COMMON_NAME).or_else(|| part(oid::ORGANISATION)).unwrap_or_default())
    }
}

/// The hash of the certificate that an attribute names (RFC 2634, RFC 5816): how it was hashed, and the hash.
fn named_certificate(value: Value<'_>, second: bool) -> Option<(&'static digest::Algorithm, &[u8])> {
    let mut first = value.values().one(SEQUENCE)?.values().one(SEQUENCE)?.values();
    let by = match first.maybe(SEQUENCE) {
        Some(named) => algorithm(named)?,
        None if second => &digest::SHA256,
        None => &digest::SHA1_FOR_LEGACY_USE_ONLY,
    };
    Some((by, first.one(OCTETS)?.content))
}

/// The hash that an identifier names.
fn algorithm(named: Value<'_>) -> Option<&'static digest::Algorithm> {
    match named.values().one(OID)?.content {
        oid::SHA256 => Some(&digest::SHA256),
        oid::SHA384 => Some(&digest::SHA384),
        oid::SHA512 => Some(&digest::SHA512),
        _ => None,
    }
}

/// `20250511223800.5Z` as RFC 3339.
fn moment(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, part) = text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
    if whole.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let part = part.map_or_else(String::new, |part| format!(".{part}"));
    let [date, time] = [&whole[..8], &whole[8..]];
    let at =
        format!("{}-{}-{}T{}:{}:{}{part}Z", &date[..4], &date[4..6], &date[6..], &time[..2], &time[2..4], &time[4..]);
    at.parse::<jiff::Timestamp>().ok().map(|at| at.to_string())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
