//! Pictures made in code, and what happens to pictures on their way from one outlet to the next. All in grey, 0 to 255.

/// A small generator of numbers: the same seed, the same picture.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    /// From 0 up to 1.
    pub(crate) fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
}

#[derive(Clone)]
pub(crate) struct Drawn {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) grey: Vec<f64>,
}

impl Drawn {
    pub(crate) fn new(width: usize, height: usize, mut at: impl FnMut(f64, f64) -> f64) -> Self {
        let place = |k: usize| ((k % width) as f64 / width as f64, (k / width) as f64 / height as f64);
        let grey = (0..width * height).map(|k| at(place(k).0, place(k).1).clamp(0.0, 255.0)).collect();
        Self { width, height, grey }
    }

    fn at(&self, x: usize, y: usize) -> f64 {
        self.grey[y.min(self.height - 1) * self.width + x.min(self.width - 1)]
    }

    pub(crate) fn png(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_compression(png::Compression::Fastest);
        let pixels: Vec<u8> = self.grey.iter().map(|grey| grey.round() as u8).collect();
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
        out
    }
}

/// Soft noise: hills as wide as a `1 / size` of the picture.
fn hills(dice: &mut Dice, size: usize) -> impl Fn(f64, f64) -> f64 + use<> {
    let points: Vec<f64> = (0..(size + 2) * (size + 2)).map(|_| dice.next()).collect();
    move |x, y| {
        let (x, y) = (x * size as f64, y * size as f64);
        let (i, j) = (x as usize, y as usize);
        let soft = |t: f64| t * t * (3.0 - 2.0 * t);
        let (u, v) = (soft(x - i as f64), soft(y - j as f64));
        let p = |a: usize, b: usize| points[(j + b) * (size + 2) + i + a];
        (p(0, 0) * (1.0 - u) + p(1, 0) * u) * (1.0 - v) + (p(0, 1) * (1.0 - u) + p(1, 1) * u) * v
    }
}

/// Something that stands in a scene: a box or an ellipse.
#[derive(Clone, Copy)]
pub(crate) struct Thing {
    x: f64,
    y: f64,
    wide: f64,
    high: f64,
    grey: f64,
    round: bool,
}

impl Thing {
    fn any(dice: &mut Dice) -> Self {
        let (x, y) = (dice.next(), dice.between(0.2, 1.0));
        let (wide, high) = (dice.between(0.02, 0.25), dice.between(0.03, 0.35));
        Self { x, y, wide, high, grey: dice.between(10.0, 245.0), round: dice.next() < 0.5 }
    }

    fn covers(&self, x: f64, y: f64) -> bool {
        let (dx, dy) = ((x - self.x) / self.wide, (y - self.y) / self.high);
        if self.round { dx * dx + dy * dy < 1.0 } else { dx.abs() < 1.0 && dy.abs() < 1.0 }
    }
}

/// A place: sky, ground, hills, and things in it.
pub(crate) struct Scene {
    seed: u64,
    pub(crate) things: Vec<Thing>,
}

impl Scene {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let count = 5 + (dice.next() * 20.0) as usize;
        Self { seed, things: (0..count).map(|_| Thing::any(&mut dice)).collect() }
    }

    /// The same place a moment later: some of the things have moved.
    pub(crate) fn later(&self, moved: usize) -> Self {
        let mut dice = Dice::new(self.seed + 7_000_000);
        let things = self.things.iter().enumerate();
        let things = things.map(|(k, thing)| if k < moved { Thing::any(&mut dice) } else { *thing }).collect();
        Self { seed: self.seed, things }
    }

    pub(crate) fn draw(&self) -> Drawn {
        let mut dice = Dice::new(self.seed + 1);
        let (horizon, sky, ground) = (dice.between(0.2, 0.6), dice.between(120.0, 240.0), dice.between(30.0, 160.0));
        let (wide, fine) = (hills(&mut dice, 4), hills(&mut dice, 40));
        let mut grain = Dice::new(self.seed + 2);
        Drawn::new(560, 420, |x, y| {
            let ridge = horizon + 0.2 * (wide(x, 0.1) - 0.5);
            let back = if y < ridge { sky - 40.0 * y } else { ground + 60.0 * (wide(x, y) - 0.5) };
            let thing = self.things.iter().rev().find(|thing| thing.covers(x, y));
            thing.map_or(back, |thing| thing.grey) + 30.0 * (fine(x, y) - 0.5) + 12.0 * (grain.next() - 0.5)
        })
    }
}

/// A crowd, rubble, leaves: no large shapes.
pub(crate) fn texture(seed: u64) -> Drawn {
    let mut dice = Dice::new(seed + 11);
    let (a, b, c) = (hills(&mut dice, 6), hills(&mut dice, 18), hills(&mut dice, 60));
    Drawn::new(560, 420, |x, y| 40.0 + 60.0 * a(x, y) + 60.0 * b(x, y) + 60.0 * c(x, y))
}

/// A page of text, as a photographed statement: dark words in lines on white.
pub(crate) fn page(seed: u64) -> Drawn {
    let mut dice = Dice::new(seed + 13);
    let lines = 12 + (dice.next() * 20.0) as usize;
    let mut words = vec![Vec::new(); lines];
    for line in &mut words {
        let (mut at, end) = (dice.between(0.08, 0.12), if dice.next() < 0.25 { dice.between(0.2, 0.8) } else { 0.92 });
        while dice.next() > 0.02 && at < end {
            let to = at + dice.between(0.02, 0.1);
            line.push((at, to.min(end)));
            at = to + 0.012;
        }
    }
    let mut grain = Dice::new(seed + 14);
    Drawn::new(420, 560, |x, y| {
        let row = (y - 0.08) / 0.84 * lines as f64;
        let inked = row >= 0.0
            && row.fract() < 0.45
            && words.get(row as usize).is_some_and(|line| line.iter().any(|word| word.0 <= x && x < word.1));
        let white = 235.0 + 10.0 * (grain.next() - 0.5);
        if inked { white - 150.0 - 40.0 * grain.next() } else { white }
    })
}

