//! A picture with a palette as a PNG (www.w3.org/TR/png-3).
//!
//! Pure. What compresses it gives the same bytes on every processor, and likes runs of zeros: so each row
//! is written as what has changed since the row above it.

use flate2::Crc;

use crate::render::preview::canvas::Rgb;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Eight bits a pixel, which are a place in a palette; the usual methods, and rows in their order.
const KIND: [u8; 5] = [8, 3, 0, 0, 0];
/// A row that says what has changed since the one above it.
const UP: u8 = 2;

/// Writes pixels, which are places in a palette, row by row, with a note for those who look into the file.
pub(super) fn encode(pixels: &[u8], width: usize, palette: &[Rgb], note: &str) -> Vec<u8> {
    let side = |pixels: usize| u32::try_from(pixels).expect("the picture is small");
    let mut header = side(width).to_be_bytes().to_vec();
    header.extend(side(pixels.len() / width).to_be_bytes());
    header.extend(KIND);
    let mut png = SIGNATURE.to_vec();
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"PLTE", &palette.concat());
    chunk(&mut png, *b"tEXt", format!("Comment\0{note}").as_bytes());
    chunk(
        &mut png,
        *b"IDAT",
        &fdeflate::compress_to_vec(&changes(pixels, width)),
    );
    chunk(&mut png, *b"IEND", &[]);
    png
}

/// Each row as what has changed since the row above it.
fn changes(pixels: &[u8], width: usize) -> Vec<u8> {
    let mut changes = Vec::with_capacity(pixels.len() + pixels.len() / width);
    let mut above = vec![0; width];
    for row in pixels.chunks_exact(width) {
        changes.push(UP);
        let pairs = row.iter().zip(&above);
        changes.extend(pairs.map(|(pixel, above)| pixel.wrapping_sub(*above)));
        above.copy_from_slice(row);
    }
    changes
}

fn chunk(png: &mut Vec<u8>, name: [u8; 4], content: &[u8]) {
    let length = u32::try_from(content.len()).expect("the picture is small");
    let mut checksum = Crc::new();
    checksum.update(&name);
    checksum.update(content);
    png.extend(length.to_be_bytes());
    png.extend(name);
    png.extend(content);
    png.extend(checksum.sum().to_be_bytes());
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The width, the height and the colors of the pixels of a PNG that was written here.
    pub(crate) fn decode(png: &[u8]) -> (u32, u32, Vec<Rgb>) {
        let mut rest = png.strip_prefix(SIGNATURE).unwrap();
        let (mut size, mut palette, mut pixels) = ((0, 0), Vec::new(), Vec::new());
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let length = u32::from_be_bytes(*length) as usize;
            let (checked, after) = after.split_at(4 + length);
            let (checksum, after) = after.split_first_chunk::<4>().unwrap();
            let mut crc = Crc::new();
            crc.update(checked);
            assert_eq!(crc.sum().to_be_bytes(), *checksum);
            let (name, content) = checked.split_at(4);
            let number = |at: usize| u32::from_be_bytes(content[at..at + 4].try_into().unwrap());
            match name {
                b"IHDR" => size = (number(0), number(4)),
                b"PLTE" => palette = content.as_chunks::<3>().0.to_vec(),
                b"IDAT" => pixels = undone(&fdeflate::decompress_to_vec(content).unwrap(), size.0),
                _ => {}
            }
            rest = after;
        }
        let colors = pixels.iter().map(|place| palette[usize::from(*place)]);
        (size.0, size.1, colors.collect())
    }

    /// The pixels of rows that say what has changed.
    fn undone(changes: &[u8], width: u32) -> Vec<u8> {
        let width = width as usize;
        let mut above = vec![0_u8; width];
        let mut pixels = Vec::new();
        for row in changes.chunks_exact(width + 1) {
            assert_eq!(row[0], UP);
            for (pixel, change) in above.iter_mut().zip(&row[1..]) {
                *pixel = pixel.wrapping_add(*change);
            }
            pixels.extend_from_slice(&above);
        }
        pixels
    }

    #[test]
    fn what_is_written_is_read_again() {
        let palette = [[1, 2, 3], [40, 50, 60], [255, 255, 255]];
        let pixels = [0, 1, 2, 2, 1, 0];
        let png = encode(&pixels, 3, &palette, "a note");
        let colors = pixels.map(|place| palette[usize::from(place)]).to_vec();
        assert_eq!(decode(&png), (3, 2, colors));
        assert!(png.windows(6).any(|bytes| bytes == b"a note"));
    }
}
