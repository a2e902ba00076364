//! The pixels of a picture, as far as its look needs them: a small grid of grey.
//!
//! In: the bytes of a JPEG, PNG or WebP file. Out: its size, and the mean brightness of 32 by 32 cells. May not happen: more pixels in
//! memory than [`MOST`], more passes over them than [`SCANS`], a panic of a decoder that gets out.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image_webp::WebPDecoder;
use png::{Limits, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// More pixels than this are not unpacked.
const MOST: u64 = 40_000_000;
/// Passes of a progressive JPEG; cameras and programs make ten.
const SCANS: usize = 40;
/// Cells from side to side.
pub(super) const CELLS: usize = 32;

/// What became of a picture.
pub(super) struct Pixels {
    pub(super) size: (u32, u32),
    /// The grid, or what keeps it from being made.
    pub(super) grid: Result<Grid, String>,
}

/// The size, and how to get at the pixels.
type Opened<'a> = ((u32, u32), Box<dyn FnOnce(&mut Grid) -> Result<(), String> + 'a>);

/// Unpacks a picture. An error is a sentence without its subject.
pub(super) fn pixels(bytes: &[u8]) -> Result<Pixels, String> {
    let unpack = || {
        let (size, rest) = open(bytes)?;
        Ok(Pixels { size, grid: grid(size, rest) })
    };
    // The decoders promise not to panic; a file that proves them wrong must not end the run.
    catch_unwind(AssertUnwindSafe(unpack)).unwrap_or_else(|_| Err("could not be unpacked.".to_owned()))
}

fn open(bytes: &[u8]) -> Result<Opened<'_>, String> {
    match Kind::of(bytes) {
        Some(Kind::Jpeg) => jpeg(bytes),
        Some(Kind::Png) => png(bytes),
        Some(Kind::Webp) => webp(bytes),
        None => Err("is no JPEG, PNG or WebP file: pictures of other kinds are not read.".to_owned()),
    }
}

/// A kind of file that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Jpeg,
    Png,
    Webp,
}

impl Kind {
    /// By its first bytes.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }
}

fn grid(size: (u32, u32), rest: impl FnOnce(&mut Grid) -> Result<(), String>) -> Result<Grid, String> {
    if size.0.min(size.1) < super::SMALLEST {
        return Err("is small.".to_owned());
    }
    let pixels = u64::from(size.0) * u64::from(size.1);
    if pixels > MOST {
        return Err(format!("has {pixels} pixels, more than {MOST}: it was not compared with others."));
    }
    let mut grid = Grid::new(size);
    rest(&mut grid)?;
    Ok(grid)
}

fn damaged(error: impl std::fmt::Display) -> String {
    let mut error = error.to_string();
    error.truncate(error.char_indices().nth(120).map_or(error.len(), |(end, _)| end));
    format!("is damaged or cut off ({}): it was not compared with others.", error.replace('\n', " ").trim())
}

fn jpeg(bytes: &[u8]) -> Result<Opened<'_>, String> {
    // Strict: where pixels are missing, grey would be put in their place.
    let side = usize::from(u16::MAX);
    let options = DecoderOptions::default().set_strict_mode(true).set_max_width(side).set_max_height(side);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options.jpeg_set_max_scans(SCANS));
    decoder.decode_headers().map_err(|error| damaged(format!("{error:?}")))?;
    let info = decoder.info().ok_or_else(|| damaged("no size"))?;
    let plain = matches!(decoder.input_colorspace(), Some(ColorSpace::Luma | ColorSpace::YCbCr));
    let into = if plain { ColorSpace::Luma } else { ColorSpace::RGB };
    let decode = move |grid: &mut Grid| {
        decoder.set_options(options.jpeg_set_max_scans(SCANS).jpeg_set_out_colorspace(into));
        let pixels = decoder.decode().map_err(|error| damaged(format!("{error:?}")))?;
        grid.fill(&pixels)
    };
    Ok(((u32::from(info.width), u32::from(info.height)), Box::new(decode)))
}

fn png(bytes: &[u8]) -> Result<Opened<'_>, String> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: 1 << 26 });
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let size = decoder.read_header_info().map_err(damaged)?.size();
    let decode = move |grid: &mut Grid| {
        let mut reader = decoder.read_info().map_err(damaged)?;
        let mut pixels = vec![0; reader.output_buffer_size().ok_or_else(|| damaged("too large"))?];
        let frame = reader.next_frame(&mut pixels).map_err(damaged)?;
        grid.fill(&pixels[..frame.buffer_size()])
    };
    Ok((size, Box::new(decode)))
}

fn webp(bytes: &[u8]) -> Result<Opened<'_>, String> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    decoder.set_memory_limit(1 << 28);
    let size = decoder.dimensions();
    let decode = move |grid: &mut Grid| {
        let mut pixels = vec![0; decoder.output_buffer_size().ok_or_else(|| damaged("too large"))?];
        decoder.read_image(&mut pixels).map_err(damaged)?;
        grid.fill(&pixels)
    };
    Ok((size, Box::new(decode)))
}

/// The mean brightness of cells.
pub(super) struct Grid {
    size: (usize, usize),
    cells: Vec<(u64, u64)>,
}

impl Grid {
    fn new((width, height): (u32, u32)) -> Self {
        Self { size: (width as usize, height as usize), cells: vec![(0, 0); CELLS * CELLS] }
    }

    /// Takes in all pixels, row by row: one byte a pixel is grey, two are grey and opacity, three are colours, four with opacity.
    fn fill(&mut self, pixels: &[u8]) -> Result<(), String> {
        let (width, height) = self.size;
        let channels = pixels.len() / (width * height);
        if !(1..=4).contains(&channels) || pixels.len() != width * height * channels {
            return Err(damaged("of another size than it says"));
        }
        for (y, row) in pixels.chunks_exact(width * channels).enumerate() {
            let line = y * CELLS / height * CELLS;
            for (x, pixel) in row.chunks_exact(channels).enumerate() {
                let cell = &mut self.cells[line + x * CELLS / width];
                cell.0 += grey(pixel);
                cell.1 += 1;
            }
        }
        Ok(())
    }

    /// The brightness of a cell, in sixteenths of a step of 255.
    pub(super) fn at(&self, x: usize, y: usize) -> i64 {
        let (sum, count) = self.cells[y * CELLS + x];
        i64::try_from(sum * 16 / count.max(1)).unwrap_or(0)
    }
}

/// The brightness of a pixel (Rec. 601); what is transparent is white.
fn grey(pixel: &[u8]) -> u64 {
    let mixed = |r: u8, g: u8, b: u8| (u64::from(r) * 299 + u64::from(g) * 587 + u64::from(b) * 114) / 1000;
    let over = |grey: u64, opacity: u8| (grey * u64::from(opacity) + 255 * (255 - u64::from(opacity))) / 255;
    match *pixel {
        [grey] => u64::from(grey),
        [grey, opacity] => over(u64::from(grey), opacity),
        [r, g, b] => mixed(r, g, b),
        [r, g, b, opacity] => over(mixed(r, g, b), opacity),
        _ => 0,
    }
}
