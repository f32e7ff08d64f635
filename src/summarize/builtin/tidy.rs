//! Makes a sentence of what was said: fillers, false starts and loose ends go, a capital and a
//! stop come.
//!
//! It takes words away and never adds or replaces one, so that an excerpt stays a quotation.

use crate::summarize::sentences::is_han_or_kana;
use crate::talk::language::{Language, fold};

/// Takes fillers, repetitions and loose ends off, and gives a capital and a stop.
pub(super) fn tidy(raw: &str, language: Option<Language>) -> String {
    let said: Vec<&str> = raw.split_whitespace().collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(&word) = said.get(at) {
        let filler = filler_length(&said, at, language);
        at += filler.max(1);
        if filler == 0 {
            kept.push(word);
            drop_repetition(&mut kept);
        }
    }
    let start = (0..kept.len())
        .take_while(|&at| is_listed(kept[at], OPENINGS) || counts(&kept[at..]))
        .count();
    let mut kept = kept.split_off(start);
    while is_loose(&kept) {
        kept.pop();
    }
    let is_english = language == Some(Language::English);
    let is_small_i = |word: &str| word == "i" || word.starts_with("i'");
    let words: Vec<String> = kept
        .into_iter()
        .map(|word| {
            if is_english && is_small_i(word) {
                word.replacen('i', "I", 1)
            } else {
                word.to_owned()
            }
        })
        .collect();
    let text = words.join(" ");
    let text = text.trim_end_matches([',', ';', ':', '-', '–', '—', ' ']);
    if text.is_empty() {
        String::new()
    } else {
        add_stop(&capitalize(text))
    }
}

/// Whether the last word hangs loose; in "not now" and "perfectly right" it does not.
fn is_loose(kept: &[&str]) -> bool {
    const TAGS: &str = "right now so";
    const BEFORE_TAGS: &str =
        "not says say do does did is are was were be been from until all just";
    let Some((last, rest)) = kept.split_last() else {
        return false;
    };
    let belongs = is_listed(last, TAGS)
        && rest
            .last()
            .is_some_and(|word| is_listed(word, BEFORE_TAGS) || word.ends_with("ly"));
    is_listed(last, LOOSE_ENDS) && !has_stop(last) && !belongs
}

/// Whether a unit starts with a number that only counts it: "two never …".
fn counts(kept: &[&str]) -> bool {
    const NUMBERS: &str = "one two three four five first second third";
    const COUNTED: &str =
        "never always don't please when if the a an we you i it put use keep make";
    let starts_with = |at: usize, list| kept.get(at).is_some_and(|word| is_listed(word, list));
    starts_with(0, NUMBERS) && starts_with(1, COUNTED)
}

/// Counts the words of the filler that starts here; zero where none does.
fn filler_length(said: &[&str], at: usize, language: Option<Language>) -> usize {
    const BEFORE_KNOW: &str = "do did if as when that what how don't because let";
    const AFTER_KNOW: &str = "what how that who where why the about which if whether it this";
    let word = |at: usize| said.get(at).map_or("", |word| bare(word));
    if is_filler(word(at), language) {
        return 1;
    }
    let is_you_know = is_listed(word(at), "you") && is_listed(word(at + 1), "know");
    let is_meant = || {
        let before = at.checked_sub(1).map_or("", word);
        is_listed(before, BEFORE_KNOW) || is_listed(word(at + 2), AFTER_KNOW)
    };
    if is_you_know && !is_meant() { 2 } else { 0 }
}

/// Whether a word only opens a unit in speech.
pub(super) fn opens_in_speech(word: &str) -> bool {
    is_listed(word, OPENINGS)
}

/// Whether a word only fills the time.
pub(super) fn is_filler(word: &str, language: Option<Language>) -> bool {
    const FILLERS: &str = "uh uhm umm uhh erm hmm mm äh ähm öh euh ehm";
    // "um" is a word in German and Portuguese, "er" in German.
    const ENGLISH_FILLERS: &str = "um er";
    let is_english = language == Some(Language::English);
    is_listed(word, FILLERS) || (is_english && is_listed(word, ENGLISH_FILLERS))
}

