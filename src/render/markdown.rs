//! The organizer's Markdown, made fit to stand in a page. Pure.
//!
//! Markdown is obeyed; HTML in it is shown as it is written, and so are links to anything but pages
//! and mail. It cannot run on into the rest of the page.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::render::escape::without_controls;

/// A text without HTML and without links that do something else than lead somewhere.
pub(super) fn sanitize(markdown: &str) -> String {
    let mut text = without_controls(markdown.trim()).into_owned();
    // What was inside of HTML is Markdown once the HTML is text, so look until there is none.
    loop {
        let harms = harms(&text);
        if harms.is_empty() {
            return close_code(text);
        }
        for place in harms.into_iter().rev() {
            text.insert(place, '\\');
        }
    }
}

/// The same as HTML that fits into the page. A paragraph that only leads to a Markdown file above the
/// page leads nowhere once that is published, and is left out.
pub(super) fn to_html(harmless: &str) -> String {
    let events = without_dead_links(harmless).map(|event| match event {
        Event::Start(Tag::Heading {
            level,
            id,
            classes,
            attrs,
        }) => Event::Start(Tag::Heading {
            level: demote(level),
            id,
            classes,
            attrs,
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(demote(level))),
        event => event,
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    text.trim().to_owned()
}

/// The parts of a text without such paragraphs.
fn without_dead_links(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let mut dead: Vec<Range<usize>> = Vec::new();
    let mut paragraph = 0..0;
    for (event, range) in parser(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::Paragraph) => paragraph = range,
            Event::Start(Tag::Link { dest_url, .. }) => {
                let is_dead = dest_url.starts_with("../") && dest_url.ends_with(".md");
                if is_dead && markdown[paragraph.clone()].trim() == &markdown[range] {
                    dead.push(paragraph.clone());
                }
            }
            _ => {}
        }
    }
    let events = parser(markdown).into_offset_iter();
    let is_alive = move |range: &Range<usize>| {
        let mut dead = dead.iter();
        !dead.any(|dead| dead.start <= range.start && range.end <= dead.end)
    };
    events.filter_map(move |(event, range)| is_alive(&range).then_some(event))
}

/// The page has one heading of the first level: its title.
fn demote(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        level => level,
    }
}

/// The words of the headings, in their order.
pub(super) fn headings(markdown: &str) -> Vec<String> {
    let mut headings = Vec::new();
    let mut heading: Option<String> = None;
    for event in parser(markdown) {
        match (event, &mut heading) {
            (Event::Start(Tag::Heading { .. }), _) => heading = Some(String::new()),
            (Event::End(TagEnd::Heading(_)), _) => headings.extend(heading.take()),
            (Event::Text(words) | Event::Code(words), Some(heading)) => heading.push_str(&words),
            _ => {}
        }
    }
    headings
}

fn parser(markdown: &str) -> Parser<'_> {
    Parser::new_ext(
        markdown,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH,
    )
}

/// Where a backslash turns markup into text: before the sign that it begins with.
fn harms(text: &str) -> Vec<usize> {
    let events = parser(text).into_offset_iter();
    let mut places: Vec<usize> = events
        .filter(|(event, _)| match event {
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => true,
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                !leads_somewhere(dest_url)
            }
            _ => false,
        })
        .map(|(_, range)| {
            let indent = text[range.clone()].len() - text[range.clone()].trim_start().len();
            range.start + indent
        })
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}

fn leads_somewhere(address: &str) -> bool {
    let Some(end) = address.find([':', '/', '?', '#']) else {
        return true;
    };
    let is_scheme = address[end..].starts_with(':');
    let known = ["http", "https", "mailto"];
    !is_scheme || known.contains(&address[..end].to_lowercase().as_str())
}

