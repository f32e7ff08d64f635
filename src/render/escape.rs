//! Untrusted text made harmless, for each language that a page is written in. Pure.

use std::borrow::Cow;
use std::fmt::Write;

use crate::talk::one_line;

/// For HTML text and quoted attributes.
pub(crate) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in without_controls(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// As the origin does it: `<` and `>` alone.
pub(super) fn classic(text: &str) -> String {
    text.replace('<', "&lt;").replace('>', "&gt;")
}

/// For Markdown text outside of HTML: every character that could begin markup is written as a
/// character reference, which no renderer takes for markup.
pub(super) fn markdown(text: &str) -> String {
    const MARKUP: &[char] = &[
        '\\', '`', '*', '_', '[', ']', '<', '>', '&', '~', '|', '#', '^', '=', ':', '!', '"', '\'',
        '{', '}',
    ];
    let text = line(text);
    let mut escaped = String::with_capacity(text.len());
    for (place, c) in text.char_indices() {
        let begins_list = match c {
            '-' | '+' => place == 0,
            '.' | ')' => text[..place].bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        if makes_links(&text, place, c) {
            write!(escaped, "<span>&#{};</span>", u32::from(c))
        } else if begins_list || MARKUP.contains(&c) {
            write!(escaped, "&#{};", u32::from(c))
        } else {
            escaped.write_char(c)
        }
        .expect("writing to a string does not fail");
    }
    escaped
}

/// For attributes of HTML that stands in Markdown, where Jekyll looks for braces.
pub(super) fn attribute_in_markdown(text: &str) -> String {
    html(text).replace('{', "&#123;").replace('}', "&#125;")
}

/// For the text of HTML that stands in Markdown.
pub(super) fn html_in_markdown(text: &str) -> String {
    let text = line(text);
    let mut escaped = String::with_capacity(text.len());
    let mut done = 0;
    for (place, c) in text.char_indices() {
        if makes_links(&text, place, c) {
            escaped.push_str(&attribute_in_markdown(&text[done..place]));
            write!(escaped, "<span>&#{};</span>", u32::from(c))
                .expect("writing to a string does not fail");
            done = place + c.len_utf8();
        }
    }
    escaped.push_str(&attribute_in_markdown(&text[done..]));
    escaped
}

/// Whether GitHub makes a link, a mention or a formula of the words around a character, once all
/// character references are read. An element around it keeps them apart.
fn makes_links(text: &str, place: usize, c: char) -> bool {
    let (before, after) = (&text[..place], &text[place + c.len_utf8()..]);
    match c {
        '@' | '$' => true,
        '#' => after.starts_with(|c: char| c.is_ascii_digit()),
        ':' => after.starts_with("//"),
        '.' => matches!(
            before.as_bytes(),
            [.., b'w' | b'W', b'w' | b'W', b'w' | b'W']
        ),
        _ => false,
    }
}

/// For a cell of a spreadsheet: what such programs would take for a formula begins with an
/// apostrophe, which says that it is text.
pub(super) fn cell(text: &str) -> String {
    let text = line(text);
    let is_formula = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{text}") } else { text }
}

/// For a format in which nothing but characters is to be feared: one line, without controls.
pub(crate) fn line(text: &str) -> String {
    one_line(&without_controls(text))
}

/// A text without controls; line breaks and tabs stay, and other controls that part words are
/// spaces.
///
/// Those that turn the direction of writing around are taken out too, since they would show a text,
/// and what stands beside it, in an order that nobody wrote; so are characters that hide words from
/// readers, and those that no XML may hold. Marks that belong to the writing of a language stay.
pub(crate) fn without_controls(text: &str) -> Cow<'_, str> {
    let kept = |c: char| match c {
        ' '..='~' | '\n' | '\t' | '\r' => Some(c),
        _ if c.is_control() => c.is_whitespace().then_some(' '),
        _ => (!turns_direction(c) && !hides(c) && !is_no_character(c)).then_some(c),
    };
    if text.chars().all(|c| kept(c) == Some(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(kept).collect())
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Deprecated format characters, the byte order mark, annotations, and the tags, which can spell
/// whole sentences that nobody sees.
fn hides(c: char) -> bool {
    matches!(c, '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn is_no_character(c: char) -> bool {
    u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_text_stays_text() {
        for (text, wanted) in [
            ("AI & ML", "AI &#38; ML"),
            (
                "[x](javascript:alert(1))",
                "&#91;x&#93;(javascript&#58;alert(1))",
            ),
            (
                "<b>C++</b> *now*",
                "&#60;b&#62;C++&#60;/b&#62; &#42;now&#42;",
            ),
            ("- item", "&#45; item"),
            ("1. item 2.0", "1&#46; item 2.0"),
            ("1) item (2)", "1&#41; item (2)"),
            ("two\nlines", "two lines"),
            ("\u{202e}evil", "evil"),
            ("C# #1", "C&#35; <span>&#35;</span>1"),
            ("me@a.example", "me<span>&#64;</span>a.example"),
            ("https://a.example", "https<span>&#58;</span>//a.example"),
            ("www.a.example", "www<span>&#46;</span>a.example"),
        ] {
            assert_eq!(markdown(text), wanted);
        }
    }

    #[test]
    fn html_text_stays_text() {
        assert_eq!(
            html("<script>\"'&\u{202e}"),
            "&lt;script&gt;&quot;&#39;&amp;"
        );
        assert_eq!(
            html_in_markdown("Q&A\n\nwith @octocat"),
            "Q&amp;A with <span>&#64;</span>octocat"
        );
    }

    #[test]
    fn formulas_are_text() {
        for (text, wanted) in [
            ("=1+1", "'=1+1"),
            ("\t\u{202e}@SUM(A1)", "'@SUM(A1)"),
            ("-cBplHNM4RA", "'-cBplHNM4RA"),
            ("1+1=2", "1+1=2"),
            ("two\r\nlines", "two lines"),
        ] {
            assert_eq!(cell(text), wanted);
        }
    }

    #[test]
    fn what_belongs_to_a_language_stays() {
        let persian = "می\u{200c}خواهم";
        let family = "👩\u{200d}👩\u{200d}👧";
        let hebrew = "שלום C++\u{200f}!";
        for text in [persian, family, hebrew, "naïve", "e\u{301}"] {
            assert_eq!(without_controls(text), text);
        }
        let hidden = "a\u{feff}\u{e0041}\u{ffff}\0\u{2067}b\u{85}c";
        assert_eq!(without_controls(hidden), "ab c");
    }
}
