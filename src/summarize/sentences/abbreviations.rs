//! Which words a full stop shortens, so that it need not end a sentence.
//!
//! Where a stop can be read both ways, what follows decides: a number after "Fig.", a name after
//! "St.". It knows a word, the one before it and the one behind it, and nothing else of a sentence.

use super::{letters, only_char};
use crate::talk::language::is_function_word;

/// Abbreviations that never end a sentence; those in lower case may be capitalized.
const ALWAYS_GO_ON: &[&str] = &[
    "Capt", "Dr", "Dra", "Fa", "Hr", "Ing", "Messrs", "Mlle", "Mme", "Mr", "Mrs", "Ms", "Mx",
    "Profa", "Sra", "Srta", "approx", "bijv", "bl.a", "bspw", "bzw", "ca", "cf", "d.h", "dipl",
    "dott", "e.g", "eg", "evtl", "excl", "ggf", "i.e", "ie", "incl", "inkl", "np", "o.ä", "p.ej",
    "p.ex", "prof", "rd", "sig", "sog", "u.a", "viz", "vs", "z.B", "z.b",
];

/// Abbreviations that go on where a number follows.
const GO_ON_WITH_NUMBER: &[&str] = &[
    "Abb", "Abs", "Apr", "Aug", "Bd", "Dec", "Dez", "Feb", "Jan", "Jul", "Jun", "Kap", "Mar",
    "Nov", "Oct", "Okt", "Sep", "Sept", "Tab", "al", "art", "avg", "ch", "chap", "ed", "eq", "fig",
    "figs", "max", "min", "no", "nos", "nr", "núm", "p", "pp", "pág", "rev", "s", "sec", "ver",
    "vol",
];

/// Abbreviations that go on where a name follows and end where a function word does.
const GO_ON_WITH_NAME: &[&str] = &[
    "Ave", "B.Sc", "Bros", "Co", "Col", "Corp", "Fr", "Ft", "Gen", "Gov", "Hon", "Inc", "Jr", "Lt",
    "Ltd", "M.Sc", "Maj", "Mio", "Mrd", "Mt", "Ph.D", "Rev", "Sen", "Sgt", "Sr", "St", "Univ",
    "av", "ej", "ex", "resp", "v",
];

/// Whether the stop behind a word shortens it, and the sentence goes on.
pub(super) fn abbreviates(word: &str, previous: &str, next: &str) -> bool {
    let is_list_number = previous.is_empty() || previous.ends_with(':');
    if is_number(word) {
        return is_list_number || (word.len() <= 2 && is_german_ordinal(previous, next));
    }
    let next_is_name = is_initial(next) || !is_function_word(letters(next));
    if is_listed(word, ALWAYS_GO_ON)
        || (is_listed(word, GO_ON_WITH_NUMBER) && begins_with_number(next))
        || (is_listed(word, GO_ON_WITH_NAME) && next_is_name)
        || (is_roman_number(word) && is_list_number)
    {
        return true;
    }
    let mut parts = word.split('.');
    match (parts.next().and_then(only_char), parts.next()) {
        (Some(c), None) if c.is_lowercase() => {
            previous.is_empty() || is_initial(previous) || is_initial(next)
        }
        (Some(c), None) if c.is_alphabetic() => {
            is_small_initial(previous) || (next_is_name && !ends_with_letter_name(word, previous))
        }
        (Some(_), Some(_)) => next_is_name && word.split('.').all(is_letter),
        _ => false,
    }
}

fn is_listed(word: &str, list: &[&str]) -> bool {
    let uncapitalized = || {
        let mut chars = word.chars();
        chars
            .next()
            .map(|first| first.to_lowercase().chain(chars).collect::<String>())
    };
    list.contains(&word) || uncapitalized().is_some_and(|word| list.contains(&word.as_str()))
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit())
}

/// Of one letter it is rather a pronoun or an initial, and with other letters rather an acronym.
fn is_roman_number(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
}

fn begins_with_number(next: &str) -> bool {
    next.starts_with(|c: char| c.is_ascii_digit()) || is_roman_number(letters(next))
}

fn is_letter(text: &str) -> bool {
    only_char(text).is_some_and(char::is_alphabetic)
}

/// Whether a word is a single letter and a stop: "J.", "z.".
fn is_initial(word: &str) -> bool {
    word.strip_suffix('.').is_some_and(is_letter)
}

fn is_small_initial(word: &str) -> bool {
    is_initial(word) && word.starts_with(char::is_lowercase)
}

/// Tells "written in C. Rust …" from "by C. Darwin": languages that are letters end a sentence,
/// unless a name or the word before a name goes before.
fn ends_with_letter_name(word: &str, previous: &str) -> bool {
    let is_letter_name = matches!(word, "C" | "D" | "R");
    let introduces_name = matches!(previous, "by" | "von" | "par" | "por");
    is_letter_name && previous.starts_with(char::is_lowercase) && !introduces_name
}

fn is_german_ordinal(previous: &str, next: &str) -> bool {
    const BEFORE: &[&str] = &[
        "am", "beim", "das", "dem", "den", "der", "des", "die", "im", "ins", "vom", "zum", "zur",
    ];
    const BEHIND: &[&str] = &[
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
        "Jahrhundert",
        "Jahrhunderts",
    ];
    let is_introduced = BEFORE.contains(&previous.to_lowercase().as_str());
    (is_introduced && !is_function_word(letters(next))) || BEHIND.contains(&letters(next))
}
