//! What kind of caption file this is: its content tells, and its name only where that could be
//! either.

use std::sync::LazyLock;

use regex::Regex;

use super::times::{has_arrow, times};
use super::{CaptionFormat, clocked, micro_dvd, sbv, tsv};

/// How much of a file shows what it is.
const BEGINNING: usize = 4096;

static ROOT: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?is)^(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype[^>]*>)*<(?:\w+:)?(\w+)";
    Regex::new(pattern).expect("the pattern is valid")
});
static JSON: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"^\s*(?:\{\s*["}]|\[\s*[{\]])"#;
    Regex::new(pattern).expect("the pattern is valid")
});

/// The format of a file that is called as if it were of the format `named`.
pub(super) fn told(text: &str, named: CaptionFormat) -> CaptionFormat {
    let beginning = &text[..text.floor_char_boundary(BEGINNING)];
    let by_frame = if text.trim_start().starts_with("WEBVTT") {
        Some(CaptionFormat::Vtt)
    } else if JSON.is_match(beginning) {
        Some(json(text, named))
    } else {
        xml(beginning)
    };
    by_frame.unwrap_or_else(|| by_lines(text, named))
}

/// Whether this is a page for browsers, which is what servers send in the place of a file.
pub(super) fn is_web_page(text: &str) -> bool {
    let beginning = &text[..text.floor_char_boundary(BEGINNING)];
    let is_declared = beginning
        .trim_start()
        .to_ascii_lowercase()
        .starts_with("<!doctype html");
    let root = ROOT.captures(beginning);
    let is_of_page =
        |root: &str| ["html", "head", "body", "meta", "script", "error"].contains(&root);
    is_declared || root.is_some_and(|root| is_of_page(&root[1].to_ascii_lowercase()))
}

fn json(text: &str, named: CaptionFormat) -> CaptionFormat {
    let has = |key: &str| text.contains(key);
    let is_youtubes =
        has("\"tStartMs\"") || has("\"wireMagic\"") || has("\"events\"") || has("\"segs\"");
    if is_youtubes || named == CaptionFormat::Json3 && !has("\"segments\"") {
        CaptionFormat::Json3
    } else {
        CaptionFormat::Segments
    }
}

fn xml(beginning: &str) -> Option<CaptionFormat> {
    match ROOT.captures(beginning)?[1].to_ascii_lowercase().as_str() {
        "transcript" => Some(CaptionFormat::Srv1),
        "timedtext" => Some(CaptionFormat::TimedText),
        "tt" => Some(CaptionFormat::Ttml),
        "sami" => Some(CaptionFormat::Sami),
        _ => None,
    }
}

fn by_lines(text: &str, named: CaptionFormat) -> CaptionFormat {
    let has_lines_of_times = || text.lines().any(|line| times(line).is_some());
    // Between dashes alone, times belong to a transcript with names as likely.
    let has_arrows = || {
        let mut lines = text.lines().filter(|line| times(line).is_some());
        lines.any(has_arrow)
    };
    let is_event = |line: &str| line.trim_start().starts_with("Dialogue: ");
    let is_script = text.contains("[Events]") && text.lines().any(is_event);
    if is_script || text.starts_with("[Script Info]") {
        CaptionFormat::Ass
    } else if text.lines().any(sbv::is_times) {
        CaptionFormat::Sbv
    } else if named == CaptionFormat::Text && !has_arrows() && clocked::lines(text).is_some() {
        CaptionFormat::Text
    } else if has_lines_of_times() {
        match named {
            CaptionFormat::Vtt => named,
            _ => CaptionFormat::Srt,
        }
    } else if tsv::is_table(text) {
        CaptionFormat::Tsv
    } else if micro_dvd::is_counted(text) {
        CaptionFormat::MicroDvd
    } else if clocked::lines(text).is_some() {
        CaptionFormat::Text
    } else {
        named
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_comes_before_the_name() {
        for (text, format) in [
            ("WEBVTT\n\n00:01.000 --> 00:02.000\na", CaptionFormat::Vtt),
            ("1\n00:00:01,000 --> 00:00:02,000\na", CaptionFormat::Srt),
            ("0:00:01.000,0:00:03.000\na", CaptionFormat::Sbv),
            ("{\"events\": []}", CaptionFormat::Json3),
            ("{\"segments\": []}", CaptionFormat::Segments),
            ("[{\"text\": \"a\", \"start\": 0}]", CaptionFormat::Segments),
            (
                "<?xml version=\"1.0\"?>\n<!-- a --><transcript/>",
                CaptionFormat::Srv1,
            ),
            ("<timedtext format=\"3\"/>", CaptionFormat::TimedText),
            ("<tt:tt xmlns:tt=\"x\"/>", CaptionFormat::Ttml),
            ("[Script Info]\nTitle: a", CaptionFormat::Ass),
            ("start\tend\ttext\n0\t1000\ta", CaptionFormat::Tsv),
            ("0:00\nso we begin\n0:04\nand go on", CaptionFormat::Text),
            ("So we begin.", CaptionFormat::Text),
            ("[Music]\nSo we begin.", CaptionFormat::Text),
        ] {
            assert_eq!(told(text, CaptionFormat::Text), format, "{text}");
        }
    }

    #[test]
    fn the_name_decides_where_content_does_not() {
        let headless = "00:01.000 --> 00:02.000\na";
        assert_eq!(told(headless, CaptionFormat::Vtt), CaptionFormat::Vtt);
        assert_eq!(told(headless, CaptionFormat::Json3), CaptionFormat::Srt);
        assert_eq!(told("nothing", CaptionFormat::Srt), CaptionFormat::Srt);
        assert!(is_web_page("<!DOCTYPE html>\n<html lang=en>"));
        assert!(!is_web_page("<i>So</i> we begin"));
    }
}
