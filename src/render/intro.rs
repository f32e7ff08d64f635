//! The organizer's intro, which is Markdown, as HTML that fits into the page. Pure.
//!
//! HTML in it is shown, not obeyed; its headings stand below the page's own; links lead to the web,
//! to a mailbox or into the page.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd, html};

/// Writes Markdown as HTML.
pub(super) fn html(markdown: &str) -> String {
    let events = Parser::new(markdown).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(tag) => Event::Start(fitting(tag)),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        event => event,
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    text.trim().to_owned()
}

fn fitting(tag: Tag<'_>) -> Tag<'_> {
    match tag {
        Tag::Heading {
            level,
            id,
            classes,
            attrs,
        } => Tag::Heading {
            level: below(level),
            id,
            classes,
            attrs,
        },
        Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        } => Tag::Link {
            link_type,
            dest_url: harmless(dest_url),
            title,
            id,
        },
        tag => tag,
    }
}

/// The page has one heading of the first level: its title.
fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        level => level,
    }
}

/// An address that runs nothing; one that might leads to the page itself.
fn harmless(address: CowStr<'_>) -> CowStr<'_> {
    let before = address.split(['/', '?', '#']).next().unwrap_or_default();
    let is_harmless = match before.split_once(':') {
        None => true,
        Some((scheme, _)) => ["http", "https", "mailto"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known)),
    };
    if is_harmless { address } else { "#".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intro_keeps_to_its_place() {
        for (markdown, expected) in [
            ("# Welcome", "<h2>Welcome</h2>"),
            ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
            (
                "[a](javascript:alert(1)) [b](JavaScript&colon;x) [c](../c:d) [e](HTTPS://e.example)",
                "<p><a href=\"#\">a</a> <a href=\"#\">b</a> <a href=\"../c:d\">c</a> \
                 <a href=\"HTTPS://e.example\">e</a></p>",
            ),
        ] {
            assert_eq!(html(markdown), expected);
        }
    }
}
