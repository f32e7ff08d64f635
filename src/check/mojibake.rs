//! Letters that were decoded wrongly: UTF-8 that was read as Windows-1252, once or more often.
//!
//! It is mended by the way back: encoded as Windows-1252, decoded as UTF-8. Most texts have no way
//! back, and where healthy ones do ("CAFÉ™"), it leads to letters that nobody would write there;
//! those stay silent.

use encoding_rs::WINDOWS_1252;

use crate::check::{Finding, Kind, Source};
use crate::talk::id::TalkId;
use crate::talk::one_line;

/// What stands for a letter that could not be decoded at all.
const LOST: char = '\u{fffd}';

/// A text of a talk that was decoded wrongly, with the mended text as suggestion.
#[must_use]
pub(crate) fn finding(talk: &TalkId, text: &str, source: Source) -> Option<Finding> {
    let name = source.name();
    // A letter may have turned into a space that does not break.
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let mended = mend(text).unwrap_or_else(|| text.to_owned());
    let (message, suggestion) = if mended.contains(LOST) {
        (format!("in the {name} \"{text}\" letters are lost"), None)
    } else if mended == text {
        return None;
    } else {
        let mended = one_line(&mended);
        (
            format!("the {name} \"{text}\" is meant for \"{mended}\""),
            Some(mended),
        )
    };
    Some(Finding {
        suggestion,
        source: Some(source),
        ..Finding::about(talk, Kind::Mojibake, text, message)
    })
}

/// The text as it was meant; `None` where nothing seems wrong.
fn mend(text: &str) -> Option<String> {
    let once = RedecodedText::of(text)?;
    let text: String = once.letters.iter().collect();
    // What can be decoded once more was misread twice; else the letters must make sense.
    mend(&text).or_else(|| once.is_plausible().then_some(text))
}

/// A text that was decoded again.
struct RedecodedText {
    letters: Vec<char>,
    /// Where the letters stand that are others now.
    changed: Vec<usize>,
}

impl RedecodedText {
    /// `None` where nothing can be decoded.
    fn of(text: &str) -> Option<Self> {
        let text: Vec<char> = text.chars().collect();
        let (mut letters, mut changed) = (Vec::with_capacity(text.len()), Vec::new());
        let mut at = 0;
        while at < text.len() {
            let (letter, length) = decode_letter(&text[at..]).unwrap_or((text[at], 1));
            if length > 1 {
                changed.push(letters.len());
            }
            letters.push(letter);
            at += length;
        }
        (!changed.is_empty()).then_some(Self { letters, changed })
    }

    fn is_plausible(&self) -> bool {
        self.changed.iter().all(|&at| self.is_plausible_at(at))
    }

    /// Whether a letter that came out at `at` is one that people write, and write there.
    fn is_plausible_at(&self, at: usize) -> bool {
        let text = &self.letters;
        match text[at] {
            '\u{a0}'..='\u{17f}' | '\u{218}'..='\u{21b}' | '\u{1e00}'..='\u{1eff}' => {
                // In capitals, what comes out is a capital or a sign.
                let is_in_capitals = at >= 2 && text[at - 2..at].iter().all(|c| c.is_uppercase());
                let is_small = text[at].is_lowercase() || matches!(text[at], '×' | '÷');
                !(is_in_capitals && is_small)
            }
            // An accent on its own goes with a small letter.
            '\u{300}'..='\u{36f}' => at > 0 && text[at - 1].is_ascii_lowercase(),
            // Signs and pictures.
            '\u{200b}'..='\u{200f}'
            | '\u{2010}'..='\u{205f}'
            | '\u{2070}'..='\u{20bf}'
            | '\u{2100}'..='\u{27bf}'
            | '\u{2b00}'..='\u{2bff}'
            | '\u{3000}'..='\u{303f}'
            | '\u{fe0e}'..='\u{fe0f}'
            | '\u{feff}'
            | LOST
            | '\u{ff01}'..='\u{ff5e}'
            | '\u{1f000}'..='\u{1faff}' => true,
            // Greek, Cyrillic, Hebrew, Arabic, the scripts of India, Thai, Georgian, Japanese, Chinese,
            // Korean: nobody writes a single letter of them among others.
            '\u{370}'..='\u{52f}'
            | '\u{5d0}'..='\u{6ff}'
            | '\u{900}'..='\u{dff}'
            | '\u{e00}'..='\u{e7f}'
            | '\u{10a0}'..='\u{10ff}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}' => {
                let is_letter = |at: &usize| text[*at] > '\u{36f}' && text[*at].is_alphabetic();
                self.changed
                    .windows(2)
                    .any(|pair| pair[0] + 1 == pair[1] && pair.iter().all(is_letter))
            }
            _ => false,
        }
    }
}

