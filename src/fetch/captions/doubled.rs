//! Screens that a tool has written twice: each twice in turn, or each with its rows twice.
//!
//! Speakers repeat themselves now and then; a tool does it throughout. So nothing is taken from a
//! track in which this is not the rule.

use super::rolling::Screen;

/// Fewer screens that come twice may be chance.
const LEAST: usize = 3;

/// Whether all that a track shows stands there twice.
pub(super) fn is_doubled(screens: &[Screen]) -> bool {
    comes_twice(screens) || has_rows_twice(screens)
}

/// Takes the second of all that stands there twice.
pub(super) fn undouble(screens: Vec<Screen>) -> Vec<Screen> {
    if comes_twice(&screens) {
        first_of_pairs(screens)
    } else if has_rows_twice(&screens) {
        screens.into_iter().map(first_half).collect()
    } else {
        screens
    }
}

fn comes_twice(screens: &[Screen]) -> bool {
    let (pairs, rest) = screens.as_chunks::<2>();
    let mut kinds: Vec<String> = pairs.iter().map(|pair| pair[0].text()).collect();
    kinds.dedup();
    kinds.len() >= LEAST
        && rest.is_empty()
        && pairs.iter().all(|[one, other]| {
            one.text() == other.text() && other.follows(one) && !one.times_words()
        })
}

fn first_of_pairs(screens: Vec<Screen>) -> Vec<Screen> {
    let mut kept: Vec<Screen> = Vec::with_capacity(screens.len() / 2);
    for (place, screen) in screens.into_iter().enumerate() {
        match kept.last_mut() {
            Some(first) if place % 2 == 1 => first.end = first.end.max(screen.end),
            _ => kept.push(screen),
        }
    }
    kept
}

fn has_rows_twice(screens: &[Screen]) -> bool {
    screens.len() >= LEAST
        && screens.iter().all(|screen| {
            let rows = screen.texts();
            let (one, other) = rows.split_at(rows.len() / 2);
            one == other && !one.is_empty() && !screen.times_words()
        })
}

fn first_half(mut screen: Screen) -> Screen {
    let half = screen.texts().len() / 2;
    screen.rows.truncate(half);
    screen
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Vtt, file, expected);
    }

    #[test]
    fn what_stands_there_twice_throughout_is_said_once() {
        check(
            "WEBVTT\n\n00:01.000 --> 00:01.990\none\n\n00:01.990 --> 00:03.000\none\n\n\
             00:03.000 --> 00:03.990\ntwo\n\n00:03.990 --> 00:05.000\ntwo\n\n\
             00:05.000 --> 00:05.990\nthree\n\n00:05.990 --> 00:07.000\nthree\n",
            &expect![[r"
                1.00-3.00 one
                3.00-5.00 two
                5.00-7.00 three
            "]],
        );
        check(
            "WEBVTT\n\n00:01.000 --> 00:02.000\none\none\n\n00:02.000 --> 00:03.000\ntwo\ntwo\n\n\
             00:03.000 --> 00:04.000\nthree\nthree\n",
            &expect![[r"
                1.00-2.00 one
                2.00-3.00 two
                3.00-4.00 three
            "]],
        );
    }

    #[test]
    fn what_is_repeated_now_and_then_was_said_twice() {
        check(
            "WEBVTT\n\n00:01.000 --> 00:02.000\nno\nno\n\n00:02.000 --> 00:03.000\nno\n\n\
             00:03.000 --> 00:04.000\nno\n\n00:04.000 --> 00:05.000\nyes\n\n00:05.000 --> 00:06.000\nyes\n",
            &expect![[r"
                1.00-2.00 no no
                2.00-3.00 no
                3.00-4.00 no
                4.00-5.00 yes
                5.00-6.00 yes
            "]],
        );
    }
}
