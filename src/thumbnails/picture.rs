//! A picture as it comes becomes one as a page shows it: small, wide, WebP.
//!
//! Pure. What comes is not trusted: only JPEG is read, and nothing larger than `YouTube`'s own
//! pictures is unpacked. What leaves has our size and nothing of the original but its look.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{ImageError, ImageFormat, ImageReader, Limits, RgbImage};

/// The width of a picture on a page, in pixels.
pub(super) const WIDTH: u32 = 480;
/// Its height.
pub(super) const HEIGHT: u32 = 270;

/// What the name of a cached picture is made of: whoever changes how pictures are made changes this
/// too, so that they are made again.
pub(super) const MAKING: &str = "webp 480x270, 25 kB if quality 45 allows";

/// What a page is to bring along for a card, in bytes.
const WANTED_SIZE: usize = 25_000;
/// From 75 on WebP grows faster than it looks better; under 45 one sees that something was saved.
const QUALITIES: [f32; 3] = [75.0, 60.0, 45.0];
/// The longest side of a picture that is unpacked; the largest of `YouTube`'s have 1920 pixels.
const LONGEST_SIDE: u32 = 4096;
/// The most memory that unpacking may take.
const MOST_MEMORY: u64 = 128 << 20;

/// Makes the picture of a page out of a JPEG. What is too high is cut above and below: there
/// `YouTube`'s smaller pictures have black bars.
pub(super) fn resize(jpeg: &[u8]) -> Result<Vec<u8>, ImageError> {
    let mut reader = ImageReader::with_format(Cursor::new(jpeg), ImageFormat::Jpeg);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let picture = reader.decode()?;
    let picture = picture.resize_to_fill(WIDTH, HEIGHT, FilterType::Lanczos3);
    Ok(compress(&picture.into_rgb8()))
}

/// The best quality that has the size that is wanted, else the least.
fn compress(picture: &RgbImage) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let encoder = webp::Encoder::from_rgb(picture.as_raw(), width, height);
    let mut compressed = Vec::new();
    for quality in QUALITIES {
        let webp = encoder.encode_simple(false, quality);
        compressed = webp.expect("WebP takes pictures of this size").to_vec();
        if compressed.len() <= WANTED_SIZE {
            break;
        }
    }
    compressed
}

#[cfg(test)]
pub(super) mod tests {
    use image::Rgb;
    use image::codecs::jpeg::JpegEncoder;

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
            let webp = resize(&letterboxed(width, height)).unwrap();
            let picture = webp::Decoder::new(&webp).decode().unwrap();
            assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
            assert!(webp.len() < 25_000, "{} bytes", webp.len());
            let top = &picture[..3];
            assert!(top[0] > 150, "the bar is there still: {top:?}");
        }
    }

    #[test]
    fn a_restless_picture_is_made_plainer() {
        let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
            let noise = (x * 7919 + y * 104_729) ^ (x * y * 31);
            Rgb(noise.to_le_bytes()[..3].try_into().unwrap())
        });
        let best = webp::Encoder::from_rgb(picture.as_raw(), WIDTH, HEIGHT).encode(QUALITIES[0]);
        assert!(best.len() > WANTED_SIZE);
        assert!(compress(&picture).len() < best.len());
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
            assert!(resize(&bytes).is_err());
        }
    }
}
