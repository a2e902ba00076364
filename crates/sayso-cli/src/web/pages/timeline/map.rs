//! A map of the places of a case as an SVG, drawn here and offline.
//!
//! In: spots in degrees. Out: land, borders, the spots, and names, in a window that fits the spots. Equirectangular, with longitudes as
//! wide as they are in the middle of the window. May not happen: more than a few thousand points; a vague place that looks exact.

use std::fmt::Write;
use std::sync::Arc;

use super::atlas::{ATLAS, Bounds, Point};
use super::kept::Kept;
use super::scale::percent;

/// The drawing's size in its own units; pages scale it.
pub(super) const WIDTH: f64 = 800.0;
pub(super) const HEIGHT: f64 = 500.0;
/// Points nearer to the last one than this are not drawn.
const NEAR: f64 = 1.1;
/// Drawn beyond the edges, so that no edge shows.
const MARGIN: f64 = 8.0;
/// At least so many degrees of latitude: nearer, the coasts are not exact.
const LEAST: f64 = 1.6;
const KM_A_DEGREE: f64 = 111.2;

/// The part of the world that is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    west: f64,
    north: f64,
    /// Units a degree.
    x: f64,
    y: f64,
}

impl Window {
    /// Fits the points, with room around them.
    pub(super) fn around(points: &[Point]) -> Option<Self> {
        let b = Bounds::around(points.iter().copied())?;
        let middle = ((b.west + b.east) / 2.0, (b.south + b.north) / 2.0);
        let narrowing = middle.1.to_radians().cos().max(0.2);
        let high = ((b.north - b.south) * 1.5).max(LEAST);
        let wide = ((b.east - b.west) * 1.4 * narrowing).max(high * WIDTH / HEIGHT).min(360.0 * narrowing);
        let y = WIDTH / wide;
        let x = y * narrowing;
        Some(Self { west: middle.0 - WIDTH / x / 2.0, north: middle.1 + HEIGHT / y / 2.0, x, y })
    }

    fn bounds(&self) -> Bounds {
        let (x, y) = (MARGIN / self.x, MARGIN / self.y);
        let (east, south) = (self.west + WIDTH / self.x, self.north - HEIGHT / self.y);
        Bounds { west: self.west - x, south: south - y, east: east + x, north: self.north + y }
    }

    /// Whether something is large enough to be seen.
    fn shows(&self, bounds: &Bounds) -> bool {
        ((bounds.east - bounds.west) * self.x).max((bounds.north - bounds.south) * self.y) >= 2.0 * NEAR
    }

    /// Where a point is drawn.
    pub(super) fn at(&self, (lon, lat): Point) -> (f64, f64) {
        ((lon - self.west) * self.x, (self.north - lat) * self.y)
    }

    /// Units of so many kilometres.
    pub(super) fn km(&self, km: f64) -> f64 {
        km / KM_A_DEGREE * self.y
    }

    /// A length that people know, for the scale: kilometres, and units.
    pub(super) fn scale(&self) -> (u32, f64) {
        let fits = |km: &&u32| self.km(f64::from(**km)) <= WIDTH / 4.0;
        let km = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].iter().rev().find(fits).copied().unwrap_or(1);
        (km, self.km(f64::from(km)))
    }
}

/// The points where most of the claims are: those nearest to their middle that hold four of five, and what lies not much farther. One
/// misread name on another continent does not make the map useless.
pub(super) fn centre_of(places: &[(Point, usize)]) -> Vec<Point> {
    let middle = (median(places, |point| point.0), median(places, |point| point.1));
    let narrowing = middle.1.to_radians().cos();
    let far = |point: &Point| ((point.0 - middle.0) * narrowing).hypot(point.1 - middle.1);
    let mut near: Vec<&(Point, usize)> = places.iter().collect();
    near.sort_by(|a, b| far(&a.0).total_cmp(&far(&b.0)));
    let (all, mut held, mut radius): (usize, usize, f64) = (places.iter().map(|(_, n)| n).sum(), 0, 0.0);
    for (point, n) in &near {
        if held * 5 >= all * 4 {
            break;
        }
        held += n;
        radius = far(point);
    }
    let reach = (radius * 1.6).max(1.5);
    near.into_iter().map(|(point, _)| *point).filter(|point| far(point) <= reach).collect()
}

