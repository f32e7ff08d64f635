//! `SubStation` (ASS and SSA): a script with sections, of which `[Events]` says what is shown.
//!
//! Braces hold how a line looks; `{\p1}` begins a drawing, which says nothing. Comments are not shown.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;

use super::blocks::{self, Block};
use super::lines::CaptionLine;
use super::rolling::{self, Screen};
use super::times::clock;
use super::{CaptionFormat, CaptionsError};

/// The columns of an event where the script names none.
const COLUMNS: &str = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text";

/// Reads what is newly said in each line of dialogue.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let mut events: Vec<(Block, String)> = Vec::new();
    let mut columns = columns(COLUMNS);
    for (number, line) in (1..).zip(text.split('\n').map(str::trim_start)) {
        if let Some(named) = line
            .strip_prefix("Format:")
            .filter(|named| named.contains("Text"))
        {
            columns = self::columns(named);
        } else if let Some(event) = line.strip_prefix("Dialogue:") {
            events.push(
                read(event, &columns).ok_or_else(|| CaptionsError::NotValid {
                    format: CaptionFormat::Ass,
                    line: number,
                    reason: "a line of dialogue that cannot be read".into(),
                })?,
            );
        }
    }
    let screens = events.iter().map(|(block, text)| Screen {
        written: text.clone(),
        ..blocks::screen(block, spoken(text).split('\n'))
    });
    let mut screens: Vec<_> = screens.collect();
    screens.sort_by_key(|screen| screen.start);
    Ok(rolling::lines(screens))
}

fn columns(named: &str) -> Vec<String> {
    named
        .split(',')
        .map(|name| name.trim().to_lowercase())
        .collect()
}

fn read(event: &str, columns: &[String]) -> Option<(Block<'static>, String)> {
    let fields: Vec<&str> = event.splitn(columns.len(), ',').collect();
    let field = |name: &str| {
        let place = columns.iter().position(|column| column == name)?;
        fields.get(place).map(|field| field.trim())
    };
    // What is negative was moved to before the recording.
    let time = |name: &str| match field(name)?.strip_prefix('-') {
        Some(before) => clock(before).map(|_| Duration::ZERO),
        None => clock(field(name)?),
    };
    let (start, end) = (time("start")?, time("end")?);
    let block = Block {
        start,
        end: (end >= start).then_some(end),
        lines: Vec::new(),
    };
    Some((block, field("text")?.to_owned()))
}

/// The words of a line, with its rows.
fn spoken(text: &str) -> String {
    static DRAWINGS: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?s)\{[^{}]*\\p[1-9][^{}]*\}.*?(?:\{[^{}]*\\p0[^{}]*\}|$)|\{[^{}]*\}";
        Regex::new(pattern).expect("the pattern is valid")
    });
    let text = DRAWINGS.replace_all(text, "");
    text.replace("\\N", "\n")
        .replace("\\n", "\n")
        .replace("\\h", " ")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Ass, file, expected);
    }

    #[test]
    fn dialogue_is_read_without_its_looks() {
        check(
            "[Script Info]\nTitle: a\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\n\
             Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n\
             Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,not shown\n\
             Dialogue: 0,0:00:03.00,0:00:05.00,Default,,0,0,0,,{\\k20}ka{\\k30}ra{\\k10}oke\n\
             Dialogue: 0,0:00:01.00,0:00:03.00,Default,Ada,0,0,0,,{\\an8\\i1}Good morning,{\\i0}\\Nall, of\\hyou.\n\
             Dialogue: 1,0:00:01.00,0:00:03.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0{\\p0}\n",
            &expect![[r"
                1.00-3.00 Good morning, all, of you.
                3.00-5.00 karaoke
            "]],
        );
    }

    #[test]
    fn lines_may_be_indented_and_begin_before_the_recording() {
        check(
            "[Events]\n  Dialogue: 0,-0:00:01.00,0:00:01.00,D,,0,0,0,,so\n  Dialogue: 0,0:00:01.00,0:00:03.00,D,,0,0,0,,we begin\n",
            &expect![[r"
                0.00-1.00 so
                1.00-3.00 we begin
            "]],
        );
    }

    #[test]
    fn layers_that_show_the_same_are_said_once() {
        check(
            "[Events]\nDialogue: 0,0:00:01.00,0:00:03.00,Glow,,0,0,0,,{\\blur4}so\n\
             Dialogue: 1,0:00:01.00,0:00:03.00,Text,,0,0,0,,so\n",
            &expect![[r"
                1.00-3.00 so
            "]],
        );
    }

    #[test]
    fn damaged_dialogue_is_not_valid() {
        check(
            "[Events]\nDialogue: 0,x",
            &expect!["line 2: a line of dialogue that cannot be read"],
        );
    }
}
