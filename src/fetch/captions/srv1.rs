//! `YouTube`'s srv1: `<transcript>` with one `<text start dur>` a line, times in seconds.
//!
//! Undocumented; read off timedtext answers. Text is escaped twice: what the XML hides is HTML,
//! whose entities the clean-up decodes. Lines overlap in time, but none is repeated.

use std::time::Duration;

use roxmltree::{Document, Node};

use super::lines::{self, CaptionLine};
use super::{CaptionFormat, CaptionsError, markup};
use crate::xml;

/// Reads the lines of a transcript; XML that breaks off, or is of another kind, is an error.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let not_valid = |line, reason| CaptionsError::NotValid {
        format: CaptionFormat::Srv1,
        line,
        reason,
    };
    let lines = xml::read(text, lines_of);
    let lines = lines.map_err(|error| not_valid(error.pos().row as usize, error.into()))?;
    lines.ok_or_else(|| not_valid(1, "the root element is not <transcript>".into()))
}

/// The lines of a document; none if it is no transcript.
fn lines_of(document: &Document<'_>) -> Option<Vec<CaptionLine>> {
    if !document.root_element().has_tag_name("transcript") {
        return None;
    }
    let texts = document.root_element().children();
    let texts = texts.filter(|node| node.has_tag_name("text"));
    let mut lines: Vec<CaptionLine> = Vec::new();
    for node in texts {
        // A line without a time belongs where it stands.
        let start = seconds(node, "start")
            .or(lines.last().map(|line| line.start))
            .unwrap_or_default();
        lines.push(CaptionLine {
            start,
            end: seconds(node, "dur").map(|length| start.saturating_add(length)),
            pieces: markup::pieces(&spoken(node)),
        });
    }
    Some(lines)
}

/// The text of a line, also where a tool has left tags in it unescaped.
fn spoken(node: Node<'_, '_>) -> String {
    let texts = node.descendants().filter(Node::is_text);
    texts.filter_map(|text| text.text()).collect()
}

fn seconds(node: Node<'_, '_>, name: &str) -> Option<Duration> {
    lines::time(node.attribute(name)?.trim().parse().ok()?)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Srv1, file, expected);
    }

    #[test]
    fn lines_that_overlap_keep_every_word() {
        check(
            r#"<?xml version="1.0" encoding="utf-8" ?><transcript><text start="0.5" dur="4">that&amp;#39;s it</text><text start="2" dur="4.25">it &amp;amp; &lt;i&gt;more&lt;/i&gt; &amp;lt;T&amp;gt;</text></transcript>"#,
            &expect![[r"
                0.50-2.00 that's it
                2.00-6.25 it & more <T>
            "]],
        );
    }

    #[test]
    fn attributes_may_be_missing_or_absurd() {
        check(
            r#"<transcript><text start="1">a</text><text dur="-1">b</text><text start="NaN"/></transcript>"#,
            &expect![[r"
                1.00-1.00 a
                1.00-1.30 b
            "]],
        );
    }

    #[test]
    fn words_between_tags_that_are_not_escaped_are_kept() {
        check(
            r#"<transcript><text start="1">so <i>very</i><!-- --> much<br/><![CDATA[ & more]]></text></transcript>"#,
            &expect![[r"
                1.00-2.50 so very much & more
            "]],
        );
    }

    #[test]
    fn cut_file_and_other_xml_are_not_valid() {
        check(
            "<transcript>\n<text start=\"1\">well",
            &expect!["line 1: the root node was opened but never closed"],
        );
        check(
            "<rss/>",
            &expect!["line 1: the root element is not <transcript>"],
        );
        check("<html/>", &expect!["line 1: this is a web page"]);
        check(
            "<!doctype html><title>Too many requests</title>",
            &expect!["line 1: this is a web page"],
        );
    }

    #[test]
    fn empty_transcript_has_no_text() {
        check("<transcript/>", &expect!["captions hold no text"]);
    }
}
