//! TTML (<https://www.w3.org/TR/ttml2/>) and its relatives DFXP, iTT and EBU-TT: paragraphs with
//! `begin` and `end` or `dur`, which count from what holds them.
//!
//! Where a file holds several languages at the same time, the wanted one is read, or else the first.
//! How a word is read is no word.

use std::collections::HashSet;
use std::time::Duration;

use roxmltree::{Document, Node};

use super::lines::{self, CaptionLine, CaptionPiece};
use super::rolling::{self, Screen};
use super::times::clock;
use super::{CaptionFormat, CaptionsError, markup};
use crate::talk::is_foreign;
use crate::xml;

/// What a file says about its clock, or what holds where it says nothing.
#[derive(Debug, Clone, Copy)]
struct Rates {
    frames: f64,
    ticks: f64,
}

/// Reads what is newly said in each paragraph, in the wanted language (BCP 47) where the file holds
/// it; XML that breaks off is an error.
pub(super) fn lines(text: &str, wanted: Option<&str>) -> Result<Vec<CaptionLine>, CaptionsError> {
    xml::read(text, |document| screens_of(document, wanted))
        .map(rolling::lines)
        .map_err(|error| CaptionsError::NotValid {
            format: CaptionFormat::Ttml,
            line: error.pos().row as usize,
            reason: error.into(),
        })
}

/// The screens of a document in the order of time.
fn screens_of(document: &Document<'_>, wanted: Option<&str>) -> Vec<Screen> {
    let rates = Rates::of(document.root_element());
    let readings = reading_styles(document);
    let is_paragraph = |node: &Node| node.is_element() && node.tag_name().name() == "p";
    let paragraphs = document.descendants().filter(is_paragraph);
    let mut tracks: Vec<Track> = Vec::new();
    for paragraph in paragraphs {
        let language = language(paragraph);
        let screens = screens(paragraph, rates, &readings);
        match tracks.iter_mut().find(|track| track.language == language) {
            Some(track) => track.screens.extend(screens),
            None => tracks.push(Track { language, screens }),
        }
    }
    let read = choose(&tracks, wanted);
    let (read, others) = (read.map(|place| tracks.swap_remove(place)), tracks);
    let Track { mut screens, .. } = read.unwrap_or_default();
    let times = screens
        .iter()
        .map(|screen| (screen.start, screen.shown_until()));
    let mut times: Vec<(Duration, Duration)> = times.collect();
    times.sort_unstable();
    let spoken = others
        .into_iter()
        .filter(|other| !translates(other, &times));
    screens.extend(spoken.flat_map(|track| track.screens));
    screens.sort_by_key(|screen| screen.start);
    screens
}

/// What a file holds in one language; none where nothing names it.
#[derive(Debug, Default)]
struct Track<'a> {
    language: Option<&'a str>,
    screens: Vec<Screen>,
}

/// The track in the wanted language, as near as there is one, or else the first.
fn choose(tracks: &[Track], wanted: Option<&str>) -> Option<usize> {
    let named = |is_it: &dyn Fn(&str) -> bool| {
        let mut languages = tracks.iter().map(|track| track.language);
        languages.position(|language| language.is_some_and(is_it))
    };
    let exact = |wanted: &str| named(&|tag| tag.eq_ignore_ascii_case(wanted));
    let near = |wanted: &str| named(&|tag| !is_foreign(tag, wanted));
    let found = wanted.and_then(|wanted| exact(wanted).or_else(|| near(wanted)));
    found.or((!tracks.is_empty()).then_some(0))
}

/// Whether a track says in its language what another one says at the same time: a phrase in a foreign
/// language that somebody speaks stands alone. Of the other one, `times` are start and end.
fn translates(track: &Track, times: &[(Duration, Duration)]) -> bool {
    let mut latest = Duration::ZERO;
    let mut reached: Vec<(Duration, Duration)> = Vec::with_capacity(times.len());
    for (start, end) in times {
        latest = latest.max(*end);
        reached.push((*start, latest));
    }
    let is_beside = |screen: &&Screen| {
        let begun = reached
            .partition_point(|(start, _)| *start < screen.shown_until() || *start == screen.start);
        let last = begun.checked_sub(1).map(|last| reached[last]);
        last.is_some_and(|(start, end)| end > screen.start || start == screen.start)
    };
    track.screens.iter().filter(is_beside).count() * 2 > track.screens.len()
}

/// The language of a paragraph, or of what holds it.
fn language<'a>(paragraph: Node<'a, '_>) -> Option<&'a str> {
    let mut holders = paragraph.ancestors();
    let named = holders.find_map(|node| {
        let mut attributes = node.attributes();
        attributes
            .find(|attribute| attribute.name() == "lang")
            .map(|lang| lang.value().trim())
    });
    named.filter(|language| !language.is_empty())
}

/// A paragraph, or each of its spans where they alone have times.
fn screens(paragraph: Node<'_, '_>, rates: Rates, readings: &HashSet<&str>) -> Vec<Screen> {
    let is_timed = |node: &Node| node.attribute("begin").is_some();
    let spans = paragraph.children().filter(is_timed);
    if is_timed(&paragraph) || spans.clone().next().is_none() {
        vec![screen(paragraph, rates, readings)]
    } else {
        spans.map(|span| screen(span, rates, readings)).collect()
    }
}

