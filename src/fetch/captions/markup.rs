//! The markup that `WebVTT` and `SubRip` files carry within a line, taken out.
//!
//! Captions of talks about programming hold angle brackets of their own, and not every tool
//! escapes them: only tags that the formats know are markup, `Vec<T>` is speech.

use std::time::Duration;

use super::lines::{LONGEST, Piece};

/// Tags of W3C `WebVTT`, and those that `SubRip` borrows from HTML. Lower case only, because
/// `Vec<S>` is likelier in a talk than `<S>` for struck-out text.
const TAGS: &[&str] = &[
    "b", "c", "em", "font", "i", "lang", "rt", "ruby", "s", "span", "strong", "u", "v",
];

/// Reads a line's text without its tags, split where a tag such as `<00:00:01.500>` gives a time.
pub(super) fn pieces(line: &str) -> Vec<Piece> {
    let mut parts = line.split('<');
    let before_any_tag = parts.next().unwrap_or_default().to_owned();
    let mut pieces = vec![Piece {
        at: None,
        text: before_any_tag,
    }];
    for part in parts {
        let (tag, text) = part.split_once('>').unwrap_or_default();
        if let Some(at) = timestamp(tag) {
            pieces.push(Piece {
                at: Some(at),
                text: text.to_owned(),
            });
        } else if let Some(last) = pieces.last_mut() {
            match name(tag) {
                "br" => last.text.extend([" ", text]),
                name if TAGS.contains(&name) => last.text.push_str(text),
                _ => last.text.extend(["<", part]),
            }
        }
    }
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

fn name(tag: &str) -> &str {
    tag.trim_matches('/')
        .split(['.', ' ', '\t'])
        .next()
        .unwrap_or_default()
}

/// Reads `hh:mm:ss.mmm`, the hours optional, the fraction with a point or a comma.
pub(super) fn timestamp(text: &str) -> Option<Duration> {
    let (minutes, seconds) = text.trim().rsplit_once(':')?;
    let (hours, minutes) = minutes.split_once(':').unwrap_or(("0", minutes));
    let minutes = number(hours)?
        .checked_mul(60)?
        .checked_add(number(minutes)?)?;
    let (seconds, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, "0"));
    number(fraction)?;
    let seconds = format!("{}.{fraction}", number(seconds)?).parse().ok()?;
    let seconds = Duration::try_from_secs_f64(seconds).ok()?;
    let time = seconds.checked_add(Duration::from_secs(minutes.checked_mul(60)?))?;
    (time <= LONGEST).then_some(time)
}

fn number(digits: &str) -> Option<u64> {
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits {
        digits.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{pieces, timestamp};

    fn text(line: &str) -> String {
        pieces(line).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn tags_go_and_their_text_stays() {
        assert_eq!(
            text("<v.loud Ada Lovelace>Hi, <i>dear</i> <c.red.bg_blue>all</c>"),
            "Hi, dear all"
        );
        assert_eq!(text("<font color=\"#fff\">white</font>"), "white");
        assert_eq!(text("two<br/>rows"), "two rows");
    }

    #[test]
    fn angle_brackets_of_a_talk_about_code_stay() {
        for line in [
            "a Vec<T> of Option<S>",
            "if a < b and c > d",
            "i <- list",
            "x <> y",
            "<i",
        ] {
            assert_eq!(text(line), line);
        }
    }

    #[test]
    fn words_keep_the_times_of_their_tags() {
        let times = pieces("so<00:00:01.500><c> we</c><01:02.250><c> go</c>").into_iter();
        let times: Vec<_> = times
            .map(|piece| (piece.at.map(|at| at.as_millis()), piece.text))
            .collect();
        let expected = [(None, "so"), (Some(1500), " we"), (Some(62250), " go")];
        assert_eq!(times, expected.map(|(at, text)| (at, text.to_owned())));
    }

    #[test]
    fn timestamps_are_read_in_both_spellings() {
        assert_eq!(
            timestamp("01:00:02,030"),
            Some(Duration::from_millis(3_602_030))
        );
        assert_eq!(timestamp("00:02.5"), Some(Duration::from_millis(2500)));
        for wrong in [
            "",
            "5",
            "1:-2",
            "a:b",
            "1:2:3:4",
            "99999999999999999999:00",
            "1:2.",
            "1:1e3",
        ] {
            assert_eq!(timestamp(wrong), None, "{wrong}");
        }
    }
}
