//! `sayso stamp`: an authority's word that a case, or a file, was there at a moment, and was what it is now (RFC 3161).
//!
//! In: a case, of which the list of all that it rests on is stamped, or a file, such as a case that `sayso export --format wacz` wrote; an
//! authority's answer. Out: a request to send; what the answer says, when its signature holds; of a case, the stamp in its ledger. May not
//! happen: a server that is asked without being named; an answer that is believed, or kept, unchecked.

mod case;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sayso_ledger::timestamp::{Token, read, request};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::fetch::{self, Limits};
use crate::ledger::{Place, Shape};
use crate::text::clean;
use crate::{Outcome, output};

pub(crate) use case::indented;

/// Have an authority stamp a case, or a file: that it was there at that moment, and was what it is now (RFC 3161).
///
/// Of a case, all that it rests on is stamped: captures with where and when they came from, reports, readings, decisions. The stamp is kept
/// in the ledger, and `sayso verify` holds the case against it from then on: what was changed, taken out or added since is named, even if
/// whoever did it made all hashes anew. Keep the answer (--answer) and the list (--list) elsewhere, too: then that holds even if the stamp
/// is taken out of the ledger. Without options the stamps of the case are listed.
///
/// The authority sees a hash and nothing else. A request can be sent by whatever way you like; an answer is checked without the network, by
/// the certificate in it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso stamp --case raid --request raid.tsq
  curl -H 'Content-Type: application/timestamp-query' --data-binary @raid.tsq https://tsa.example > raid.tsr
  sayso stamp --case raid --answer raid.tsr --root tsa-root.pem
  sayso stamp --case raid --server https://tsa.example    the same at once
  sayso stamp --case raid                                 the stamps it has

  sayso export --case raid --format wacz -o raid.wacz
  sayso stamp raid.wacz --request raid.tsq
  sayso stamp raid.wacz --answer raid.tsr --root tsa-root.pem
  sayso stamp raid.wacz --server https://tsa.example --answer raid.tsr    asks now, and keeps the answer")]
pub(crate) struct Args {
    /// A file to stamp, instead of the case
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Write a request (.tsq) here, to be sent to an authority by hand
    #[arg(long, value_name = "FILE", conflicts_with_all = ["answer", "server", "root"])]
    request: Option<PathBuf>,
    /// The authority's answer (.tsr): to be checked, or with --server to be written
    #[arg(long, value_name = "FILE")]
    answer: Option<PathBuf>,
    /// The list of all that the case rests on, which is what is stamped: to be written, or with an --answer to a list that the ledger has no
    /// longer, to be read
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    list: Option<PathBuf>,
    /// Ask this authority, now
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// The certificate (PEM) of a root that you trust: the stamp must lead to it
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    form: Shape,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    match &args.file {
        Some(file) => of_file(args, file),
        None => case::run(args, place),
    }
}

fn of_file(args: &Args, file: &Path) -> anyhow::Result<Outcome> {
    let hash = hash(file)?;
    if let Some(to) = &args.request {
        write(to, &request(&hash, nonce()?))?;
        return ready(to).map(|()| Outcome::Done);
    }
    let Some(kept) = &args.answer else { bail!("name the answer with --answer, or --request to make a request") };
    let (answer, token) = answered(args, kept, &hash)?;
    if token.hash != hash {
        bail!("the stamp is on another file, or {} was changed since: their hashes differ", file.display());
    }
    trusted(args, &token)?;
    if args.server.is_some() {
        write(kept, &answer)?;
    }
    if args.form.is_json() {
        let mut told = as_json(&token, args);
        told["file"] = file.display().to_string().into();
        output::json(&told)?;
        return Ok(Outcome::Done);
    }
    let said = format!(
        "{} stamped {} (SHA-256 {}) on {}. The signature holds, and the file is the same. {}",
        token.authority,
        file.display(),
        hex(&token.hash),
        token.at,
        trust(args)
    );
    output::text(&(clean(&said) + "\n"))?;
    Ok(Outcome::Done)
}

fn ready(request: &Path) -> anyhow::Result<()> {
    output::text(&(clean(&format!("{} is ready to be sent to an authority.", request.display())) + "\n"))
}

/// An authority's answer, from the server that was named or from a file, and what it says. It is checked, but for what it is about.
fn answered(args: &Args, kept: &Path, hash: &[u8; 32]) -> anyhow::Result<(Vec<u8>, Token)> {
    let answer = match &args.server {
        Some(server) => asked(server, hash, args.limits)?,
        None => std::fs::read(kept).with_context(|| format!("{} could not be read", kept.display()))?,
    };
    let whose = args.server.as_deref().map_or_else(|| kept.display().to_string(), str::to_owned);
    let token = read(&answer).with_context(|| format!("the answer of {whose} proves nothing"))?;
    Ok((answer, token))
}

/// Fails when a root was named to which the certificate does not lead.
fn trusted(args: &Args, token: &Token) -> anyhow::Result<()> {
    let Some(root) = &args.root else { return Ok(()) };
    let roots = std::fs::read(root).with_context(|| format!("{} could not be read", root.display()))?;
    Ok(token.leads_to(&roots)?)
}

fn trust(args: &Args) -> String {
    match &args.root {
        Some(root) => format!("Its certificate leads to {}.", root.display()),
        None => "Its certificate was not held against a root that you trust: --root does that.".to_owned(),
    }
}

fn as_json(token: &Token, args: &Args) -> Value {
    json!({"sha256": hex(&token.hash), "at": token.at, "authority": token.authority, "serial": token.serial,
           "root_checked": args.root.is_some()})
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a server answers.
fn asked(server: &str, hash: &[u8; 32], limits: Limits) -> anyhow::Result<Vec<u8>> {
    let nonce = nonce()?;
    let answer = fetch::timestamp(server, &request(hash, nonce), limits);
    let answer = answer.map_err(|why| anyhow::anyhow!("{server} gave no time stamp: {why}"))?;
    let token = read(&answer).with_context(|| format!("the answer of {server} proves nothing"))?;
    if !token.answers(nonce) {
        bail!("the answer of {server} is to another request");
    }
    Ok(answer)
}

fn nonce() -> anyhow::Result<u64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("this machine gives no random numbers: {error}"))?;
    Ok(u64::from_be_bytes(bytes))
}

fn write(to: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(to, bytes).with_context(|| format!("{} could not be written", to.display()))
}

/// A file's SHA-256, whatever its size.
fn hash(file: &Path) -> anyhow::Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    let mut bytes = std::fs::File::open(file).with_context(|| format!("{} could not be opened", file.display()))?;
    std::io::copy(&mut bytes, &mut hasher).with_context(|| format!("{} could not be read", file.display()))?;
    Ok(hasher.finalize().into())
}
