//! Rolling captions: each line comes twice or three times, and is said once.
//!
//! `YouTube` writes its automatic captions as screens of two rows. A line appears in the lower
//! row, is repeated alone for 10 ms, and stands in the upper row while the next one is spoken:
//! only rows that the screen before did not end with are new. In captions that people wrote, a
//! repeated row was said twice; so nothing is taken from a track that shows no sign of rolling.

use std::time::Duration;

use super::blocks::{self, Block};
use super::lines::{CaptionLine, CaptionPiece};
use super::{doubled, emphasis, growing, highlights, written_breaks};

/// Shorter than anyone can read: a cue that only moves a line to the upper row.
const ECHO: Duration = Duration::from_millis(20);
/// Screens further apart than this are not the same text moving up.
const JOIN: Duration = Duration::from_millis(50);

/// What a cue shows, row by row.
#[derive(Debug)]
pub(super) struct Screen {
    pub(super) start: Duration,
    pub(super) end: Option<Duration>,
    pub(super) rows: Vec<Vec<CaptionPiece>>,
    /// The rows with their markup.
    pub(super) written: String,
}

impl Screen {
    /// The text of each row. An empty upper row is kept: it says that the lower one is new.
    pub(super) fn texts(&self) -> Vec<String> {
        let mut texts: Vec<_> = self.rows.iter().map(|row| text(row)).collect();
        while texts.pop_if(|last| last.is_empty()).is_some() {}
        texts
    }

    /// All that it shows, as one text.
    pub(super) fn text(&self) -> String {
        self.texts().join("\n")
    }

    /// Whether it times words, as speech recognition does.
    pub(super) fn times_words(&self) -> bool {
        self.rows.iter().any(|row| is_timed(row))
    }

    pub(super) fn follows(&self, before: &Self) -> bool {
        self.start <= before.end.unwrap_or(self.start).saturating_add(JOIN)
    }

    pub(super) fn shown_until(&self) -> Duration {
        self.end.unwrap_or(self.start)
    }
}

/// Turns screens into lines that hold the new rows alone, in the order of the screens.
pub(super) fn lines(mut screens: Vec<Screen>) -> Vec<CaptionLine> {
    screens.retain(|screen| !screen.texts().is_empty());
    let screens = doubled::undouble(emphasis::merge(highlights::merge(screens)));
    if !is_rolling(&screens) && growing::grows(&screens) {
        return growing::lines(screens);
    }
    let mut repeated = vec![0; screens.len()];
    if is_rolling(&screens) {
        for next in 1..screens.len() {
            repeated[next] = count_repeated_rows(&screens[next - 1], &screens[next]);
        }
    }
    let new_rows = screens
        .into_iter()
        .zip(repeated)
        .filter_map(|(screen, repeated)| {
            let rows = screen.rows.get(repeated..).unwrap_or_default();
            let is_new = rows.iter().any(|row| !text(row).is_empty());
            is_new.then(|| CaptionLine {
                start: screen.start,
                end: screen.end,
                pieces: join_rows(rows),
            })
        });
    new_rows.collect()
}

/// Lines of a format that knows no screens, where they scroll, grow, come twice or have a word
/// highlighted all the same, or write their rows with signs.
pub(super) fn of_lines(written: Vec<CaptionLine>) -> Vec<CaptionLine> {
    if written
        .iter()
        .flat_map(|line| &line.pieces)
        .any(|piece| piece.at.is_some())
    {
        return written;
    }
    let texts: Vec<String> = written.iter().map(|line| text_of(&line.pieces)).collect();
    let given = written.iter().zip(&texts).map(|(line, text)| Block {
        start: line.start,
        end: line.end,
        lines: text.split('\n').collect(),
    });
    let given: Vec<Block> = given.collect();
    let blocks = written_breaks::split(given.clone());
    let screens: Vec<Screen> = blocks
        .iter()
        .map(|block| blocks::screen(block, block.lines.iter().copied()))
        .collect();
    let is_repeated = is_rolling(&screens)
        || growing::grows(&screens)
        || doubled::is_doubled(&screens)
        || emphasis::moves(&screens)
        || highlights::is_moving(&screens);
    if is_repeated || blocks != given {
        lines(screens)
    } else {
        written
    }
}

