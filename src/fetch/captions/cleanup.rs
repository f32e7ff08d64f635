//! What every format's text goes through on its way into a cue.
//!
//! Takes out what nobody said and leaves every word, its spelling and its order alone.

use std::sync::LazyLock;

use html_escape::decode_html_entities;
use regex::Regex;

use super::{markup, sounds};

/// How often a text may have been escaped.
const ESCAPES: usize = 3;

/// Decodes entities, takes out the markup that they hid, folds white space, drops invisible
/// characters, sound marks and the `>>` of a change of speaker; `None` if no word is left.
pub(super) fn clean(text: &str) -> Option<String> {
    let text = unescaped(text);
    let text = markup::without_overrides(&text);
    let text = rows_joined(&markup::without_hidden_tags(&text));
    let text = visible(&text);
    let without_marks = sounds::without_marks(&text);
    let words = without_marks.split_whitespace().map(without_speaker_change);
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    // The dash in "- [Laughter]" goes with its mark; a dash or dots that stand alone do not.
    let is_left_over = |word: &&str| word.chars().all(|letter| "-–—.…:~～_".contains(letter));
    let had_marks = without_marks != text;
    let is_empty = words.is_empty() || had_marks && words.iter().all(is_left_over);
    (!is_empty).then(|| words.join(" "))
}

/// Decodes entities, and those within them where nothing but entities is left.
fn unescaped(text: &str) -> String {
    static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"&(?:[A-Za-z][A-Za-z0-9]{1,8}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});";
        Regex::new(pattern).expect("the pattern is valid")
    });
    let mut text = decode_html_entities(text).into_owned();
    for _ in 1..ESCAPES {
        let signs = text.matches('&').count();
        if signs == 0 || signs > ENTITY.find_iter(&text).count() {
            break;
        }
        text = decode_html_entities(&text).into_owned();
    }
    text
}

/// Rows as one text: with a blank between them, but for scripts that write none.
pub(super) fn rows_joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for row in text.split('\n') {
        let (row, last) = (row.trim(), joined.chars().next_back());
        let goes_on = last.is_some_and(has_no_blanks) && row.starts_with(has_no_blanks);
        if !goes_on && !joined.is_empty() && !row.is_empty() {
            joined.push(' ');
        }
        joined.push_str(row);
    }
    joined
}

/// Whether a letter is Chinese or Japanese, or goes with those that are.
fn has_no_blanks(letter: char) -> bool {
    matches!(letter,
        '\u{3001}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Replaces control characters by spaces and drops those without a width.
fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            // Joiners spell Persian and Hindi words and join emoji; elsewhere they are debris.
            '\u{200c}' | '\u{200d}' => {
                let is_inside = is_joinable(visible.chars().next_back())
                    && is_joinable(letters.peek().copied());
                if is_inside {
                    visible.push(letter);
                }
            }
            letter if is_invisible(letter) => {}
            letter if letter.is_control() => visible.push(' '),
            letter => visible.push(letter),
        }
    }
    visible
}

fn is_joinable(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| {
        !letter.is_ascii() && !letter.is_whitespace() && !is_invisible(letter)
    })
}

/// Soft hyphens, zero-width characters and the controls of writing direction.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Drops a leading `>>` or `>>>` but not an operator such as `>>=`. A lone `>>` between two
/// words is taken for a change of speaker too: speech recognition writes far more of those than
/// people read shift operators aloud.
fn without_speaker_change(word: &str) -> &str {
    let rest = word.trim_start_matches('>');
    let is_mark = word.starts_with(">>") && !rest.starts_with('=');
    if is_mark { rest } else { word }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn entities_within_entities_are_decoded_where_nothing_else_is_left() {
        for (text, expected) in [
            (
                "&amp;gt;&amp;gt; And &amp;quot;it&amp;quot;, R&amp;amp;D.",
                "And \"it\", R&D.",
            ),
            ("&amp;amp;lt;", "<"),
            ("R&amp;D, &amp;lt;", "R&D, &lt;"),
            ("&lt;i&gt;So&lt;/i&gt; R&amp;amp;D", "So R&D"),
            (
                "{\\an8}<font color=\"#E5E5E5\">Then</font> yes&amp;nbsp;sir",
                "Then yes sir",
            ),
        ] {
            assert_eq!(clean(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn rows_of_scripts_without_blanks_are_joined_without_one() {
        for (text, expected) in [
            ("障害の数は半\n分に", "障害の数は半分に"),
            ("半 分\nに、\n5 か月", "半 分に、 5 か月"),
            ("なります。\nRust は", "なります。 Rust は"),
            ("- はい\n- いいえ", "- はい - いいえ"),
            ("오늘은\n등대", "오늘은 등대"),
        ] {
            assert_eq!(clean(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(
            clean("R&amp;D isn&#39;t &lt;b&gt;&nbsp;&amp;lt;").unwrap(),
            "R&D isn't <b> &lt;"
        );
    }

    #[test]
    fn white_space_is_folded_and_the_invisible_dropped() {
        assert_eq!(
            clean(" so\u{a0}\n \u{200b}\u{202a}much\u{feff} \0 sp\u{ad}ace\u{3000}").unwrap(),
            "so much space"
        );
    }

    #[test]
    fn joiners_stay_where_they_spell_a_word() {
        assert_eq!(
            clean("می\u{200c}خواهم a\u{200c}b \u{200d}").unwrap(),
            "می\u{200c}خواهم ab"
        );
    }

    #[test]
    fn changes_of_speaker_are_dropped_and_operators_kept() {
        assert_eq!(
            clean(">> Thanks. >>You're welcome. >>> Next").unwrap(),
            "Thanks. You're welcome. Next"
        );
        assert_eq!(
            clean("x >>= 2 and m >= n > 0, a>>b").unwrap(),
            "x >>= 2 and m >= n > 0, a>>b"
        );
    }

    #[test]
    fn text_without_a_word_is_none() {
        for text in ["", " \u{200b}", ">>", "- [Laughter]", "♪ ♪", "(applause) …"] {
            assert_eq!(clean(text), None, "{text}");
        }
    }

    #[test]
    fn dots_that_stand_alone_are_kept() {
        assert_eq!(clean("....").unwrap(), "....");
    }

    #[test]
    fn masked_words_and_repetitions_are_kept() {
        assert_eq!(
            clean("very very [\u{a0}__\u{a0}] good, no no no").unwrap(),
            "very very [ __ ] good, no no no"
        );
    }
}
