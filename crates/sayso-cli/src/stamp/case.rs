//! Stamps on a case: what it rests on as a list, and what an authority says of that.

use std::path::Path;

use anyhow::{Context, bail};
use sayso_ledger::custody::{Held, held, list, list_hash};
use sayso_ledger::timestamp::{Token, request};
use sayso_ledger::{Listed, Store};
use serde_json::{Value, json};

use super::{Args, answered, as_json, nonce, ready, trust, trusted, write};
use crate::ledger::Place;
use crate::text::clean;
use crate::verify::told;
use crate::{Outcome, output};

pub(super) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let (mut store, case) = (place.open_existing()?, place.case.as_str());
    if !store.cases()?.iter().any(|known| known == case) {
        bail!("the ledger has no case named {case}: --case names one, and a file is stamped as `sayso stamp FILE`");
    }
    let asks = args.request.is_some() || args.server.is_some();
    if asks {
        // What is there now is what the answer will be about, whenever it comes.
        let list = list(store.as_ref(), case)?;
        store.keep_list(case, &Listed { list: list.clone(), answer: Vec::new() })?;
        if let Some(file) = &args.list {
            write(file, list.as_bytes())?;
        }
        let hash = list_hash(&list);
        if let Some(to) = &args.request {
            write(to, &request(&hash, nonce()?))?;
            ready(to)?;
            return Ok(Outcome::Done);
        }
        let (answer, token) = answered(args, Path::new(""), &hash)?;
        if let Some(file) = &args.answer {
            write(file, &answer)?;
        }
        return take(args, store.as_mut(), case, list, answer, &token);
    }
    let Some(file) = &args.answer else { return show(args, store.as_ref(), case) };
    let (answer, token) = answered(args, file, &[0; 32])?;
    let list = list_of(args, store.as_ref(), case, &token)?;
    take(args, store.as_mut(), case, list, answer, &token)
}

/// The list that a stamp is about: of the ledger, else of the file that was named.
fn list_of(args: &Args, store: &dyn Store, case: &str, token: &Token) -> anyhow::Result<String> {
    let known = store.lists(case)?.into_iter().map(|listed| listed.list).find(|list| list_hash(list) == token.hash);
    match (known, &args.list) {
        (Some(list), _) => Ok(list),
        (None, Some(file)) => {
            let list =
                std::fs::read_to_string(file).with_context(|| format!("{} could not be read", file.display()))?;
            if list_hash(&list) != token.hash {
                bail!("the stamp is on another list than {}, or that was changed since", file.display());
            }
            Ok(list)
        }
        (None, None) => bail!(
            "the stamp is on nothing that this ledger knows of case {case}: its list was taken out (--list brings it back), or it is on something else"
        ),
    }
}

/// Keeps a stamp and tells how the case stands to it.
fn take(
    args: &Args,
    store: &mut dyn Store,
    case: &str,
    list: String,
    answer: Vec<u8>,
    token: &Token,
) -> anyhow::Result<Outcome> {
    if token.hash != list_hash(&list) {
        bail!("the answer is to another request");
    }
    trusted(args, token)?;
    store.keep_list(case, &Listed { list, answer })?;
    show(args, store, case)
}

/// The stamps of a case.
fn show(args: &Args, store: &dyn Store, case: &str) -> anyhow::Result<Outcome> {
    let stamps: Vec<Held> = held(store)?.into_iter().filter(|stamp| stamp.case == case).collect();
    stamps.iter().filter_map(|stamp| stamp.token.as_ref()).try_for_each(|token| trusted(args, token))?;
    let broken = stamps.iter().any(|stamp| !stamp.changed.is_empty());
    let outcome = if broken { Outcome::SomeUnread } else { Outcome::Done };
    if args.form.is_json() {
        output::json(&stamps.iter().map(|stamp| one(stamp, args)).collect::<Vec<_>>())?;
        return Ok(outcome);
    }
    if stamps.is_empty() {
        output::text("No stamp yet: --request FILE makes a request for one, --server URL asks at once.\n")?;
        return Ok(outcome);
    }
    let mut lines = Vec::new();
    for stamp in &stamps {
        lines.extend(told(stamp));
        lines.extend(stamp.changed.iter().map(|damage| format!("  {}: {}", damage.what, damage.message)));
    }
    lines.push(trust(args).replace("Its certificate", "The certificate"));
    output::text(&lines.iter().map(|line| indented(line)).collect::<String>())?;
    Ok(outcome)
}

/// A line made harmless, with the two cells that set it off.
pub(crate) fn indented(line: &str) -> String {
    let set_off = if line.starts_with("  ") { "  " } else { "" };
    format!("{set_off}{}\n", clean(line))
}

fn one(stamp: &Held, args: &Args) -> Value {
    let named = |list: &[sayso_ledger::Damage]| -> Vec<Value> {
        list.iter().map(|one| json!({"what": one.what, "message": one.message})).collect()
    };
    let mut out = stamp.token.as_ref().map_or_else(|| json!({}), |token| as_json(token, args));
    out["case"] = stamp.case.as_str().into();
    out["things"] = stamp.things.into();
    out["changed"] = named(&stamp.changed).into();
    out["accounted"] = named(&stamp.accounted).into();
    out["added"] = stamp.added.clone().into();
    out
}