/// A track rolls if it times words within a line, as only speech recognition does; if a third of
/// its cues are echoes; or if most begin with the row that the one before ended with. The position
/// that `YouTube` gives (`align:start position:0%`) proves nothing: manual tracks have it too.
fn is_rolling(screens: &[Screen]) -> bool {
    let times_words = screens.iter().any(Screen::times_words);
    let count = |is_one: fn(&Screen, &Screen) -> bool| {
        screens
            .windows(2)
            .filter(|pair| is_one(&pair[0], &pair[1]))
            .count()
    };
    times_words || count(is_echo) * 3 >= screens.len() || count(is_scrolled) * 2 > screens.len()
}

fn is_echo(before: &Screen, screen: &Screen) -> bool {
    let lasts = screen.end.map(|end| end.saturating_sub(screen.start));
    lasts.is_some_and(|lasts| lasts <= ECHO) && before.texts().ends_with(&screen.texts())
}

fn is_scrolled(before: &Screen, screen: &Screen) -> bool {
    let texts = screen.texts();
    texts.len() > 1 && before.texts().last() == texts.first() && screen.follows(before)
}

/// Counts the upper rows of a screen that the one before has shown already.
fn count_repeated_rows(before: &Screen, screen: &Screen) -> usize {
    let (shown, texts) = (before.texts(), screen.texts());
    // YouTube times the words of a row only when they are spoken.
    let untimed = screen
        .rows
        .iter()
        .take_while(|row| !is_timed(row))
        .count()
        .min(texts.len());
    let longest = (0..=untimed)
        .rev()
        .find(|&rows| shown.ends_with(&texts[..rows]));
    match longest.unwrap_or_default() {
        // After a pause the screen has been cleared, and the same line alone was said again.
        rows if rows == texts.len() && !screen.follows(before) => 0,
        rows => rows,
    }
}

fn is_timed(row: &[CaptionPiece]) -> bool {
    row.iter().any(|piece| piece.at.is_some())
}

fn text_of(pieces: &[CaptionPiece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

fn text(row: &[CaptionPiece]) -> String {
    text_of(row)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn join_rows(rows: &[Vec<CaptionPiece>]) -> Vec<CaptionPiece> {
    let line_break = CaptionPiece {
        at: None,
        text: "\n".to_owned(),
    };
    rows.join(&line_break)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Screen, lines, text};
    use crate::fetch::captions::markup;

    /// The new text of each screen of `(start, end, rows)`, in milliseconds.
    fn said(screens: &[(u64, u64, &str)]) -> Vec<String> {
        let screens = screens.iter().map(|&(start, end, rows)| Screen {
            start: Duration::from_millis(start),
            end: Some(Duration::from_millis(end)),
            rows: rows.split('|').map(markup::pieces).collect(),
            written: rows.to_owned(),
        });
        lines(screens.collect())
            .iter()
            .map(|line| text(&line.pieces))
            .collect()
    }

    #[test]
    fn rows_that_move_up_are_not_said_again() {
        let screens = [
            (0, 2000, " |a"),
            (2000, 2010, "a| "),
            (2010, 4000, "a|b"),
            (4000, 4010, "b| "),
        ];
        assert_eq!(said(&screens), ["a", "b"]);
    }

    #[test]
    fn line_said_again_on_a_cleared_screen_is_kept() {
        let echoes = [
            (0, 2000, " |a"),
            (2000, 2010, "a| "),
            (9000, 9990, " |a"),
            (9990, 10000, "a| "),
        ];
        assert_eq!(said(&echoes), ["a", "a"]);
        assert_eq!(
            said(&[(0, 10, "x<0:00.1>y"), (10, 20, "a"), (9000, 9990, "a")]),
            ["xy", "a", "a"]
        );
    }

    #[test]
    fn row_with_timed_words_is_always_new() {
        assert_eq!(
            said(&[(0, 1000, "a<0:00.5> b"), (1000, 2000, "a<0:01.5> b")]),
            ["a b", "a b"]
        );
    }

    #[test]
    fn unexpected_upper_row_is_kept() {
        assert_eq!(
            said(&[(0, 1000, "a<0:00.5> b"), (1000, 2000, "c|d<0:01.5> e")]),
            ["a b", "c d e"]
        );
    }

    #[test]
    fn track_without_signs_of_rolling_loses_nothing() {
        assert_eq!(
            said(&[(0, 1000, "no|no"), (1000, 2000, "no"), (2000, 3000, "no")]),
            ["no no", "no", "no"]
        );
    }
}
