//! What a C2PA manifest in a picture says of how it came about.
//!
//! In: a JPEG, PNG or WebP file. Out: the program that wrote the manifest, what was done to the picture, in whose name it is signed,
//! whether it is as that key signed it (`seal`), whether the bytes are those that it was made for. After the C2PA specification 2.2: the
//! boxes are JUMBF (ISO 19566-5), what is in them is CBOR. Whose key it is is not checked: who can write a file can make a key and a
//! certificate. May not happen: a "match" that covers only a part of the picture; an assertion that nobody signed.

use std::fmt;
use std::ops::Range;

use ciborium::Value;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::seal::{self, Cose, Signature};
use super::store::{Boxes, Super, store};

/// What the manifest in force says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program that wrote it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub generator: Option<String>,
    /// In whose name the certificate in it is. Anybody can make such a certificate.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub signer: Option<String>,
    /// Whether it is as the key in that certificate signed it; unknown in what was read before that was checked.
    #[serde(default)]
    pub signature: Signature,
    /// Whether a time stamp comes with its signature; not checked.
    pub stamped: bool,
    /// Whether the file is the one that it was made for.
    pub bytes: Binding,
    /// What was done to the picture, in order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub actions: Vec<Action>,
    /// The labels of all that it asserts, in order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub assertions: Vec<String>,
}

/// Something that was done to a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// `c2pa.created`, `c2pa.edited`, …
    pub action: String,
    /// The last word of IPTC's term for where its pixels come from: `digitalCapture`, `trainedAlgorithmicMedia`, …
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source_type: Option<String>,
    /// The program that did it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub agent: Option<String>,
    /// When, as it says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub when: Option<String>,
}

/// Whether the bytes of a file are those that its manifest was made for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Binding {
    /// They are, all but the manifest itself.
    Match,
    /// They are, but the hash leaves out more of the file than the manifest.
    Partly,
    /// They are not: the file was changed since, or the manifest is wrong.
    Differ,
    /// It has no hash over the bytes of the file, or one of a kind that is not read.
    #[default]
    Unknown,
}

/// Values in a list that are kept.
const MOST: usize = 100;
/// A box of values larger than this is not read.
const LARGEST: usize = 1 << 20;

impl Manifest {
    /// The manifest in force in a file: none when there is none, an error (a sentence without its subject) when it cannot be read.
    pub(super) fn read(file: &[u8]) -> Option<Result<Self, String>> {
        let (bytes, at) = store(file)?;
        Some(Self::of(&bytes, file, &at).ok_or_else(|| "has a C2PA manifest that cannot be read.".to_owned()))
    }

    fn of(store: &[u8], file: &[u8], at: &Range<usize>) -> Option<Self> {
        // The last one is in force; those before it are of what the picture was made from.
        let manifest = Super::all(store).last()?;
        let parts: Vec<Super<'_>> = Super::all(manifest.inside).collect();
        let claim = content(parts.iter().find(|part| part.label.starts_with("c2pa.claim"))?.inside)?;
        let stated = decoded(claim)?;
        let assertions = parts.iter().find(|part| part.label == "c2pa.assertions").map_or(&[][..], |part| part.inside);
        let assertions: Vec<Super<'_>> = Super::all(assertions).collect();
        let signature = parts.iter().find(|part| part.label == "c2pa.signature").and_then(|part| values(part.inside));
        let signature = signature.as_ref().and_then(Cose::of);
        let named = seal::named(&stated, manifest.label);
        let mut out = Self {
            generator: generator(&stated),
            signer: signature.as_ref().and_then(|signature| signature.certificate()?.subject()),
            signature: signature.as_ref().map_or(Signature::Broken, |signature| signature.check(claim.1)),
            stamped: signature.as_ref().is_some_and(Cose::is_stamped),
            assertions: labels(&stated),
            ..Self::default()
        };
        let fit = named.as_ref().map(|named| seal::assertions(named, &assertions, get(&stated, "alg")));
        out.signature = match claim.0 {
            b"cbor" => out.signature.and(fit.unwrap_or(Signature::Broken)),
            // Only drafts had claims in JSON, and signed them in other ways.
            _ => Signature::Unknown,
        };
        let named = named.unwrap_or_default();
        // What the claim does not name nobody signed: it is not read.
        for part in assertions.iter().filter(|part| named.contains_key(part.label)).take(MOST) {
            if part.label.starts_with("c2pa.actions") {
                out.actions.extend(values(part.inside).iter().flat_map(actions).take(MOST));
            } else if part.label.starts_with("c2pa.hash.data")
                && let Some(hash) = values(part.inside)
            {
                out.bytes = binding(&hash, get(&stated, "alg"), file, at);
            }
        }
        Some(out)
    }

