//! States and territories with their capitals, seats of government, and demonyms: the plain file
//! `data/states.tsv`, to which a user may add lines of the same form.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::fold::fold;

/// One state or territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// ISO 3166 alpha-2 (`EU` for the European Union, `XK` for Kosovo).
    pub code: String,
    /// ISO 3166 alpha-3, or empty.
    pub iso3: String,
    /// GeoNames id.
    pub geonameid: u32,
    /// Its usual name in English.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Capitals; the official one first, then other spellings and seats of government by law.
    pub capitals: Vec<String>,
    /// Buildings, streets and towns whose name stands for the government.
    pub seats: Vec<String>,
    /// Adjectives and singular demonyms ("Ukrainian", "Briton").
    pub adjectives: Vec<String>,
    /// Plural demonyms ("Ukrainians", "Britons").
    pub plurals: Vec<String>,
}

/// What a name says of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// The state's own name ("Ukraine", "the UK").
    Name,
    /// Its adjective, or one of its people ("Ukrainian").
    Adjective,
    /// Its people ("Ukrainians").
    People,
    /// Its seat of government ("the Kremlin").
    Seat,
    /// Its capital ("Moscow").
    Capital,
}

/// The states, by every form of their names.
#[derive(Debug, Clone, Default)]
pub struct States {
    rows: Vec<State>,
    /// Folded name to the rows it may mean and the spelling there, the best form first.
    index: BTreeMap<String, Vec<(Form, usize, String)>>,
}

impl States {
    /// The shipped list.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<States> = OnceLock::new();
        SHIPPED.get_or_init(|| Self::default().with_extra(include_str!("../../../data/states.tsv")).0)
    }

    /// This list with the lines of another file, and the numbers (from 1) of the lines that are not
    /// of the form. A line whose code is there already adds its names to that state.
    #[must_use]
    pub fn with_extra(&self, tsv: &str) -> (Self, Vec<usize>) {
        let (mut all, mut bad) = (self.clone(), Vec::new());
        for (k, line) in tsv.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            match State::parse(line) {
                Some(state) => all.add(state),
                None => bad.push(k + 1),
            }
        }
        (all, bad)
    }

    fn add(&mut self, state: State) {
        let row = self.rows.iter().position(|r| r.code == state.code).unwrap_or(self.rows.len());
        let forms = std::iter::once((Form::Name, &state.name))
            .chain(state.aliases.iter().map(|n| (Form::Name, n)))
            .chain(state.adjectives.iter().map(|n| (Form::Adjective, n)))
            .chain(state.plurals.iter().map(|n| (Form::People, n)))
            .chain(state.seats.iter().map(|n| (Form::Seat, n)))
            .chain(state.capitals.iter().map(|n| (Form::Capital, n)));
        for (form, name) in forms {
            let meanings = self.index.entry(fold(name)).or_default();
            if !meanings.iter().any(|(f, r, n)| (*f, *r, n) == (form, row, name)) {
                meanings.push((form, row, name.clone()));
                meanings.sort_by_key(|m| m.0);
            }
        }
        match self.rows.get_mut(row) {
            None => self.rows.push(state),
            Some(old) => {
                old.aliases.extend(state.aliases);
                old.capitals.extend(state.capitals);
                old.seats.extend(state.seats);
                old.adjectives.extend(state.adjectives);
                old.plurals.extend(state.plurals);
            }
        }
    }

    /// Every state the words may mean, the plainest form first. Accents, apostrophes, dots and a
    /// leading "the" do not count; case does: a name starts with a capital, an abbreviation is all
    /// capitals ("us" is no state).
    pub fn meanings<'a>(&'a self, words: &'a str) -> impl Iterator<Item = (Form, &'a State)> + 'a {
        let found = self.index.get(&fold(words)).map_or(&[][..], Vec::as_slice);
        found.iter().filter(move |m| same_case(words, &m.2)).map(|m| (m.0, &self.rows[m.1]))
    }

    /// The state the words mean in their plainest sense, if any.
    #[must_use]
    pub fn of(&self, words: &str) -> Option<(Form, &State)> {
        self.index.get(&fold(words))?.iter().find(|m| same_case(words, &m.2)).map(|m| (m.0, &self.rows[m.1]))
    }

    fn in_form(&self, words: &str, forms: &[Form]) -> Option<&State> {
        let found = self.index.get(&fold(words))?;
        found.iter().find(|m| forms.contains(&m.0) && same_case(words, &m.2)).map(|m| &self.rows[m.1])
    }

    /// The state of that name ("Ukraine", "the UK").
    #[must_use]
    pub fn country(&self, words: &str) -> Option<&State> {
        self.in_form(words, &[Form::Name])
    }

    /// The state with that capital ("Moscow").
    #[must_use]
    pub fn capital(&self, words: &str) -> Option<&State> {
        self.in_form(words, &[Form::Capital])
    }

    /// The state whose government sits there ("the Kremlin"); capitals are not among them.
    #[must_use]
    pub fn seat(&self, words: &str) -> Option<&State> {
        self.in_form(words, &[Form::Seat])
    }

    /// The state of that adjective or people ("Ukrainian", "Ukrainians").
    #[must_use]
    pub fn demonym(&self, words: &str) -> Option<&State> {
        self.in_form(words, &[Form::Adjective, Form::People])
    }

    /// The state with that ISO alpha-2 or alpha-3 code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&State> {
        self.rows.iter().find(|r| r.code == code || (!code.is_empty() && r.iso3 == code))
    }

    /// All states, in the order of the file.
    #[must_use]
    pub fn all(&self) -> &[State] {
        &self.rows
    }
}

