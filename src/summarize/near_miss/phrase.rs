//! The places of a text where a name may stand.
//!
//! A name has capitals. What is written in lower case is compared only where it is no ordinary
//! word and no article makes a thing of it. A capital alone proves little, so each place knows how
//! much more is needed there.

use std::ops::Range;

use crate::sound::{fold, is_latin};
use crate::summarize::near_miss::english::{is_ordinary, is_ordinary_or_compound};
use crate::summarize::near_miss::name::{LETTERS_THAT_ARE_HEARD, Name};
use crate::summarize::near_miss::words::{Look, Word, WordJoint};
use crate::talk::language::Language;

/// One word that may be a name, or a few that follow each other.
pub(super) struct Phrase<'w, 'a> {
    words: &'w [Word<'a>],
    /// The word before and the word behind, where they may be parts of the same name.
    pub(super) beside: [Option<&'w Word<'a>>; 2],
    /// Whether capitals go on before or behind it, so that it may be a part of another name.
    is_part: bool,
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// As it is compared.
    pub(super) name: Name,
}

/// Whether a word in lower case may be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LowerCase {
    /// Where it is no ordinary word.
    MayBeName,
    /// Never.
    IsNoName,
}

/// Lists every place where a name may stand; they overlap.
pub(super) fn phrases<'w, 'a>(
    text: &'a str,
    words: &'w [Word<'a>],
    lower_case: LowerCase,
) -> impl Iterator<Item = Phrase<'w, 'a>> {
    const MOST_WORDS: usize = 4;
    (0..words.len()).flat_map(move |first| {
        let linked = words[first + 1..]
            .iter()
            .take_while(|word| word.link.is_some());
        let most = 1 + linked.take(MOST_WORDS - 1).count();
        (first + 1..=first + most)
            .filter_map(move |end| phrase(text, words, first..end, lower_case))
    })
}

fn phrase<'w, 'a>(
    text: &str,
    all: &'w [Word<'a>],
    at: Range<usize>,
    lower_case: LowerCase,
) -> Option<Phrase<'w, 'a>> {
    let words = &all[at.clone()];
    let range = words.first()?.range.start..words.last()?.range.end;
    let text = &text[range.clone()];
    let is_rare = || lower_case == LowerCase::MayBeName && is_rare_in_lower_case(all, &at);
    let may_be_name = is_written_as_name(words) || is_rare();
    if !may_be_name || !is_latin(text) {
        return None;
    }
    let name = Name::of(text);
    let before = at.start.checked_sub(1).map(|before| &all[before]);
    let after = all.get(at.end);
    LETTERS_THAT_ARE_HEARD
        .contains(&name.letters().len())
        .then_some(Phrase {
            words,
            beside: [
                before.filter(|_| words[0].link.is_some()),
                after.filter(|after| after.link.is_some()),
            ],
            is_part: has_capitals_around(all, at),
            range,
            name,
        })
}

/// A name has capitals throughout, and one of several words holds no "The" or "For".
fn is_written_as_name(words: &[Word<'_>]) -> bool {
    let is_single = words.len() == 1;
    let is_small =
        |word: &Word<'_>| word.text.len() > 1 && Language::English.has_function_word(word.text);
    words
        .iter()
        .all(|word| word.look != Look::Lower && (is_single || !is_small(word)))
}

/// Whether this is one word in lower case that may be a name, such as `pyron`: it is no ordinary
/// word, and nothing before it makes a thing of it ("a carpenter", "two raptors").
fn is_rare_in_lower_case(all: &[Word<'_>], at: &Range<usize>) -> bool {
    const SHORTEST: usize = 4;
    let [word] = &all[at.clone()] else {
        return false;
    };
    let before = at.start.checked_sub(1).map(|before| &all[before]);
    let is_thing = before.is_some_and(|before| {
        word.link.is_some() && MAKES_A_THING.contains(&fold(before.text).as_str())
    });
    let folded = fold(word.text);
    word.look == Look::Lower
        && word.link != Some(WordJoint::Mark)
        && folded.len() >= SHORTEST
        && !is_thing
        && !is_ordinary_or_compound(&folded)
}

/// What stands before a common noun, and before no name.
const MAKES_A_THING: &[&str] = &[
    "a", "an", "the", "this", "that", "these", "those", "each", "every", "any", "some", "no",
    "his", "her", "its", "their", "our", "my", "your", "much", "many", "two", "three", "several",
    "more", "less",
];

/// Whether capitals go on before or behind these words, so that they may be a part of a name.
pub(super) fn has_capitals_around(words: &[Word<'_>], at: Range<usize>) -> bool {
    let first = words.get(at.start);
    let before = at.start.checked_sub(1).and_then(|before| words.get(before));
    let follows_name = first.zip(before).is_some_and(|(first, before)| {
        let opens_sentence = before.opens && is_ordinary(&fold(before.text));
        first.link.is_some() && before.look != Look::Lower && !opens_sentence
    });
    let goes_on = words
        .get(at.end)
        .is_some_and(|after| after.link.is_some() && after.look != Look::Lower);
    follows_name || goes_on
}

impl Phrase<'_, '_> {
    /// Whether it is several words with nothing but spaces between them.
    pub(super) fn is_spaced(&self) -> bool {
        let links = self.words.iter().skip(1).map(|word| word.link);
        self.words.len() > 1 && links.into_iter().all(|link| link == Some(WordJoint::Space))
    }

    /// How alike a name must be to be meant here.
    ///
    /// An ordinary word with a capital in mid-sentence is used as a name, but more is needed than
    /// for a word that means nothing else, and so it is where words must be joined to be alike.
    /// Where any word would have a capital, or as a part of a longer name, an ordinary word must
    /// be heard just the same.
    pub(super) fn needed(&self, name: &Name) -> f64 {
        let is_ordinary = self.words.iter().all(|word| is_ordinary(&fold(word.text)));
        let is_joined = self.words.len() > 1 && !self.name.shares_parts_with(name);
        let opens = self.words.first().is_some_and(|word| word.opens);
        let is_lower = self.words.iter().all(|word| word.look == Look::Lower);
        match (is_ordinary || is_joined, opens || self.is_part) {
            (false, _) if is_lower => 1.75,
            (false, _) => 1.6,
            (true, false) => 1.79,
            (true, true) => 1.95,
        }
    }

    /// The word, where it is a single one with a capital.
    pub(super) fn single(&self) -> Option<&Word<'_>> {
        match self.words {
            [word] if word.look != Look::Lower => Some(word),
            _ => None,
        }
    }
}
