//! W3C `WebVTT` (<https://www.w3.org/TR/webvtt1/>), and what `YouTube` makes of it.
//!
//! More lenient than the standard: a cue's text may hold blank lines, and the blank line before
//! the next cue may be missing, as in `YouTube`'s older files.

use super::blocks::{Block, Blocks};
use super::lines::CaptionLine;
use super::{CaptionFormat, CaptionsError, blocks, joined, rolling, written_breaks};

/// Reads what is newly said in each cue; headers, styles, notes and cue names are left out.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let undoubled = blocks::without_doubled_breaks(text);
    let text = undoubled.as_deref().unwrap_or(text);
    let mut segments = Vec::new();
    for (lines_before, segment) in joined::segments(text) {
        let file = blocks::blocks(CaptionFormat::Vtt, segment, lines_before)?;
        segments.push((joined::offset(segment), without_identifiers(file)));
    }
    let blocks = written_breaks::split(joined::on_one_clock(segments));
    let screens = blocks
        .iter()
        .map(|block| blocks::screen(block, spoken(&block.lines)));
    Ok(rolling::lines(screens.collect()))
}

/// The cues without their names, which are numbers where no blank line sets them apart.
fn without_identifiers(file: Blocks<'_>) -> Vec<Block<'_>> {
    let Blocks { header, mut blocks } = file;
    let is_number = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
    let is_numbered = header.last().is_some_and(|name| is_number(name));
    if is_numbered && blocks::are_named_below(&blocks, is_number) {
        blocks::strip_names(&mut blocks);
    } else if let Some((_, followed)) = blocks.split_last_mut() {
        for block in followed {
            strip_identifier(&mut block.lines);
        }
    }
    blocks
}

/// A cue's name stands alone between a blank line and the times.
fn strip_identifier(lines: &mut Vec<&str>) {
    if let [.., "", name] = lines[..]
        && !name.trim().is_empty()
    {
        lines.pop();
    }
}

// Blank means empty: a row of one space is part of YouTube's window, and tells old from new.
fn spoken<'a>(lines: &'a [&'a str]) -> impl Iterator<Item = &'a str> + Clone {
    let paragraphs = lines.split(|line| line.is_empty()).enumerate();
    let texts = paragraphs.filter(|(position, lines)| *position == 0 || !is_comment(lines));
    texts.flat_map(|(_, lines)| lines).copied()
}

fn is_comment(lines: &[&str]) -> bool {
    match lines.first().map(|line| line.trim_end()) {
        Some("NOTE" | "STYLE" | "REGION") => true,
        Some(first) => first.starts_with("NOTE ") || first.starts_with("X-TIMESTAMP-MAP="),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Vtt, file, expected);
    }

    #[test]
    fn everything_but_the_words_is_left_out() {
        check(
            "WEBVTT - from the organizers\n\nSTYLE\n::cue { color: lime }\n\nREGION\nid:fred\n\n\
             intro\n00:01.000 --> 00:02.500 region:fred align:left\n<v Grace>Good <i>morning</i>,\n\
             everyone.\n\nNOTE to self:\nno speech\n\n2\n01:00:03.000 --> 01:00:04.000\nNOTE this &amp; that.\n\nNOTE\nbye\n",
            &expect![[r"
                1.00-2.50 Good morning, everyone.
                3603.00-3604.00 NOTE this & that.
            "]],
        );
    }

    #[test]
    fn rolling_captions_say_each_line_once() {
        check(
            "WEBVTT\nKind: captions\nLanguage: en\n\n\
             00:00:01.000 --> 00:00:03.990 align:start position:0%\n \nno<00:00:01.400><c> no</c><00:00:01.800><c> no</c>\n\n\
             00:00:03.990 --> 00:00:04.000 align:start position:0%\nno no no\n \n\n\
             00:00:04.000 --> 00:00:05.990 align:start position:0%\nno no no\nno<00:00:04.400><c> no</c><00:00:04.800><c> no</c>\n\n\
             00:00:05.990 --> 00:00:06.000 align:start position:0%\nno no no\n \n\n\
             00:00:06.000 --> 00:00:08.000 align:start position:0%\nno no no\nstop\n",
            &expect![[r"
                1.00-2.10 no no no
                4.00-5.10 no no no
                6.00-6.30 stop
            "]],
        );
    }

    #[test]
    fn rolling_captions_survive_nested_colors_and_missing_blank_lines() {
        check(
            "WEBVTT\nStyle:\n::cue(c.colorCCCCCC) { color: rgb(204,204,204);\n }\n##\n\n\n\
             00:10.000 --> 00:10.500 align:start position:0%\nokay\n\n\n\
             00:10.500 --> 00:12.000 align:start position:0%\nokay\n<c.colorCCCCCC>then</c>\n\
             00:12.000 --> 00:14.000 align:start position:0%\n\
             we<00:12.300><c> can</c><c.colorE5E5E5><00:12.600><c> begin</c></c>\n\n\
             00:14.000 --> 00:14.300 align:start position:0%\nwe can<c.colorE5E5E5> begin\n </c>\n",
            &expect![[r"
                10.00-10.30 okay
                10.50-10.80 then
                12.00-12.90 we can begin
            "]],
        );
    }

    #[test]
    fn rolling_captions_survive_an_editor_that_trims_lines() {
        check(
            "WEBVTT\n\n00:01.000 --> 00:02.990\n\nso<00:01.400><c> far</c>\n\n\
             00:02.990 --> 00:03.000\nso far\n\n\n\
             00:03.000 --> 00:04.990\nso far\nso<00:03.400><c> good</c>\n",
            &expect![[r"
                1.00-1.70 so far
                3.00-3.70 so good
            "]],
        );
    }

    #[test]
    fn speakers_who_repeat_each_other_are_both_kept() {
        check(
            "WEBVTT\n\n00:01.000 --> 00:02.000 align:start position:0%\n<v Ann>Are we live?\n\n\
             00:02.000 --> 00:03.000 align:start position:0%\n<v Ben>Are we live?\n",
            &expect![[r"
                1.00-2.00 Are we live?
                2.00-3.00 Are we live?
            "]],
        );
    }

    #[test]
    fn numbers_that_no_blank_line_sets_apart_are_names() {
        check(
            "WEBVTT\n\n1\n00:01.000 --> 00:02.000\none\n2\n00:02.000 --> 00:03.000\ntwo\n3\n00:03.000 --> 00:04.000\nthree\n",
            &expect![[r"
                1.00-2.00 one
                2.00-3.00 two
                3.00-4.00 three
            "]],
        );
    }

    #[test]
    fn header_alone_has_no_text() {
        check(
            "WEBVTT\nKind: captions\nLanguage: en\n\n",
            &expect!["captions hold no text"],
        );
    }
}
