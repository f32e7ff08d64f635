//! Files that were joined from segments, as streams and recorders leave them: one header after the
//! other, with clocks that run on, overlap, or begin anew.

use std::time::Duration;

use super::blocks::Block;
use super::times::clock;

/// A segment begins anew where it starts so much before the end of what came before it.
const RESTART: Duration = Duration::from_secs(5);
/// How many units the clock of a transport stream counts a second.
const STREAM_CLOCK: f64 = 90_000.0;

/// Cuts a text before each header but the first; with each part comes the line on which it begins.
pub(super) fn segments(text: &str) -> Vec<(usize, &str)> {
    let mut segments = Vec::new();
    let (mut begin, mut begin_line, mut at) = (0, 0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number > begin_line && is_header(line) {
            segments.push((begin_line, &text[begin..at]));
            (begin, begin_line) = (at, number);
        }
        at += line.len();
    }
    segments.push((begin_line, &text[begin..]));
    segments
}

fn is_header(line: &str) -> bool {
    let rest = line.trim_end().strip_prefix("WEBVTT");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// Where a segment lies in its stream, in seconds, as its header says.
pub(super) fn offset(segment: &str) -> Option<f64> {
    let line = segment
        .lines()
        .take(8)
        .find_map(|line| line.strip_prefix("X-TIMESTAMP-MAP="))?;
    let value = |name: &str| {
        let fields = line.split(',');
        fields
            .filter_map(|field| field.trim().split_once(':'))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    };
    let stream: f64 = value("MPEGTS")?.trim().parse().ok()?;
    Some(stream / STREAM_CLOCK - clock(value("LOCAL")?.trim())?.as_secs_f64())
}

/// Puts the blocks of segments behind each other on one clock.
pub(super) fn on_one_clock(segments: Vec<(Option<f64>, Vec<Block<'_>>)>) -> Vec<Block<'_>> {
    let origin = segments.first().and_then(|(offset, _)| *offset);
    let mut joined: Vec<Block> = Vec::new();
    for (offset, mut blocks) in segments {
        let shift = match offset.zip(origin) {
            Some((offset, origin)) => {
                Duration::try_from_secs_f64(offset - origin).unwrap_or_default()
            }
            None => restart(&joined, &blocks),
        };
        for block in &mut blocks {
            block.start = block.start.saturating_add(shift);
            block.end = block.end.map(|end| end.saturating_add(shift));
        }
        if offset.is_some()
            && let (Some(last), Some(first)) = (joined.last_mut(), blocks.first())
            && goes_on(last, first)
        {
            last.end = first.end;
            blocks.remove(0);
        }
        joined.append(&mut blocks);
    }
    joined
}

/// Whether a cue is the rest of one that the end of a segment has cut in two.
fn goes_on(before: &Block, block: &Block) -> bool {
    let said = |block: &Block| block.lines.join("\n").trim().to_owned();
    before.end == Some(block.start) && said(before) == said(block)
}

/// By how much a segment must be moved whose clock begins anew.
fn restart(before: &[Block], segment: &[Block]) -> Duration {
    let (Some(origin), Some(first)) = (before.first(), segment.first()) else {
        return Duration::ZERO;
    };
    let last = before
        .iter()
        .map(|block| block.end.unwrap_or(block.start))
        .max();
    let last = last.unwrap_or_default();
    let is_known = before.iter().any(|block| block == first);
    let begins_anew = first.start <= origin.start.saturating_add(RESTART)
        && first.start.saturating_add(RESTART) < last;
    if begins_anew && !is_known {
        last
    } else {
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::fetch::captions::{CaptionFormat, tests};

    #[test]
    fn a_text_is_cut_at_its_headers() {
        let text = "WEBVTT\n\na\nWEBVTT - b\n\nWEBVTTx\n";
        assert_eq!(
            segments(text),
            [(0, "WEBVTT\n\na\n"), (3, "WEBVTT - b\n\nWEBVTTx\n")]
        );
        assert_eq!(segments("a"), [(0, "a")]);
    }

    #[test]
    fn segments_that_overlap_say_each_cue_once() {
        tests::check(
            CaptionFormat::Vtt,
            "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n\
             00:00:01.000 --> 00:00:04.000\nthe tide\n\n00:00:04.000 --> 00:00:08.000\ncomes in\n\
             WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n\
             00:00:04.000 --> 00:00:08.000\ncomes in\n\n00:00:08.000 --> 00:00:09.000\nand out\n",
            &expect![[r"
                1.00-4.00 the tide
                4.00-8.00 comes in
                8.00-9.00 and out
            "]],
        );
    }

    #[test]
    fn a_cue_that_the_end_of_a_segment_has_cut_is_said_once() {
        tests::check(
            CaptionFormat::Vtt,
            "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:01.000 --> 00:06.000\nthe tide\n\n\
             WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:06.000 --> 00:08.000\nthe tide\n\n\
             00:08.000 --> 00:09.000\ncomes in\n",
            &expect![[r"
                1.00-8.00 the tide
                8.00-9.00 comes in
            "]],
        );
    }

    #[test]
    fn segments_with_clocks_of_their_own_follow_each_other() {
        let expected = expect![[r"
            1.00-9.00 one
            11.00-19.00 two
        "]];
        tests::check(
            CaptionFormat::Vtt,
            "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n00:01.000 --> 00:09.000\none\n\n\
             WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:1800000\n\n00:01.000 --> 00:09.000\ntwo\n",
            &expected,
        );
        tests::check(
            CaptionFormat::Vtt,
            "WEBVTT\n\n00:01.000 --> 00:09.000\none\n\nWEBVTT\n\n00:02.000 --> 00:10.000\ntwo\n",
            &expect![[r"
                1.00-9.00 one
                11.00-19.00 two
            "]],
        );
        tests::check(
            CaptionFormat::Srt,
            "1\n00:00:01,000 --> 00:00:05,000\none\n\n2\n00:00:05,000 --> 00:00:09,000\ntwo\n\n\
             1\n00:00:00,000 --> 00:00:04,000\nthree\n\n2\n00:00:04,000 --> 00:00:08,000\nfour\n",
            &expect![[r"
                1.00-5.00 one
                5.00-9.00 two
                9.00-13.00 three
                13.00-17.00 four
            "]],
        );
    }
}
