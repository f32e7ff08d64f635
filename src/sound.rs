//! How a name is spelled and how it sounds, made to be compared.
//!
//! Two questions are asked, since either alone is fooled: whether the consonants sound alike
//! (Double Metaphone), which takes "Cloud" for "Claude", and whether the whole word is spelled
//! alike once it is written as one would who only heard it ("Carpenter" and "Karpenter" are the
//! same then). Words of English are assumed; other words are compared by the same rules.

mod phonemes;

use rphonetic::DoubleMetaphone;
use strsim::normalized_damerau_levenshtein;

pub(crate) use crate::sound::phonemes::Phonemes;

/// A name in the forms in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Its letters and digits, without accents and in lower case.
    pub(crate) folded: String,
    /// As one would write it who only heard it.
    pub(crate) respelled: String,
    /// Its consonants, in each way in which they may be spoken.
    codes: Vec<String>,
}

impl Reading {
    pub(crate) fn of(name: &str) -> Self {
        let folded = fold(name);
        let code = DoubleMetaphone::new(None).double_metaphone(&folded);
        let mut codes = vec![code.primary(), code.alternate()];
        codes.dedup();
        Self {
            respelled: respell(&folded),
            codes,
            folded,
        }
    }

    /// How alike two names are: from 0 to 2, one point for the spelling and one for the sound.
    ///
    /// What begins with another sound is not alike, since recognition seldom misses how a word
    /// begins, and neither is what shares too few letters.
    pub(crate) fn likeness(&self, other: &Self) -> f64 {
        const FEWEST_SHARED: f64 = 0.7;
        let (a, b) = (self.respelled.len(), other.respelled.len());
        let cannot_share_enough = a.min(b) * 10 < a.max(b) * 7;
        if cannot_share_enough || self.begins_with_vowel() != other.begins_with_vowel() {
            return 0.0;
        }
        let sound = self.sound_likeness(other);
        if sound == 0.0 {
            return 0.0;
        }
        let spelling = normalized_damerau_levenshtein(&self.respelled, &other.respelled);
        if spelling < FEWEST_SHARED {
            0.0
        } else {
            spelling + sound
        }
    }

    /// How alike the consonants sound, from 0 to 1.
    pub(crate) fn sound_likeness(&self, other: &Self) -> f64 {
        self.codes
            .iter()
            .flat_map(|a| other.codes.iter().map(move |b| sound(a, b)))
            .fold(0.0, f64::max)
    }

    /// Whether both begin with the same letter, as one would write them who only heard them.
    pub(crate) fn begins_like(&self, other: &Self) -> bool {
        self.respelled.chars().next() == other.respelled.chars().next()
    }

    fn begins_with_vowel(&self) -> bool {
        self.respelled.starts_with(['a', 'e', 'i', 'o', 'u'])
    }
}

/// The letters and digits of a text, without accents and in lower case.
pub(crate) fn fold(text: &str) -> String {
    let plain = deunicode::deunicode(text);
    plain
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// What a letter that stands alone is called.
pub(crate) fn letter_name(letter: &str) -> Option<&'static str> {
    Some(match letter {
        "a" => "ay",
        "b" => "bee",
        "c" => "see",
        "d" => "dee",
        "e" => "ee",
        "f" => "ef",
        "g" => "gee",
        "h" => "aitch",
        "i" => "eye",
        "j" => "jay",
        "k" => "kay",
        "l" => "el",
        "m" => "em",
        "n" => "en",
        "o" => "oh",
        "p" => "pee",
        "q" => "cue",
        "r" => "ar",
        "s" => "es",
        "t" => "tee",
        "u" => "you",
        "v" => "vee",
        "w" => "doubleyou",
        "x" => "ex",
        "y" => "why",
        "z" => "zee",
        _ => return None,
    })
}

/// Whether the letters of a text are Latin ones; only those are compared.
pub(crate) fn is_latin(text: &str) -> bool {
    let is_latin_letter = |c: char| matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    text.chars()
        .all(|c| is_latin_letter(c) || !c.is_alphabetic())
}

