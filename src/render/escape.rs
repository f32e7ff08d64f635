//! Untrusted text made harmless, for each language that a page is written in. Pure.

use std::fmt::Write;

/// For HTML text and quoted attributes. Controls that turn the direction of writing around are
/// taken out: they would show a text in an order that nobody wrote.
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
        '\\', '`', '*', '_', '[', ']', '<', '>', '&', '~', '|', '#', '$', '^', '=', '@', ':', '!',
        '"', '\'',
    ];
    let text = without_controls(text);
    let mut escaped = String::with_capacity(text.len());
    for (place, c) in text.char_indices() {
        let begins_list = match c {
            '-' | '+' => place == 0,
            '.' => text[..place].bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        if c == '\n' || c == '\r' {
            escaped.push(' ');
        } else if begins_list || MARKUP.contains(&c) {
            write!(escaped, "&#{};", u32::from(c)).expect("writing to a string does not fail");
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// A text without controls, those of direction included; line breaks and tabs stay.
pub(crate) fn without_controls(text: &str) -> String {
    let is_direction = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    text.chars()
        .filter(|&c| !is_direction(c) && !is_control(c))
        .collect()
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
            ("two\nlines", "two lines"),
            ("\u{202e}evil", "evil"),
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
    }
}
