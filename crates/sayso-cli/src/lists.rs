//! Names, words and places of the user's own, from plain files.
//!
//! In: the files that `--lists` and `--places` name. Out: the reader's lists with them. May not happen: a line that is left
//! out without a word; reports of one run read by different lists.

use anyhow::{Context, bail};
use sayso::read::r#where::Gazetteer;
use sayso::read::who::Lists;
use sha2::{Digest, Sha256};

/// Files that add to what the reader knows.
#[derive(Debug, clap::Args)]
pub(crate) struct Own {
    /// A file of outlets and words of your own (docs/formats.md); may be given again
    #[arg(long, value_name = "FILE")]
    lists: Vec<String>,
    /// A file of places of your own, separated by tabs (docs/formats.md); may be given again
    #[arg(long, value_name = "FILE")]
    places: Vec<String>,
}

impl Own {
    /// Adds the files to the reader's lists. Out: a mark of what was added, empty for nothing: readings by other lists are others.
    pub(crate) fn add(&self) -> anyhow::Result<String> {
        let (mut lists, mut places, mut broken) = (String::new(), String::new(), Vec::new());
        for file in &self.lists {
            let text = text(file)?;
            broken.extend(Lists::broken(&text).into_iter().map(|(line, why)| format!("{file}, line {line}: {why}")));
            lists.push_str(&text);
            lists.push('\n');
        }
        for file in &self.places {
            let text = text(file)?;
            let form = "not a place: name, GeoNames id, class, latitude, longitude, … between tabs";
            broken.extend(Gazetteer::broken(&text).into_iter().map(|line| format!("{file}, line {line}: {form}")));
            places.push_str(&text);
            places.push('\n');
        }
        if !broken.is_empty() {
            bail!("{}", broken.join("\n       "));
        }
        if lists.is_empty() && places.is_empty() {
            return Ok(String::new());
        }
        let digest = Sha256::digest(format!("{lists}\0{places}"));
        let late =
            !lists.is_empty() && !Lists::add_of_user(lists) || !places.is_empty() && !Gazetteer::add_of_user(places);
        if late {
            bail!("the lists were in use already");
        }
        Ok(format!("+own-{}", digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>()))
    }
}

fn text(file: &str) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{file} could not be read"))
}
