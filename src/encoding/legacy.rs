//! Text in one of the older encodings: which one is guessed from the letters and from the language.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, MACINTOSH, WINDOWS_1252};

use crate::encoding::Decoded;

/// Domains in which the older encodings of a language are at home; the detector knows only domains.
const DOMAINS: &[(&str, &str)] = &[
    ("ar", "eg"),
    ("be", "by"),
    ("cs", "cz"),
    ("da", "dk"),
    ("el", "gr"),
    ("et", "ee"),
    ("fa", "ir"),
    ("he", "il"),
    ("ja", "jp"),
    ("ko", "kr"),
    ("sl", "si"),
    ("sr", "rs"),
    ("sv", "se"),
    ("uk", "ua"),
    ("vi", "vn"),
    ("zh", "cn"),
];

/// Languages that old Macs wrote in the encoding of their own that they are read in.
const MAC_LANGUAGES: [&str; 14] = [
    "ca", "da", "de", "en", "es", "eu", "fi", "fr", "it", "nb", "nl", "no", "pt", "sv",
];
/// The letters of these languages beside those of English.
const WESTERN_LETTERS: &str = "äöüßéèêëáàâãåæøœçñíìîïóòôõúùûÿÄÖÜÉÈÊËÁÀÂÃÅÆØŒÇÑÍÌÎÏÓÒÔÕÚÙÛŠŽšžªº";

/// A guess is doubtful where the language has tipped the scales, or where no letter fits.
pub(super) fn decode<'a>(bytes: &'a [u8], language: Option<&str>) -> Decoded<'a> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let domain = language.map(domain);
    let encoding = detector.guess(domain.as_deref().map(str::as_bytes), Utf8Detection::Deny);
    let alone = detector.guess(None, Utf8Detection::Deny);
    // Chinese alone does not say which of its two scripts.
    let is_any_chinese = language.is_some_and(|tag| tag.eq_ignore_ascii_case("zh"));
    let encoding = if is_any_chinese && alone == BIG5 {
        alone
    } else {
        encoding
    };
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    if let Some(text) = western(bytes, &text, language) {
        return Decoded {
            text: Cow::Owned(text),
            doubtful: None,
        };
    }
    let is_odd = |letter: char| matches!(letter, '\u{80}'..='\u{9f}');
    let is_doubtful = has_errors || encoding != alone || text.contains(is_odd);
    Decoded {
        text,
        doubtful: is_doubtful.then(|| encoding.name()),
    }
}

/// The text of Windows or of an old Mac in a western language, where its letters say so: none of them is
/// out of place, and another reading (the guessed one) has some that are. Windows is meant only where the
/// language is known.
fn western(bytes: &[u8], guessed: &str, language: Option<&str>) -> Option<String> {
    let primary = language.map(|tag| tag.split('-').next().unwrap_or_default().to_lowercase());
    let is_at_home = primary
        .as_ref()
        .is_none_or(|tag| MAC_LANGUAGES.contains(&tag.as_str()));
    let count = |is_one: fn(&u8) -> bool| bytes.iter().filter(|byte| is_one(byte)).count();
    let is_latin = count(|byte| !byte.is_ascii()) * 2 <= count(u8::is_ascii_alphabetic);
    if !is_at_home || !is_latin {
        return None;
    }
    let has_carons = primary
        .as_ref()
        .is_none_or(|tag| matches!(tag.as_str(), "en" | "fi"));
    let has_old_breaks = bytes.contains(&b'\r') && !bytes.contains(&b'\n');
    if count_misplaced(guessed, has_carons, !has_old_breaks) == 0 {
        return None;
    }
    let windows = primary.map(|_| (WINDOWS_1252, !has_old_breaks));
    let mut readings = windows.into_iter().chain([(MACINTOSH, true)]);
    readings.find_map(|(encoding, has_dashes)| {
        let text = encoding.decode_without_bom_handling(bytes).0;
        let is_right = count_misplaced(&text, has_carons, has_dashes) == 0;
        is_right.then(|| text.into_owned())
    })
}

/// How many letters and signs of a text in a western language stand where none writes them: capitals
/// behind small letters, signs within words, letters of other languages. Dashes within words, as in
/// English, may count too.
fn count_misplaced(text: &str, has_carons: bool, has_dashes: bool) -> usize {
    let letters: Vec<char> = text.chars().collect();
    let near = |place: Option<usize>| place.and_then(|place| letters.get(place)).copied();
    let is_misplaced = |place: usize, letter: char| {
        let before = near(place.checked_sub(1)).unwrap_or(' ');
        let behind = near(Some(place + 1)).unwrap_or(' ');
        let is_within = before.is_alphabetic() && behind.is_alphabetic();
        match letter {
            'Š' | 'Ž' | 'š' | 'ž' if !has_carons => true,
            _ if WESTERN_LETTERS.contains(letter) => letter.is_uppercase() && before.is_lowercase(),
            '’' | '…' | '·' | '\u{a0}' => false,
            '–' | '—' => is_within && !has_dashes,
            '‘' | '“' | '«' | '„' | '¿' | '¡' => before.is_alphanumeric(),
            '”' | '»' | '™' | '°' | '©' | '®' | '•' | '€' | '£' | '§' | '¢' => {
                is_within
            }
            _ => true,
        }
    };
    let placed = letters.iter().enumerate();
    let others = placed.filter(|(_, letter)| !letter.is_ascii());
    others
        .filter(|(place, letter)| is_misplaced(*place, **letter))
        .count()
}

/// Where a language is written: `de-AT` in `at`, `ru` in `ru`.
fn domain(language: &str) -> String {
    let mut tags = language.split('-');
    let primary = tags.next().unwrap_or_default().to_ascii_lowercase();
    let is_letters =
        |tag: &str| tag.len() == 2 && tag.bytes().all(|byte| byte.is_ascii_alphabetic());
    let region = tags
        .find(|tag| is_letters(tag))
        .map(str::to_ascii_lowercase);
    let known = DOMAINS.iter().find(|(known, _)| *known == primary);
    match (region, known) {
        (Some(region), _) => region,
        (None, Some((_, domain))) => (*domain).to_owned(),
        (None, None) if is_letters(&primary) && primary != "en" => primary,
        (None, None) => "com".to_owned(),
    }
}
