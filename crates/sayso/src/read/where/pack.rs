//! The layout of the embedded table: [`pack`] writes it, [`Packed`] reads it where it lies.
//!
//! Little-endian. Magic, six lengths (`u32`: places, units among them, bytes of names, of the map of keys, of the map of sounds,
//! of lists), then: places of 21 bytes each, units first; country codes of two bytes each, 256 of them; names; two `fst` maps from
//! a folded name and from a name's sound to places; lists. A map's value is a place and form (`place << 2 | form << 1`) or, with its
//! lowest bit set, the offset of a list (`offset << 1 | 1`): a count, then steps between such values, all varints.

use std::collections::{BTreeMap, BTreeSet};

use fst::{Map, MapBuilder};

use super::fold::{fold, sound};
use super::gazetteer::{Class, Entry, Found, NameForm};

const MAGIC: &[u8; 8] = b"SAYSOGZ1";
const HEADER: usize = 8 + 6 * 4;
const RECORD: usize = 21;
/// Steps of the population scale for a factor of two.
const STEPS: f64 = 8.0;

/// The table, read where it lies.
#[derive(Debug, Clone)]
pub(crate) struct Packed<'a> {
    records: &'a [u8],
    units: usize,
    countries: &'a [u8],
    names: &'a [u8],
    keys: Option<Map<&'a [u8]>>,
    sounds: Option<Map<&'a [u8]>>,
    lists: &'a [u8],
}

impl<'a> Packed<'a> {
    /// A table of those bytes; an empty one when they are none of [`pack`]'s.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self::parts(bytes).unwrap_or(Self {
            records: &[],
            units: 0,
            countries: &[],
            names: &[],
            keys: None,
            sounds: None,
            lists: &[],
        })
    }

    fn parts(bytes: &'a [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let length =
            |k: usize| rest.get(4 * k..4 * k + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
        let mut at = HEADER;
        let mut cut = |n: usize| {
            at += n;
            bytes.get(at - n..at)
        };
        let (records, countries) = (cut(length(0)? * RECORD)?, cut(512)?);
        let (names, keys, sounds, lists) = (cut(length(2)?)?, cut(length(3)?)?, cut(length(4)?)?, cut(length(5)?)?);
        Some(Self {
            records,
            units: length(1)?,
            countries,
            names,
            keys: Some(Map::new(keys).ok()?),
            sounds: Some(Map::new(sounds).ok()?),
            lists,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len() / RECORD
    }

    /// How many of the first places are continents, countries and first- and second-level units.
    pub(crate) fn units(&self) -> usize {
        self.units
    }

    fn record(&self, index: usize) -> &'a [u8] {
        &self.records[index * RECORD..(index + 1) * RECORD]
    }

    pub(crate) fn geonameid(&self, index: usize) -> u32 {
        let r = self.record(index);
        u32::from_le_bytes([r[0], r[1], r[2], r[3]])
    }

    pub(crate) fn class(&self, index: usize) -> Class {
        Class::ALL.get(usize::from(self.record(index)[10])).map_or(Class::Spot, |c| c.0)
    }

    /// The continent, country or first- or second-level unit of that id: they are sorted by class and id.
    pub(crate) fn unit(&self, geonameid: u32) -> Option<usize> {
        [Class::Continent, Class::Country, Class::Admin1, Class::Admin2].iter().find_map(|&class| {
            let (mut low, mut high) = (0, self.units);
            while low < high {
                let middle = low.midpoint(high);
                if (self.class(middle), self.geonameid(middle)) < (class, geonameid) {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            (low < self.units && (self.class(low), self.geonameid(low)) == (class, geonameid)).then_some(low)
        })
    }

    pub(crate) fn entry(&self, index: usize) -> Entry<'a> {
        let r = self.record(index);
        let short = |k: usize| usize::from(u16::from_le_bytes([r[k], r[k + 1]]));
        let degrees = |k: usize| f64::from(i32::from_le_bytes([0, r[k], r[k + 1], r[k + 2]]) >> 8) / 1e4;
        let name = u32::from_le_bytes([r[13], r[14], r[15], 0]) as usize;
        let country = 2 * usize::from(r[12]);
        Entry {
            index,
            geonameid: self.geonameid(index),
            name: self
                .names
                .get(name..name + usize::from(r[16]))
                .and_then(|n| std::str::from_utf8(n).ok())
                .unwrap_or_default(),
            lat: degrees(4),
            lon: degrees(7),
            class: self.class(index),
            population: (f64::from(r[11]) / STEPS).exp2() - 1.0,
            country: std::str::from_utf8(&self.countries[country..country + 2]).unwrap_or_default().trim(),
            admin1: short(17).checked_sub(1),
            admin2: short(19).checked_sub(1),
        }
    }

    pub(crate) fn find(&self, key: &str) -> Vec<Found> {
        self.keys.as_ref().and_then(|m| m.get(key)).map_or_else(Vec::new, |v| self.places(v))
    }

    pub(crate) fn find_sound(&self, key: &str) -> Vec<Found> {
        self.sounds.as_ref().and_then(|m| m.get(key)).map_or_else(Vec::new, |v| self.places(v))
    }

    fn places(&self, value: u64) -> Vec<Found> {
        if value & 1 == 0 {
            return vec![found(value)];
        }
        let mut rest = self.lists.get((value >> 1) as usize..).unwrap_or_default().iter();
        let mut next = || {
            let (mut n, mut shift) = (0u64, 0);
            for &b in rest.by_ref() {
                n |= u64::from(b & 127) << shift;
                shift += 7;
                if b < 128 || shift > 56 {
                    break;
                }
            }
            n
        };
        let count = next();
        let mut last = 0;
        (0..count)
            .map(|_| {
                last += next();
                found(last)
            })
            .collect()
    }
}

fn found(value: u64) -> Found {
    Found { form: if value & 2 == 0 { NameForm::Main } else { NameForm::Other }, index: (value >> 2) as usize }
}

/// Every key one letter away from `key`: one left out, put in or changed. Sorted.
pub(crate) fn one_off(key: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for k in 0..=key.len() {
        let (head, tail) = key.split_at(k);
        for letter in ('a'..='z').map(String::from) {
            all.insert(format!("{head}{letter}{tail}"));
            // The first letter is hardly ever the wrong one.
            if k > 0 && !tail.is_empty() {
                all.insert(format!("{head}{letter}{}", &tail[1..]));
            }
        }
        if k > 0 && !tail.is_empty() {
            all.insert(format!("{head}{}", &tail[1..]));
        }
    }
    all.remove(key);
    all
}

/// Countries whose names reach English reports through a transliteration.
const TRANSLITERATED: &str = "RU UA BY KZ KG TJ TM UZ AZ AM GE BG RS MK ME MD MN XK BA GR CY SY IQ IR JO LB IL PS SA AE QA KW BH OM YE EG LY TN DZ \
    MA SD SS ER ET SO DJ TD NE ML MR EH AF PK IN BD NP LK MM TH LA KH CN TW KR KP JP HK MO";

struct Row<'a> {
    id: u32,
    class: Class,
    lat: f64,
    lon: f64,
    people: f64,
    country: &'a str,
    admin1: u32,
    admin2: u32,
    name: &'a str,
    others: Vec<&'a str>,
}

fn row(line: &str) -> Option<Row<'_>> {
    let c: Vec<&str> = line.split('\t').collect();
    let [id, class, lat, lon, people, country, admin1, admin2, name, others] = c.as_slice() else { return None };
    Some(Row {
        id: id.parse().ok()?,
        class: Class::named(class)?,
        lat: lat.parse().ok()?,
        lon: lon.parse().ok()?,
        people: people.parse().ok()?,
        country,
        admin1: admin1.parse().ok()?,
        admin2: admin2.parse().ok()?,
        name,
        others: others.split('|').filter(|n| !n.is_empty()).collect(),
    })
}

