//! The icon of a page, for the tabs and bookmarks of browsers: the first letters of a title, on a color
//! that the title makes. Pure.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

use crate::render::escape;
use crate::talk::one_line;

/// So many words give their first letter.
const LETTERS: usize = 2;

/// The icon for a title, as an address that is the picture itself.
#[must_use]
pub(crate) fn icon(title: &str) -> String {
    let title = one_line(title);
    let digest = Sha256::digest(title.to_lowercase());
    let hue = u16::from_be_bytes([digest[0], digest[1]]) % 360;
    let letters = escape::html(&letters(&title));
    let picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">\
         <rect width=\"32\" height=\"32\" rx=\"7\" fill=\"hsl({hue} 60% 32%)\"/>\
         <text x=\"16\" y=\"21.5\" text-anchor=\"middle\" font-family=\"system-ui,sans-serif\" \
         font-weight=\"700\" font-size=\"15\" fill=\"#fff\">{letters}</text></svg>"
    );
    let picture = BASE64_STANDARD.encode(picture);
    format!("data:image/svg+xml;base64,{picture}")
}

/// The first letters of the first words that begin with a letter, or else the first sign.
fn letters(title: &str) -> String {
    let begins_with_letter = |word: &&str| word.starts_with(char::is_alphabetic);
    let words = title.split(' ').filter(begins_with_letter).take(LETTERS);
    let first = |word: &str| {
        word.graphemes(true)
            .next()
            .unwrap_or_default()
            .to_uppercase()
    };
    let letters: String = words.map(first).collect();
    if letters.is_empty() {
        first(title)
    } else {
        letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letters_of_a_title_are_its_icon() {
        for (title, shown) in [
            ("PyTorch Conference 2024", "PC"),
            ("RustConf", "R"),
            ("élan & Größe", "ÉG"),
            ("会议 2024", "会"),
            ("2026", "2"),
            ("<b> \"x\"", "<"),
            ("", ""),
        ] {
            assert_eq!(letters(title), shown, "{title}");
        }
    }

    #[test]
    fn a_title_always_makes_a_picture() {
        for title in [
            "PyTorch Conference 2024",
            "<script>",
            "& \"",
            "",
            "\u{202e}\0",
        ] {
            let icon = icon(title);
            let picture = icon.strip_prefix("data:image/svg+xml;base64,").unwrap();
            let picture = String::from_utf8(BASE64_STANDARD.decode(picture).unwrap()).unwrap();
            let picture = roxmltree::Document::parse(&picture).unwrap();
            let elements = picture.descendants().filter(roxmltree::Node::is_element);
            assert_eq!(elements.count(), 3, "{title}");
        }
    }
}
