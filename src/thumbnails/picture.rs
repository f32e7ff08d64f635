//! A picture as it comes becomes one as a page shows it: small, wide, WebP.
//!
//! Pure. What comes is not trusted: only JPEG is read, and nothing larger than `YouTube`'s own
//! pictures is unpacked. What leaves has our size and nothing of the original but its look.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{ImageError, ImageFormat, ImageReader, Limits};

/// The width of a picture on a page, in pixels.
pub const WIDTH: u32 = 480;
/// Its height.
pub const HEIGHT: u32 = 270;

/// What the name of a cached picture is made of: whoever changes how pictures are made changes this
/// too, so that they are made again.
pub(super) const MAKING: &str = "webp 480x270 quality 75";

/// From here on WebP grows faster than it looks better.
const QUALITY: f32 = 75.0;
/// The longest side of a picture that is unpacked; the largest of `YouTube`'s have 1920 pixels.
const LONGEST_SIDE: u32 = 4096;
/// The most memory that unpacking may take.
const MOST_MEMORY: u64 = 128 << 20;

/// Makes the picture of a page out of a JPEG. What is too high is cut above and below: there
/// `YouTube`'s smaller pictures have black bars.
pub(super) fn resized(jpeg: &[u8]) -> Result<Vec<u8>, ImageError> {
    let mut reader = ImageReader::with_format(Cursor::new(jpeg), ImageFormat::Jpeg);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let picture = reader.decode()?;
    let picture = picture.resize_to_fill(WIDTH, HEIGHT, FilterType::Lanczos3);
    let picture = picture.into_rgb8();
    let encoder = webp::Encoder::from_rgb(picture.as_raw(), WIDTH, HEIGHT);
    let webp = encoder.encode_simple(false, QUALITY);
    Ok(webp.expect("WebP takes pictures of this size").to_vec())
}

#[cfg(test)]
pub(super) mod tests {
    use image::codecs::jpeg::JpegEncoder;
    use image::{Rgb, RgbImage};

    use super::*;

    /// A JPEG with black bars above and below, and stripes between.
    pub(crate) fn letterboxed(width: u32, height: u32) -> Vec<u8> {
        let bar = height / 8;
        let picture = RgbImage::from_fn(width, height, |x, y| {
            let is_bar = y < bar || y >= height - bar;
            let shade = u8::try_from(x * 255 / width).unwrap();
            Rgb(if is_bar { [0; 3] } else { [200, shade, 120] })
        });
        let mut jpeg = Vec::new();
        JpegEncoder::new(&mut jpeg).encode_image(&picture).unwrap();
        jpeg
    }

    #[test]
    fn a_picture_loses_its_bars_and_gets_the_size_of_a_card() {
        for (width, height) in [(640, 480), (480, 360), (120, 90)] {
            let webp = resized(&letterboxed(width, height)).unwrap();
            let picture = webp::Decoder::new(&webp).decode().unwrap();
            assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
            assert!(webp.len() < 25_000, "{} bytes", webp.len());
            let top = &picture[..3];
            assert!(top[0] > 150, "the bar is there still: {top:?}");
        }
    }

    #[test]
    fn what_is_no_picture_is_an_error_and_so_is_one_that_would_burst() {
        let whole = letterboxed(480, 360);
        // The frame's header says how large the picture is, whatever follows.
        let frame = whole
            .windows(2)
            .position(|two| two == [0xff, 0xc0])
            .unwrap();
        let mut bomb = whole.clone();
        bomb[frame + 5..frame + 9].fill(0xff);
        let png = b"\x89PNG\r\n\x1a\n".to_vec();
        for bytes in [
            Vec::new(),
            b"<!doctype html>".to_vec(),
            png,
            whole[..40].to_vec(),
            bomb,
        ] {
            assert!(resized(&bytes).is_err());
        }
    }
}