fn median(places: &[(Point, usize)], of: impl Fn(&Point) -> f64) -> f64 {
    let mut values: Vec<(f64, usize)> = places.iter().map(|(point, n)| (of(point), *n)).collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|(_, n)| n).sum::<usize>().div_ceil(2);
    let mut held = 0;
    let found = values.iter().find(|(_, n)| {
        held += n;
        held >= half
    });
    found.map_or(0.0, |(value, _)| *value)
}

/// The ground of the map.
#[derive(Debug, Default)]
pub(super) struct Ground {
    /// Path data of all land.
    pub(super) land: String,
    pub(super) coasts: String,
    pub(super) borders: String,
    /// Countries with where their name fits.
    pub(super) names: Vec<(String, String, String)>,
}

/// The windows that were looked at last.
static GROUNDS: Kept<[u64; 4], Ground> = Kept::new(16);

/// The ground of a window.
pub(super) fn ground(window: &Window) -> Arc<Ground> {
    let key = [window.west, window.north, window.x, window.y].map(f64::to_bits);
    GROUNDS.get(key, || drawn(window))
}

fn drawn(window: &Window) -> Ground {
    let seen = window.bounds();
    let mut out = Ground::default();
    for country in &ATLAS.countries {
        let mut largest: Option<(f64, f64, f64)> = None;
        for ring in country.rings.iter().filter(|ring| ring.bounds.meets(&seen) && window.shows(&ring.bounds)) {
            let points = thinned(ATLAS.points(ring).map(|point| window.at(point)));
            let points = clipped(points);
            if points.len() < 3 {
                continue;
            }
            path(&mut out.land, &points);
            out.land.push('Z');
            let (area, x, y) = centre(&points);
            if largest.is_none_or(|(most, ..)| area > most) {
                largest = Some((area, x, y));
            }
        }
        if let Some((area, x, y)) = largest
            && area > WIDTH * HEIGHT / 40.0
        {
            let (x, y) = (x.clamp(60.0, WIDTH - 60.0) / WIDTH, y.clamp(20.0, HEIGHT - 20.0) / HEIGHT);
            out.names.push((country.name.clone(), percent(x * 100.0), percent(y * 100.0)));
        }
    }
    for line in ATLAS.lines.iter().filter(|line| line.bounds.meets(&seen) && window.shows(&line.bounds)) {
        let points = thinned(line.points.iter().map(|&point| window.at(point)));
        let path_of = if line.border { &mut out.borders } else { &mut out.coasts };
        for run in runs(&points) {
            path(path_of, run);
        }
    }
    out
}

/// Without points that the eye cannot tell from the one before; the ends stay.
fn thinned(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut out: Vec<(f64, f64)> = Vec::new();
    let mut left_out = None;
    for point in points {
        let near = out.last().is_some_and(|last| (last.0 - point.0).abs() < NEAR && (last.1 - point.1).abs() < NEAR);
        left_out = near.then_some(point);
        if !near {
            out.push(point);
        }
    }
    out.extend(left_out);
    out
}

/// A ring cut at the window's edges: Sutherland and Hodgman, one edge after another.
fn clipped(mut points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    type Side = fn(&(f64, f64)) -> f64;
    let sides: [Side; 4] = [|p| p.0 + MARGIN, |p| WIDTH + MARGIN - p.0, |p| p.1 + MARGIN, |p| HEIGHT + MARGIN - p.1];
    for inside in sides {
        let mut out = Vec::with_capacity(points.len());
        for (k, point) in points.iter().enumerate() {
            let before = points[if k == 0 { points.len() - 1 } else { k - 1 }];
            let (a, b) = (inside(&before), inside(point));
            if (a < 0.0) != (b < 0.0) {
                let t = a / (a - b);
                out.push((before.0 + (point.0 - before.0) * t, before.1 + (point.1 - before.1) * t));
            }
            if b >= 0.0 {
                out.push(*point);
            }
        }
        points = out;
    }
    points
}