impl State {
    fn parse(line: &str) -> Option<Self> {
        let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        let [code, iso3, geonameid, name, rest @ ..] = columns.as_slice() else { return None };
        if code.is_empty() || name.is_empty() || rest.len() > 5 {
            return None;
        }
        let list = |k: usize| -> Vec<String> {
            let cell = rest.get(k).copied().unwrap_or_default();
            cell.split('|').map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned).collect()
        };
        Some(Self {
            code: (*code).to_owned(),
            iso3: (*iso3).to_owned(),
            geonameid: if geonameid.is_empty() { 0 } else { geonameid.parse().ok()? },
            name: (*name).to_owned(),
            aliases: list(0),
            capitals: list(1),
            seats: list(2),
            adjectives: list(3),
            plurals: list(4),
        })
    }
}

/// Whether `words` have the capitals that `name` must have.
fn same_case(words: &str, name: &str) -> bool {
    let words = words.strip_prefix("the ").unwrap_or(words);
    let abbreviation = !name.chars().any(char::is_lowercase);
    if abbreviation {
        !words.chars().any(char::is_lowercase)
    } else {
        words.chars().next().is_some_and(|c| !c.is_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_their_state() {
        let states = States::shipped();
        for (words, form, code) in [
            ("the Kremlin", Form::Seat, "RU"),
            ("Moscow", Form::Capital, "RU"),
            ("Ukrainians", Form::People, "UA"),
            ("U.S.", Form::Name, "US"),
            ("the US", Form::Name, "US"),
            ("Côte d'Ivoire", Form::Name, "CI"),
            ("British", Form::Adjective, "GB"),
            ("UKRAINIAN", Form::Adjective, "UA"),
            ("Kiev", Form::Capital, "UA"),
            ("the White House", Form::Seat, "US"),
            ("Downing Street", Form::Seat, "GB"),
        ] {
            let (found, state) = states.of(words).unwrap_or_else(|| panic!("{words} is not known"));
            assert_eq!((found, state.code.as_str()), (form, code), "{words}");
        }
        let brussels: Vec<&str> = states.meanings("Brussels").map(|m| m.1.code.as_str()).collect();
        assert_eq!(brussels, ["BE", "EU"]);
    }

    #[test]
    fn words_that_only_look_alike_are_no_state() {
        let states = States::shipped();
        for words in ["us", "turkey", "polish", "", "male", "car", "It", "the"] {
            assert_eq!(states.of(words).map(|m| m.1.name.clone()), None, "{words}");
        }
    }

    #[test]
    fn every_line_is_read_and_a_user_may_add() {
        let (all, bad) = States::default().with_extra(include_str!("../../../data/states.tsv"));
        assert_eq!(bad, Vec::<usize>::new());
        assert!(all.all().len() > 240 && all.all().iter().all(|s| s.geonameid > 0));
        let (more, bad) = all.with_extra("RU\t\t\tRussia\t\t\tStaraya Square\nnothing\nZZ\tZZZ\t\tFreedonia\t\tFredville\t\tFreedonian\tFreedonians\n");
        assert_eq!(bad, [2]);
        assert_eq!(more.seat("Staraya Square").map(|s| s.code.as_str()), Some("RU"));
        assert_eq!(more.demonym("Freedonians").map(|s| s.name.as_str()), Some("Freedonia"));
        assert_eq!(more.by_code("ZZZ").map(|s| s.name.as_str()), Some("Freedonia"));
    }
}