/// Packs a table of places, one a line (the columns are those of `scripts/gazetteer/collect.py`).
///
/// # Errors
/// A sentence that names the line that is not of the form, or says that the table is too large.
pub fn pack(tsv: &str) -> Result<Vec<u8>, String> {
    let mut rows = Vec::new();
    for (k, line) in tsv.lines().enumerate() {
        rows.push(row(line).ok_or_else(|| format!("line {} is not of the form", k + 1))?);
    }
    rows.sort_by_key(|r| (r.class.min(Class::Admin3), r.id));
    let units = rows.iter().filter(|r| r.class < Class::Admin3).count();
    if units >= usize::from(u16::MAX) {
        return Err(format!("{units} units are too many"));
    }
    let index: BTreeMap<u32, u16> = rows[..units].iter().zip(1..).map(|(r, k)| (r.id, k)).collect();
    let codes: Vec<&str> = rows.iter().map(|r| r.country).collect::<BTreeSet<_>>().into_iter().collect();
    if codes.len() > 256 {
        return Err(format!("{} countries are too many", codes.len()));
    }
    let (mut records, mut names) = (Vec::new(), Names::default());
    for r in &rows {
        let name = names.place(r.name)?;
        let country = codes.binary_search(&r.country).unwrap_or_default();
        records.extend(r.id.to_le_bytes());
        for degrees in [r.lat, r.lon] {
            records.extend(&((degrees * 1e4).round() as i32).to_le_bytes()[..3]);
        }
        records.push(r.class as u8);
        records.push(((1.0 + r.people).log2() * STEPS).round().min(255.0) as u8);
        records.push(country as u8);
        records.extend(&name.0.to_le_bytes()[..3]);
        records.push(name.1);
        for unit in [r.admin1, r.admin2] {
            records.extend(index.get(&unit).copied().unwrap_or(0).to_le_bytes());
        }
    }
    let mut countries = Vec::new();
    for k in 0..256 {
        countries.extend(format!("{:2}", codes.get(k).copied().unwrap_or_default()).bytes().take(2));
    }
    let mut lists = Vec::new();
    let (keys, sounds) = (map(keys(&rows), &mut lists)?, map(sounds(&rows), &mut lists)?);
    let mut out = MAGIC.to_vec();
    for n in [rows.len(), units, names.bytes.len(), keys.len(), sounds.len(), lists.len()] {
        out.extend(u32::try_from(n).map_err(|e| e.to_string())?.to_le_bytes());
    }
    for part in [records, countries, names.bytes, keys, sounds, lists] {
        out.extend(part);
    }
    Ok(out)
}

