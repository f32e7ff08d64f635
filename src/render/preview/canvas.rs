//! A picture of rectangles and lines of text, as a PNG.
//!
//! Pure, and the same bytes on every machine: the fonts are in the program, all numbers are those of
//! IEEE, and what compresses knows no other processors. Text is written onto the paper alone, so that a
//! palette holds all of its shades.

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef, Glyph, GlyphId, PxScale, ScaleFont as _, point};

use crate::render::preview::png;

pub(super) type Rgb = [u8; 3];

/// How many shades there are between the paper and a color of text, with that color.
const SHADES: u8 = 15;

static REGULAR: LazyLock<FontRef<'static>> = LazyLock::new(|| font(notosans::REGULAR_TTF));
static BOLD: LazyLock<FontRef<'static>> = LazyLock::new(|| font(notosans::BOLD_TTF));

fn font(file: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(file).expect("our own fonts are well-formed")
}

/// How text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) weight: Weight,
    /// From the top of the highest letter to the bottom of the lowest, in pixels.
    pub(super) size: f32,
    pub(super) ink: Ink,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// A color of text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ink {
    Strong,
    Soft,
}

/// A rectangle, in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// The picture, while it is drawn.
#[derive(Debug)]
pub(super) struct Canvas {
    width: usize,
    /// A place in the palette for each pixel, row by row.
    pixels: Vec<u8>,
    /// The paper, the shades of each ink, and then the colors of rectangles.
    palette: Vec<Rgb>,
}

impl Style {
    fn font(self) -> &'static FontRef<'static> {
        match self.weight {
            Weight::Regular => &REGULAR,
            Weight::Bold => &BOLD,
        }
    }

    /// How wide a text is, in pixels.
    pub(super) fn width(self, text: &str) -> f32 {
        self.glyphs(text, 0.0, 0.0).1
    }

    /// The glyphs of a text that begins here, and where it ends.
    fn glyphs(self, text: &str, x: f32, baseline: f32) -> (Vec<Glyph>, f32) {
        let font = self.font().as_scaled(PxScale::from(self.size));
        let mut before: Option<GlyphId> = None;
        let mut end = x;
        let glyphs = text.chars().map(|letter| {
            let id = font.glyph_id(letter);
            end += before.map_or(0.0, |before| font.kern(before, id));
            let glyph = id.with_scale_and_position(font.scale(), point(end, baseline));
            end += font.h_advance(id);
            before = Some(id);
            glyph
        });
        let glyphs = glyphs.collect();
        (glyphs, end)
    }
}

/// Whether the fonts have a letter.
pub(super) fn has_letter(letter: char) -> bool {
    let is_there = |font: &FontRef<'_>| font.glyph_id(letter) != GlyphId(0);
    is_there(&REGULAR) && is_there(&BOLD)
}

impl Canvas {
    /// A sheet of paper and the two inks for it.
    pub(super) fn new(width: usize, height: usize, paper: Rgb, strong: Rgb, soft: Rgb) -> Self {
        let shades = |ink: Rgb| (1..=SHADES).map(move |shade| mixed(paper, ink, shade));
        let palette = [paper].into_iter();
        Self {
            width,
            pixels: vec![0; width * height],
            palette: palette.chain(shades(strong)).chain(shades(soft)).collect(),
        }
    }

    /// Fills a rectangle.
    pub(super) fn fill(&mut self, area: Area, color: Rgb) {
        let place = self.place_of(color);
        let rows = self.pixels.chunks_exact_mut(self.width);
        for row in rows.skip(area.y).take(area.height) {
            row[area.x..area.x + area.width].fill(place);
        }
    }

    /// Writes a text onto the paper, and says where it ends.
    pub(super) fn write(&mut self, text: &str, style: Style, x: f32, baseline: f32) -> f32 {
        let (glyphs, end) = style.glyphs(text, x, baseline);
        for glyph in glyphs {
            self.draw(glyph, style);
        }
        end
    }

    fn draw(&mut self, glyph: Glyph, style: Style) {
        let Some(outline) = style.font().outline_glyph(glyph) else {
            return;
        };
        let first = match style.ink {
            Ink::Strong => 0,
            Ink::Soft => SHADES,
        };
        let (left, top) = (outline.px_bounds().min.x, outline.px_bounds().min.y);
        outline.draw(|x, y, coverage| {
            let place = pixel(left, x).zip(pixel(top, y));
            let place = place.filter(|(x, _)| *x < self.width);
            let place = place.and_then(|(x, y)| self.pixels.get_mut(y * self.width + x));
            if let (Some(there), 1..) = (place, shade(coverage)) {
                // Where letters touch, the darker one is seen.
                *there = (*there).max(first + shade(coverage));
            }
        });
    }

    fn place_of(&mut self, color: Rgb) -> u8 {
        let there = self.palette.iter().position(|known| *known == color);
        let place = there.unwrap_or_else(|| {
            self.palette.push(color);
            self.palette.len() - 1
        });
        u8::try_from(place).expect("there are few colors")
    }

    /// The picture as a PNG, with a note in it.
    pub(super) fn into_png(self, note: &str) -> Vec<u8> {
        png::encode(&self.pixels, self.width, &self.palette, note)
    }
}

/// A color between the paper and an ink.
fn mixed(paper: Rgb, ink: Rgb, shade: u8) -> Rgb {
    let [shade, all] = [shade, SHADES].map(u16::from);
    let part = |at: usize| {
        let sum = u16::from(paper[at]) * (all - shade) + u16::from(ink[at]) * shade;
        u8::try_from(sum / all).expect("a mean of bytes is a byte")
    };
    [part(0), part(1), part(2)]
}

/// The shade of a pixel of which so much is covered.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is that of a shade"
)]
fn shade(coverage: f32) -> u8 {
    (coverage.clamp(0.0, 1.0) * f32::from(SHADES)).round() as u8
}

/// A pixel of the picture, so far right of or below the first one of a glyph.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a picture has few pixels, and bounds are whole numbers"
)]
fn pixel(first: f32, more: u32) -> Option<usize> {
    usize::try_from(first as i64 + i64::from(more)).ok()
}
