//! TTML (<https://www.w3.org/TR/ttml2/>) and its relatives DFXP, iTT and EBU-TT: paragraphs with
//! `begin` and `end` or `dur`, which count from what holds them.
//!
//! Where a file holds several languages, the first is read. How a word is read is no word.

use std::time::Duration;

use roxmltree::{Document, Node};

use super::lines::{self, CaptionLine, CaptionPiece};
use super::rolling::{self, Screen};
use super::times::clock;
use super::{CaptionFormat, CaptionsError, markup};
use crate::xml;

/// What a file says about its clock, or what holds where it says nothing.
#[derive(Debug, Clone, Copy)]
struct Rates {
    frames: f64,
    ticks: f64,
}

/// Reads what is newly said in each paragraph; XML that breaks off is an error.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    xml::read(text, screens_of)
        .map(rolling::lines)
        .map_err(|error| CaptionsError::NotValid {
            format: CaptionFormat::Ttml,
            line: error.pos().row as usize,
            reason: error.into(),
        })
}

/// The screens of a document in the order of time.
fn screens_of(document: &Document<'_>) -> Vec<Screen> {
    let rates = Rates::of(document.root_element());
    let is_paragraph = |node: &Node| node.is_element() && node.tag_name().name() == "p";
    let paragraphs: Vec<Node> = document.descendants().filter(is_paragraph).collect();
    let language = paragraphs
        .first()
        .and_then(|paragraph| language(*paragraph));
    let spoken = paragraphs
        .into_iter()
        .filter(|paragraph| self::language(*paragraph) == language);
    let mut screens: Vec<Screen> = spoken
        .flat_map(|paragraph| screens(paragraph, rates))
        .collect();
    screens.sort_by_key(|screen| screen.start);
    screens
}

/// The language of the division that holds a paragraph.
fn language<'a>(paragraph: Node<'a, '_>) -> Option<&'a str> {
    let above = paragraph.ancestors().skip(1);
    let mut divisions = above.filter(|node| node.tag_name().name() == "div");
    divisions.find_map(|node| {
        node.attributes()
            .find(|attribute| attribute.name() == "lang")
            .map(|lang| lang.value())
    })
}

/// A paragraph, or each of its spans where they alone have times.
fn screens(paragraph: Node<'_, '_>, rates: Rates) -> Vec<Screen> {
    let is_timed = |node: &Node| node.attribute("begin").is_some();
    let spans = paragraph.children().filter(is_timed);
    if is_timed(&paragraph) || spans.clone().next().is_none() {
        vec![screen(paragraph, rates)]
    } else {
        spans.map(|span| screen(span, rates)).collect()
    }
}

fn screen(node: Node<'_, '_>, rates: Rates) -> Screen {
    let time = |node: Node, name: &str| rates.time(node.attribute(name)?);
    let above = node
        .ancestors()
        .skip(1)
        .filter_map(|above| time(above, "begin"));
    let origin = above.fold(Duration::ZERO, Duration::saturating_add);
    let start = origin.saturating_add(time(node, "begin").unwrap_or_default());
    let end = time(node, "end").map(|end| origin.saturating_add(end));
    let lasts = time(node, "dur").map(|length| start.saturating_add(length));
    let written = spoken(node);
    Screen {
        start,
        end: end.or(lasts).filter(|end| *end >= start),
        rows: written
            .split('\n')
            .map(|row| {
                vec![CaptionPiece {
                    at: None,
                    text: markup::without_overrides(row).into_owned(),
                }]
            })
            .collect(),
        written,
    }
}

/// The words below a node, its rows apart. Line breaks of the file itself are blanks.
fn spoken(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    // Files may be deeper than a function can call itself.
    let mut left: Vec<Node<'_, '_>> = node.children().rev().collect();
    while let Some(child) = left.pop() {
        let is_reading = child.attributes().any(|attribute| {
            attribute.name() == "ruby"
                && matches!(attribute.value(), "text" | "textContainer" | "delimiter")
        });
        match child.tag_name().name() {
            "br" => text.push('\n'),
            "metadata" | "title" | "desc" | "copyright" => {}
            _ if child.is_text() => text.push_str(&folded(child.text().unwrap_or_default())),
            _ if child.is_element() && !is_reading => left.extend(child.children().rev()),
            _ => {}
        }
    }
    text
}

