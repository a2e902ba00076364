//! The gazetteer: names to places. Embedded as one packed table ([`super::pack`] says how it is laid
//! out) that is read where it lies; a plain file adds names to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::fold::{fold, sound};
use super::pack::{self, Packed};
use super::states::States;

/// What kind of place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Class {
    /// A continent.
    Continent,
    /// A state or territory.
    Country,
    /// A first-level unit: state, province, oblast.
    Admin1,
    /// A second-level unit: county, district.
    Admin2,
    /// A smaller unit.
    Admin3,
    /// A region that is no unit: "the Sahel", "Donbas".
    Region,
    /// The capital of a country.
    Capital,
    /// The seat of a first-level unit.
    Seat1,
    /// The seat of a second-level unit.
    Seat2,
    /// The seat of a smaller unit.
    Seat3,
    /// Any other town or village.
    City,
    /// A part of a town.
    Section,
    /// A sea, lake, river, strait.
    Water,
    /// A mountain, island, desert, valley.
    Land,
    /// A building, camp, base, crossing.
    Spot,
}

impl Class {
    /// All classes, in the order of their numbers, and their names in readings and files.
    pub const ALL: &'static [(Class, &'static str)] = &[
        (Class::Continent, "continent"),
        (Class::Country, "country"),
        (Class::Admin1, "admin1"),
        (Class::Admin2, "admin2"),
        (Class::Admin3, "admin3"),
        (Class::Region, "region"),
        (Class::Capital, "capital"),
        (Class::Seat1, "seat1"),
        (Class::Seat2, "seat2"),
        (Class::Seat3, "seat3"),
        (Class::City, "city"),
        (Class::Section, "section"),
        (Class::Water, "water"),
        (Class::Land, "land"),
        (Class::Spot, "spot"),
    ];

    /// Its name in readings and files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The class of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|c| c.1 == name).map(|c| c.0)
    }

    /// Whether it is a town, village, or part of one.
    #[must_use]
    pub fn is_town(self) -> bool {
        (Class::Capital..=Class::Section).contains(&self)
    }

    /// Whether it is an administrative unit below the country.
    #[must_use]
    pub fn is_unit(self) -> bool {
        (Class::Admin1..=Class::Admin3).contains(&self)
    }
}

/// One place of the gazetteer.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'a> {
    /// Its number in the gazetteer.
    pub index: usize,
    /// GeoNames id; 0 when it has none.
    pub geonameid: u32,
    /// The gazetteer's name.
    pub name: &'a str,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// What kind of place.
    pub class: Class,
    /// People, to about a tenth; for a place without people, how much it is in the news, on the same scale.
    pub population: f64,
    /// ISO 3166 alpha-2, or empty.
    pub country: &'a str,
    /// Number of the first-level unit it lies in.
    pub admin1: Option<usize>,
    /// Number of the second-level unit it lies in.
    pub admin2: Option<usize>,
}

/// How a name is a place's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameForm {
    /// Its main name.
    Main,
    /// Another name of it.
    Other,
    /// The adjective or the people of it ("Crimean", "Ukrainians").
    Adjective,
}

/// A place that a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Found {
    /// How the name is its name.
    pub form: NameForm,
    /// Number of the entry.
    pub index: usize,
}

/// An entry that a plain file added.
#[derive(Debug, Clone, PartialEq)]
struct Added {
    geonameid: u32,
    name: String,
    lat: f64,
    lon: f64,
    class: Class,
    population: f64,
    country: String,
}

/// Names to places: the embedded table and what plain files add to it.
#[derive(Debug, Clone)]
pub struct Gazetteer {
    packed: Packed<'static>,
    added: Vec<Added>,
    keys: BTreeMap<String, BTreeSet<Found>>,
}

static SHIPPED: OnceLock<Gazetteer> = OnceLock::new();
static USER: OnceLock<String> = OnceLock::new();
static BYTES: &[u8] = include_bytes!("../../../data/gazetteer.bin");

