//! The frame that `WebVTT` and `SubRip` share: lines with two times and an arrow, text below each.
//!
//! Files in the wild lack the blank line before a cue, or hold one within it. So the arrow alone
//! separates: all up to the next one is text, but for what the format itself takes out.

use std::time::Duration;

use super::markup::timestamp;
use super::{CaptionFormat, CaptionsError};

/// A line of times and the lines below it; `end` is `None` if it lies before `start`.
#[derive(Debug)]
pub(super) struct Block<'a> {
    pub(super) start: Duration,
    pub(super) end: Option<Duration>,
    pub(super) lines: Vec<&'a str>,
}

/// Cuts a file at its lines of times; what stands before the first is its header.
///
/// `strip_identifier` sees the lines above each further line of times, and removes the name or
/// number that the format lets stand there.
pub(super) fn blocks(
    format: CaptionFormat,
    text: &str,
    strip_identifier: fn(&mut Vec<&str>),
) -> Result<Vec<Block<'_>>, CaptionsError> {
    let not_valid = |line, reason: &str| {
        let reason = reason.into();
        CaptionsError::NotValid {
            format,
            line,
            reason,
        }
    };
    let mut blocks: Vec<Block> = Vec::new();
    let mut last = (0, "");
    for (number, line) in (1..).zip(text.split('\n')) {
        last = (number, line);
        if let Some((start, end)) = times(line) {
            if let Some(above) = blocks.last_mut() {
                strip_identifier(&mut above.lines);
            }
            blocks.push(Block {
                start,
                end,
                lines: Vec::new(),
            });
        } else if line.contains("-->") && line.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(not_valid(number, "times that cannot be read"));
        } else if let Some(block) = blocks.last_mut() {
            block.lines.push(line);
        }
    }
    match last {
        (number, line) if is_cut(line) => Err(not_valid(number, "the file ends in mid-cue")),
        _ if blocks.is_empty() && !text.starts_with("WEBVTT") => {
            Err(not_valid(1, "no line gives a time"))
        }
        _ => Ok(blocks),
    }
}

fn times(line: &str) -> Option<(Duration, Option<Duration>)> {
    let (start, end) = line.split_once("-->")?;
    let start = timestamp(start)?;
    let end = timestamp(end.split_whitespace().next()?)?;
    Some((start, (end >= start).then_some(end)))
}

/// Whether a file's last line, which a newline should have closed, breaks off in times or a tag.
/// A cut within the text itself cannot be told.
fn is_cut(line: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_digit() || ":., ->".contains(letter);
    let colons = line.matches(':').count();
    // One colon is the time of day, which may well be what a cue says.
    let in_times = colons > 1 && line.chars().all(is_part) && times(line).is_none();
    let in_tag = line.rsplit_once('<').is_some_and(|(_, tag)| {
        ["", "/", "/c", "c"].contains(&tag) || tag.contains(':') && tag.chars().all(is_part)
    });
    in_times || in_tag
}

#[cfg(test)]
mod tests {
    use super::{Block, blocks};
    use crate::fetch::captions::{CaptionFormat, CaptionsError};

    fn read(text: &str) -> Result<Vec<Block<'_>>, CaptionsError> {
        blocks(CaptionFormat::Vtt, text, |_| ())
    }

    #[test]
    fn only_an_arrow_between_times_separates() {
        let blocks = read(
            "WEBVTT\n\n00:01.000 --> 00:02.000\na --> b\n\nc\n00:02.000-->00:01.000 line:0\nd",
        )
        .unwrap();
        let lines: Vec<_> = blocks.iter().map(|block| block.lines.join("|")).collect();
        assert_eq!(lines, ["a --> b||c", "d"]);
        assert!(blocks[0].end.is_some() && blocks[1].end.is_none());
    }

    #[test]
    fn damaged_times_are_an_error_with_their_line() {
        let error = read("WEBVTT\n\n00:01.000 --> 0x:02.000\nlost").unwrap_err();
        assert!(matches!(error, CaptionsError::NotValid { line: 3, .. }));
    }

    #[test]
    fn page_of_another_kind_is_not_valid() {
        assert!(read("<html>Too many requests</html>").is_err());
    }

    #[test]
    fn cut_is_seen_in_times_and_tags() {
        let file = "WEBVTT\n\n00:01.000 --> 00:02.000\nso<00:01.500><c> far</c>\n\n00:00:02.000 --> 00:00:03.000\nb";
        let cut_at = |end: &str| read(&file[..file.find(end).unwrap() + end.len()]);
        for end in [
            "so<",
            "so<00:01",
            "so<00:01.500><c",
            "far</",
            "\n\n00:00:02",
            "02.000 --> 0",
        ] {
            assert!(cut_at(end).is_err(), "{end}");
        }
        assert!(cut_at("</c>").is_ok());
    }
}