/// Another size, each pixel the mean of those it is made of.
pub(crate) fn scaled(from: &Drawn, width: usize, height: usize) -> Drawn {
    let (across, down) = (from.width as f64 / width as f64, from.height as f64 / height as f64);
    Drawn::new(width, height, |x, y| {
        let (x, y) = (x * from.width as f64, y * from.height as f64);
        let steps = 3;
        let mean = (0..steps * steps).map(|k| {
            let (dx, dy) = ((k % steps) as f64 + 0.5, (k / steps) as f64 + 0.5);
            from.at((x + dx * across / steps as f64) as usize, (y + dy * down / steps as f64) as usize)
        });
        mean.sum::<f64>() / (steps * steps) as f64
    })
}

/// What JPEG does to a picture at a quality of 1 to 100: blocks of 8 by 8 whose waves are rounded.
pub(crate) fn recompressed(from: &Drawn, quality: f64) -> Drawn {
    const ROUNDED: [f64; 64] = [
        16., 11., 10., 16., 24., 40., 51., 61., 12., 12., 14., 19., 26., 58., 60., 55., 14., 13., 16., 24., 40., 57.,
        69., 56., 14., 17., 22., 29., 51., 87., 80., 62., 18., 22., 37., 56., 68., 109., 103., 77., 24., 35., 55., 64.,
        81., 104., 113., 92., 49., 64., 78., 87., 103., 121., 120., 101., 72., 92., 95., 98., 112., 100., 103., 99.,
    ];
    let scale = if quality < 50.0 { 50.0 / quality } else { 2.0 - quality / 50.0 };
    let wave = |k: usize, at: usize| {
        let size = if k == 0 { 0.125f64.sqrt() } else { 0.5 };
        size * (std::f64::consts::PI * k as f64 * (2 * at + 1) as f64 / 16.0).cos()
    };
    let waves: Vec<f64> = (0..64).map(|n| wave(n / 8, n % 8)).collect();
    // First one side of the block, then the other; there and back.
    let turned = |block: &[f64; 64], back: bool| -> [f64; 64] {
        let one = |block: &[f64; 64]| -> [f64; 64] {
            std::array::from_fn(|n| {
                let (row, k) = (n / 8, n % 8);
                (0..8).map(|at| block[row * 8 + at] * if back { waves[at * 8 + k] } else { waves[k * 8 + at] }).sum()
            })
        };
        let across = one(block);
        let down = one(&std::array::from_fn(|n| across[n % 8 * 8 + n / 8]));
        std::array::from_fn(|n| down[n % 8 * 8 + n / 8])
    };
    let mut out = from.clone();
    for (top, left) in (0..from.height).step_by(8).flat_map(|y| (0..from.width).step_by(8).map(move |x| (y, x))) {
        let block = std::array::from_fn(|n| from.at(left + n % 8, top + n / 8) - 128.0);
        let mut heights = turned(&block, false);
        for (height, rounded) in heights.iter_mut().zip(ROUNDED) {
            let step = (rounded * scale).max(1.0);
            *height = (*height / step).round() * step;
        }
        for (n, grey) in turned(&heights, true).into_iter().enumerate() {
            let (x, y) = (left + n % 8, top + n / 8);
            if x < from.width && y < from.height {
                out.grey[y * from.width + x] = (grey + 128.0).clamp(0.0, 255.0);
            }
        }
    }
    out
}

/// A part of a picture, in shares of its sides.
pub(crate) fn cropped(from: &Drawn, left: f64, top: f64, right: f64, bottom: f64) -> Drawn {
    let share = |side: usize, by: f64| (side as f64 * by) as usize;
    let (x, y) = (share(from.width, left), share(from.height, top));
    let (width, height) = (share(from.width, right) - x, share(from.height, bottom) - y);
    let grey = (0..width * height).map(|k| from.at(x + k % width, y + k / width)).collect();
    Drawn { width, height, grey }
}

/// A strip with words over the lowest part of a picture.
pub(crate) fn stripped(from: &Drawn, share: f64) -> Drawn {
    let mut dice = Dice::new(5);
    let from_row = ((1.0 - share) * from.height as f64) as usize;
    let mut out = from.clone();
    for (k, grey) in out.grey.iter_mut().enumerate().skip(from_row * from.width) {
        let inked = (k % from.width) % 40 > 8 && (k / from.width - from_row) % 14 > 5;
        *grey = if inked { 230.0 + dice.next() } else { 20.0 };
    }
    out
}

/// The strip put under the picture, which grows by it.
pub(crate) fn underlined(from: &Drawn, share: f64) -> Drawn {
    let rows = (share * from.height as f64) as usize;
    let mut out = from.clone();
    out.height += rows;
    out.grey.extend(std::iter::repeat_n(20.0, rows * from.width));
    out
}

pub(crate) fn brightened(from: &Drawn, by: f64, contrast: f64) -> Drawn {
    let grey = from.grey.iter().map(|grey| ((grey - 128.0) * contrast + 128.0 + by).clamp(0.0, 255.0)).collect();
    Drawn { grey, ..from.clone() }
}

pub(crate) fn mirrored(from: &Drawn) -> Drawn {
    let grey = (0..from.grey.len()).map(|k| from.at(from.width - 1 - k % from.width, k / from.width)).collect();
    Drawn { grey, ..from.clone() }
}