impl Gazetteer {
    /// The gazetteer that is built in: the packed table, the states, and `data/regions.tsv`.
    pub fn shipped() -> &'static Self {
        SHIPPED.get_or_init(|| {
            let mut all = Self::bare().with_extra(include_str!("../../../data/regions.tsv")).0;
            all.add_states(States::shipped());
            match USER.get() {
                Some(tsv) => all.with_extra(tsv).0,
                None => all,
            }
        })
    }

    fn bare() -> Self {
        Self { packed: Packed::new(BYTES), added: Vec::new(), keys: BTreeMap::new() }
    }

    /// Adds a user's file to the gazetteer of this process, in the form of [`Gazetteer::with_extra`]. Out: whether it counts;
    /// it does not once anything was read, so that all reports are read by the same gazetteer.
    #[must_use]
    pub fn add_of_user(tsv: String) -> bool {
        USER.set(tsv).is_ok() && SHIPPED.get().is_none()
    }

    /// The numbers, from 1, of the lines of a user's file that are not of the form.
    #[must_use]
    pub fn broken(tsv: &str) -> Vec<usize> {
        Self::bare().with_extra(tsv).1
    }

    /// This gazetteer with the lines of a plain file, and the numbers (from 1) of the lines that are not of the form.
    ///
    /// A line has, separated by tabs: name, GeoNames id (or nothing), class (a name of [`Class::ALL`]), latitude,
    /// longitude, country code, people (or how much it is in the news, on that scale), other names and adjectives
    /// (both separated by `|`). A line whose id is that of a country or unit of the gazetteer, and that has no
    /// coordinates, adds its names to that place. Lines that start with `#` are comments.
    #[must_use]
    pub fn with_extra(&self, tsv: &str) -> (Self, Vec<usize>) {
        let (mut all, mut bad) = (self.clone(), Vec::new());
        for (k, line) in tsv.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            if all.add_line(line).is_none() {
                bad.push(k + 1);
            }
        }
        (all, bad)
    }

    fn add_line(&mut self, line: &str) -> Option<()> {
        let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        let column = |k: usize| columns.get(k).copied().unwrap_or_default();
        let (name, id) = (column(0), column(1));
        let geonameid: u32 = if id.is_empty() { 0 } else { id.parse().ok()? };
        if name.is_empty() || columns.len() > 9 {
            return None;
        }
        let index = if column(3).is_empty() {
            self.packed.unit(geonameid)?
        } else {
            let (lat, lon): (f64, f64) = (column(3).parse().ok()?, column(4).parse().ok()?);
            if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
                return None;
            }
            self.added.push(Added {
                geonameid,
                name: name.to_owned(),
                lat,
                lon,
                class: Class::named(column(2))?,
                population: if column(6).is_empty() { 0.0 } else { column(6).parse().ok()? },
                country: column(5).to_owned(),
            });
            self.packed.len() + self.added.len() - 1
        };
        self.add_name(name, Found { form: NameForm::Main, index });
        for (k, form) in [(7, NameForm::Other), (8, NameForm::Adjective)] {
            for other in column(k).split('|').filter(|n| !n.trim().is_empty()) {
                self.add_name(other, Found { form, index });
            }
        }
        Some(())
    }

    fn add_name(&mut self, name: &str, found: Found) {
        self.keys.entry(fold(name)).or_default().insert(found);
    }

    fn add_states(&mut self, states: &States) {
        for state in states.all() {
            let Some(index) = self.packed.unit(state.geonameid) else { continue };
            self.add_name(&state.name, Found { form: NameForm::Main, index });
            let others = state.aliases.iter().map(|n| (n, NameForm::Other));
            let peoples = state.adjectives.iter().chain(&state.plurals).map(|n| (n, NameForm::Adjective));
            for (name, form) in others.chain(peoples) {
                self.add_name(name, Found { form, index });
            }
        }
    }

    /// How many places there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.packed.len() + self.added.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of that number.
    ///
    /// # Panics
    /// When there is none: numbers come from this gazetteer's look-ups.
    #[must_use]
    pub fn entry(&self, index: usize) -> Entry<'_> {
        match index.checked_sub(self.packed.len()) {
            None => self.packed.entry(index),
            Some(k) => {
                let a = &self.added[k];
                Entry {
                    index,
                    geonameid: a.geonameid,
                    name: &a.name,
                    lat: a.lat,
                    lon: a.lon,
                    class: a.class,
                    population: a.population,
                    country: &a.country,
                    admin1: None,
                    admin2: None,
                }
            }
        }
    }

    /// Every place of that name, main names first. Accents, case, hyphens and a leading "the" do not count.
    #[must_use]
    pub fn lookup(&self, name: &str) -> Vec<Found> {
        self.lookup_key(&fold(name))
    }

    /// The same for a name that is folded already.
    #[must_use]
    pub fn lookup_key(&self, key: &str) -> Vec<Found> {
        let mut all = self.packed.find(key);
        if let Some(added) = self.keys.get(key) {
            all.extend(added);
        }
        all.sort_unstable();
        all.dedup_by_key(|f| f.index);
        all
    }

    /// Places whose name sounds like it, or is one letter off by its sound; at most `bound` of them, by people. For a name that
    /// is surely a place and that [`Gazetteer::lookup`] does not have.
    #[must_use]
    pub fn similar(&self, name: &str, bound: usize) -> Vec<Found> {
        let key = sound(name);
        if key.len() < 4 || key.len() > 24 || !key.bytes().all(|b| b.is_ascii_lowercase()) {
            return Vec::new();
        }
        let mut all = self.packed.find_sound(&key);
        if all.is_empty() && key.len() >= 6 {
            all = pack::one_off(&key).iter().flat_map(|k| self.packed.find_sound(k)).collect();
        }
        let mut all: Vec<Found> = all.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        all.sort_by_key(|f| std::cmp::Reverse(self.packed.entry(f.index).population as u64));
        all.truncate(bound);
        all
    }

    /// The country of that code.
    #[must_use]
    pub fn country(&self, code: &str) -> Option<Entry<'_>> {
        let units = 0..self.packed.units();
        units
            .take_while(|&k| self.packed.class(k) <= Class::Country)
            .map(|k| self.packed.entry(k))
            .find(|e| e.country == code)
    }
}
