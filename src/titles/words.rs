//! The words that names and titles are compared by.
//!
//! What people change without meaning to is gone here: case, accents, signs, zeros in front of
//! numbers. What a word is worth is not known here.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::script::Script;

/// What people add to the names of files.
const ADDED: &str = "
    final subtitle subtitles subs caption captions transcript corrected edited edit version copy
    video audio recording orig
";

/// The words of a text without case, accents and signs; numbers are words of their own, and
/// scripts without spaces are cut into pairs of letters.
pub(super) fn words(text: &str) -> Vec<String> {
    // Upper case first, which spells ß as SS.
    let text = text.to_uppercase().to_lowercase();
    let letters = text
        .nfkd()
        .filter(|letter| !is_combining_mark(*letter) && !matches!(letter, '\'' | '’' | '`'));
    let mut runs: Vec<(Script, String)> = Vec::new();
    for letter in letters {
        let script = Script::of(letter);
        match runs.last_mut() {
            Some((last, run)) if *last == script => run.push(letter),
            _ => runs.push((script, letter.to_string())),
        }
    }
    let mut words: Vec<String> = Vec::new();
    for (script, run) in runs {
        match (script, words.last_mut()) {
            (Script::Signs, _) => {}
            // Versions are no numbers that tell one part from another.
            (Script::Digits, Some(last)) if last == "v" => last.push_str(&run),
            (Script::Digits, _) => words.push(run.trim_start_matches('0').to_owned()),
            (Script::Spaced, _) => words.push(run),
            (Script::Unspaced, _) => {
                let letters: Vec<char> = run.chars().collect();
                words.extend(letters.windows(2.min(letters.len())).map(String::from_iter));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a word is no news in a name: a number, a language, what people add to names of files.
pub(super) fn is_beside(word: &str) -> bool {
    ADDED.split_whitespace().any(|added| added == word) || is_number(word) || word.len() <= 2
}

/// Whether a word is a number.
pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_what_is_left_without_case_accents_and_signs() {
        for (text, expected) in [
            (
                "07_Zoë-Núñez__Don't (final v2)",
                "7 zoe nunez dont final v2",
            ),
            ("STRASSEN & Straße", "strassen strasse"),
            // As macOS writes names: letter and accent apart.
            ("Cafe\u{301}.en", "cafe en"),
            ("HTTP/2 in Python3", "http 2 in python 3"),
            ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
            ("東京でRust入門", "東京 京て rust 入門"),
            ("한국어 발표", "한국어 발표"),
            (" — !?", ""),
            ("000", ""),
        ] {
            let words: String = words(text).join(" ");
            let expected: String =
                unicode_normalization::UnicodeNormalization::nfkd(expected).collect();
            assert_eq!(words, expected, "{text}");
        }
    }
}
