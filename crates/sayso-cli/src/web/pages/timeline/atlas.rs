//! Coasts, borders and countries of the world, out of a file in the program.
//!
//! In: `assets/map/world.bin.gz`, whose layout `scripts/world_map.py` explains. Out: lines and rings in degrees. May not happen: a request to
//! a map server; a broken file that breaks more than the map.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::GzDecoder;

/// The world; empty if the file is broken.
pub(super) static ATLAS: LazyLock<Atlas> = LazyLock::new(|| {
    let mut bytes = Vec::new();
    let unpacked = GzDecoder::new(&include_bytes!("../../../../assets/map/world.bin.gz")[..]).read_to_end(&mut bytes);
    unpacked.ok().and_then(|_| Bytes(&bytes).atlas()).unwrap_or_default()
});

/// Degrees east and north.
pub(super) type Point = (f64, f64);

/// A box of degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub(super) west: f64,
    pub(super) south: f64,
    pub(super) east: f64,
    pub(super) north: f64,
}

impl Bounds {
    /// The smallest box around the points; none around none.
    pub(super) fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        points.into_iter().fold(None, |bounds: Option<Self>, (x, y)| {
            let b = bounds.unwrap_or(Self { west: x, south: y, east: x, north: y });
            Some(Self { west: b.west.min(x), south: b.south.min(y), east: b.east.max(x), north: b.north.max(y) })
        })
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.west <= other.east && other.west <= self.east && self.south <= other.north && other.south <= self.north
    }
}

#[derive(Debug, Default)]
pub(super) struct Atlas {
    pub(super) lines: Vec<Line>,
    pub(super) countries: Vec<Country>,
}

/// A coast, or a border that two countries share.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) border: bool,
    pub(super) points: Vec<Point>,
    pub(super) bounds: Bounds,
}

#[derive(Debug)]
pub(super) struct Country {
    pub(super) name: String,
    pub(super) rings: Vec<Ring>,
}

/// Numbers of lines that make a closed ring; the complement of one that runs backwards.
#[derive(Debug)]
pub(super) struct Ring {
    lines: Vec<i64>,
    pub(super) bounds: Bounds,
}

impl Atlas {
    /// The points of a ring, in order.
    pub(super) fn points<'a>(&'a self, ring: &'a Ring) -> impl Iterator<Item = Point> + 'a {
        ring.lines.iter().flat_map(move |&number| {
            let forward = number >= 0;
            let line = self.line(number).map_or(&[][..], |line| &line.points);
            let last = line.len().saturating_sub(1);
            (0..line.len()).map(move |k| line[if forward { k } else { last - k }])
        })
    }

    fn line(&self, number: i64) -> Option<&Line> {
        self.lines.get(usize::try_from(if number >= 0 { number } else { !number }).ok()?)
    }
}

/// What is left of the file.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn atlas(mut self) -> Option<Atlas> {
        self.0 = self.0.strip_prefix(b"SAYSOMAP")?;
        let steps = [self.double()?, self.double()?, self.double()?, self.double()?];
        let mut atlas = Atlas::default();
        for _ in 0..self.number()? {
            atlas.lines.push(self.line(steps)?);
        }
        for _ in 0..self.number()? {
            let length = self.number()?;
            let (name, rest) = self.0.split_at_checked(length)?;
            let name = std::str::from_utf8(name).ok()?.to_owned();
            self.0 = rest;
            let rings = (0..self.number()?).map(|_| self.ring(&atlas)).collect::<Option<Vec<Ring>>>()?;
            atlas.countries.push(Country { name, rings });
        }
        Some(atlas)
    }

    fn line(&mut self, [step_x, x0, step_y, y0]: [f64; 4]) -> Option<Line> {
        let border = self.number()? == 1;
        let (mut x, mut y) = (0i64, 0i64);
        let mut points = Vec::new();
        for _ in 0..self.number()? {
            x += self.signed()?;
            y += self.signed()?;
            points.push((x as f64 * step_x + x0, y as f64 * step_y + y0));
        }
        let bounds = Bounds::around(points.iter().copied())?;
        Some(Line { border, points, bounds })
    }

    fn ring(&mut self, atlas: &Atlas) -> Option<Ring> {
        let lines = (0..self.number()?).map(|_| self.signed()).collect::<Option<Vec<i64>>>()?;
        let corners = lines
            .iter()
            .filter_map(|&number| atlas.line(number))
            .flat_map(|line| [(line.bounds.west, line.bounds.south), (line.bounds.east, line.bounds.north)]);
        let bounds = Bounds::around(corners)?;
        Some(Ring { lines, bounds })
    }

    fn double(&mut self) -> Option<f64> {
        let (bytes, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(f64::from_le_bytes(*bytes))
    }

    fn number(&mut self) -> Option<usize> {
        let mut out = 0usize;
        for shift in (0..35).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            out |= usize::from(byte & 127) << shift;
            if byte < 128 {
                return Some(out);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let n = self.number()? as i64;
        Some(if n & 1 == 0 { n >> 1 } else { !(n >> 1) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_is_there() {
        assert!(ATLAS.countries.len() > 200 && ATLAS.lines.len() > 4000);
        let swiss = ATLAS.countries.iter().find(|country| country.name == "Switzerland").unwrap();
        let ring = swiss
            .rings
            .iter()
            .max_by(|a, b| (a.bounds.east - a.bounds.west).total_cmp(&(b.bounds.east - b.bounds.west)))
            .unwrap();
        let b = ring.bounds;
        assert!((b.west - 5.96).abs() < 0.1 && (b.east - 10.49).abs() < 0.1, "{b:?}");
        assert!((b.south - 45.82).abs() < 0.1 && (b.north - 47.81).abs() < 0.1, "{b:?}");
        let points: Vec<Point> = ATLAS.points(ring).collect();
        assert_eq!(points.first(), points.last(), "a ring is closed");
    }

    #[test]
    fn a_broken_file_is_no_world() {
        assert!(Bytes(b"SAYSOMAP").atlas().is_none());
        assert!(Bytes(b"").atlas().is_none());
    }
}
