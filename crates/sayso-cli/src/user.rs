//! `sayso user`: who may log in to the workbench, and what they may do there.
//!
//! In: names, roles, passwords. Out: rows of the ledger; of a password only its argon2 hash. May not happen: a password on the command line,
//! on the screen, or in the ledger.

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, bail};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use clap::ValueEnum;
use console::Term;
use sayso_ledger::User;
use serde_json::json;

use crate::columns::{self, Column, Row};
use crate::ledger::{Place, Shape};
use crate::terminal::{Style, Terminal};
use crate::text::clean;
use crate::{Outcome, output, time};

/// Characters of a password, at least.
const SHORTEST: usize = 8;
/// And at most: a hash of more would only take time.
const LONGEST: usize = 1_000;

/// Say who may log in to the workbench. A ledger with users is shown to nobody without a login.
///
/// The password is asked for, or is the first line of standard input.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso user add ines --role reviewer
  sayso user list
  sayso user remove ines")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    form: Shape,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Let somebody log in, or give them another role and password
    Add {
        /// The name under which decisions are kept
        name: String,
        /// What they may do
        #[arg(long, value_enum)]
        role: Role,
    },
    /// Show everybody who may log in
    List,
    /// Let somebody log in no longer
    Remove {
        /// Whom
        name: String,
    },
}

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Role {
    /// Looks
    Reader,
    /// Adds reports and decides, too
    Reviewer,
    /// May do everything
    Owner,
}

impl Role {
    /// Whether the person may add reports and decide.
    pub(crate) fn decides(self) -> bool {
        self >= Self::Reviewer
    }

    /// A role as the ledger has it; who has none that is known only looks.
    pub(crate) fn named(name: &str) -> Self {
        Self::from_str(name, false).unwrap_or(Self::Reader)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Reader => "reader",
            Self::Reviewer => "reviewer",
            Self::Owner => "owner",
        })
    }
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    match &args.what {
        What::Add { name, role } => add(name, *role, place)?,
        What::List => list(&place.open_existing()?.users()?, &args.form)?,
        What::Remove { name } => {
            if !place.open_existing()?.remove_user(name)? {
                bail!("there is no user {name}: `sayso user list` shows all");
            }
            output::text(&format!("{} can log in no longer.\n", clean(name)))?;
        }
    }
    Ok(Outcome::Done)
}

fn add(name: &str, role: Role, place: &Place) -> anyhow::Result<()> {
    let plain = !name.is_empty() && name.chars().count() <= 60 && clean(name) == name;
    if !plain {
        bail!("a user's name has 1 to 60 characters and no line breaks");
    }
    let password = password()?;
    let user = User { name: name.to_owned(), role: role.to_string(), hash: hash(&password)?, since: time::now() };
    place.open()?.put_user(&user)?;
    output::text(&format!("{name} can log in now, as {role}.\n"))
}

fn list(users: &[User], form: &Shape) -> anyhow::Result<()> {
    if form.is_json() {
        let user = |user: &User| json!({"name": user.name, "role": user.role, "since": user.since});
        return output::json(&users.iter().map(user).collect::<Vec<_>>());
    }
    if users.is_empty() {
        return output::text("Nobody needs to log in. `sayso user add NAME --role owner` changes that.\n");
    }
    let row = |user: &User| -> Row {
        vec![
            vec![(Style::Strong, clean(&user.name))],
            vec![(Style::Plain, user.role.clone())],
            vec![(Style::Quiet, time::shown(&user.since))],
        ]
    };
    let columns = [Column::share("NAME", 0), Column::fixed("ROLE", 10), Column::fixed("SINCE", 24)];
    output::text(&columns::render(&columns, &users.iter().map(row).collect::<Vec<_>>(), Terminal::stdout()))
}

fn password() -> anyhow::Result<String> {
    let typed = if std::io::stdin().is_terminal() {
        let term = Term::stderr();
        term.write_str("Password: ")?;
        term.read_secure_line()?
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).context("the password could not be read")?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    if !(SHORTEST..=LONGEST).contains(&typed.chars().count()) {
        bail!("a password has {SHORTEST} to {LONGEST} characters");
    }
    Ok(typed)
}

fn hash(password: &str) -> anyhow::Result<String> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow::anyhow!("the password could not be hashed: {error}"))?;
    Ok(hash.to_string())
}

/// Whether a password is that of a user; takes as long when there is no such user.
pub(crate) fn verify(user: Option<&User>, password: &str) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let hash = PasswordHash::new(user.map_or(NOBODY, |user| &user.hash));
    let fits = hash.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    fits && user.is_some() && password.chars().count() <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_fits_and_nobody_has_one() {
        let hash = hash("correct horse").unwrap();
        let user = User { name: "ines".into(), role: "owner".into(), hash, since: String::new() };
        assert!(verify(Some(&user), "correct horse"));
        assert!(!verify(Some(&user), "wrong horse"));
        assert!(!verify(None, "correct horse"));
    }
}