/// How alike two consonant codes are, from 0 to 1; 0 where they begin differently.
///
/// One sound for another of its kind ("Raptor" for "ractor") counts half as much as one for
/// any other.
fn sound(a: &str, b: &str) -> f64 {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.first() != b.first() {
        return 0.0;
    }
    let mut row: Vec<u16> = (0..).take(b.len() + 1).collect();
    for (above, &x) in (1..).zip(a) {
        let mut diagonal = std::mem::replace(&mut row[0], above);
        for (at, &y) in b.iter().enumerate() {
            let exchanged = diagonal + exchange(x, y);
            diagonal = row[at + 1];
            row[at + 1] = exchanged.min(row[at] + 1).min(diagonal + 1);
        }
    }
    let longest = f64::from(u16::try_from(a.len() + b.len()).unwrap_or(u16::MAX)).max(1.0);
    1.0 - f64::from(row[b.len()]) / longest
}

fn exchange(x: u8, y: u8) -> u16 {
    let kind = |sound| match sound {
        b'P' | b'T' | b'K' => Some("stop"),
        b'F' | b'S' | b'X' | b'0' | b'J' | b'H' => Some("fricative"),
        b'M' | b'N' => Some("nasal"),
        b'L' | b'R' => Some("liquid"),
        _ => None,
    };
    match (x == y, kind(x) == kind(y)) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

/// Writes a word as one would who only heard it.
fn respell(word: &str) -> String {
    let (start, mut rest) = INITIALS
        .iter()
        .find_map(|(letters, sound)| Some((*sound, word.strip_prefix(letters)?)))
        .unwrap_or(("", word));
    let mut respelled = start.to_owned();
    while let Some(c) = rest.chars().next() {
        let mut letter = [0; 4];
        let rule = SOUNDS
            .iter()
            .find_map(|(letters, sound)| Some((*sound, rest.strip_prefix(letters)?)));
        let (sound, after) = match rule {
            Some(rule) => rule,
            None if c == 'y' && !respelled.is_empty() => ("i", &rest[1..]),
            None => (&*c.encode_utf8(&mut letter), &rest[c.len_utf8()..]),
        };
        for c in sound.chars() {
            // A doubled letter is heard once.
            if !respelled.ends_with(c) {
                respelled.push(c);
            }
        }
        rest = after;
    }
    match respelled.strip_suffix('e') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['a', 'i', 'o', 'u']) => stem.to_owned(),
        _ => respelled,
    }
}

/// Letters at the start of a word that are heard as others.
const INITIALS: &[(&str, &str)] = &[("kn", "n"), ("gn", "n"), ("wr", "r"), ("ps", "s")];

/// Letters that are heard as others; the first that fits is taken.
const SOUNDS: &[(&str, &str)] = &[
    ("tch", "ch"),
    ("sch", "sh"),
    ("ch", "ch"),
    ("ph", "f"),
    ("ck", "k"),
    ("qu", "kw"),
    ("q", "k"),
    ("x", "ks"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
    ("c", "k"),
    ("ee", "i"),
    ("ea", "i"),
    ("ie", "i"),
    ("ei", "i"),
    ("ey", "i"),
    ("oo", "u"),
    ("ou", "u"),
    ("ew", "u"),
    ("ai", "e"),
    ("ay", "e"),
    ("ae", "e"),
    ("au", "o"),
    ("aw", "o"),
    ("oa", "o"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_heard_alike_are_respelled_alike() {
        for (heard, name) in [
            ("carpenter", "karpenter"),
            ("spire", "spyre"),
            ("eerie", "iree"),
            ("cell", "cel"),
            ("fotos", "photos"),
            ("inspector", "inspektor"),
            ("night", "knight"),
        ] {
            assert_eq!(respell(heard), respell(name));
        }
        for (heard, name) in [("cloud", "claude"), ("lake", "loki"), ("", "e")] {
            assert_ne!(respell(heard), respell(name));
        }
    }

    #[test]
    fn sounds_of_a_kind_are_nearer_than_others() {
        let sound = |a, b| format!("{:.2}", sound(a, b));
        assert_eq!(sound("RPTR", "RKTR"), "0.88");
        assert_eq!(sound("RPTR", "RSTR"), "0.75");
        assert_eq!(sound("PRN", "PRKN"), "0.86");
        assert_eq!(sound("PRN", "KRN"), "0.00");
        assert_eq!(sound("", ""), "1.00");
    }

    #[test]
    fn accents_and_marks_are_not_compared() {
        assert_eq!(fold("Løvborg-Müller's C++ 23"), "lovborgmullersc23");
        assert!(is_latin("Løvborg-Müller, 23") && !is_latin("Кубернетис"));
    }
}