/// Drops the first of two equal runs of up to three words: "we have we have a cache".
fn drop_repetition(kept: &mut Vec<&str>) {
    for length in (1..=3).rev() {
        let Some(start) = kept.len().checked_sub(2 * length) else {
            continue;
        };
        let (first, second) = kept[start..].split_at(length);
        let equal = first
            .iter()
            .zip(second)
            .all(|(a, b)| *a == bare(a) && fold(a) == fold(bare(b)));
        if equal {
            // The later run stays, as punctuation may follow it.
            kept.drain(start..start + length);
        }
    }
}

/// Words that only open a unit in speech.
const OPENINGS: &str = "so and but okay ok now well right yeah yes alright then because basically anyway also like \
    oh und aber ja gut genau dann donc alors et mais bon ben voilà entonces y pero bueno pues \
    quindi allora ma então";

/// Words after which something has to follow.
const LOOSE_ENDS: &str = "and or but so because the a an of to for from with by at as that which who is are was were \
    if when i we they i'm we're it's that's my our your their its than into like okay right now \
    and/or let's mhm yeah cool yes cuz und oder aber weil der die das ein eine zu mit für von wir ich dass et ou mais \
    le la les un une de des du que y pero el los las una con para por";

/// Whether a word stands in a list of words parted by spaces, whatever its case.
pub(super) fn is_listed(word: &str, list: &str) -> bool {
    let word = fold(bare(word));
    list.split(' ').any(|listed| listed == word)
}

/// Whether two words stand in a list of pairs parted by bars, whatever their case.
pub(super) fn is_listed_pair(word: &str, next: &str, list: &str) -> bool {
    let (word, next) = (fold(bare(word)), fold(bare(next)));
    list.split('|')
        .any(|pair| pair.split_once(' ') == Some((&word, &next)))
}

pub(super) fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Gives a capital, unless the letter has none of its own: "ﬁ" would come back as two letters.
fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let capital: String = first.to_uppercase().collect();
    if capital.to_lowercase() == first.to_string() {
        capital + chars.as_str()
    } else {
        text.to_owned()
    }
}

fn add_stop(text: &str) -> String {
    let stop = if text.ends_with(is_han_or_kana) {
        '。'
    } else {
        '.'
    };
    if has_stop(text) {
        text.to_owned()
    } else {
        format!("{text}{stop}")
    }
}

/// Whether a text ends in a stop, be it behind a quote or bracket.
pub(super) fn has_stop(text: &str) -> bool {
    let bare = text.trim_end_matches(['"', '”', '’', '»', ')', '」']);
    bare.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।', '۔'])
}

#[cfg(test)]
mod tests {
    use super::{Language, tidy};

    #[test]
    fn speech_is_tidied_without_new_words() {
        for (raw, expected) in [
            (
                "so uh we we built um a small cache",
                "We built a small cache.",
            ),
            ("okay so i think i'm done and", "I think I'm done."),
            ("we have we have a queue of the", "We have a queue."),
            ("it is you know rather slow", "It is rather slow."),
            (
                "as you know the queue is slow",
                "As you know the queue is slow.",
            ),
            ("And, well, it works, um.", "It works."),
            ("Does it work?", "Does it work?"),
            ("two never trust a clock", "Never trust a clock."),
            ("two clocks are enough", "Two clocks are enough."),
            (
                "the gate was closed just now",
                "The gate was closed just now.",
            ),
            ("uh um", ""),
        ] {
            assert_eq!(tidy(raw, Some(Language::English)), expected, "{raw}");
        }
    }

    #[test]
    fn other_languages_keep_their_small_i() {
        assert_eq!(
            tidy("e i test sono lenti", Some(Language::Italian)),
            "E i test sono lenti."
        );
    }
}
