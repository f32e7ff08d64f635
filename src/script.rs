//! What kind of script a letter is of, as far as it matters to where words end.
//!
//! Pure. Texts are compared by their words, and a script without spaces shows none: there letters
//! take the place of words. Which letters make a word is not known here.

/// What a letter is of, as far as it matters to where words end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// It is no letter.
    Signs,
    /// Numbers.
    Digits,
    /// A script with spaces between its words.
    Spaced,
    /// A script without them.
    Unspaced,
}

impl Script {
    pub(crate) fn of(letter: char) -> Self {
        match letter {
            // Thai, Lao, Khmer, kana, and the ideographs of all planes.
            '\u{e00}'..='\u{eff}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}'
            | '\u{20000}'..='\u{3ffff}' => Self::Unspaced,
            _ if letter.is_numeric() => Self::Digits,
            _ if letter.is_alphanumeric() => Self::Spaced,
            _ => Self::Signs,
        }
    }
}
