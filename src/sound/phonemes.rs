//! Words as rows of sounds, and how alike two rows sound.
//!
//! A crude reading of English spelling, made for one question: could this have been said where
//! that was heard? Recognition puts one vowel for another, one stop for another, and moves the
//! spaces; it seldom turns a stop into a hiss. So each exchange has its own cost, vowels count
//! half, and several words make one row.

use std::sync::LazyLock;

use crate::sound::{fold, letter_name, respell};

/// The sounds of a word or of a few words that follow each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Phonemes {
    sounds: Vec<u8>,
    weight: u32,
}

impl Phonemes {
    /// Reads one word; a letter that stands alone is said by its name.
    pub(crate) fn of(word: &str) -> Self {
        let folded = fold(word);
        let said = match folded.as_str() {
            "a" => "a",
            letter => letter_name(letter).unwrap_or(letter),
        };
        let mut phonemes = Self::default();
        phonemes.read(&respell(said));
        phonemes
    }

    /// Goes on with the next word; a sound that ends one and opens the other is heard once.
    pub(crate) fn append(&mut self, next: &Self) {
        for &sound in &next.sounds {
            self.push(sound);
        }
    }

    /// Whether it has three consonants or less.
    pub(crate) fn is_short(&self) -> bool {
        self.weight < 3 * WHOLE
    }

    /// How alike both sound, from 0 to 1; nothing where that is less than `least`.
    pub(crate) fn likeness(&self, other: &Self, least: f64) -> Option<f64> {
        let most = self.weight.max(other.weight);
        let allowed = f64::from(most) * (1.0 - least);
        if f64::from(most - self.weight.min(other.weight)) > allowed {
            return None;
        }
        let mut row = vec![0];
        row.extend(other.sounds.iter().scan(0, |sum, &sound| {
            *sum += weight(sound);
            Some(*sum)
        }));
        for &x in &self.sounds {
            let mut diagonal = row[0];
            row[0] += weight(x);
            for (at, &y) in other.sounds.iter().enumerate() {
                let exchanged = diagonal + exchange(x, y);
                diagonal = row[at + 1];
                let dropped = (row[at] + weight(y)).min(diagonal + weight(x));
                row[at + 1] = exchanged.min(dropped);
            }
            let nearest = row.iter().min().copied().unwrap_or_default();
            if f64::from(nearest) > allowed {
                return None;
            }
        }
        let likeness = 1.0 - f64::from(row[other.sounds.len()]) / f64::from(most.max(1));
        (likeness >= least).then_some(likeness)
    }

    fn read(&mut self, respelled: &str) {
        let mut rest = respelled;
        while let Some(c) = rest.bytes().next() {
            let pair = PAIRS
                .iter()
                .find_map(|(letters, sound)| Some((*sound, rest.strip_prefix(letters)?)));
            let is_soft = || rest[1..].starts_with(['e', 'i']);
            let (sound, after) = match pair {
                Some(pair) => pair,
                None if c == b'g' && is_soft() => (Some(b'j'), &rest[1..]),
                // It is not heard where a word ends.
                None if c == b'h' && rest.len() == 1 && !self.sounds.is_empty() => (None, ""),
                None => (Some(c), &rest[1..]),
            };
            if let Some(sound) = sound {
                self.push(sound);
            }
            rest = after;
        }
    }

    fn push(&mut self, sound: u8) {
        if self.sounds.last() != Some(&sound) {
            self.sounds.push(sound);
            self.weight += weight(sound);
        }
    }
}

/// Letters that are one sound, or none: capitals are sounds that no letter has.
const PAIRS: &[(&str, Option<u8>)] = &[
    ("sh", Some(b'S')),
    ("ch", Some(b'C')),
    ("th", Some(b'T')),
    ("dg", Some(b'j')),
    ("ng", Some(b'N')),
    ("gh", None),
];

/// The cost of a consonant that another one has nothing in common with.
const WHOLE: u32 = 10;

/// How much a sound tells: vowels and what is breathed are soon missed.
fn weight(sound: u8) -> u32 {
    match sound {
        b'a' | b'e' | b'i' | b'o' | b'u' | b'h' | b'w' | b'y' => WHOLE / 2,
        // Who says a number means no other.
        b'0'..=b'9' => 2 * WHOLE,
        _ => WHOLE,
    }
}

fn exchange(x: u8, y: u8) -> u32 {
    EXCHANGES[usize::from(x.min(127))][usize::from(y.min(127))]
}

static EXCHANGES: LazyLock<[[u32; 128]; 128]> = LazyLock::new(|| {
    let mut costs = [[0; 128]; 128];
    for x in 0..128_u8 {
        for y in (0..128_u8).filter(|&y| y != x) {
            let by_kind = KINDS
                .iter()
                .find(|(sounds, _)| sounds.contains(&x) && sounds.contains(&y));
            let apart = || WHOLE.max(u32::midpoint(weight(x), weight(y)));
            costs[usize::from(x)][usize::from(y)] = by_kind.map_or_else(apart, |(_, cost)| *cost);
        }
    }
    costs
});

/// Sounds that are taken for each other, the most alike first: those that differ in the voice
/// alone, then those made in the same place, then those made in the same manner.
const KINDS: &[(&[u8], u32)] = &[
    (b"aeiou", 3),
    (b"sz", 2),
    (b"pb", 3),
    (b"td", 3),
    (b"kg", 3),
    (b"fv", 3),
    (b"SCj", 3),
    (b"nN", 3),
    (b"wuo", 3),
    (b"yie", 3),
    (b"mn", 4),
    (b"sS", 4),
    (b"tdTsf", 4),
    (b"vb", 4),
    (b"lrw", 5),
    (b"tC", 5),
    (b"djyh", 5),
    (b"vw", 5),
    (b"bm", 6),
    (b"dn", 6),
    (b"kh", 6),
    (b"ptk", 7),
    (b"bdg", 7),
    (b"fsS", 7),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &str) -> Phonemes {
        let mut all = Phonemes::default();
        for word in words.split(' ') {
            all.append(&Phonemes::of(word));
        }
        all
    }

    #[test]
    fn what_is_said_alike_is_alike_wherever_its_spaces_are() {
        for (heard, name, least) in [
            ("Neal", "Neil", 1.0),
            ("Christian", "Kristian", 0.8),
            ("knight", "nite", 0.99),
            ("bake a huge", "Baker Hughes", 0.55),
            ("sepia", "Cepheid", 0.5),
            ("Winston", "Weinstein", 0.7),
        ] {
            let likeness = of(heard).likeness(&of(name), 0.0);
            assert!(likeness >= Some(least), "{heard} {name} {likeness:?}");
        }
    }

    #[test]
    fn what_is_too_little_alike_is_not_alike() {
        for (heard, name) in [("quarter", "Neil"), ("", "Neil"), ("seven 7", "seven 8")] {
            assert_eq!(of(heard).likeness(&of(name), 0.8), None, "{heard} {name}");
        }
        let (a, b) = (of("Raptor"), of("ractor"));
        assert_eq!(a.likeness(&b, 0.0), b.likeness(&a, 0.0));
    }
}
