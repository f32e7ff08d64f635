//! What others have written as text, whatever program has written it.
//!
//! A mark at the beginning of a file tells the encoding; without one it is UTF-8 if that is
//! possible, also with some bytes that a careless hand has pasted, UTF-16 or UTF-32 if many of its
//! bytes are empty, and else one of the older encodings, which is guessed from the letters and from
//! the language. What was decoded wrongly and saved so is put right. JSON may hold halves of
//! characters, where somebody has cut a text in the middle of an emoji. Pure.

mod half_characters;
mod legacy;

pub(crate) use crate::encoding::half_characters::{json, replace_half_characters};

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A file as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded<'a> {
    /// What it says.
    pub text: Cow<'a, str>,
    /// The encoding that it was read in, where that was guessed and may be wrong.
    pub doubtful: Option<&'static str>,
}

/// The text of a file of whatever language.
#[must_use]
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    decode_as(bytes, None).text
}

/// The text of a file that is likely in this language (BCP 47).
#[must_use]
pub(crate) fn decode_as<'a>(bytes: &'a [u8], language: Option<&str>) -> Decoded<'a> {
    let certain = |(encoding, bytes): (&'static Encoding, &'a [u8])| Decoded {
        text: encoding.decode_without_bom_handling(bytes).0,
        doubtful: None,
    };
    if let Some(text) = utf32(bytes) {
        return Decoded {
            text: Cow::Owned(text),
            doubtful: None,
        };
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return certain((encoding, &bytes[mark..]));
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return certain((encoding, bytes));
    }
    if has_japanese_escapes(bytes) {
        return certain((ISO_2022_JP, bytes));
    }
    if is_utf8(bytes) {
        let Decoded { text, doubtful } = certain((UTF_8, bytes));
        let text = twice_encoded(&text).map_or(text, Cow::Owned);
        return Decoded { text, doubtful };
    }
    match utf8_with_others(bytes) {
        Some(text) => Decoded {
            text: Cow::Owned(text),
            doubtful: Some(UTF_8.name()),
        },
        None => legacy::decode(bytes, language),
    }
}

/// Reads UTF-32, of which every letter leaves at least one byte of four empty.
fn utf32(bytes: &[u8]) -> Option<String> {
    let (letters, rest) = bytes.as_chunks::<4>();
    let begins_with = |mark: u32, read: fn([u8; 4]) -> u32| {
        let first = read(*letters.first()?);
        (first == mark || (1..0x3000).contains(&first)).then_some(read)
    };
    let read = begins_with(0xfeff, u32::from_le_bytes)
        .or_else(|| begins_with(0xfeff, u32::from_be_bytes))
        .filter(|_| rest.is_empty())?;
    let text: Option<String> = letters
        .iter()
        .map(|letter| char::from_u32(read(*letter)).filter(|letter| *letter != '\0'))
        .collect();
    text.map(|text| text.trim_start_matches('\u{feff}').to_owned())
}

/// Whether escapes switch between letters and Japanese signs, as in old mail.
fn has_japanese_escapes(bytes: &[u8]) -> bool {
    bytes.is_ascii()
        && bytes
            .windows(3)
            .any(|sign| matches!(sign, b"\x1b$B" | b"\x1b$@"))
}

/// Reads UTF-8 into which few letters of another encoding were pasted.
fn utf8_with_others(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk
            .valid()
            .chars()
            .filter(|letter| !letter.is_ascii())
            .count();
        bad += usize::from(!chunk.invalid().is_empty());
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    (good > bad * 3).then_some(text)
}

/// The text that was UTF-8, was read as windows-1252 and saved as UTF-8 again; none if this is not
/// what all of its letters look like.
fn twice_encoded(text: &str) -> Option<String> {
    const LEAST: usize = 3;
    let is_sign = |letter: &char| matches!(letter, 'Ã' | 'Â' | 'â' | 'Å' | 'Ð' | 'Ñ');
    if text.chars().filter(is_sign).count() < LEAST {
        return None;
    }
    let (bytes, _, has_others) = WINDOWS_1252.encode(text);
    let once = String::from_utf8(bytes.into_owned()).ok()?;
    (!has_others && once.len() < text.len()).then_some(once)
}

