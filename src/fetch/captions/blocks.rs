//! The frame that `WebVTT` and `SubRip` share: lines with two times and an arrow, text below each.
//!
//! Files in the wild lack the blank line before a cue, or hold one within it. So the arrow alone
//! separates: all up to the next one is text, but for what the format itself takes out.

use std::time::Duration;

use super::rolling::Screen;
use super::times::{CueTimes, is_damaged, times, whole_seconds};
use super::{CaptionFormat, CaptionsError, markup};

/// A line of times and the lines below it; `end` is `None` if it lies before `start`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block<'a> {
    pub(super) start: Duration,
    pub(super) end: Option<Duration>,
    pub(super) lines: Vec<&'a str>,
}

/// A file cut at its lines of times.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    /// What stands before the first line of times.
    pub(super) header: Vec<&'a str>,
    pub(super) blocks: Vec<Block<'a>>,
}

/// Cuts a file at its lines of times. Its first line is the one behind so many others.
pub(super) fn blocks(
    format: CaptionFormat,
    text: &str,
    lines_before: usize,
) -> Result<Blocks<'_>, CaptionsError> {
    let not_valid = |line, reason: &str| {
        let reason = reason.into();
        CaptionsError::NotValid {
            format,
            line,
            reason,
        }
    };
    let counts_seconds = !text.lines().any(|line| times(line).is_some());
    let times =
        |line| times(line).or_else(|| counts_seconds.then(|| whole_seconds(line)).flatten());
    let (mut header, mut blocks): (Vec<&str>, Vec<Block>) = (Vec::new(), Vec::new());
    let mut last = (0, "");
    for (number, line) in (lines_before + 1..).zip(text.split('\n')) {
        last = (number, line);
        if let Some(times) = times(line) {
            let block = block(&times, blocks.last());
            blocks.push(block);
        } else if is_damaged(line) {
            return Err(not_valid(number, "times that cannot be read"));
        } else {
            let lines = blocks
                .last_mut()
                .map_or(&mut header, |block| &mut block.lines);
            lines.push(line);
        }
    }
    match last {
        (number, line) if is_cut(line) => Err(not_valid(number, "the file ends in mid-cue")),
        _ if blocks.is_empty() && !text.starts_with("WEBVTT") => {
            Err(not_valid(1, "no line gives a time"))
        }
        _ => Ok(Blocks { header, blocks }),
    }
}

/// What starts before the recording belongs where it stands.
fn block<'a>(times: &CueTimes<'a>, before: Option<&Block>) -> Block<'a> {
    let stands = before.map_or(Duration::ZERO, |before| {
        let is_past = |end: &Duration| times.end.is_none_or(|own| *end <= own);
        before.end.filter(is_past).unwrap_or(before.start)
    });
    let start = times.start.unwrap_or(stands);
    Block {
        start,
        end: times.end.filter(|end| *end >= start),
        lines: Some(times.text)
            .filter(|text| !text.is_empty())
            .into_iter()
            .collect(),
    }
}

/// What a block shows, where these of its lines are its text.
pub(super) fn screen<'a>(block: &Block, rows: impl Iterator<Item = &'a str> + Clone) -> Screen {
    Screen {
        start: block.start,
        end: block.end,
        written: rows.clone().collect::<Vec<_>>().join("\n"),
        rows: rows
            .map(|row| markup::pieces(&markup::without_overrides(row)))
            .collect(),
    }
}

/// Whether a name of this kind stands below each block, which is that of the next one, and no blank
/// line anywhere.
pub(super) fn are_named_below(blocks: &[Block], is_name: impl Fn(&str) -> bool) -> bool {
    let Some((_, named)) = blocks.split_last() else {
        return false;
    };
    let has_name = |block: &Block| {
        let has_text = block.lines.len() > 1;
        let is_compact = block.lines.iter().all(|line| !line.trim().is_empty());
        has_text && is_compact && block.lines.last().is_some_and(|line| is_name(line))
    };
    named.len() > 1 && named.iter().all(has_name)
}

/// Takes the name of the next one from below each block.
pub(super) fn strip_names(blocks: &mut [Block]) {
    if let Some((_, named)) = blocks.split_last_mut() {
        for block in named {
            block.lines.pop();
        }
    }
}

/// Lines without the empty one that some tools write behind each.
pub(super) fn without_doubled_breaks(text: &str) -> Option<String> {
    let is_empty = |line: &&str| line.trim().is_empty();
    let lines: Vec<&str> = text.trim_end().split('\n').collect();
    let is_doubled = lines.len() > 4 && lines.iter().skip(1).step_by(2).all(is_empty);
    is_doubled.then(|| {
        let kept: Vec<&str> = lines.iter().copied().step_by(2).collect();
        kept.join("\n")
    })
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
    let before_end = line.trim_end().ends_with("-->") && times(line).is_some();
    in_times || in_tag || before_end
}

#[cfg(test)]
mod tests {
    use super::{Block, blocks, without_doubled_breaks};
    use crate::fetch::captions::{CaptionFormat, CaptionsError};

    fn read(text: &str) -> Result<Vec<Block<'_>>, CaptionsError> {
        blocks(CaptionFormat::Vtt, text, 0).map(|blocks| blocks.blocks)
    }

    #[test]
    fn doubled_breaks_are_told_from_blank_lines() {
        let doubled =
            "1\n\n00:01.000 --> 00:02.000\n\na\n\n\n\n2\n\n00:02.000 --> 00:03.000\n\nb\n\n";
        let single = "1\n00:01.000 --> 00:02.000\na\n\n2\n00:02.000 --> 00:03.000\nb";
        assert_eq!(without_doubled_breaks(doubled).as_deref(), Some(single));
        assert_eq!(without_doubled_breaks(single), None);
    }

    #[test]
    fn what_starts_before_the_recording_stays_where_it_stands() {
        let blocks = read(
            "-00:01.000 --> 00:01.500\na\n\n00:02.000 --> 00:04.000\nb\n\n-00:00.200 --> 00:06.000\nc",
        );
        let starts: Vec<_> = blocks
            .unwrap()
            .iter()
            .map(|block| block.start.as_secs())
            .collect();
        assert_eq!(starts, [0, 2, 4]);
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
