//! The markup that `WebVTT` and `SubRip` files carry within a line, taken out.
//!
//! Captions of talks about programming hold angle brackets of their own, and not every tool
//! escapes them: only tags that the formats know are markup, `Vec<T>` is speech.

use std::borrow::Cow;
use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;

use super::lines::CaptionPiece;
use super::times::clock;

/// Tags of W3C `WebVTT`, and those that `SubRip` borrows from HTML.
const TAGS: &[&str] = &[
    "b", "c", "em", "font", "i", "lang", "rp", "rt", "ruby", "s", "span", "strong", "u", "v",
];
/// Tags of HTML that are markup in pairs or with attributes; alone they may be speech about code.
const PAIRED: &[&str] = &[
    "a", "big", "center", "code", "del", "div", "ins", "mark", "p", "small", "strike", "sub",
    "sup", "tt",
];
/// Tags that say more behind a blank without an equals sign: voices, languages, classes.
const ANNOTATED: &[&str] = &["v", "lang", "c"];
/// Tags around how a word is read, which is no word of its own.
const READINGS: &[&str] = &["rt", "rp"];

/// Reads a line's text without its tags, split where a tag such as `<00:00:01.500>` gives a time.
pub(super) fn pieces(line: &str) -> Vec<CaptionPiece> {
    let mut parts = line.split('<');
    let before_any_tag = parts.next().unwrap_or_default().to_owned();
    let mut pieces = vec![CaptionPiece {
        at: None,
        text: before_any_tag,
    }];
    for part in parts {
        let (tag, text) = part.split_once('>').unwrap_or_default();
        if let Some(at) = timestamp(tag) {
            pieces.push(CaptionPiece {
                at: Some(at),
                text: text.to_owned(),
            });
        } else if let Some(last) = pieces.last_mut() {
            match Tag::read(tag, &last.text, text, line) {
                Tag::Break => last.text.extend(["\n", text]),
                Tag::Markup => last.text.push_str(text),
                Tag::Reading => {}
                Tag::Speech => last.text.extend(["<", part]),
            }
        }
    }
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// What stands between angle brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Break,
    Markup,
    /// The text behind it tells how the text before it is read.
    Reading,
    Speech,
}

impl Tag {
    /// Tells a tag by its name and, where its spelling is unusual, by what stands around it:
    /// `Vec<S>` is likelier in a talk than `<S>` for text that is struck out.
    fn read(tag: &str, before: &str, behind: &str, line: &str) -> Self {
        let closes = tag.trim_start().starts_with('/');
        let name = name(tag);
        let lower = name.to_ascii_lowercase();
        if lower == "br" {
            return Self::Break;
        }
        if tag.starts_with("!--") && tag.ends_with("--") {
            return Self::Markup;
        }
        let annotation = tag.trim_start().split_once([' ', '\t']);
        let has_attributes = annotation.is_some_and(|(_, rest)| rest.contains('='));
        let is_comparison = annotation
            .is_some_and(|(_, rest)| !rest.trim_matches([' ', '/', '>']).is_empty())
            && !has_attributes
            && !ANNOTATED.contains(&&*lower);
        if is_comparison {
            return Self::Speech;
        }
        if PAIRED.contains(&&*lower) && (has_attributes || is_pair(&lower, line)) {
            return Self::Markup;
        }
        let is_usual = name == lower && !tag.contains(&[' ', '\t'][..]) || tag.starts_with(&*lower);
        let is_glued = before.ends_with(|last: char| last.is_alphanumeric() || last == '>');
        let is_opened = || {
            is_closed(&lower, line)
                || behind.starts_with(char::is_alphanumeric) && !tag.starts_with(' ')
        };
        let is_markup = TAGS.contains(&&*lower)
            && (is_usual || closes || !is_glued && (lower.len() > 1 || is_opened()));
        match (is_markup, READINGS.contains(&&*lower) && !closes) {
            (false, _) => Self::Speech,
            (true, true) => Self::Reading,
            (true, false) => Self::Markup,
        }
    }
}

/// The name of a tag; in one that begins with a blank nothing else may stand.
fn name(tag: &str) -> &str {
    let inner = tag.trim_matches(|letter: char| letter == '/' || letter.is_whitespace());
    if tag.starts_with(char::is_whitespace) {
        inner
    } else {
        inner.split(['.', ' ', '\t']).next().unwrap_or_default()
    }
}

/// Whether a line opens and closes a tag of that name.
fn is_pair(name: &str, line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let opens = |end: char| lower.contains(&format!("<{name}{end}"));
    is_closed(name, line) && (opens('>') || opens(' '))
}

/// Whether a tag of that name is closed somewhere in a line.
fn is_closed(name: &str, line: &str) -> bool {
    let line = line.to_ascii_lowercase().replace([' ', '\t'], "");
    line.contains(&format!("</{name}>"))
}

fn timestamp(tag: &str) -> Option<Duration> {
    tag.contains(':').then(|| clock(tag.trim())).flatten()
}

