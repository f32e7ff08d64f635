//! Splits running text into sentences, and counts words.
//!
//! Two readers rely on it: the check that a summary has two sentences, each of them one, and the
//! built-in summarizer, which takes sentences from descriptions. The sentence rules of UAX #29
//! are no foundation for that: they split after "Dr." and in "use .NET", but not before "eBPF" or
//! after "…". So each stop is judged here. It refuses to know grammar: where a stop can be read
//! both ways, what follows (a function word, a digit, a lower-case letter) decides.

use unicode_segmentation::UnicodeSegmentation;

use crate::summarize::language::is_function_word;

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

/// Counts the words of a text as UAX #29 divides it: "don't" and "3.14" are one word each,
/// "open-source" is two.
///
/// Scripts without spaces are estimated: two Han or Hiragana characters make a word, or four
/// Thai, Lao, Khmer or Burmese ones, rounded up; a run of Katakana is one word.
#[must_use]
pub fn words(text: &str) -> usize {
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

    fn abbreviates(&self, next: &str) -> bool {
        let mut earlier = self.before.split_whitespace().rev();
        let word = without_opening(earlier.next().unwrap_or(""));
        let previous = earlier.next().unwrap_or("");

        let is_number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
        if is_number {
            let is_list_number = previous.is_empty() || previous.ends_with(':');
            return is_list_number || (word.len() <= 2 && is_german_ordinal(previous, next));
        }
        if is_listed(word, ALWAYS_GO_ON) {
            return true;
        }
        if is_listed(word, GO_ON_WITH_NUMBER) {
            return next.starts_with(|c: char| c.is_ascii_digit());
        }
        let next_is_name = is_initial(next) || !is_function_word(letters(next));
        if is_listed(word, GO_ON_WITH_NAME) {
            return next_is_name;
        }
        let mut parts = word.split('.');
        match (parts.next().and_then(only_char), parts.next()) {
            (Some(c), None) if c.is_lowercase() => {
                previous.is_empty() || is_initial(previous) || is_initial(next)
            }
            (Some(c), None) if c.is_alphabetic() => {
                is_small_initial(previous)
                    || (next_is_name && !ends_with_letter_name(word, previous))
            }
            (Some(_), Some(_)) => next_is_name && word.split('.').all(is_letter),
            _ => false,
        }
    }
}

/// Abbreviations that never end a sentence; those in lower case may be capitalized.
const ALWAYS_GO_ON: &[&str] = &[
    "Dr", "Prof", "Mr", "Mrs", "Ms", "Mx", "Mme", "Mlle", "Sra", "Dott", "Hr", "Dipl", "Ing",
    "approx", "bspw", "bzw", "ca", "cf", "d.h", "e.g", "eg", "evtl", "excl", "ggf", "i.e", "ie",
    "incl", "inkl", "o.ä", "p.ej", "sog", "u.a", "viz", "vs", "z.B", "z.b",
];

/// Abbreviations that go on where a number follows.
const GO_ON_WITH_NUMBER: &[&str] = &[
    "Abb", "Abs", "Apr", "Art", "Aug", "Bd", "Dec", "Dez", "Feb", "Fig", "Figs", "Jan", "Jul",
    "Jun", "Kap", "Mar", "No", "Nos", "Nov", "Nr", "Oct", "Okt", "Sec", "Sep", "Sept", "Tab",
    "Vol", "al", "art", "avg", "ch", "chap", "ed", "eq", "fig", "max", "min", "no", "nr", "núm",
    "p", "pp", "rev", "s", "sec", "ver", "vol",
];

/// Abbreviations that go on where a name follows and end where a function word does.
const GO_ON_WITH_NAME: &[&str] = &[
    "Ave", "Bros", "Co", "Col", "Corp", "Fr", "Ft", "Gen", "Gov", "Inc", "Jr", "Lt", "Ltd", "Mt",
    "Rev", "Sen", "Sgt", "Sr", "St", "Univ", "M.Sc", "B.Sc", "Ph.D", "resp",
];

fn is_listed(word: &str, list: &[&str]) -> bool {
    let uncapitalized = || {
        let mut chars = word.chars();
        chars
            .next()
            .map(|first| first.to_lowercase().chain(chars).collect::<String>())
    };
    list.contains(&word) || uncapitalized().is_some_and(|word| list.contains(&word.as_str()))
}

/// Whether a word is a single letter and a stop: "J.", "z.".
fn is_initial(word: &str) -> bool {
    word.strip_suffix('.').is_some_and(is_letter)
}

fn is_small_initial(word: &str) -> bool {
    is_initial(word) && word.starts_with(char::is_lowercase)
}

/// Tells "written in C. Rust …" from "by C. Darwin": languages that are letters end a sentence,
/// unless a name or the word before a name goes before.
fn ends_with_letter_name(word: &str, previous: &str) -> bool {
    let is_letter_name = matches!(word, "C" | "D" | "R");
    let introduces_name = matches!(previous, "by" | "von" | "par" | "por");
    is_letter_name && previous.starts_with(char::is_lowercase) && !introduces_name
}

fn is_german_ordinal(previous: &str, next: &str) -> bool {
    const ARTICLES: &[&str] = &["der", "dem", "den", "des", "vom", "zum", "zur", "beim"];
    const NOUNS: &[&str] = &[
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
        "Jahrhundert",
        "Jahrhunderts",
    ];
    ARTICLES.contains(&previous.to_lowercase().as_str()) || NOUNS.contains(&letters(next))
}

/// A lower-case letter goes on with the sentence, unless it opens a name such as "eBPF" or "iOS".
fn goes_on_in_lower_case(next: &str) -> bool {
    let is_mixed_name = letters(next).contains(char::is_uppercase);
    next.starts_with(char::is_lowercase) && !is_mixed_name
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

/// Finds the quotes and brackets that close a sentence; the French quote has a space before it.
fn closers(text: &str) -> &str {
    let end = leading(text, is_closer).len();
    let spaced = leading(&text[end..], char::is_whitespace).len();
    if text[end + spaced..].starts_with('»') {
        &text[..end + spaced + '»'.len_utf8()]
    } else {
        &text[..end]
    }
}

fn without_opening(word: &str) -> &str {
    word.trim_start_matches(|c: char| !c.is_alphanumeric())
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !belongs(c)).unwrap_or(text.len())]
}

fn is_letter(text: &str) -> bool {
    only_char(text).is_some_and(char::is_alphabetic)
}

fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‼' | '⁇' | '⁈' | '⁉' | '‽') || is_unspaced_stop(c)
}

/// Stops that end a sentence with or without a space: full-width, Arabic, Devanagari, Armenian,
/// Ethiopic, Burmese, Khmer.
fn is_unspaced_stop(c: char) -> bool {
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

fn is_closer(c: char) -> bool {
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
    )
}

/// Whether a character is of a script that Chinese and Japanese write without spaces.
pub(super) fn is_han_or_kana(c: char) -> bool {
    is_hiragana(c)
        || is_katakana(c)
        || matches!(c, '々' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{309f}')
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a0}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}')
}

#[cfg(test)]
mod tests;
