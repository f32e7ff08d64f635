//! What stands before a sentence and is none of it: a number, a bullet, the sentence's name.
//!
//! Pure. A plain reply is read without it, and in a sentence of a summary it is a fault.

use std::sync::LazyLock;

use regex::Regex;

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?i)^(?:[-*•]\s+|\(?\d{1,2}[.):]\s+)?(?:[*_]{0,2}(?:(?:(?:the )?(?:first|second|1st|2nd)[ _]sentence|sentence (?:1|2|one|two)|summary|answer|zusammenfassung|(?:erster|zweiter) satz|résumé|resumen|riassunto|resumo|samenvatting)[*_]{0,2}\s*:[*_]{0,2}\s*|(?:first|second)_sentence\b\s*))?";
    Regex::new(pattern).expect("the pattern is valid")
});

/// Months, which in German have the number of a day before them.
const GERMAN_MONTHS: [&str; 13] = [
    "Januar",
    "Jänner",
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
];

/// What stands before a sentence, if anything does: "1. ", "Second sentence: ".
pub(super) fn label(sentence: &str) -> Option<&str> {
    let label = LABEL.find(sentence)?.as_str();
    let next = sentence[label.len()..].split(|c: char| !c.is_alphabetic());
    let is_day = next
        .into_iter()
        .next()
        .is_some_and(|word| GERMAN_MONTHS.contains(&word))
        && label.trim_end().ends_with('.');
    (!label.is_empty() && !is_day && !opens_with_lower_case(sentence, label)).then_some(label)
}

/// An ordinal and its noun, in languages that write both like this: "1. maj", "2. světová válka".
fn opens_with_lower_case(sentence: &str, label: &str) -> bool {
    let is_number = label.starts_with(|c: char| c.is_ascii_digit()) && label.ends_with(". ");
    is_number && sentence[label.len()..].starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_a_bullet_and_a_name_are_labels() {
        for (sentence, expected) in [
            ("1. Caches are filled.", Some("1. ")),
            ("(2) Caches are filled.", Some("(2) ")),
            ("- **Summary:** Caches are filled.", Some("- **Summary:** ")),
            (
                "Second sentence: caches are filled.",
                Some("Second sentence: "),
            ),
            ("first_sentence caches are filled.", Some("first_sentence ")),
            ("Résumé : un cache se remplit.", Some("Résumé : ")),
            ("Caches are filled: slowly.", None),
            ("1. Mai war der Tag, an dem der Speicher voll war.", None),
            ("24. Dezember ist der Tag, an dem er leer ist.", None),
            ("1. maj var cachen fuld hele dagen.", None),
            ("2.5 million keys are filled.", None),
            ("Summary tables are filled.", None),
        ] {
            assert_eq!(label(sentence), expected, "{sentence}");
        }
    }
}
