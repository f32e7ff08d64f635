//! Chapters as people write them into descriptions: a line each, with a clock before or behind the
//! title, a stretch of two clocks, or a link to the moment.
//!
//! Pure. `YouTube` reads few of these forms itself. Clocks must run forward and stay within the
//! recording, so that times of day are no chapters.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::talk::parse_clock;

/// Of a list of fewer lines nobody knows whether it is one.
const LEAST: usize = 2;

/// A stretch of a recording with a title, in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) start: u64,
    pub(super) end: Option<u64>,
    pub(super) title: String,
}

impl Stretch {
    /// How long it is, where its end is known.
    pub(super) fn length(&self) -> Option<u64> {
        self.end.map(|end| end.saturating_sub(self.start))
    }
}

const CLOCK: &str = r"\d{1,3}:\d{2}(?::\d{2})?";
static FORMS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        r"^(?:\d{1,2}[.)]\s+)?[\s\p{P}\p{S}\p{M}]*(?<start>CLOCK)[\])]?(?:\s*(?:-|–|—|→|to|bis|à)\s*[\[(]?(?<end>CLOCK)[\])]?)?[\s\p{P}\p{S}]*(?<title>[\p{L}\p{N}<„“«'].*)$",
        r"^(?<title>.*[^\s\p{Pd}\[(])[\s\p{Pd}\[(]+(?<start>CLOCK)[\])]?$",
        r"^\S*youtu\S*[?&#](?:t|start)=(?<offset>[0-9hms]+)\S*[\s\p{Pd}:]+(?<title>.+)$",
    ]
    .map(|pattern| Regex::new(&pattern.replace("CLOCK", CLOCK)).expect("the pattern is valid"))
});

/// Reads the chapters of a description; none where it lists none. Each lasts until the next where
/// the description does not say when it ends.
pub(super) fn chapters(description: &str, duration: Option<u64>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for stretch in description.lines().filter_map(stretch) {
        let is_within = duration.is_none_or(|duration| stretch.start < duration);
        let is_later = stretches
            .last()
            .is_none_or(|last| stretch.start > last.start);
        if is_within && is_later {
            stretches.push(stretch);
        }
    }
    let starts: Vec<u64> = stretches.iter().skip(1).map(|next| next.start).collect();
    let ends = starts.into_iter().map(Some).chain([duration]);
    for (stretch, next) in stretches.iter_mut().zip(ends) {
        stretch.end = stretch.end.filter(|end| *end > stretch.start).or(next);
    }
    if stretches.len() < LEAST {
        Vec::new()
    } else {
        stretches
    }
}

/// Whether a title begins with the end of its chapter, which `YouTube` has taken for a part of it.
pub(super) fn begins_with_clock(title: &str) -> bool {
    let words = title.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let first = words.split_whitespace().next().unwrap_or_default();
    first.contains(':') && parse_clock(first).is_some()
}

fn stretch(line: &str) -> Option<Stretch> {
    let line = line.trim();
    // A link holds digits and colons of its own.
    let forms = if line.contains("://") {
        &FORMS[2..]
    } else {
        &FORMS[..2]
    };
    let found = forms.iter().find_map(|form| form.captures(line))?;
    Some(Stretch {
        start: start(&found)?,
        end: found.name("end").and_then(|end| parse_clock(end.as_str())),
        title: found["title"].trim().to_owned(),
    })
}

fn start(found: &Captures<'_>) -> Option<u64> {
    match found.name("offset") {
        Some(offset) => seconds(offset.as_str()),
        None => parse_clock(found.name("start")?.as_str()),
    }
}

/// Reads the moment in a link: `95`, `3600s`, `1h2m3s`.
pub(super) fn seconds(offset: &str) -> Option<u64> {
    let (mut total, mut digits) = (0_u64, String::new());
    for letter in offset.chars() {
        let unit = match letter {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            digit if digit.is_ascii_digit() => {
                digits.push(digit);
                continue;
            }
            _ => return None,
        };
        total = total.checked_add(digits.parse::<u64>().ok()?.checked_mul(unit)?)?;
        digits.clear();
    }
    let rest = if digits.is_empty() {
        0
    } else {
        digits.parse().ok()?
    };
    total.checked_add(rest)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(description: &str, expected: &Expect) {
        let listing =
            chapters(description, Some(10_800))
                .into_iter()
                .map(|Stretch { start, end, title }| {
                    format!("{start}-{} {title}\n", end.unwrap_or_default())
                });
        expected.assert_eq(&listing.collect::<String>());
    }

    #[test]
    fn chapters_are_read_in_the_forms_that_people_write() {
        let expected = expect![[r"
            900-3600 Ada Quill: Lighthouses
            3600-6000 Ben Oak: Tides
            6000-10800 Cleo Fir: Harbours
        "]];
        for description in [
            "Day 1\n\n0:15:00 Ada Quill: Lighthouses\n1:00:00 Ben Oak: Tides\n1:40:00 Cleo Fir: Harbours",
            "Ada Quill: Lighthouses 0:15:00\nBen Oak: Tides - 1:00:00\nCleo Fir: Harbours (1:40:00)",
            "- 0:15:00 Ada Quill: Lighthouses\n• [1:00:00] Ben Oak: Tides\n▶️ 1:40:00 – Cleo Fir: Harbours",
            "15:00 Ada Quill: Lighthouses\n60:00 Ben Oak: Tides\n100:00 Cleo Fir: Harbours",
            "https://www.youtube.com/watch?v=chapG000001&t=900s Ada Quill: Lighthouses\nhttps://youtu.be/chapG000001?t=1h Ben Oak: Tides\nhttps://youtu.be/chapG000001?t=6000 - Cleo Fir: Harbours",
            "1. (0:15:00) | Ada Quill: Lighthouses\n2. (1:00:00) | Ben Oak: Tides\n3. (1:40:00) | Cleo Fir: Harbours",
        ] {
            check(description, &expected);
        }
        check(
            "00:15:00 - 01:00:00 Ada Quill: Lighthouses\n01:00:00 - 01:40:00 Ben Oak: Tides\n01:40:00 - 02:40:00 Cleo Fir: Harbours",
            &expect![[r"
                900-3600 Ada Quill: Lighthouses
                3600-6000 Ben Oak: Tides
                6000-9600 Cleo Fir: Harbours
            "]],
        );
    }

    #[test]
    fn one_clock_and_clocks_beyond_the_end_are_no_chapters() {
        check("We meet at 10:30 in hall 2.\nSee you at 9:00", &expect![""]);
        check("5:00:00 Late\n6:00:00 Later", &expect![""]);
    }

    #[test]
    fn moments_in_links_are_read() {
        for (text, expected) in [
            ("95", Some(95)),
            ("3600s", Some(3600)),
            ("1h2m3s", Some(3723)),
            ("x", None),
            ("0s", Some(0)),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
