//! Abstracts as plain text: people write them in HTML, in Markdown or in neither.
//!
//! Every word stays in its order; paragraphs stay apart, and points of a list become lines that
//! begin with `- `. What looks like a tag and is none, such as `Vec<T>`, is text.

use std::sync::LazyLock;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use regex::{Captures, Regex};

use crate::talk::one_line;

/// The plain text of an abstract.
pub(super) fn plain_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let markdown = without_tags(&text);
    tidy(&of_markdown(&markdown))
}

/// A title or a name on one line.
pub(super) fn plain_line(text: &str) -> String {
    let text = without_tags(text);
    one_line(&html_escape::decode_html_entities(&text))
}

/// Takes away the tags that abstracts are written with, and leaves their line breaks.
fn without_tags(text: &str) -> String {
    static POINT: LazyLock<Regex> = LazyLock::new(|| tag("li"));
    static BLOCK: LazyLock<Regex> =
        LazyLock::new(|| tag("p|div|ul|ol|h[1-6]|blockquote|pre|section|table|tr"));
    static BREAK: LazyLock<Regex> = LazyLock::new(|| tag("br|hr"));
    static INLINE: LazyLock<Regex> = LazyLock::new(|| {
        tag(
            "a|b|i|u|em|strong|small|sub|sup|span|font|code|kbd|s|del|ins|mark|img|td|th|tbody|thead",
        )
    });
    static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?is)<!--.*?-->|<(script|style)\b.*?</(script|style)\s*>")
            .expect("well-formed")
    });
    if !text.contains('<') {
        return text.to_owned();
    }
    let text = HIDDEN.replace_all(text, "");
    let text = POINT.replace_all(
        &text,
        |tag: &Captures<'_>| {
            if tag[0].starts_with("</") { "" } else { "\n- " }
        },
    );
    let text = BLOCK.replace_all(&text, "\n\n");
    let text = BREAK.replace_all(&text, "\n");
    INLINE.replace_all(&text, "").into_owned()
}

fn tag(names: &str) -> Regex {
    Regex::new(&format!(r#"(?i)</?({names})(\s[^<>]*)?/?>"#)).expect("well-formed")
}

/// The words of a text in Markdown; of a text in none too, since that is Markdown as well.
fn of_markdown(markdown: &str) -> String {
    let mut text = String::new();
    let mut numbers: Vec<Option<u64>> = Vec::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(words)
            | Event::Code(words)
            | Event::Html(words)
            | Event::InlineHtml(words) => {
                text.push_str(&words);
            }
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::Start(Tag::List(first)) => {
                text.push('\n');
                numbers.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                numbers.pop();
                text.push_str("\n\n");
            }
            Event::Start(Tag::Item) => {
                if !text.ends_with('\n') {
                    text.push('\n');
                }
                match numbers.last_mut() {
                    Some(Some(number)) => {
                        text.extend([&number.to_string(), ". "]);
                        *number += 1;
                    }
                    _ => text.push_str("- "),
                }
            }
            Event::End(TagEnd::Paragraph) if !numbers.is_empty() => text.push('\n'),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::CodeBlock
                | TagEnd::BlockQuote(_)
                | TagEnd::HtmlBlock,
            )
            | Event::Rule => text.push_str("\n\n"),
            _ => {}
        }
    }
    text
}

/// Lines without spaces around them, and no more than one empty line between two.
fn tidy(text: &str) -> String {
    let mut tidy = String::new();
    let mut gap = "";
    for line in text.lines() {
        let line = one_line(line);
        if line.is_empty() {
            gap = if tidy.is_empty() { "" } else { "\n\n" };
            continue;
        }
        tidy.push_str(gap);
        tidy.push_str(&line);
        gap = "\n";
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_markdown_and_neither_become_plain_text() {
        for (text, plain) in [
            ("", ""),
            ("Keys &amp; caches.", "Keys & caches."),
            ("One.\r\n\r\n\r\nTwo\nlines.", "One.\n\nTwo\nlines."),
            (
                "<p>One <b>bold</b> word.</p><p>Two.<br/>Three.</p>",
                "One bold word.\n\nTwo.\nThree.",
            ),
            (
                "<ul><li>one</li><li>two</li></ul>after",
                "- one\n- two\n\nafter",
            ),
            (
                "A <a href=\"https://example.org\">link</a> &lt;here&gt;",
                "A link <here>",
            ),
            (
                "**Bold**, _slanted_ and `code` in a [link](https://example.org).",
                "Bold, slanted and code in a link.",
            ),
            (
                "# Head\nText\n\n* one\n* two\n\nAfter",
                "Head\n\nText\n\n- one\n- two\n\nAfter",
            ),
            ("* one\n\n  more\n\n* two", "- one\nmore\n- two"),
            ("1. first\n2. second", "1. first\n2. second"),
            (
                "Why `Vec<T>` and Map<K, V> and a < b > c",
                "Why Vec<T> and Map<K, V> and a < b > c",
            ),
            (
                "snake_case_names and 2 * 3 * 4",
                "snake_case_names and 2 * 3 * 4",
            ),
            ("<!-- hidden --><script>alert(1)</script>Seen.", "Seen."),
            ("<strong>not closed", "not closed"),
        ] {
            assert_eq!(plain_text(text), plain, "{text}");
        }
    }

    #[test]
    fn titles_stay_as_they_are_but_for_markup_and_lines() {
        for (text, plain) in [
            (
                "  Caches &amp; keys\n in <em>Rust</em> ",
                "Caches & keys in Rust",
            ),
            (
                "__init__ and Box<T> *not* Markdown",
                "__init__ and Box<T> *not* Markdown",
            ),
        ] {
            assert_eq!(plain_line(text), plain);
        }
    }
}
