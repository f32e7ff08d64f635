//! Texts of others, made fit for a terminal and for a line of a report. Pure.
//!
//! What a server, a video or a file says can hold orders for the terminal or turn the line around.
//! Such characters are shown as replaced, so that it is seen that something was there. What it says of
//! an address can hold a password, which is not shown.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// The same text without characters that move the cursor, order the terminal or turn the line
/// around.
#[must_use]
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(replace_order).collect()
}

/// What is said to people, whoever's words are in it: its lines stay, and neither orders nor the
/// passwords of addresses do.
#[must_use]
pub(crate) fn presentable(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let kept = |c| match c {
        '\n' | '\t' => c,
        c => replace_order(c),
    };
    let text: String = text.chars().map(kept).collect();
    hide_passwords(&text).into_owned()
}

/// The same for a text in which the program's own colors are to be seen.
#[must_use]
pub(crate) fn presentable_with_colors(text: &str) -> String {
    /// What the library writes for the colors that are in use here.
    static COLOR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("\u{1b}\\[(?:0|1|2|4|3[1-6])m").expect("the pattern is valid"));
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for color in COLOR.find_iter(text) {
        shown.push_str(&presentable(&text[end..color.start()]));
        shown.push_str(color.as_str());
        end = color.end();
    }
    shown.push_str(&presentable(&text[end..]));
    shown
}

/// The same text without the users and passwords of the addresses in it.
#[must_use]
pub(crate) fn hide_passwords(text: &str) -> Cow<'_, str> {
    /// All up to the last `@` before the path; where there is a password, up to the last one at all,
    /// since few passwords are escaped as they should be.
    static USER: LazyLock<Regex> = LazyLock::new(|| {
        let regex =
            r#"(?i)(\b[a-z][a-z0-9+.-]{0,31}://)(?:[^\s/:@"'<>]*:[^\s"'<>]*@|[^\s/?\#"'<>]*@)"#;
        Regex::new(regex).expect("the pattern is valid")
    });
    USER.replace_all(text, "${1}…@")
}

fn replace_order(c: char) -> char {
    if is_order(c) {
        char::REPLACEMENT_CHARACTER
    } else {
        c
    }
}

/// Whether a character is an order and nothing to see: of the terminal, or of the direction.
#[must_use]
pub(crate) fn is_order(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_replaced_and_words_of_all_scripts_stay() {
        for (text, shown) in [
            (
                "plain words – “naïve” 日本語 👩‍🔬",
                "plain words – “naïve” 日本語 👩‍🔬",
            ),
            ("\u{1b}]0;owned\u{7}", "\u{fffd}]0;owned\u{fffd}"),
            ("\u{1b}[31mred\u{9b}2K", "\u{fffd}[31mred\u{fffd}2K"),
            (
                "a\u{0}b\u{8}\r\nc\td",
                "a\u{fffd}b\u{fffd}\u{fffd}\u{fffd}c\u{fffd}d",
            ),
            (
                "\u{202e}drowkcab\u{202c} \u{2066}x\u{2069}",
                "\u{fffd}drowkcab\u{fffd} \u{fffd}x\u{fffd}",
            ),
            ("", ""),
        ] {
            assert_eq!(printable(text), shown);
        }
    }

    #[test]
    fn lines_and_our_own_colors_stay_and_orders_do_not() {
        let text = "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m a\r\nb\t\u{1b}[2K\u{1b}]8;;x\u{7}\u{1b}[8m\u{202e}\r";
        assert_eq!(
            presentable(text),
            "\u{fffd}[1m\u{fffd}[31merror:\u{fffd}[0m a\nb\t\u{fffd}[2K\u{fffd}]8;;x\u{fffd}\u{fffd}[8m\u{fffd}\u{fffd}"
        );
        assert_eq!(
            presentable_with_colors(text),
            "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m a\nb\t\u{fffd}[2K\u{fffd}]8;;x\u{fffd}\u{fffd}[8m\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn no_address_tells_its_password() {
        for (text, shown) in [
            (
                "proxy http://me:secret@proxy.example:3128 refused",
                "proxy http://…@proxy.example:3128 refused",
            ),
            ("socks5h://me:p%40ss@[::1]:1080/", "socks5h://…@[::1]:1080/"),
            ("'HTTP://me:p@s/s?#@host'", "'HTTP://…@host'"),
            ("https://token@host/a@b", "https://…@host/a@b"),
            (
                "http://me:secret@a http://me:secret@b",
                "http://…@a http://…@b",
            ),
            (
                "https://www.youtube.com/@conf and https://host/a?b=c@d",
                "https://www.youtube.com/@conf and https://host/a?b=c@d",
            ),
            ("me@host.example: 10:30", "me@host.example: 10:30"),
        ] {
            assert_eq!(hide_passwords(text), shown);
            assert_eq!(presentable(text), shown);
        }
    }
}
