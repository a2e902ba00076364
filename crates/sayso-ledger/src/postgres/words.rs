//! The words of a text as PostgreSQL's full-text search takes them: cut as SQLite cuts them, so that both find the same.
//!
//! In: texts, or words that a person typed. Out: a `tsvector` or a `tsquery` as text. May not happen: words that are query syntax; a text
//! that cannot be kept because it has too many words.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::kept::typed;
use crate::store::Error;

/// Bytes of a word that count.
const LONGEST: usize = 2_000;
/// Bytes that a `tsvector` holds, with room for how it keeps them.
const ROOM: usize = 900_000;
/// Places that a `tsvector` can tell apart; later words begin again at the first.
const PLACES: usize = 16_383;
/// Places of one word that it keeps.
const OF_ONE: usize = 255;

/// Cuts texts into words.
pub(super) struct Words(Connection);

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words")
    }
}

impl Words {
    pub(super) fn new() -> Result<Self, Error> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(
            "CREATE VIRTUAL TABLE texts USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2');
             CREATE VIRTUAL TABLE words USING fts5vocab (texts, 'instance')",
        )?;
        Ok(Self(connection))
    }

    /// The words of each text, in their order: small letters without accents.
    fn of(&self, texts: &[&str]) -> Result<Vec<Vec<String>>, Error> {
        let write = self.0.unchecked_transaction()?;
        let mut insert = write.prepare_cached("INSERT INTO texts (rowid, text) VALUES (?1, ?2)")?;
        for (row, text) in (1_i64..).zip(texts) {
            insert.execute(params![row, text])?;
        }
        let mut out = vec![Vec::new(); texts.len()];
        let mut words = write.prepare_cached("SELECT doc, term FROM words ORDER BY doc, offset")?;
        let mut rows = words.query([])?;
        while let Some(row) = rows.next()? {
            let (text, mut word): (i64, String) = (row.get(0)?, row.get(1)?);
            word.truncate(word.floor_char_boundary(LONGEST));
            if let Some(words) = usize::try_from(text - 1).ok().and_then(|text| out.get_mut(text)) {
                words.push(word);
            }
        }
        // The transaction ends here, and with it what was inserted.
        Ok(out)
    }

    /// The `tsvector` of each text.
    pub(super) fn vectors(&self, texts: &[&str]) -> Result<Vec<String>, Error> {
        Ok(self.of(texts)?.iter().map(|words| vector(words)).collect())
    }

    /// The `tsquery` for texts that have all the words, or with `begin` words that begin so; none when there are no words. Each word is
    /// taken as a whole: `U.S.` is U followed by S.
    pub(super) fn query(&self, words: &str, begin: bool) -> Result<Option<String>, Error> {
        let typed: Vec<&str> = typed(words).collect();
        let more = if begin { ":*" } else { "" };
        let word = |words: &Vec<String>| {
            let parts: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            (!parts.is_empty()).then(|| format!("({}{more})", parts.join(" <-> ")))
        };
        let all: Vec<String> = self.of(&typed)?.iter().filter_map(word).collect();
        Ok((!all.is_empty()).then(|| all.join(" & ")))
    }
}

/// Words with their places; without places, then without the last words, where there is no room.
fn vector(words: &[String]) -> String {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (k, word) in words.iter().enumerate() {
        let of_one = places.entry(word).or_default();
        if of_one.len() < OF_ONE {
            of_one.push(k % PLACES + 1);
        }
    }
    let size = |word: &str, places: usize| word.len() + 4 + 2 * places;
    let with_places = places.iter().map(|(word, places)| size(word, places.len())).sum::<usize>() <= ROOM;
    let (mut out, mut used) = (String::new(), 0);
    for (word, places) in places {
        used += size(word, if with_places { places.len() } else { 0 });
        if used > ROOM {
            break;
        }
        out.push_str(&quoted(word));
        if with_places {
            let places: Vec<String> = places.iter().map(usize::to_string).collect();
            out.push_str(&format!(":{}", places.join(",")));
        }
        out.push(' ');
    }
    out
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_as_sqlite_cuts_them() {
        let words = Words::new().unwrap();
        assert_eq!(
            words.vectors(&["Флот said “Nö” — the U.S. no", ""]).unwrap(),
            ["'no':3,7 's':6 'said':2 'the':4 'u':5 'флот':1 ", ""]
        );
        assert_eq!(words.query("U.S. “Флот” —", false).unwrap().unwrap(), "('u' <-> 's') & ('флот')");
        assert_eq!(words.query("O'Bri", true).unwrap().unwrap(), "('o' <-> 'bri':*)");
        assert_eq!(words.query("— ' \\ \"", true).unwrap(), None);
    }

    #[test]
    fn what_is_too_long_is_kept_with_less() {
        let words: Vec<String> = (0..60_000).map(|k| format!("word{k}")).collect();
        assert!(vector(&words).contains(":1"));
        let words: Vec<String> = (0..200_000).map(|k| format!("word{k}")).collect();
        let long = vector(&words);
        assert!(!long.contains(':') && long.len() < ROOM * 2, "{}", long.len());
    }
}
