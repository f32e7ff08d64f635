//! Texts of others, made fit for a terminal and for a line of a report. Pure.
//!
//! What a server, a video or a file says can hold orders for the terminal or turn the line around.
//! Such characters are shown as replaced, so that it is seen that something was there.

/// The same text without characters that move the cursor, order the terminal or turn the line
/// around.
#[must_use]
pub(crate) fn printable(text: &str) -> String {
    let shown = |c| {
        if is_order(c) {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    text.chars().map(shown).collect()
}

/// Whether a character is an order and nothing to see: of the terminal, or of the direction.
fn is_order(c: char) -> bool {
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
}