    /// Whether it says that a model made the picture, or a part of it.
    #[must_use]
    pub fn is_generated(&self) -> bool {
        let types = self.actions.iter().filter_map(|action| action.source_type.as_deref());
        types.into_iter().any(|kind| kind.to_ascii_lowercase().contains("trainedalgorithmicmedia"))
    }
}

/// One sentence: what it says, whether it is as it was signed, and that nobody checked by whom.
impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = match self.bytes {
            Binding::Match => "the file is as it was then",
            Binding::Partly => "what its hash covers is as it was then, but it leaves out parts of the picture",
            Binding::Differ => "THE FILE DOES NOT FIT IT: changed since, or the manifest is wrong",
            Binding::Unknown => "whether the file was changed since cannot be told",
        };
        let generated = if self.is_generated() { "made by a generative model; " } else { "" };
        let mut done: Vec<String> = Vec::new();
        for action in &self.actions {
            let name = action.action.strip_prefix("c2pa.").unwrap_or(&action.action);
            let kind = action.source_type.as_ref().map_or_else(String::new, |kind| format!(" ({kind})"));
            done.push(format!("{name}{kind}"));
            done.dedup();
        }
        let done = if done.is_empty() { String::new() } else { format!("{}; ", done.join(", ")) };
        let by = self.generator.as_ref().map_or_else(String::new, |name| format!("written by {name}; "));
        let signer =
            self.signer.as_ref().map_or_else(|| "nobody's name".to_owned(), |name| format!("the name of {name}"));
        let stamp = if self.stamped { ", with a time stamp (not checked)" } else { "" };
        let signature = match self.signature {
            Signature::Holds => {
                "its signature holds: it is as that key signed it, but whether the certificate is really of the one it names nobody checked"
            }
            Signature::Broken => {
                "ITS SIGNATURE DOES NOT HOLD: it was changed since it was signed, or that key never signed it"
            }
            Signature::Unknown => {
                "whether its signature holds cannot be told, so anybody may have changed what it says"
            }
        };
        write!(f, "its C2PA manifest says: {generated}{done}{by}signed in {signer}{stamp}; {signature}; {bytes}")
    }
}

/// The first box of CBOR or JSON: kind and bytes.
fn content(inside: &[u8]) -> Option<(&[u8; 4], &[u8])> {
    Boxes(inside).find(|(kind, _)| matches!(*kind, b"cbor" | b"json"))
}

fn decoded((kind, bytes): (&[u8; 4], &[u8])) -> Option<Value> {
    match kind {
        _ if bytes.len() > LARGEST => None,
        b"cbor" => ciborium::from_reader(bytes).ok(),
        _ => serde_json::from_slice(bytes).ok(),
    }
}

/// The values in the first box of CBOR or JSON.
fn values(inside: &[u8]) -> Option<Value> {
    content(inside).and_then(decoded)
}

pub(super) fn get<'a>(map: &'a Value, key: &str) -> Option<&'a Value> {
    map.as_map()?.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value)
}

pub(super) fn list<'a>(map: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    get(map, key).and_then(Value::as_array).into_iter().flatten()
}