fn screen(node: Node<'_, '_>, rates: Rates, readings: &HashSet<&str>) -> Screen {
    let time = |node: Node, name: &str| rates.time(node.attribute(name)?);
    let above = node
        .ancestors()
        .skip(1)
        .filter_map(|above| time(above, "begin"));
    let origin = above.fold(Duration::ZERO, Duration::saturating_add);
    let start = origin.saturating_add(time(node, "begin").unwrap_or_default());
    let end = time(node, "end").map(|end| origin.saturating_add(end));
    let lasts = time(node, "dur").map(|length| start.saturating_add(length));
    let written = spoken(node, readings);
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
fn spoken(node: Node<'_, '_>, readings: &HashSet<&str>) -> String {
    let is_reading = |node: Node| {
        let styles = node.attribute("style").unwrap_or_default();
        sets_reading(node)
            || styles
                .split_whitespace()
                .any(|style| readings.contains(style))
    };
    let mut text = String::new();
    // Files may be deeper than a function can call itself.
    let mut left: Vec<Node<'_, '_>> = node.children().rev().collect();
    while let Some(child) = left.pop() {
        match child.tag_name().name() {
            "br" => text.push('\n'),
            "metadata" | "title" | "desc" | "copyright" => {}
            _ if child.is_text() => text.push_str(&folded(child.text().unwrap_or_default())),
            _ if child.is_element() && !is_reading(child) => left.extend(child.children().rev()),
            _ => {}
        }
    }
    text
}

/// The styles of a document that set how something is read.
fn reading_styles<'a>(document: &'a Document<'_>) -> HashSet<&'a str> {
    let styles = document.descendants();
    let styles = styles.filter(|node| node.tag_name().name() == "style" && sets_reading(*node));
    let attributes = styles.flat_map(|style| style.attributes());
    let ids = attributes.filter(|attribute| attribute.name() == "id");
    ids.map(|id| id.value()).collect()
}

fn sets_reading(node: Node<'_, '_>) -> bool {
    node.attributes().any(|attribute| {
        attribute.name() == "ruby"
            && matches!(attribute.value(), "text" | "textContainer" | "delimiter")
    })
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
        let units = ["ms", "h", "m", "s", "f", "t", ""];
        let unit = units.into_iter().find(|unit| text.ends_with(unit))?;
        let number: f64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        let seconds = match unit {
            "h" => number * 3600.0,
            "m" => number * 60.0,
            "s" | "" => number,
            "ms" => number / 1000.0,
            "f" => number / self.frames,
            _ => number / self.ticks,
        };
        lines::time(seconds)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, read, tests};

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
        check(
            "<tt xmlns=\"a\" xmlns:tts=\"b\"><head><styling><style xml:id=\"r\" tts:ruby=\"text\"/><style xml:id=\"s\"/></styling></head>\
             <body><p begin=\"1s\" end=\"2s\"><span style=\"s\">漢</span><span style=\"s r\">kan</span></p></body></tt>",
            &expect![[r"
                1.00-2.00 漢
            "]],
        );
    }

    /// What is read in a language of a file that has these divisions.
    fn said(file: &str, wanted: &str) -> Vec<String> {
        let cues = read(CaptionFormat::Ttml, file.as_bytes(), Some(wanted)).unwrap();
        cues.into_iter().map(|cue| cue.text).collect()
    }

    #[test]
    fn the_wanted_language_is_read_wherever_it_is_named() {
        for file in [
            "<tt><body><div xml:lang=\"de\"><p begin=\"1s\" end=\"2s\">Guten Tag.</p></div>\
             <div xml:lang=\"en-US\"><p begin=\"1s\" end=\"2s\">Hello.</p></div></body></tt>",
            "<tt xml:lang=\"de\"><body><div><p begin=\"1s\" end=\"2s\">Guten Tag.</p>\
             <p xml:lang=\"en\" begin=\"1s\" end=\"2s\">Hello.</p></div></body></tt>",
        ] {
            assert_eq!(said(file, "en"), ["Hello."]);
            assert_eq!(said(file, "de-AT"), ["Guten Tag."]);
            assert_eq!(said(file, "fr"), ["Guten Tag."]);
        }
    }

    #[test]
    fn a_phrase_in_another_language_that_is_spoken_is_kept() {
        let file = "<tt xml:lang=\"en\"><body><div><p begin=\"1s\" end=\"2s\">Hello.</p>\
             <p xml:lang=\"de\" begin=\"2s\" end=\"3s\">Guten Tag.</p><p begin=\"3s\" end=\"4s\">Welcome.</p></div></body></tt>";
        assert_eq!(said(file, "en"), ["Hello.", "Guten Tag.", "Welcome."]);
    }

    #[test]
    fn times_with_an_exponent_are_read() {
        check(
            "<tt><body><p begin=\"1e-05s\" end=\"1.0E2s\">a</p></body></tt>",
            &expect![[r"
                0.00-100.00 a
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
