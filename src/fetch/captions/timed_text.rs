//! `YouTube`'s srv2 and srv3: `<timedtext>` with texts or paragraphs, times in milliseconds.
//!
//! Undocumented; read off timedtext answers. In srv3 `<s t>` gives the time of a word, counted from
//! its paragraph; what only scrolls the window holds a line break and says nothing.

use std::time::Duration;

use roxmltree::{Document, Node};

use super::lines::{self, CaptionLine, CaptionPiece};
use super::{CaptionFormat, CaptionsError, rolling};
use crate::xml;

/// Reads the lines of a transcript; XML that breaks off is an error.
pub(super) fn lines(text: &str) -> Result<Vec<CaptionLine>, CaptionsError> {
    let lines = xml::read(text, lines_of).map_err(|error| CaptionsError::NotValid {
        format: CaptionFormat::TimedText,
        line: error.pos().row as usize,
        reason: error.into(),
    })?;
    Ok(rolling::of_lines(lines))
}

fn lines_of(document: &Document<'_>) -> Vec<CaptionLine> {
    let shown = document.descendants();
    let shown = shown.filter(|node| node.has_tag_name("p") || node.has_tag_name("text"));
    let lines = shown.filter_map(|node| {
        let start = milliseconds(node, "t").unwrap_or_default();
        let pieces: Vec<CaptionPiece> = node
            .children()
            .filter_map(|child| piece(child, start))
            .collect();
        let says_something = pieces.iter().any(|piece| !piece.text.trim().is_empty());
        says_something.then(|| CaptionLine {
            start,
            end: milliseconds(node, "d").map(|length| start.saturating_add(length)),
            pieces,
        })
    });
    lines.collect()
}

fn piece(node: Node<'_, '_>, start: Duration) -> Option<CaptionPiece> {
    if node.has_tag_name("br") {
        let text = "\n".to_owned();
        return Some(CaptionPiece { at: None, text });
    }
    let texts = node.descendants().filter(Node::is_text);
    let text: String = texts.filter_map(|text| text.text()).collect();
    let at = milliseconds(node, "t").map(|offset| start.saturating_add(offset));
    (!text.is_empty()).then_some(CaptionPiece { at, text })
}

fn milliseconds(node: Node<'_, '_>, name: &str) -> Option<Duration> {
    let number: f64 = node.attribute(name)?.trim().parse().ok()?;
    lines::time(number / 1000.0)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::TimedText, file, expected);
    }

    #[test]
    fn words_have_their_times_and_scrolling_says_nothing() {
        check(
            "<?xml version=\"1.0\" encoding=\"utf-8\" ?><timedtext format=\"3\"><head><ws id=\"0\"/></head><body><w t=\"0\" id=\"1\"/>\
             <p t=\"1000\" d=\"9000\" w=\"1\"><s ac=\"0\">hello</s><s t=\"480\" ac=\"0\"> Ghent</s></p>\
             <p t=\"5990\" d=\"10\" w=\"1\" a=\"1\">\n</p><p t=\"6000\" d=\"2000\" w=\"1\"><s>so</s><s t=\"300\"> we begin</s></p></body></timedtext>",
            &expect![[r"
                1.00-1.78 hello Ghent
                6.00-6.90 so we begin
            "]],
        );
    }

    #[test]
    fn lines_that_people_wrote_keep_their_ends() {
        let expected = expect![[r"
            1.00-3.00 R&D isn't new
            3.00-4.00 so we begin
        "]];
        check(
            "<timedtext format=\"3\"><body><p t=\"1000\" d=\"2000\">R&amp;D<br/>isn&#39;t new</p><p t=\"3000\" d=\"1000\">so we begin</p></body></timedtext>",
            &expected,
        );
        check(
            "<timedtext><window t=\"0\" id=\"1\"/><text t=\"1000\" d=\"2000\" w=\"1\">R&amp;amp;D\nisn&amp;#39;t new</text>\
             <text t=\"2990\" d=\"10\" w=\"1\" append=\"1\">\n</text><text t=\"3000\" d=\"1000\">so we begin</text></timedtext>",
            &expected,
        );
    }

    #[test]
    fn cut_file_is_not_valid() {
        check(
            "<timedtext>\n<p t=\"1\">a",
            &expect!["line 1: the root node was opened but never closed"],
        );
    }
}
