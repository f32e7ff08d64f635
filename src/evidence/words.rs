//! The words of speech and of quotes in the form in which they are compared.
//!
//! What a writer changes without meaning to is gone here: case, accents, signs, apostrophes, how a
//! number is written. What a word is worth to a quote is told by its kind. A script without spaces
//! has letters in the place of words.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::evidence::numerals::join_numerals;
use crate::script::Script;
use crate::sound::fold;
use crate::talk::language::Language;

/// A word as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoldedWord {
    /// Without case, accents and signs; a number is its digits.
    pub(super) folded: String,
    /// Where it stands in its text, in bytes.
    pub(super) range: Range<usize>,
    pub(super) kind: WordKind,
}

/// What a word does in a sentence, as far as a quote depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordKind {
    /// "um", "uh": no quote needs it.
    Filler,
    /// "the", "of"; and "one", which seldom counts anything.
    Function,
    /// A word that says something.
    Telling,
    /// A letter of a script without spaces.
    Letter,
    /// With another number it is another statement.
    Number,
    /// With or without it, it is the opposite.
    Negation,
}

impl FoldedWord {
    /// How much of a quote it is.
    pub(super) fn weight(&self) -> f64 {
        match self.kind {
            WordKind::Filler => 0.0,
            WordKind::Function | WordKind::Letter => 0.5,
            WordKind::Telling | WordKind::Number | WordKind::Negation => 1.0,
        }
    }

    /// Whether a quote must have it just where the talk has it.
    pub(super) fn is_fixed(&self) -> bool {
        matches!(self.kind, WordKind::Number | WordKind::Negation)
    }
}

const FILLERS: [&str; 14] = [
    "um", "uh", "uhm", "umm", "er", "erm", "eh", "ah", "hm", "hmm", "mhm", "mm", "ahm", "ehm",
];

/// Words that turn a statement into its opposite, in the languages whose function words are known.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "nothing", "nobody", "without", "neither", "nor", "nicht",
    "kein", "keine", "keinen", "keinem", "keiner", "keines", "nie", "niemals", "nichts", "ohne",
    "pas", "jamais", "aucun", "aucune", "rien", "sans", "nunca", "sin", "ningun", "ninguna",
    "nada", "mai", "senza", "nessun", "nessuna", "niente", "nao", "sem", "nenhum", "nenhuma",
];

/// Letters of Chinese that do the same.
const NEGATING_LETTERS: [&str; 8] = ["不", "没", "沒", "无", "無", "未", "非", "别"];

/// The words of a text, in its order.
pub(super) fn words(text: &str, language: Option<Language>) -> Vec<FoldedWord> {
    let pieces = runs(text).into_iter().flat_map(|run| pieces(text, &run));
    let mut words: Vec<FoldedWord> = join_numerals(&pieces.collect::<Vec<_>>())
        .into_iter()
        .filter(|piece| !piece.folded.is_empty())
        .map(|piece| FoldedWord {
            kind: kind(&piece, &text[piece.range.clone()], language),
            folded: piece.folded,
            range: piece.range,
        })
        .collect();
    mark_japanese_negations(&mut words);
    words
}

/// A word before its kind is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) folded: String,
    pub(super) range: Range<usize>,
    pub(super) script: Script,
}

fn kind(piece: &Piece, written: &str, language: Option<Language>) -> WordKind {
    let word = piece.folded.as_str();
    match piece.script {
        Script::Digits if word == "1" && written.contains(char::is_alphabetic) => {
            WordKind::Function
        }
        Script::Digits => WordKind::Number,
        Script::Unspaced if NEGATING_LETTERS.contains(&word) => WordKind::Negation,
        Script::Unspaced => WordKind::Letter,
        _ if FILLERS.contains(&word) => WordKind::Filler,
        _ if NEGATIONS.contains(&word) => WordKind::Negation,
        _ if language.is_some_and(|language| is_function_word(language, word, written)) => {
            WordKind::Function
        }
        _ => WordKind::Telling,
    }
}

fn is_function_word(language: Language, folded: &str, written: &str) -> bool {
    language.has_function_word(folded) || language.has_function_word(written)
}

/// In Japanese the end of the verb negates: ない, なく, なかった, ません.
fn mark_japanese_negations(words: &mut [FoldedWord]) {
    for at in 1..words.len() {
        let pair = (words[at - 1].folded.as_str(), words[at].folded.as_str());
        if matches!(pair, ("な", "い" | "く" | "か" | "け") | ("せ", "ん")) {
            words[at].kind = WordKind::Negation;
        }
    }
}

/// Letters of one script that follow each other.
struct ScriptRun {
    script: Script,
    range: Range<usize>,
}

/// Cuts a text where its words end; marks of sounds (`[Music]`) are no words.
fn runs(text: &str) -> Vec<ScriptRun> {
    let mut runs: Vec<ScriptRun> = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, letter)) = rest.next() {
        if letter == '['
            && let Some(length) = text[at..].find(']')
        {
            while rest.next_if(|&(next, _)| next <= at + length).is_some() {}
            continue;
        }
        let end = at + letter.len_utf8();
        let next = rest.peek().map_or(' ', |&(_, next)| next);
        let script = match (Script::of(letter), runs.last()) {
            _ if letter == '%' => Script::Spaced,
            (_, Some(last)) if is_combining_mark(letter) && last.range.end == at => last.script,
            // "don't", "1,000" and "2.5" are one word each.
            (Script::Signs, Some(last)) if last.range.end == at && joins(letter, last, next) => {
                last.script
            }
            (script, _) => script,
        };
        match runs.last_mut() {
            _ if script == Script::Signs => {}
            Some(last)
                if last.script == script
                    && last.range.end == at
                    && script != Script::Unspaced
                    && letter != '%' =>
            {
                last.range.end = end;
            }
            _ => runs.push(ScriptRun {
                script,
                range: at..end,
            }),
        }
    }
    runs
}