/// The stretches of a line whose pieces can be seen.
fn runs(points: &[(f64, f64)]) -> Vec<&[(f64, f64)]> {
    let seen = |(a, b): (&(f64, f64), &(f64, f64))| {
        a.0.max(b.0) >= -MARGIN
            && a.0.min(b.0) <= WIDTH + MARGIN
            && a.1.max(b.1) >= -MARGIN
            && a.1.min(b.1) <= HEIGHT + MARGIN
    };
    let mut out = Vec::new();
    let mut start = None;
    for k in 1..=points.len() {
        let piece = k < points.len() && seen((&points[k - 1], &points[k]));
        match (piece, start) {
            (true, None) => start = Some(k - 1),
            (false, Some(from)) => {
                out.push(&points[from..k]);
                start = None;
            }
            _ => {}
        }
    }
    out
}

/// Area and centre of a ring.
fn centre(points: &[(f64, f64)]) -> (f64, f64, f64) {
    let (mut doubled, mut x, mut y) = (0.0, 0.0, 0.0);
    for (k, a) in points.iter().enumerate() {
        let b = points[(k + 1) % points.len()];
        let cross = a.0 * b.1 - b.0 * a.1;
        doubled += cross;
        x += (a.0 + b.0) * cross;
        y += (a.1 + b.1) * cross;
    }
    let six = if doubled == 0.0 { 1.0 } else { doubled * 3.0 };
    (doubled.abs() / 2.0, x / six, y / six)
}

fn path(out: &mut String, points: &[(f64, f64)]) {
    for (k, (x, y)) in points.iter().enumerate() {
        let _ = write!(out, "{}{x:.1} {y:.1}", if k == 0 { 'M' } else { 'L' });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_its_points_and_keeps_shapes() {
        let points = [(5.0, 45.0), (25.0, 55.0), (11.0, 60.0)];
        let window = Window::around(&points).unwrap();
        for point in points {
            let (x, y) = window.at(point);
            assert!((0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y), "{x} {y}");
        }
        assert!((window.x / window.y - 52.5f64.to_radians().cos()).abs() < 1e-9, "as wide as it is high");
        assert!(Window::around(&[]).is_none());
    }

    #[test]
    fn a_place_far_off_does_not_widen_the_map() {
        let places = [((68.0, 41.0), 5), ((68.4, 41.2), 3), ((67.9, 42.0), 2), ((-88.7, 32.3), 2)];
        assert_eq!(centre_of(&places).len(), 3);
        assert_eq!(centre_of(&[((10.0, 50.0), 1), ((30.0, 50.0), 1)]).len(), 2);
        assert!(centre_of(&[]).is_empty());
    }

    #[test]
    fn land_fills_an_inland_window_and_borders_cross_it() {
        let window = Window::around(&[(7.6, 47.56)]).unwrap();
        let ground = ground(&window);
        assert!(ground.borders.starts_with('M') && ground.land.ends_with('Z'));
        assert!(ground.names.iter().any(|(name, ..)| name == "France"), "{:?}", ground.names);
        let size = ground.land.len() + ground.borders.len();
        assert!(size < 100_000, "{size}");
    }

    #[test]
    fn the_whole_world_stays_small() {
        let window = Window::around(&[(-170.0, -50.0), (170.0, 70.0)]).unwrap();
        let ground = ground(&window);
        let size = ground.land.len() + ground.borders.len() + ground.coasts.len();
        assert!(size < 400_000, "{size}");
    }

    #[test]
    fn clipping_keeps_what_is_inside() {
        let ring = vec![(-100.0, 100.0), (100.0, 100.0), (100.0, 200.0), (-100.0, 200.0)];
        let (area, ..) = centre(&clipped(ring));
        assert!((area - (100.0 + MARGIN) * 100.0).abs() < 1e-6, "{area}");
        assert!(clipped(vec![(-90.0, -90.0), (-50.0, -90.0), (-50.0, -50.0)]).is_empty());
    }
}