/// Names in one string, each once.
#[derive(Default)]
struct Names<'a> {
    bytes: Vec<u8>,
    at: BTreeMap<&'a str, u32>,
}

impl<'a> Names<'a> {
    fn place(&mut self, name: &'a str) -> Result<(u32, u8), String> {
        let length = u8::try_from(name.len()).map_err(|_| format!("{name} is too long"))?;
        let end = self.bytes.len() as u32;
        let at = *self.at.entry(name).or_insert(end);
        if at == end {
            self.bytes.extend(name.bytes());
        }
        if at >= 1 << 24 { Err("the names are too long".to_owned()) } else { Ok((at, length)) }
    }
}

type Keys = BTreeMap<String, BTreeSet<u64>>;

/// Folded names; a place's other name only where it is no main name of the same place.
fn keys(rows: &[Row<'_>]) -> Keys {
    let mut keys = Keys::new();
    for (k, r) in rows.iter().enumerate() {
        let main = fold(r.name);
        for other in r.others.iter().map(|n| fold(n)).filter(|n| *n != main && n.len() > 2) {
            keys.entry(other).or_default().insert((k as u64) << 2 | 2);
        }
        if !main.is_empty() {
            keys.entry(main).or_default().insert((k as u64) << 2);
        }
    }
    keys
}

fn sounds(rows: &[Row<'_>]) -> Keys {
    let mut keys = Keys::new();
    for (k, r) in rows.iter().enumerate() {
        if r.class > Class::Country && TRANSLITERATED.split(' ').any(|c| c == r.country) {
            let key = sound(r.name);
            if key.len() >= 4 && key.bytes().all(|b| b.is_ascii_lowercase()) {
                keys.entry(key).or_default().insert((k as u64) << 2);
            }
        }
    }
    keys
}

fn map(keys: Keys, lists: &mut Vec<u8>) -> Result<Vec<u8>, String> {
    let mut builder = MapBuilder::memory();
    for (key, values) in keys {
        let value = match values.first() {
            Some(&only) if values.len() == 1 => only,
            _ => {
                let offset = lists.len() as u64;
                varint(values.len() as u64, lists);
                let mut last = 0;
                for v in values {
                    varint(v - last, lists);
                    last = v;
                }
                offset << 1 | 1
            }
        };
        builder.insert(key, value).map_err(|e| e.to_string())?;
    }
    builder.into_inner().map_err(|e| e.to_string())
}

fn varint(mut n: u64, out: &mut Vec<u8>) {
    while n > 127 {
        out.push(n as u8 | 128);
        n >>= 7;
    }
    out.push(n as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_read_back() {
        let tsv = "1\tcountry\t50.0\t-30.5\t1000000\tZZ\t0\t0\tFreedonia\t\n\
                   2\tadmin1\t-1.25\t30.5\t5000\tZZ\t0\t0\tUpper Freedonia\tUpland\n\
                   3\tcity\t0.0\t-179.9999\t900\tZZ\t2\t0\tFredville\tFreedonia|Frédville\n";
        let bytes = pack(tsv).unwrap();
        let packed = Packed::new(&bytes);
        assert_eq!((packed.len(), packed.units()), (3, 2));
        let e = packed.entry(2);
        assert_eq!(
            (e.geonameid, e.name, e.lat, e.lon, e.class, e.country),
            (3, "Fredville", 0.0, -179.9999, Class::City, "ZZ")
        );
        assert_eq!((e.admin1, e.admin2), (Some(1), None));
        assert!((e.population / 900.0 - 1.0).abs() < 0.1);
        assert_eq!(packed.entry(1).lat, -1.25);
        let found: Vec<_> = packed.find("freedonia").iter().map(|f| (f.index, f.form)).collect();
        assert_eq!(found, [(0, NameForm::Main), (2, NameForm::Other)]);
        assert!(packed.find("upland").len() == 1 && packed.find("nowhere").is_empty());
        assert!(pack("x\ty\n").is_err());
        assert_eq!(Packed::new(b"SAYSOGZ1broken").len(), 0);
    }

    #[test]
    fn one_off_holds_every_neighbour() {
        let near = one_off("abc");
        assert!(["ac", "abbc", "axc", "xabc", "abcd", "ab"].iter().all(|k| near.contains(*k)), "{near:?}");
        assert!(!near.contains("abc") && !near.contains("xbc"));
    }
}
