//! Clocks that pages spell out in words, for those who cannot see them: `1 minute, 3 seconds`.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;

use super::patterns::pattern_of;

/// A length in words before what was said, in languages whose words are known.
static SPELLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern_of(
        r"^\d+ UNIT(?:(?:,| and| und| et| en| y| e)*\s+\d+ UNIT)*",
        &[("UNIT", UNIT)],
    )
});
/// Hours, minutes and seconds as pages spell them out.
const UNIT: &str = r"(?:Stunden?|Minuten?|Sekunden?|seconden?|minuut|minuten|heures?|secondes?|horas?|minutos?|segundos?|or[ae]|second[oi]|minut[oi]|uur|hours?|minutes?|seconds?)";
/// A row that may be a length in words of any language: numbers, each with a word behind it.
static LENGTH: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^(?:[\p{L}\p{M}]+\s+\p{L}?)?(?:\d+\s?[\p{L}\p{M}]+[.,]?(?:\s+|$)(?:[\p{L}\p{M}]{1,3}\s+)?)+$";
    Regex::new(pattern).expect("the pattern is valid")
});

/// Words without the clock before them spelled out, as pages have it for those who cannot see them.
/// Its numbers are those of the clock, which tells it from speech.
pub(super) fn without_spelled_clock(words: &str, at: Duration) -> &str {
    let spells_clock = |text: &str| {
        let seconds = at.as_secs();
        let fields = [seconds / 3600, seconds / 60 % 60, seconds % 60];
        let fields: Vec<u64> = fields.into_iter().filter(|field| *field > 0).collect();
        let numbers = text.split(|letter: char| !letter.is_ascii_digit());
        let numbers = numbers.filter_map(|digits| digits.parse().ok());
        let numbers: Vec<u64> = numbers.filter(|number| *number > 0).collect();
        // Some languages have a word for one.
        fields.ends_with(&numbers) && (!numbers.is_empty() || fields.is_empty())
    };
    if LENGTH.is_match(words) && spells_clock(words) {
        return "";
    }
    let spelled = SPELLED.find(words);
    let spelled = spelled.filter(|spelled| spells_clock(spelled.as_str()));
    spelled.map_or(words, |spelled| words[spelled.end()..].trim_start())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Text, file, expected);
    }

    #[test]
    fn clocks_that_are_spelled_out_in_any_language_are_no_speech() {
        let expected = expect![[r"
            5.00-63.00 bees
            63.00-64.50 5 seconds pass and hives
        "]];
        for (first, second) in [
            ("5 秒", "1 分 3 秒"),
            ("5초", "1분 3초"),
            ("5 sekund", "1 minuta i 3 sekundy"),
            ("5 sekunder", "1 minut och 3 sekunder"),
            ("5 seconds", "1 minute, 3 seconds"),
            ("5 ثوان", "دقيقة و3 ثوان"),
        ] {
            let file = format!("0:05\n{first}\nbees\n1:03\n{second}\n5 seconds pass\nand hives\n");
            check(&file, &expected);
        }
    }

    #[test]
    fn what_pages_spell_out_in_other_languages_is_not_said() {
        check(
            "Transkript\n0:01\n1 SekundeSo hello\n1:09\n1 Minute und 9 SekundenWe close\nDeutsch (automatisch erzeugt)\n",
            &expect![[r"
                1.00-69.00 So hello
                69.00-69.60 We close
            "]],
        );
    }
}