/// What places or styles a line in `SubStation` and `MicroDVD`, and their line breaks.
pub(super) fn without_overrides(text: &str) -> Cow<'_, str> {
    static OVERRIDES: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"\{[\\/]?an?\d+\}|^\\an\d|\{\\[^{}]*\}|\{[yY]:[biusBIUS,]+\}|\{[cC]:\$[0-9A-Fa-f]+\}|^\{[fFsSpPoO]:[^{}]*\}|\[/?(?:color|size|font)(?:=[^\[\]]*)?\]";
        Regex::new(pattern).expect("the pattern is valid")
    });
    if !text.contains(['{', '\\', '[']) {
        return Cow::Borrowed(text);
    }
    let text = OVERRIDES.replace_all(text, "").into_owned();
    let text = ["b", "i", "u", "s"].iter().fold(text, |text, style| {
        let (open, close) = (format!("{{{style}}}"), format!("{{/{style}}}"));
        let text = without_pair(text, &open, &close);
        let (open, close) = (format!("[{style}]"), format!("[/{style}]"));
        without_pair(text, &open, &close)
    });
    Cow::Owned(with_breaks(&text))
}

/// `\N` breaks a line; it is no part of a path, and no name of a character.
fn with_breaks(text: &str) -> String {
    static BREAKS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?<before>^|[^:\\])\\(?<mark>[Nh])(?<behind>[^{\\]|$)")
            .expect("the pattern is valid")
    });
    let broken = BREAKS.replace_all(text, |found: &regex::Captures<'_>| {
        let blank = if &found["mark"] == "N" { '\n' } else { ' ' };
        format!("{}{blank}{}", &found["before"], &found["behind"])
    });
    broken.into_owned()
}

/// Takes out tags that come in pairs or with attributes. What was written with entities may be
/// speech about tags, so one alone stays.
pub(super) fn without_hidden_tags(text: &str) -> Cow<'_, str> {
    static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"(?i)<(?:font|span|c)[ .][^<>]*>|</(?:font|span|c)>"#;
        Regex::new(pattern).expect("the pattern is valid")
    });
    if !text.contains("</") {
        return Cow::Borrowed(text);
    }
    let text = HIDDEN.replace_all(text, "");
    let pairs = [
        "b", "B", "i", "I", "u", "U", "s", "em", "EM", "strong", "font", "span", "c",
    ];
    let text = pairs.iter().fold(text.into_owned(), |text, name| {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        without_pair(text, &open, &close)
    });
    Cow::Owned(text)
}

fn without_pair(text: String, open: &str, close: &str) -> String {
    let is_pair = text.contains(open) && text.contains(close);
    if is_pair {
        text.replace(open, "").replace(close, "")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{pieces, without_hidden_tags, without_overrides};

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
        assert_eq!(text("two<br/>rows"), "two\nrows");
    }

    #[test]
    fn angle_brackets_of_a_talk_about_code_stay() {
        for line in [
            "a Vec<T> of Option<S>",
            "if a < b and c > d",
            "a<b and c>d",
            "the <p> tag, Map<a>",
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
    fn tags_are_known_in_any_case_and_with_blanks() {
        for (line, expected) in [
            (
                "<FONT COLOR=\"#FFFF00\">Good day</FONT>, <I>all</I>",
                "Good day, all",
            ),
            (
                "<Font Face=\"Arial\">Mind the Vec<T> here.</Font>",
                "Mind the Vec<T> here.",
            ),
            ("<I>a row that goes on", "a row that goes on"),
            ("in the next.</I>", "in the next."),
            ("< i >Spaced< /i > tag, <b >odd</b >", "Spaced tag, odd"),
            ("two<BR>rows", "two\nrows"),
            ("<ruby>漢<rt>kan</rt></ruby> done", "漢 done"),
            (
                "<p align=\"center\">So</p> <big>we</big> <mark>go</mark>",
                "So we go",
            ),
            (
                "<a href=\"https://example.org\">here</a><!-- why -->",
                "here",
            ),
            ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢"),
        ] {
            assert_eq!(text(line), expected);
        }
    }

    #[test]
    fn overrides_of_other_formats_go_and_braces_of_code_stay() {
        for (line, expected) in [
            (
                r"{\an8}{\pos(192,240)\fad(200,0)}Placed.\NNew\hline.",
                "Placed.\nNew line.",
            ),
            ("{b}Bold{/b} and {y:i}slanted.", "Bold and slanted."),
            ("{c:$0000FF}{f:Arial}red", "{f:Arial}red"),
            (
                r"C:\New and \N{DEGREE SIGN}, {i} and {x: 1}, print \n",
                r"C:\New and \N{DEGREE SIGN}, {i} and {x: 1}, print \n",
            ),
            (r"{\an8 not closed", r"{\an8 not closed"),
            (r"{/an8}So {an8}we \an8 go", r"So we \an8 go"),
            ("[color=red]So[/color] [b]we[/b] [i] go", "So we [i] go"),
        ] {
            assert_eq!(without_overrides(line), expected);
        }
    }

    #[test]
    fn hidden_tags_go_in_pairs() {
        for (line, expected) in [
            (
                "<i>So</i> it <font color=\"#E5E5E5\">went</font>",
                "So it went",
            ),
            ("the <b> tag and </i>", "the <b> tag and </i>"),
            ("a </b> Vec<B> <c.red>x</c>", "a </b> Vec<B> x"),
        ] {
            assert_eq!(without_hidden_tags(line), expected);
        }
    }
}