/// The letter that a text begins with if it is decoded rightly, and how many letters it has now.
fn decode_letter(text: &[char]) -> Option<(char, usize)> {
    let length = match byte(*text.first()?)? {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let bytes: Option<Vec<u8>> = text.iter().take(length).map(|c| byte(*c)).collect();
    let decoded = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let letter = decoded.and_then(|decoded| decoded.chars().next().filter(|c| !c.is_ascii()));
    match letter {
        Some(letter) => Some((letter, length)),
        // The last byte of a closing quotation mark has no sign of its own, so it is often gone.
        None if text.starts_with(&['â', '€']) => Some(('”', 2)),
        None => None,
    }
}

fn byte(c: char) -> Option<u8> {
    let mut text = [0; 4];
    let (bytes, _, is_unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut text));
    match (&bytes[..], is_unmappable) {
        ([byte], false) => Some(*byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader sees who takes UTF-8 for Windows-1252.
    fn misread(text: &str) -> String {
        WINDOWS_1252
            .decode_without_bom_handling(text.as_bytes())
            .0
            .into_owned()
    }

    #[test]
    fn what_was_misread_is_mended() {
        for text in [
            "What’s new in caches",
            "“Fast” – and right…",
            "Zażółć gęślą jaźń",
            "Über Straßen und Flüsse",
            "À la carte : déjà vu",
            "Příliš žluťoučký kůň",
            "Ștefan și țara",
            "Привет, мир",
            "Καλημέρα κόσμε",
            "日本語の話",
            "안녕하세요",
            "Ship it 🚀 ❤️",
            "Tiếng Việt",
            "5 µs × 3 → 15 µs",
            "Realizing Rele\u{301} in H₂O",
            "Libertà",
        ] {
            assert_eq!(mend(&misread(text)).as_deref(), Some(text), "once");
            assert_eq!(
                mend(&misread(&misread(text))).as_deref(),
                Some(text),
                "twice"
            );
            assert_eq!(mend(text), None);
        }
    }

    #[test]
    fn a_closing_quotation_mark_that_lost_its_end_is_mended() {
        assert_eq!(mend("â€œFastâ€ caches").as_deref(), Some("“Fast” caches"));
    }

    #[test]
    fn healthy_texts_stay_silent() {
        for text in [
            "",
            "Plain ASCII",
            "CAFÉ™ and NESTLÉ®",
            "EINE UNIVERSITÄ…",
            "„Spaß” und „Groß”",
            "« Voilà » : ça marche…",
            "SÃO PAULO — MAÇÃ—",
            "Ångström’s Å and ñ±",
            "Ölfässer, Äpfel, naïve façade – 20 °C ± 1",
            "Coração e João: “Não”…",
            "„ALLÍ” y „PAÍS”",
            "Ðe Ñandú",
            "漢字 and кириллица",
        ] {
            assert_eq!(mend(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_lost_is_reported_without_a_suggestion() {
        let talk = TalkId::whole("-cBplHNM4RA".parse().unwrap());
        let found = |text| finding(&talk, text, Source::Title);
        for text in ["Caf\u{fffd} society", "Cafï¿½ society"] {
            assert_eq!(found(text).unwrap().suggestion, None, "{text}");
        }
        let mended = found("Whatâ€™s new").unwrap();
        assert_eq!(mended.suggestion.as_deref(), Some("What’s new"));
        assert_eq!(
            mended.message,
            "the title \"Whatâ€™s new\" is meant for \"What’s new\""
        );
        assert_eq!(found("What’s new"), None);
    }
}