/// Code without an end would make code of the rest of the page.
fn close_code(mut text: String) -> String {
    let probe = format!("{text}\n\nprobe");
    let open = parser(&probe)
        .into_offset_iter()
        .find_map(|(event, range)| match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) if range.end == probe.len() => {
                Some(range.start)
            }
            _ => None,
        });
    if let Some(start) = open {
        let fence = &probe[start..];
        let is_of_fence = |c: char| fence.starts_with(c);
        let length = fence.len() - fence.trim_start_matches(is_of_fence).len();
        text.push('\n');
        text.push_str(&fence[..length]);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markdown_is_kept_and_html_is_shown() {
        for (markdown, wanted) in [
            (
                "Three *days*, [slides](https://a.example) and <https://b.example>.",
                "Three *days*, [slides](https://a.example) and <https://b.example>.",
            ),
            ("[up](../index.html) `<b>`", "[up](../index.html) `<b>`"),
            ("a <b>b</b>", r"a \<b>b\</b>"),
            ("  <div>\n*x* <i>\n</div>", "\\<div>\n*x* \\<i>\n\\</div>"),
            ("<!-- note -->", r"\<!-- note -->"),
            (
                "<script>\n\n[x](y)</script>",
                "\\<script>\n\n[x](y)\\</script>",
            ),
            ("[x](javascript:alert(1))", r"\[x](javascript:alert(1))"),
            ("[x](JAVA&Tab;script:y)", r"\[x](JAVA&Tab;script:y)"),
            ("![x](data:text/html,y)", r"\!\[x](data:text/html,y)"),
            ("<vbscript:x>", r"\<vbscript:x>"),
            ("[x]\n\n[x]: data:y", "\\[x]\n\n[x]: data:y"),
            ("\\\\<b>", r"\\\<b>"),
        ] {
            assert_eq!(sanitize(markdown), wanted, "{markdown}");
        }
    }

    #[test]
    fn code_without_an_end_ends_with_the_text() {
        for (markdown, wanted) in [
            ("````sh\nls\n```", "````sh\nls\n```\n````"),
            ("~~~\nls", "~~~\nls\n~~~"),
            ("```\nls\n```", "```\nls\n```"),
            ("- ```\n  ls", "- ```\n  ls"),
        ] {
            assert_eq!(sanitize(markdown), wanted, "{markdown}");
        }
    }

    #[test]
    fn headings_of_an_intro_stand_below_the_title() {
        let page = to_html("# Welcome\n\n## Where");
        assert_eq!(page, "<h2>Welcome</h2>\n<h2>Where</h2>");
    }

    #[test]
    fn a_paragraph_that_only_leads_to_a_file_above_the_page_is_left_out() {
        for (markdown, page) in [
            ("[Back to all conferences](../README.md)", ""),
            (
                "Hello.\n\n[Back](../README.md)\n\n*Bye*",
                "<p>Hello.</p>\n<p><em>Bye</em></p>",
            ),
            ("[All](page.md)", "<p><a href=\"page.md\">All</a></p>"),
            ("[Back](../)", "<p><a href=\"../\">Back</a></p>"),
            (
                "See [all](../README.md).",
                "<p>See <a href=\"../README.md\">all</a>.</p>",
            ),
        ] {
            assert_eq!(to_html(markdown), page, "{markdown}");
        }
    }

    #[test]
    fn headings_are_read_without_their_markup() {
        let markdown = "# A *b* `c`\n\ntext\n\nSecond\n------\n";
        assert_eq!(headings(markdown), ["A b c", "Second"]);
    }

    #[test]
    fn open_code_is_closed_with_its_own_marks() {
        for (open, closed) in [
            ("```", "```\n```"),
            ("~~~`", "~~~`\n~~~"),
            ("~~~~ a", "~~~~ a\n~~~~"),
        ] {
            assert_eq!(sanitize(open), closed);
        }
    }

    proptest! {
        #[test]
        fn nothing_harmful_is_left(markdown in "[-<>!\\[\\]()`~:/#*|\\\\ \na1]{0,60}") {
            let text = sanitize(&markdown);
            prop_assert!(harms(&text).is_empty(), "{text:?}");
            prop_assert_eq!(&sanitize(&text), &text);
        }
    }
}
