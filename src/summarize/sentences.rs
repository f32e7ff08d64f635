//! Splits running text into sentences, and counts words.
//!
//! Two readers rely on it: the check that a summary has two sentences, each of them one, and the
//! built-in summarizer, which takes sentences from descriptions. The sentence rules of UAX #29
//! are no foundation for that: they split after "Dr." and in "use .NET", but not before "eBPF" or
//! after "…". So each stop is judged here. It refuses to know grammar: where a stop can be read
//! both ways, what follows (a function word, a digit, a lower-case letter) decides.

mod abbreviations;
mod marks;

pub(super) use marks::{is_han_or_kana, is_pictograph};

use unicode_segmentation::UnicodeSegmentation;

use abbreviations::abbreviates;
use marks::{
    is_closer, is_hiragana, is_katakana, is_stop, is_unspaced_stop, is_written_without_stops,
};

/// Splits running text into sentences, without the white space around them.
///
/// A line break is white space; an empty line ends a sentence whatever stands before it. Marks
/// and emoji go with the sentence that follows them, or with the last one.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    paragraphs(text)
        .into_iter()
        .flat_map(sentences_of_paragraph)
        .collect()
}

/// Whether a text ends as a sentence does in its script: with a stop, where there are stops.
#[must_use]
pub(crate) fn ends_as_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(is_closer);
    text.ends_with(is_stop) || text.ends_with(is_written_without_stops)
}

/// Counts the words of a text as UAX #29 divides it: "don't" and "3.14" are one word each,
/// "open-source" is two.
///
/// Scripts without spaces are estimated: two Han or Hiragana characters make a word, or four
/// Thai, Lao, Khmer or Burmese ones, rounded up; a run of Katakana is one word.
#[must_use]
pub(crate) fn words(text: &str) -> usize {
    let (mut spaced, mut syllabic, mut alphabetic) = (0_usize, 0_usize, 0_usize);
    for word in text.unicode_words() {
        match word.chars().next() {
            Some(c) if is_han_or_kana(c) && !is_katakana(c) => syllabic += 1,
            Some('\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}') => {
                alphabetic += 1;
            }
            _ => spaced += 1,
        }
    }
    spaced + syllabic.div_ceil(2) + alphabetic.div_ceil(4)
}

fn paragraphs(text: &str) -> Vec<&str> {
    let mut paragraphs = Vec::new();
    let (mut start, mut end) = (0, 0);
    for line in text.split_inclusive('\n') {
        end += line.len();
        if line.trim().is_empty() {
            paragraphs.push(&text[start..end]);
            start = end;
        }
    }
    paragraphs.push(&text[start..]);
    paragraphs
}

fn sentences_of_paragraph(text: &str) -> Vec<&str> {
    let (Some(mut first), Some(last)) = (
        text.find(char::is_alphanumeric),
        text.rfind(char::is_alphanumeric),
    ) else {
        return Vec::new();
    };
    let mut sentences = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(offset) = text[from..].find(is_stop) {
        let at = from + offset;
        let marks = leading(&text[at..], is_stop);
        let closers = closers(&text[at + marks.len()..]);
        from = at + marks.len() + closers.len();
        if from > last {
            break;
        }
        let stop = Stop {
            before: &text[start..at],
            marks,
            closers,
            after: &text[from..],
        };
        if first < at && stop.ends_sentence() {
            sentences.push(text[start..from].trim());
            start = from;
            first = from + text[from..].find(char::is_alphanumeric).unwrap_or(0);
        }
    }
    sentences.push(text[start..].trim());
    sentences
}

/// Marks at which a sentence may end, and what stands around them.
struct Stop<'a> {
    /// The sentence so far.
    before: &'a str,
    marks: &'a str,
    /// The quotes and brackets that close behind the marks.
    closers: &'a str,
    after: &'a str,
}

impl Stop<'_> {
    fn ends_sentence(&self) -> bool {
        if self.marks.contains(is_unspaced_stop) {
            return self.ends_without_space();
        }
        let is_inside_word = !self
            .after
            .starts_with(|c: char| c.is_whitespace() || is_han_or_kana(c));
        if is_inside_word {
            return false;
        }
        let next = first_word(self.after);
        if goes_on_in_lower_case(next) {
            return false;
        }
        let is_ellipsis = self.marks.contains('…') || self.marks.contains("..");
        if is_ellipsis {
            let stands_alone = self.before.ends_with(char::is_whitespace);
            return !stands_alone;
        }
        self.marks != "." || !self.abbreviates(next)
    }

    fn abbreviates(&self, next: &str) -> bool {
        let mut earlier = self.before.split_whitespace().rev();
        let word = without_opening(earlier.next().unwrap_or(""));
        let previous = earlier.next().unwrap_or("");
        abbreviates(word, previous, next)
    }

    /// A full-width stop needs no space, but a quotation may end with one in mid-sentence.
    fn ends_without_space(&self) -> bool {
        let Some(next) = self.after.chars().next() else {
            return true;
        };
        let is_decimal = self.marks == "．" && next.is_numeric();
        let is_quoted = !self.closers.is_empty() && next.is_alphanumeric();
        if is_quoted {
            self.marks == "。" && !is_hiragana(next)
        } else {
            !is_decimal
        }
    }
}

/// A lower-case letter goes on with the sentence, unless it opens a name such as "eBPF" or "x86",
/// or numbers a list: "b)". Georgian has no capitals at the head of a sentence.
fn goes_on_in_lower_case(next: &str) -> bool {
    let word = letters(next);
    let is_mixed_name = word.contains(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let is_list_mark = only_char(word).is_some() && next[word.len()..].starts_with(')');
    let has_capitals = !next.starts_with(|c| matches!(c, '\u{10d0}'..='\u{10ff}'));
    next.starts_with(char::is_lowercase) && has_capitals && !is_mixed_name && !is_list_mark
}

/// Finds the first word, looking past quotes, brackets and dashes but not past a whole ornament.
/// A sign that marks a name belongs to the word.
fn first_word(text: &str) -> &str {
    const LOOKAHEAD: usize = 40;
    let opens_word = |c: char| c.is_alphanumeric() || matches!(c, '@' | '#' | '`');
    let start = text
        .char_indices()
        .take(LOOKAHEAD)
        .find(|&(_, c)| opens_word(c));
    start.map_or("", |(start, _)| {
        leading(&text[start..], |c| !c.is_whitespace())
    })
}

fn letters(word: &str) -> &str {
    leading(word, |c| c.is_alphanumeric() || c == '\'' || c == '’')
}

/// Finds what closes a sentence behind its stop: quotes, brackets, footnote marks. The French quote
/// has a space before it.
fn closers(text: &str) -> &str {
    let mut end = leading(text, is_closer).len();
    while let Some(number) = footnote_number(&text[end..]) {
        end += "[]".len() + number.len();
    }
    let spaced = leading(&text[end..], char::is_whitespace).len();
    if text[end + spaced..].starts_with('»') {
        &text[..end + spaced + '»'.len_utf8()]
    } else {
        &text[..end]
    }
}

/// The number of a footnote at the head of a text: `[12]`.
fn footnote_number(text: &str) -> Option<&str> {
    let number = leading(text.strip_prefix('[')?, |c| c.is_ascii_digit());
    let is_closed = text[1 + number.len()..].starts_with(']');
    (is_closed && !number.is_empty()).then_some(number)
}

fn without_opening(word: &str) -> &str {
    word.trim_start_matches(|c: char| !c.is_alphanumeric())
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !belongs(c)).unwrap_or(text.len())]
}

fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests;
