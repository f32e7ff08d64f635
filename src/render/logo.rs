//! The conference's logo, which the page for browsers carries in itself.
//!
//! What kind of picture it is and how large is told by its bytes alone. Browsers run no script of an
//! SVG that stands in a page as a picture, and load nothing for it.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use image::{ImageFormat, ImageReader};
use roxmltree::{Document, Node, ParsingOptions};
use serde::Serialize;
use thiserror::Error;

use crate::fs::{self, FileError};
use crate::limits;

/// The usual extensions of a logo's file. What it is, its bytes tell.
pub(crate) const EXTENSIONS: [&str; 5] = ["svg", "png", "jpg", "jpeg", "webp"];

/// A logo, as the template sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Logo {
    /// The picture, as an address that is the picture itself.
    pub(super) src: String,
    /// Its width in pixels.
    pub(super) width: u32,
    /// Its height in pixels.
    pub(super) height: u32,
    /// Whether it has colors of its own for a dark page.
    pub(super) is_adaptive: bool,
}

/// A logo that cannot be shown.
#[derive(Debug, Error)]
pub enum LogoError {
    /// There is no such file.
    #[error("there is no logo `{}`", .0.display())]
    Missing(PathBuf),
    /// The file is too large, or could not be read.
    #[error("cannot load the logo")]
    File(#[source] FileError),
    /// The file is no picture that a page can show.
    #[error("the logo `{}` is no SVG, PNG, JPEG or WebP picture", .0.display())]
    NoPicture(PathBuf),
}

impl LogoError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Missing(_) => "put the file there, or correct `logo` in the catalog",
            Self::File(_) => "name a picture of up to 128 KiB; an SVG is the smallest",
            Self::NoPicture(_) => "save it in one of these formats",
        }
    }
}

impl Logo {
    /// Reads the logo in a file, where its path stays in these folders.
    pub fn load(path: &Path, folders: &[PathBuf]) -> Result<Self, LogoError> {
        let read = fs::read_within(path, limits::LOGO, folders);
        let bytes = read.map_err(LogoError::File)?;
        let bytes = bytes.ok_or_else(|| LogoError::Missing(path.to_owned()))?;
        Self::of(&bytes).ok_or_else(|| LogoError::NoPicture(path.to_owned()))
    }

    /// A logo to try templates with.
    pub(super) fn trial() -> Self {
        Self {
            src: "data:,".to_owned(),
            width: 1,
            height: 1,
            is_adaptive: true,
        }
    }

    /// The logo that these bytes are, if they are a picture.
    fn of(bytes: &[u8]) -> Option<Self> {
        let (kind, (width, height)) =
            raster(bytes).or_else(|| Some(("svg+xml", svg_size(bytes)?)))?;
        let is_shown = width > 0 && height > 0;
        is_shown.then(|| Self {
            src: format!("data:image/{kind};base64,{}", BASE64_STANDARD.encode(bytes)),
            width,
            height,
            is_adaptive: kind == "svg+xml" && knows_dark_pages(bytes),
        })
    }
}

/// The kind and the size of a picture of pixels.
fn raster(bytes: &[u8]) -> Option<(&'static str, (u32, u32))> {
    let (kind, size) = match bytes {
        [0x89, b'P', b'N', b'G', ..] => ("png", png_size(bytes)),
        [0xff, 0xd8, ..] => ("jpeg", jpeg_size(bytes)),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => {
            let known = webp::BitstreamFeatures::new(bytes);
            ("webp", known.map(|known| (known.width(), known.height())))
        }
        _ => return None,
    };
    Some((kind, size?))
}

/// The size stands first in a PNG, behind its signature and the name of that part.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |from: usize| {
        let bytes = bytes.get(from..from + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    };
    Some((number(16)?, number(20)?))
}

fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Jpeg);
    reader.into_dimensions().ok()
}

/// The size that an SVG says it has, or else that of what it shows.
fn svg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    let picture = Document::parse_with_options(text, options).ok()?;
    let root = picture.root_element();
    if root.tag_name().name() != "svg" {
        return None;
    }
    own_size(root).or_else(|| view_size(root))
}

/// The size in pixels; shares of a window and other units say nothing of the shape.
fn own_size(root: Node<'_, '_>) -> Option<(u32, u32)> {
    let pixels = |name| {
        let length = root.attribute(name)?.trim();
        whole(length.strip_suffix("px").unwrap_or(length))
    };
    Some((pixels("width")?, pixels("height")?))
}

fn view_size(root: Node<'_, '_>) -> Option<(u32, u32)> {
    let view = root.attribute("viewBox")?;
    let mut sides = view
        .split([' ', ','])
        .filter(|side| !side.is_empty())
        .skip(2);
    Some((whole(sides.next()?)?, whole(sides.next()?)?))
}

/// A length in whole pixels, at least one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the length is within limits of its type"
)]
fn whole(length: &str) -> Option<u32> {
    let length: f64 = length.parse().ok()?;
    let is_length = length > 0.0 && length < 1e6;
    is_length.then(|| length.round().max(1.0) as u32)
}

/// Whether an SVG has a style for dark pages.
fn knows_dark_pages(svg: &[u8]) -> bool {
    String::from_utf8_lossy(svg).contains("prefers-color-scheme")
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;

    fn size(bytes: &[u8]) -> Option<(u32, u32)> {
        Logo::of(bytes).map(|logo| (logo.width, logo.height))
    }

    #[test]
    fn each_kind_of_picture_tells_its_size() {
        let picture = RgbImage::new(30, 20);
        let mut jpeg = Cursor::new(Vec::new());
        picture.write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
        assert_eq!(size(jpeg.get_ref()), Some((30, 20)));
        let webp = webp::Encoder::from_rgb(picture.as_raw(), 30, 20).encode(50.0);
        assert_eq!(size(&webp), Some((30, 20)));
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 0, 30, 0, 0, 0, 20]);
        assert_eq!(size(&png), Some((30, 20)));
    }

    #[test]
    fn an_svg_has_the_size_that_it_says_or_that_of_what_it_shows() {
        for (root, expected) in [
            (
                "width='30' height='20.4px' viewBox='0 0 9 9'",
                Some((30, 20)),
            ),
            (
                "width='100%' height='100%' viewBox='0 0 9.6,4'",
                Some((10, 4)),
            ),
            ("viewBox='-1 -1 0.5 0.25'", Some((1, 1))),
            ("viewBox='0 0 0 5'", None),
            ("viewBox='0 0 1e99 5'", None),
            ("", None),
        ] {
            let svg = format!("<?xml version='1.0'?><!DOCTYPE svg><svg {root}/>");
            assert_eq!(size(svg.as_bytes()), expected, "{root}");
        }
    }

    #[test]
    fn what_is_no_picture_is_none() {
        for bytes in [
            &b""[..],
            b"GIF89a",
            b"<html width='1' height='1'/>",
            b"<svg width='1' height='1'>",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"RIFF\0\0\0\0WEBP",
        ] {
            assert_eq!(Logo::of(bytes), None);
        }
    }

    #[test]
    fn an_svg_with_colors_for_dark_pages_is_told() {
        let svg =
            "<svg width='1' height='1'><style>@media (prefers-color-scheme: dark) {}</style></svg>";
        assert!(Logo::of(svg.as_bytes()).unwrap().is_adaptive);
        let plain = Logo::of(b"<svg width='1' height='1'/>").unwrap();
        assert!(!plain.is_adaptive);
        assert!(plain.src.starts_with("data:image/svg+xml;base64,"));
    }
}
