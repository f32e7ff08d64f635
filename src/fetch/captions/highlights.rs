//! Lines that are shown again for each word, with that word highlighted, and are said once.
//!
//! Whisper, `stable-ts` and karaoke tools write them. The lines are alike but for their markup, of
//! which a part of the line is free; what somebody says twice is written alike, markup and all.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;

use super::rolling::Screen;

/// A line in which another word is highlighted is the same one, after a gap of this length too.
const GAP: Duration = Duration::from_secs(2);

/// Whether another part of a line is highlighted in the next screen, anywhere in a track.
pub(super) fn is_moving(screens: &[Screen]) -> bool {
    screens.windows(2).any(|pair| is_again(&pair[0], &pair[1]))
}

/// Joins the screens of each such line into one.
pub(super) fn merge(screens: Vec<Screen>) -> Vec<Screen> {
    let mut merged: Vec<Screen> = Vec::with_capacity(screens.len());
    for screen in screens {
        match merged.last_mut() {
            Some(last) if is_again(last, &screen) => {
                last.end = screen.end.max(last.end);
                last.written = screen.written;
            }
            _ => merged.push(screen),
        }
    }
    merged
}

fn is_again(before: &Screen, screen: &Screen) -> bool {
    let marked = [&before.written, &screen.written].map(|written| highlights_a_part(written));
    let follows = match marked {
        [true, true] => screen.start <= before.shown_until().saturating_add(GAP),
        [false, false] => false,
        _ => screen.follows(before),
    };
    follows
        && before.written != screen.written
        && !before.times_words()
        && !screen.times_words()
        && before.text() == screen.text()
}

/// Whether there is text both within tags, or between two overrides, and outside of them.
fn highlights_a_part(written: &str) -> bool {
    static TAGGED: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?isx)<(?:u|b|i|c|em|font|mark|span|strong)[^<>]*>.*?</(?:u|b|i|c|em|font|mark|span|strong)>
            |\{\\[^{}]*\}[^{}]*\{\\[^{}]*\}";
        Regex::new(pattern).expect("the pattern is valid")
    });
    let outside = TAGGED.replace_all(written, "");
    outside.len() < written.len() && outside.contains(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::fetch::captions::{CaptionFormat, tests};

    #[test]
    fn a_line_with_each_word_highlighted_is_said_once() {
        tests::check(
            CaptionFormat::Srt,
            "1\n00:00:00,000 --> 00:00:00,400\n<u>Tides</u> never sleep.\n\n\
             2\n00:00:00,400 --> 00:00:00,800\nTides <u>never</u> sleep.\n\n\
             3\n00:00:00,800 --> 00:00:00,900\nTides never sleep.\n\n\
             4\n00:00:00,900 --> 00:00:01,300\nTides never <font color=\"red\">sleep.</font>\n\n\
             5\n00:00:01,300 --> 00:00:01,800\n<u>Never.</u>\n\n\
             6\n00:00:01,800 --> 00:00:02,000\n<u>Never.</u>\n",
            &expect![[r"
                0.00-1.30 Tides never sleep.
                1.30-1.80 Never.
                1.80-2.00 Never.
            "]],
        );
    }

    #[test]
    fn words_are_highlighted_in_other_formats_and_with_gaps_too() {
        tests::check(
            CaptionFormat::Srt,
            "1\n00:00:00,000 --> 00:00:00,300\n<u>Tides</u> sleep.\n\n\
             2\n00:00:00,900 --> 00:00:01,300\nTides <u>sleep.</u>\n",
            &expect![[r"
                0.00-1.30 Tides sleep.
            "]],
        );
        tests::check(
            CaptionFormat::Ass,
            "[Events]\nDialogue: 0,0:00:00.00,0:00:00.40,D,,0,0,0,,{\\c&HFF&}Tides{\\r} sleep.\n\
             Dialogue: 0,0:00:00.40,0:00:01.00,D,,0,0,0,,Tides {\\c&HFF&}sleep.{\\r}\n",
            &expect![[r"
                0.00-1.00 Tides sleep.
            "]],
        );
    }

    #[test]
    fn lines_with_other_markup_that_are_said_twice_are_kept() {
        tests::check(
            CaptionFormat::Vtt,
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Are we live?\n\n\
             00:02.000 --> 00:03.000\n<i>Are we live?</i>\n\n\
             00:09.000 --> 00:10.000\nAre <b>we</b> live?\n",
            &expect![[r"
                1.00-2.00 Are we live?
                2.00-3.00 Are we live?
                9.00-10.00 Are we live?
            "]],
        );
    }
}
