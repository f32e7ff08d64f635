//! The characters that end, close and carry sentences, in the scripts of the world.

pub(super) fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‼' | '⁇' | '⁈' | '⁉' | '‽') || is_unspaced_stop(c)
}

/// Stops that end a sentence with or without a space: full-width, Arabic, Devanagari, Armenian,
/// Ethiopic, Burmese, Khmer.
pub(super) fn is_unspaced_stop(c: char) -> bool {
    matches!(
        c,
        '。' | '！'
            | '？'
            | '｡'
            | '．'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '։'
            | '።'
            | '፧'
            | '။'
            | '។'
    )
}

/// Quotes, brackets, signs of emphasis, footnote marks and pictures that stand right behind a stop.
pub(super) fn is_closer(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '”'
            | '’'
            | '»'
            | '›'
            | '“'
            | '‘'
            | ')'
            | ']'
            | '}'
            | '）'
            | '」'
            | '』'
            | '】'
            | '》'
            | '＂'
            | '*'
            | '_'
            | '`'
            | '†'
            | '‡'
            | '¹'
            | '²'
            | '³'
            | '\u{2070}'..='\u{2079}'
    ) || is_pictograph(c)
}

/// Whether a character is of a script that Chinese and Japanese write without spaces.
pub(in crate::summarize) fn is_han_or_kana(c: char) -> bool {
    is_hiragana(c)
        || is_katakana(c)
        || matches!(c, '々' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

pub(super) fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{309f}')
}

pub(super) fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a0}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}')
}

/// Whether a script has no stops: Thai, Lao and Tibetan part sentences by spaces, if at all.
pub(super) fn is_written_without_stops(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0fff}')
}

/// Emoji and other pictures; arrows, mathematics and letters of any script are none.
pub(in crate::summarize) fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{266c}' | '\u{2670}'..='\u{27bf}' | '\u{2b50}'..='\u{2b55}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}