fn joins(sign: char, last: &ScriptRun, next: char) -> bool {
    match last.script {
        Script::Spaced => matches!(sign, '\'' | '’') && next.is_alphabetic(),
        Script::Digits => matches!(sign, '.' | ',') && next.is_ascii_digit(),
        _ => false,
    }
}

/// The words of a run: "don't" is "do not", "l'index" is two words, and `%` is one.
fn pieces(text: &str, run: &ScriptRun) -> Vec<Piece> {
    let written = &text[run.range.clone()];
    let piece = |folded: &str| Piece {
        folded: folded.to_owned(),
        range: run.range.clone(),
        script: run.script,
    };
    match run.script {
        Script::Digits => vec![piece(&number(written))],
        Script::Unspaced => vec![piece(&written.nfkc().collect::<String>())],
        _ if written == "%" => vec![piece("percent")],
        _ => {
            let lower = written.to_lowercase().replace('’', "'");
            spoken_in_full(&lower)
                .iter()
                .map(|word| piece(&fold(word)))
                .collect()
        }
    }
}

/// A number without its marks of thousands: a comma before three digits is one.
fn number(written: &str) -> String {
    let digits: String = written.nfkc().collect();
    let mut parts = digits.split(',');
    let mut number = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_thousands = part.split('.').next().is_some_and(|part| part.len() == 3);
        if !is_thousands {
            number.push('.');
        }
        number.push_str(part);
    }
    let bare = number.trim_start_matches('0');
    match bare.chars().next() {
        Some(first) if first.is_numeric() => bare.to_owned(),
        _ => format!("0{bare}"),
    }
}

/// Writes out what is said in short.
fn spoken_in_full(word: &str) -> Vec<String> {
    let two = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
    match word {
        "can't" | "cannot" | "cant" => return two("can", "not"),
        "won't" | "wont" => return two("will", "not"),
        "gonna" => return two("going", "to"),
        "wanna" => return two("want", "to"),
        "dont" | "doesnt" | "didnt" | "isnt" | "wasnt" | "arent" | "couldnt" | "wouldnt"
        | "shouldnt" | "havent" | "hasnt" => return two(&word[..word.len() - 2], "not"),
        _ => {}
    }
    if let Some(verb) = word.strip_suffix("n't") {
        return two(verb, "not");
    }
    let Some((front, back)) = word.split_once('\'') else {
        return vec![word.to_owned()];
    };
    match back {
        "s" | "d" => vec![front.to_owned()],
        "re" => two(front, "are"),
        "ve" => two(front, "have"),
        "ll" => two(front, "will"),
        "m" => two(front, "am"),
        _ => two(front, back),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let words = words(text, Some(Language::English));
        let words: Vec<String> = words.into_iter().map(|word| word.folded).collect();
        words.join(" ")
    }

    #[test]
    fn words_are_folded_to_what_was_said() {
        for (text, expected) in [
            (
                "We’re NOT at the Café, [Music] are we?",
                "we are not at the cafe are we",
            ),
            (
                "It can't, it won't, I don't.",
                "it can not it will not i do not",
            ),
            (
                "1,000 servers, 2.5% of v2",
                "1000 servers 2.5 percent of v 2",
            ),
            ("twenty-five of two thousand and three", "25 of 2003"),
            ("l'index de l’arbre", "l index de l arbre"),
            ("東京でRust", "東 京 で rust"),
            ("an [unclosed mark", "an unclosed mark"),
            (" — !?", ""),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    #[test]
    fn each_word_knows_where_it_stands_and_what_it_does() {
        let text = "Um, the index doesn't fit in one 64 gigabyte box";
        let kinds: Vec<(String, WordKind)> = words(text, Some(Language::English))
            .into_iter()
            .map(|word| (text[word.range].to_owned(), word.kind))
            .filter(|(_, kind)| !matches!(kind, WordKind::Telling))
            .collect();
        let kinds: Vec<(&str, WordKind)> =
            kinds.iter().map(|(text, kind)| (&**text, *kind)).collect();
        assert_eq!(
            kinds,
            [
                ("Um", WordKind::Filler),
                ("the", WordKind::Function),
                ("doesn't", WordKind::Function),
                ("doesn't", WordKind::Negation),
                ("in", WordKind::Function),
                ("one", WordKind::Function),
                ("64", WordKind::Number),
            ]
        );
    }

    #[test]
    fn negations_are_known_without_spaces() {
        for text in ["動かない", "動きません", "它不工作"] {
            let words = words(text, None);
            assert!(
                words.iter().any(|word| word.kind == WordKind::Negation),
                "{text}"
            );
        }
        let affirmed = words("動きます", None);
        assert!(affirmed.iter().all(|word| word.kind == WordKind::Letter));
    }
}
