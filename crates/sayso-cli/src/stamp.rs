//! `sayso stamp`: an authority's word that a file was there at a moment, and was what it is now (RFC 3161).
//!
//! In: a file, most of all a case as `sayso export --format wacz` writes it; an authority's answer. Out: a request to send; what the answer
//! says, when its signature holds. May not happen: a server that is asked without being named; an answer that is believed unchecked.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sayso_ledger::timestamp::{Token, read, request};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::fetch::{self, Limits};
use crate::ledger::Shape;
use crate::text::clean;
use crate::{Outcome, output};

/// Have an authority stamp a file, or check its stamp: that these bytes were there at that moment (RFC 3161).
///
/// A case with its captures and its journal is one file when it is exported as WACZ. The authority sees the file's hash and nothing else.
/// A request can be sent by whatever way you like; an answer is checked without the network, by the certificate in it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso export --case raid --format wacz -o raid.wacz
  sayso stamp raid.wacz --request raid.tsq
  curl -H 'Content-Type: application/timestamp-query' --data-binary @raid.tsq https://tsa.example > raid.tsr
  sayso stamp raid.wacz --answer raid.tsr --root tsa-root.pem
  sayso stamp raid.wacz --server https://tsa.example --answer raid.tsr    asks now, and keeps the answer")]
pub(crate) struct Args {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write a request (.tsq) here, to be sent to an authority by hand
    #[arg(long, value_name = "FILE", conflicts_with_all = ["answer", "server", "root"])]
    request: Option<PathBuf>,
    /// The authority's answer (.tsr): to be checked, or with --server to be written
    #[arg(long, value_name = "FILE", required_unless_present = "request")]
    answer: Option<PathBuf>,
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

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let hash = hash(&args.file)?;
    if let Some(to) = &args.request {
        write(to, &request(&hash, nonce()?))?;
        output::text(&(clean(&format!("{} is ready to be sent to an authority.", to.display())) + "\n"))?;
        return Ok(Outcome::Done);
    }
    let Some(kept) = &args.answer else { bail!("name the answer with --answer, or --request to make a request") };
    let answer = match &args.server {
        Some(server) => asked(server, &hash, args.limits)?,
        None => std::fs::read(kept).with_context(|| format!("{} could not be read", kept.display()))?,
    };
    let whose = args.server.as_deref().map_or_else(|| kept.display().to_string(), str::to_owned);
    let token = read(&answer).with_context(|| format!("the answer of {whose} proves nothing"))?;
    if token.hash != hash {
        bail!("the stamp is on another file, or {} was changed since: their hashes differ", args.file.display());
    }
    if let Some(root) = &args.root {
        let roots = std::fs::read(root).with_context(|| format!("{} could not be read", root.display()))?;
        token.leads_to(&roots)?;
    }
    if args.server.is_some() {
        write(kept, &answer)?;
    }
    tell(args, &token)?;
    Ok(Outcome::Done)
}

fn tell(args: &Args, token: &Token) -> anyhow::Result<()> {
    let hash: String = token.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    if args.form.is_json() {
        let (file, root) = (args.file.display().to_string(), args.root.is_some());
        return output::json(
            &json!({"file": file, "sha256": hash, "at": token.at, "authority": token.authority, "serial": token.serial, "root_checked": root}),
        );
    }
    let trust = match &args.root {
        Some(root) => format!("Its certificate leads to {}.", root.display()),
        None => "Its certificate was not held against a root that you trust: --root does that.".to_owned(),
    };
    let said = format!(
        "{} stamped {} (SHA-256 {hash}) on {}. The signature holds, and the file is the same. {trust}",
        token.authority,
        args.file.display(),
        token.at
    );
    output::text(&(clean(&said) + "\n"))
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