/// A text, in one line and not too long; none when there is nothing in it.
fn text(value: &Value) -> Option<String> {
    let words = value.as_text().or_else(|| match value {
        Value::Tag(0, inner) => inner.as_text(),
        _ => None,
    })?;
    let clean: String = words.chars().take(300).map(|c| if c.is_control() { ' ' } else { c }).collect();
    Some(clean.trim().to_owned()).filter(|clean| !clean.is_empty())
}

/// A program's name, with its version where it is stated apart.
fn program(info: &Value) -> Option<String> {
    let name = get(info, "name").and_then(text)?;
    Some(get(info, "version").and_then(text).map_or(name.clone(), |version| format!("{name} {version}")))
}

/// The program that wrote the manifest: stated as a map, as a list of maps, or in one word.
fn generator(stated: &Value) -> Option<String> {
    let info = get(stated, "claim_generator_info");
    let info = info.and_then(|info| info.as_array().map_or(Some(info), |all| all.first()));
    info.and_then(program).or_else(|| get(stated, "claim_generator").and_then(text))
}

/// The labels of what is asserted: the last step of each address.
fn labels(stated: &Value) -> Vec<String> {
    let lists = ["created_assertions", "gathered_assertions", "assertions"];
    let addresses = lists.into_iter().flat_map(|key| list(stated, key)).filter_map(|one| text(get(one, "url")?));
    addresses.filter_map(|url| url.rsplit('/').next().map(str::to_owned)).take(MOST).collect()
}

fn actions(of: &Value) -> Vec<Action> {
    let one = |action: &Value| {
        let agent = get(action, "softwareAgent");
        Some(Action {
            action: get(action, "action").and_then(text)?,
            source_type: get(action, "digitalSourceType")
                .and_then(text)
                .map(|term| term.rsplit('/').next().unwrap_or_default().to_owned()),
            agent: agent.and_then(|agent| text(agent).or_else(|| program(agent))),
            when: get(action, "when").and_then(text),
        })
    };
    list(of, "actions").filter_map(one).take(MOST).collect()
}

/// Hashes the file without what is excluded, and compares.
fn binding(hash: &Value, default: Option<&Value>, file: &[u8], manifest: &Range<usize>) -> Binding {
    let number = |map: &Value, key: &str| usize::try_from(get(map, key)?.as_integer()?).ok();
    let mut left_out = Vec::new();
    for one in list(hash, "exclusions") {
        let Some((start, length)) = number(one, "start").zip(number(one, "length")) else { return Binding::Unknown };
        left_out.push(start.min(file.len())..start.saturating_add(length).min(file.len()));
    }
    left_out.sort_by_key(|range| (range.start, range.end));
    let Some(expected) = get(hash, "hash").and_then(Value::as_bytes) else { return Binding::Unknown };
    let Some(found) = digest(get(hash, "alg").or(default), file, &left_out) else { return Binding::Unknown };
    let own = |range: &Range<usize>| manifest.start <= range.start && range.end <= manifest.end;
    match found == *expected {
        false => Binding::Differ,
        true if left_out.iter().all(|range| range.is_empty() || own(range)) => Binding::Match,
        true => Binding::Partly,
    }
}

/// The hash of bytes without what is left out, in order; none when it is of a kind that is not read.
pub(super) fn digest(algorithm: Option<&Value>, bytes: &[u8], left_out: &[Range<usize>]) -> Option<Vec<u8>> {
    match algorithm.and_then(Value::as_text)? {
        "sha256" => Some(hashed::<Sha256>(bytes, left_out)),
        "sha384" => Some(hashed::<Sha384>(bytes, left_out)),
        "sha512" => Some(hashed::<Sha512>(bytes, left_out)),
        _ => None,
    }
}

fn hashed<D: Digest>(bytes: &[u8], left_out: &[Range<usize>]) -> Vec<u8> {
    let (mut digest, mut at) = (D::new(), 0);
    for range in left_out {
        digest.update(&bytes[at..range.start.max(at)]);
        at = at.max(range.end);
    }
    digest.update(&bytes[at..]);
    digest.finalize().to_vec()
}
