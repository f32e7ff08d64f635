//! Numbers as people read them, on pages and in reports.

/// `1 request`, `2,000 requests`.
#[must_use]
pub(crate) fn pluralize(count: impl TryInto<u64>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", thousands(count))
}

/// A number with its thousands apart: `8,500`.
#[must_use]
pub(crate) fn thousands(count: impl TryInto<u64>) -> String {
    let digits = count.try_into().unwrap_or(u64::MAX).to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Some of these names, and how many more there are.
#[must_use]
pub(crate) fn first_few(names: impl Iterator<Item = String>) -> String {
    /// Nobody reads on.
    const MOST: usize = 20;
    let mut names: Vec<String> = names.collect();
    let more = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    let shown = names.join(", ");
    match more {
        0 => shown,
        more => format!("{shown} and {} more", thousands(more)),
    }
}

/// In what a length of time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeUnit {
    Minutes,
    Hours,
}

/// About how long something takes, in the unit in which people say that.
#[must_use]
pub(crate) fn rounded_length(seconds: u64) -> (u64, TimeUnit) {
    match (seconds + 1800) / 3600 {
        0 => (seconds.div_ceil(60), TimeUnit::Minutes),
        hours => (hours, TimeUnit::Hours),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        for (count, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(thousands(count), text);
        }
        assert_eq!(pluralize(1_u64, "visit"), "1 visit");
        assert_eq!(pluralize(0_usize, "visit"), "0 visits");
    }

    #[test]
    fn of_many_names_the_first_are_told() {
        let told = |count: usize| first_few((1..=count).map(|number| number.to_string()));
        assert_eq!(told(2), "1, 2");
        assert_eq!(told(20).matches(", ").count(), 19);
        assert!(told(1_021).ends_with(", 20 and 1,001 more"));
    }

    #[test]
    fn a_length_is_in_hours_once_there_is_half_a_one() {
        for (seconds, rounded) in [
            (60, (1, TimeUnit::Minutes)),
            (1_799, (30, TimeUnit::Minutes)),
            (1_800, (1, TimeUnit::Hours)),
            (9_000, (3, TimeUnit::Hours)),
        ] {
            assert_eq!(rounded_length(seconds), rounded);
        }
    }
}