fn folded(text: &str) -> String {
    text.replace(['\n', '\t'], " ")
}

impl Rates {
    fn of(root: Node<'_, '_>) -> Self {
        let number = |name: &str| {
            let found = root
                .attributes()
                .find(|attribute| attribute.name() == name)?;
            found
                .value()
                .trim()
                .parse::<f64>()
                .ok()
                .filter(|rate| *rate > 0.0)
        };
        let frames = number("frameRate").unwrap_or(30.0);
        Self {
            frames,
            ticks: number("tickRate").unwrap_or(1.0),
        }
    }

    /// `00:00:01.500`, `00:00:01:12` in frames, `1.5s`, `1500ms`, `90t`.
    fn time(self, text: &str) -> Option<Duration> {
        let text = text.trim();
        if text.matches(':').count() == 3 {
            let (clock_part, frames) = text.rsplit_once(':')?;
            let frames: f64 = frames.parse().ok()?;
            return Some(clock(clock_part)?.saturating_add(lines::time(frames / self.frames)?));
        }
        if text.contains(':') {
            return clock(text);
        }
        let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        let number: f64 = text.strip_suffix(unit)?.parse().ok()?;
        let seconds = match unit {
            "h" => number * 3600.0,
            "m" => number * 60.0,
            "s" | "" => number,
            "ms" => number / 1000.0,
            "f" => number / self.frames,
            "t" => number / self.ticks,
            _ => return None,
        };
        lines::time(seconds)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Ttml, file, expected);
    }

    #[test]
    fn paragraphs_are_read_with_their_rows() {
        check(
            "<?xml version=\"1.0\"?><tt xmlns=\"http://www.w3.org/ns/ttml\" xml:lang=\"en\"><head><metadata><title>no</title></metadata></head><body><div>\n\
             <p begin=\"00:00:01.000\" end=\"00:00:03.000\">Hello there,<br/>\n  <span>everyone.</span></p>\n\
             <p begin=\"3s\" dur=\"1500ms\">R&amp;D</p></div></body></tt>",
            &expect![[r"
                1.00-3.00 Hello there, everyone.
                3.00-4.50 R&D
            "]],
        );
    }

    #[test]
    fn times_count_from_what_holds_them_and_in_ticks_and_frames() {
        check(
            "<tt:tt xmlns:tt=\"http://www.w3.org/ns/ttml\" xmlns:ttp=\"http://www.w3.org/ns/ttml#parameter\" ttp:frameRate=\"25\" ttp:tickRate=\"10\"><tt:body begin=\"10s\">\
             <tt:div><tt:p begin=\"00:00:01:05\" end=\"20t\">a</tt:p><tt:p><tt:span begin=\"3s\" end=\"4s\">b</tt:span> <tt:span begin=\"4s\">c</tt:span></tt:p></tt:div></tt:body></tt:tt>",
            &expect![[r"
                11.20-12.00 a
                13.00-14.00 b
                14.00-14.30 c
            "]],
        );
    }

    #[test]
    fn readings_and_other_languages_are_left_out() {
        check(
            "<tt xmlns=\"a\" xmlns:tts=\"b\"><body><div xml:lang=\"ja\"><p begin=\"1s\" end=\"2s\"><span tts:ruby=\"base\">漢</span><span tts:ruby=\"text\">kan</span></p></div>\
             <div xml:lang=\"en\"><p begin=\"1s\" end=\"2s\">kanji</p></div></body></tt>",
            &expect![[r"
                1.00-2.00 漢
            "]],
        );
    }

    #[test]
    fn cut_file_is_not_valid() {
        check(
            "<tt><body>\n<p begin=\"1s\">a",
            &expect!["line 1: the root node was opened but never closed"],
        );
    }
}