fn is_utf8(bytes: &[u8]) -> bool {
    match str::from_utf8(bytes) {
        Ok(_) => true,
        // A file cut within a letter is still UTF-8; error_len() is None for just that case.
        Err(error) => error.error_len().is_none() && !bytes[..error.valid_up_to()].is_ascii(),
    }
}

/// Blanks, digits and line breaks leave one byte of each pair empty in a file of any language.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes.len() / 2;
    let empty = |first: usize| {
        let bytes = bytes.iter().skip(first).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    let (even, odd) = (empty(0), empty(1));
    let is_one = |count: usize, encoding: &'static Encoding| {
        let is_many = pairs >= 4 && count * 5 >= pairs;
        is_many || count > 0 && bytes.len().is_multiple_of(2) && is_east_asian(encoding, bytes)
    };
    match (even, odd) {
        (0, odd) if is_one(odd, UTF_16LE) => Some(UTF_16LE),
        (even, 0) if is_one(even, UTF_16BE) => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether bytes are Chinese, Japanese or Korean in an encoding, and nothing else.
fn is_east_asian(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    let is_usual = |letter: char| {
        matches!(letter, '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff00}'..='\u{ffef}')
            || letter == '\n'
            || letter == '\r'
            || (' '..='~').contains(&letter)
    };
    !has_errors && text.chars().all(is_usual)
}

#[cfg(test)]
mod tests {
    use encoding_rs::MACINTOSH;

    use super::*;

    #[test]
    fn files_of_many_programs_are_text() {
        for bytes in [
            "Zoë".as_bytes(),
            b"\xef\xbb\xbfZo\xc3\xab",
            b"\xff\xfeZ\0o\0\xeb\0",
            b"\xfe\xff\0Z\0o\0\xeb",
            b"Zo\xeb",
        ] {
            assert_eq!(decode(bytes), "Zoë", "{bytes:?}");
        }
        assert_eq!(decode(b"Zo\xc3\xab Zo\xc3"), "Zoë Zo\u{fffd}");
    }

    #[test]
    fn utf16_needs_no_mark() {
        let text = "Добрый день, 00:01";
        let words = || text.encode_utf16();
        let little: Vec<u8> = words().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = words().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&little), text);
        assert_eq!(decode(&big), text);
    }

    #[test]
    fn older_encodings_are_told_by_their_letters() {
        for (label, language, text) in [
            ("windows-1251", "ru", "Сегодня мы говорим о сборке мусора."),
            ("koi8-r", "ru", "Сегодня мы говорим о сборке мусора."),
            (
                "windows-1250",
                "cs",
                "Příliš žluťoučký kůň úpěl ďábelské ódy.",
            ),
            ("windows-1250", "pl", "Zażółć gęślą jaźń, mówi wiedźma."),
            (
                "windows-1252",
                "de",
                "Die Größe der Häfen überrascht täglich.",
            ),
            ("windows-1253", "el", "Σήμερα μιλάμε για τους φάρους."),
            (
                "windows-1254",
                "tr",
                "Bugün ışıklı limanları konuşuyoruz, değil mi?",
            ),
            (
                "shift_jis",
                "ja",
                "本日は所有権という考え方についてお話しします。",
            ),
            ("euc-kr", "ko", "오늘은 등대에 대해 이야기합니다."),
            ("gb18030", "zh", "今天我们谈谈灯塔和港口。"),
            ("big5", "zh-TW", "今天我們談談燈塔和港口。"),
            ("big5", "zh", "今天我們談談燈塔和港口，謝謝大家。"),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let (bytes, _, _) = encoding.encode(text);
            assert_eq!(decode_as(&bytes, Some(language)).text, text, "{label}");
        }
    }

    #[test]
    fn texts_of_old_macs_are_told_by_their_letters() {
        for (language, text) in [
            (Some("en"), "It’s the café, isn’t it? “Yes”, she said."),
            (None, "It’s a naïve plan\rWe’ll see\r"),
            (Some("de"), "Schöne Größe.\rÜber Häfen.\r"),
            (Some("de"), "Das ist schön."),
            (Some("fr"), "Le phare éclaire déjà la côte, ça va être là."),
            (
                Some("es"),
                "El señor llegó mañana, ¿no? Ningún niño está aquí.",
            ),
            (Some("sv"), "Fyren står på ön, så här är det."),
            (Some("da"), "Fyret står på øen, og så sejler vi på havet."),
            (Some("pt"), "A ação não é só isto, são três lições."),
        ] {
            let letters = (0..=u8::MAX).map(|byte| {
                (
                    MACINTOSH
                        .decode_without_bom_handling(&[byte])
                        .0
                        .chars()
                        .next(),
                    byte,
                )
            });
            let letters: Vec<(Option<char>, u8)> = letters.collect();
            let byte = |letter: char| {
                letters
                    .iter()
                    .find(|known| known.0 == Some(letter))
                    .unwrap()
                    .1
            };
            let bytes: Vec<u8> = text.chars().map(byte).collect();
            assert_eq!(decode_as(&bytes, language).text, text);
        }
        for (label, language, text) in [
            (
                "windows-1252",
                Some("en"),
                "Well—you know… it’s “so”, František.",
            ),
            (
                "windows-1252",
                Some("en"),
                "Wait…what? It’s a naïve plan—no.",
            ),
            ("windows-1252", Some("fr"), "Le cœur déjà là, l’été, ça va."),
            ("windows-1250", Some("cs"), "Dobrý den, František."),
            (
                "windows-1250",
                None,
                "Příliš žluťoučký kůň úpěl ďábelské ódy.",
            ),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let (bytes, _, _) = encoding.encode(text);
            assert_eq!(decode_as(&bytes, language).text, text, "{label}");
        }
    }

    #[test]
    fn rarer_forms_of_unicode_are_read() {
        let text = "Добрый день";
        let little: Vec<u8> = text
            .chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect();
        let big: Vec<u8> = "\u{feff}Добрый день"
            .chars()
            .flat_map(|c| u32::from(c).to_be_bytes())
            .collect();
        assert_eq!(decode(&little), text);
        assert_eq!(decode(&big), text);
        let chinese: Vec<u8> = "今天我们谈谈灯塔。\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decode(&chinese), "今天我们谈谈灯塔。\n");
    }

    #[test]
    fn letters_that_were_pasted_or_encoded_twice_are_put_right() {
        assert_eq!(
            decode(b"Gr\xc3\xbc\xc3\x9fe, sch\xc3\xb6ne Gr\xc3\xb6\xc3\x9fe, na\xefv"),
            "Grüße, schöne Größe, naïv"
        );
        assert_eq!(
            decode("GrÃ¼ÃŸe, itâ€™s naÃ¯ve".as_bytes()),
            "Grüße, it’s naïve"
        );
        for right in ["São João, Ângela", "Ã¼ is ü, Ã¶ is ö, Ã¤ is ä"] {
            assert_eq!(decode(right.as_bytes()), right);
        }
    }

    #[test]
    fn japanese_of_old_mail_is_told_by_its_escapes() {
        let text = "本日は所有権について";
        let bytes = ISO_2022_JP.encode(text).0;
        assert_eq!(decode(&bytes), text);
    }

    #[test]
    fn what_only_the_language_tells_is_doubtful() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode("Grüße aus dem Häfen, schöne Größe!");
        assert_eq!(decode_as(&bytes, Some("de")).doubtful, None);
        assert!(decode_as(b"a\x81b\x8dc\x90", None).doubtful.is_some());
        assert_eq!(decode_as("Größe".as_bytes(), None).doubtful, None);
    }

    #[test]
    fn half_a_character_costs_nothing_but_itself() {
        for (written, text) in [
            (r#""a \ud83d""#, "a \u{fffd}"),
            (r#""\uD83D b \uDE00""#, "\u{fffd} b \u{fffd}"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ud83d\ude00 \ud800""#, "😀 \u{fffd}"),
            (r#""\\ud83d \ud83d""#, "\\ud83d \u{fffd}"),
        ] {
            assert_eq!(
                json::<String>(written.as_bytes()).unwrap(),
                text,
                "{written}"
            );
        }
        assert!(json::<String>(br#""cut"#).is_err());
    }
}
