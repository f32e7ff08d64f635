//! Finds names in what was heard: places of a transcript where recognition probably missed a
//! trusted name.
//!
//! A transcript is not a text: its capitals and full stops are guessed, and a missed name may have
//! become any words, in any number. So each few words are compared by sound, and how alike they
//! must be depends on what stands there: less where a name is due ("thank you, …") or beside the
//! rest of the name, more where the words are ordinary ones. Pure, and never sure.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use crate::sound::{Phonemes, fold};
use crate::summarize::near_miss::cues::{follows_name, is_name_due, is_title};
use crate::summarize::near_miss::english::is_ordinary;
use crate::summarize::near_miss::forms::{Form, Rest, forms};
use crate::summarize::near_miss::name::Name;
use crate::summarize::near_miss::phrase::LowerCase;
use crate::summarize::near_miss::trusted::{Trusted, TrustedName};
use crate::summarize::near_miss::words::{Look, Word, words};
use crate::summarize::near_miss::{NearMiss, near_misses_among};
use crate::talk::language::Language;

/// What was heard, and the name that was probably said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misheard {
    /// As it stands at its first place.
    pub heard: String,
    /// Where it stands, in bytes.
    pub places: Vec<Range<usize>>,
    /// The name that was probably said.
    pub suggestion: TrustedName,
}

/// Finds the names that recognition probably missed: each pair of heard words and name once, in the
/// order of their first places.
#[must_use]
pub fn misheard(transcript: &str, trusted: &Trusted) -> Vec<Misheard> {
    if Language::of(transcript) != Some(Language::English) {
        return Vec::new();
    }
    let forms = forms(trusted);
    let listener = Listener::new(transcript, &forms, trusted);
    let mut hits: Vec<FormHit> = (0..listener.words.len())
        .flat_map(|first| listener.hits_from(first))
        .collect();
    listener.add_same_words(&mut hits);
    hits.sort_by(|a, b| {
        b.beyond
            .total_cmp(&a.beyond)
            .then(a.at.start.cmp(&b.at.start))
    });
    let mut taken = vec![false; listener.words.len()];
    let mut found: BTreeMap<(String, usize), Vec<Range<usize>>> = BTreeMap::new();
    for hit in hits {
        if taken[hit.at.clone()].contains(&true) {
            continue;
        }
        taken[hit.at.clone()].fill(true);
        let heard: Vec<&str> = listener.folded(&hit.at).collect();
        let heard = heard.join(" ");
        let place = listener.range(&hit.at);
        found.entry((heard, hit.form)).or_default().push(place);
    }
    let mut found: Vec<Misheard> = found
        .into_iter()
        .map(|((_, form), mut places)| {
            places.sort_by_key(|place| place.start);
            Misheard {
                heard: transcript[places[0].clone()].to_owned(),
                places,
                suggestion: forms[form].name.clone(),
            }
        })
        .collect();
    found.extend(listener.written_alike(trusted, &mut taken));
    found.sort_by_key(|found| found.places[0].start);
    found
}

struct FormHit {
    /// Which words.
    at: Range<usize>,
    form: usize,
    /// How much more alike they are than is needed.
    beyond: f64,
    /// Whether the rest of the name is there.
    beside: bool,
}

struct Listener<'t, 'f> {
    text: &'t str,
    forms: &'f [Form],
    words: Vec<Word<'t>>,
    /// What the words are like, one by one.
    heard: Vec<Rc<HeardWord>>,
    /// Which forms were heard right somewhere.
    is_heard: Vec<bool>,
    /// Whether a name is due where a word begins, and whether the words from there on go on as they
    /// do after a name; one more than there are words.
    is_due: Vec<bool>,
    is_followed: Vec<bool>,
}

/// What a word is like wherever it stands. A talk repeats most of its words, so each different one is
/// looked at once.
struct HeardWord {
    folded: String,
    sounds: Phonemes,
    /// People used it; it was heard right.
    is_known: bool,
    is_ordinary: bool,
    role: WordRole,
    /// The forms whose rest it is where it stands before them, or behind.
    completes_before: Vec<usize>,
    completes_after: Vec<usize>,
}

/// What a word does among others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WordRole {
    /// It is said before a name: "doctor".
    Title,
    /// It only joins others: "of".
    Function,
    /// It has a meaning of its own, and may be a name.
    Content,
}

impl WordRole {
    fn of(folded: &str) -> Self {
        if is_title(folded) {
            Self::Title
        } else if Language::English.has_function_word(folded) {
            Self::Function
        } else {
            Self::Content
        }
    }
}

impl HeardWord {
    fn of(text: &str, forms: &[Form], trusted: &Trusted) -> Self {
        let folded = fold(text);
        let completed = |is_rest: fn(&Rest, &str) -> bool| {
            let forms = forms.iter().enumerate();
            let completed = forms.filter(|(_, form)| is_rest(&form.rest, &folded));
            completed.map(|(index, _)| index).collect()
        };
        Self {
            sounds: Phonemes::of(&folded),
            is_known: trusted.knows(&folded),
            is_ordinary: is_ordinary(&folded),
            role: WordRole::of(&folded),
            completes_before: completed(Rest::is_before),
            completes_after: completed(Rest::is_after),
            folded,
        }
    }
}

impl<'t, 'f> Listener<'t, 'f> {
    fn new(text: &'t str, forms: &'f [Form], trusted: &Trusted) -> Self {
        let words = words(text);
        let mut different: HashMap<&str, Rc<HeardWord>> = HashMap::new();
        let heard: Vec<Rc<HeardWord>> = words
            .iter()
            .map(|word| {
                let read = || Rc::new(HeardWord::of(word.text, forms, trusted));
                Rc::clone(different.entry(word.text).or_insert_with(read))
            })
            .collect();
        let used: HashSet<&str> = different.values().map(|word| &*word.folded).collect();
        let is_heard = |form: &Form| {
            let mut parts = form.compared.part_letters();
            form.words > 2 || parts.all(|part| used.contains(part))
        };
        let folded = |at: Option<usize>| Some(&*heard.get(at?)?.folded);
        let places = 0..=words.len();
        let is_due = |at: usize| is_name_due(folded(at.checked_sub(1)), folded(at.checked_sub(2)));
        let is_followed = |at: usize| follows_name(folded(Some(at)), folded(Some(at + 1)));
        Self {
            text,
            forms,
            is_heard: forms.iter().map(is_heard).collect(),
            is_due: places.clone().map(is_due).collect(),
            is_followed: places.map(is_followed).collect(),
            heard,
            words,
        }
    }

    fn folded(&self, at: &Range<usize>) -> impl Iterator<Item = &str> {
        self.heard[at.clone()].iter().map(|word| &*word.folded)
    }

    fn range(&self, at: &Range<usize>) -> Range<usize> {
        self.words[at.start].range.start..self.words[at.end - 1].range.end
    }

    fn hits_from(&self, first: usize) -> Vec<FormHit> {
        const MOST_WORDS: usize = 5;
        let mut hits = Vec::new();
        let mut sounds = Phonemes::default();
        for end in first + 1..=self.words.len().min(first + MOST_WORDS) {
            if self.heard[end - 1].is_known || (end > first + 1 && self.begins_sentence(end - 1)) {
                break;
            }
            sounds.append(&self.heard[end - 1].sounds);
            hits.extend(self.hit(first..end, &sounds));
        }
        hits
    }

    fn begins_sentence(&self, word: usize) -> bool {
        let gap = self.words[word - 1].range.end..self.words[word].range.start;
        self.text[gap].contains(['.', '?', '!'])
    }

    fn hit(&self, at: Range<usize>, sounds: &Phonemes) -> Option<FormHit> {
        const MORE_WORDS: usize = 2;
        let (first, last) = (&self.heard[at.start], &self.heard[at.end - 1]);
        let ends = [first.role, last.role];
        if ends.contains(&WordRole::Title) {
            return None;
        }
        let is_letter = at.len() == 1 && first.folded.len() == 1;
        let is_weak = is_letter || ends.contains(&WordRole::Function);
        let [before, after] = self.completed_around(&at);
        if is_weak && before.is_empty() && after.is_empty() {
            return None;
        }
        let needed = self.needed(&at);
        let mut best: Option<FormHit> = None;
        for (index, form) in self.forms.iter().enumerate() {
            if at.len() > form.words + MORE_WORDS {
                continue;
            }
            let beside = before.contains(&index) || after.contains(&index);
            if is_weak && !beside {
                continue;
            }
            let whole = if form.words > 1 { WHOLE } else { 0.0 };
            let needed = if self.is_heard[index] {
                needed
            } else {
                needed - NEVER
            };
            let needed = if beside {
                (needed - whole - BESIDE).max(LEAST_BESIDE)
            } else {
                let short = if form.sounds.is_short() { SHORT } else { 0.0 };
                (needed - whole + short).max(LEAST)
            };
            let Some(likeness) = sounds.likeness(&form.sounds, needed) else {
                continue;
            };
            let beyond = likeness - needed;
            let is_better = best.as_ref().is_none_or(|best| beyond > best.beyond);
            if !is_better {
                continue;
            }
            let is_same = self.has_letters(&at, form.compared.letters());
            if !(is_same && self.is_written_so(&at, form)) {
                let heard = Name::of(&self.text[self.range(&at)]);
                if is_same || !heard.is_another_form_of(&form.compared) {
                    best = Some(FormHit {
                        at: at.clone(),
                        form: index,
                        beyond,
                        beside,
                    });
                }
            }
        }
        best
    }

    /// Whether these words have just these letters, wherever their spaces are.
    fn has_letters(&self, at: &Range<usize>, letters: &str) -> bool {
        let rest = self
            .folded(at)
            .try_fold(letters, |rest, word| rest.strip_prefix(word));
        rest == Some("")
    }

    /// Unusual words that were heard for a name once were heard for it wherever they stand.
    fn add_same_words(&self, hits: &mut Vec<FormHit>) {
        let mut heard: HashMap<Vec<&str>, (usize, f64)> = HashMap::new();
        for hit in &*hits {
            let words = &self.heard[hit.at.clone()];
            let is_unusual = !hit.beside && !words.iter().any(|word| word.is_ordinary);
            let words: Vec<&str> = self.folded(&hit.at).collect();
            let beyond = heard.get(&words).map_or(f64::MIN, |(_, beyond)| *beyond);
            if is_unusual && hit.beyond > beyond {
                heard.insert(words, (hit.form, hit.beyond));
            }
        }
        let longest = heard.keys().map(Vec::len).max().unwrap_or(0);
        for first in 0..self.words.len() {
            let mut words = Vec::new();
            for end in first + 1..=self.words.len().min(first + longest) {
                words.push(&*self.heard[end - 1].folded);
                if let Some(&(form, _)) = heard.get(&words) {
                    hits.push(FormHit {
                        at: first..end,
                        form,
                        beyond: 0.0,
                        beside: false,
                    });
                }
            }
        }
    }

    /// What looks like a name that was misheard in a text, too: "Chainyard" for "Chainguard".
    fn written_alike(&self, trusted: &Trusted, taken: &mut [bool]) -> Vec<Misheard> {
        let has_capital = |found: &NearMiss| found.word.contains(char::is_uppercase);
        let found = near_misses_among(self.text, &self.words, trusted, LowerCase::IsNoName);
        let found = found.into_iter();
        let places = found.filter(has_capital).filter_map(|found| {
            let heard: Vec<String> = words(&found.word)
                .iter()
                .map(|word| fold(word.text))
                .collect();
            let mut places = Vec::new();
            for first in 0..=self.words.len().saturating_sub(heard.len()) {
                let at = first..first + heard.len();
                if self.folded(&at).eq(&heard) && !taken[at.clone()].contains(&true) {
                    taken[at.clone()].fill(true);
                    places.push(self.range(&at));
                }
            }
            let first = places.first()?.clone();
            Some(Misheard {
                heard: self.text[first].to_owned(),
                places,
                suggestion: found.suggestion,
            })
        });
        places.collect()
    }

    /// Whether words with the letters of a name are a way to write it: with its own spaces, or with
    /// one before its number.
    fn is_written_so(&self, at: &Range<usize>, form: &Form) -> bool {
        let last = &self.heard[at.end - 1].folded;
        let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
        at.len() == form.words || (is_number && at.len() == form.words + 1)
    }

    /// How alike these words must be to a name that is said nowhere near.
    fn needed(&self, at: &Range<usize>) -> f64 {
        let mut needed = ALONE;
        if !self.heard[at.clone()].iter().all(|word| word.is_ordinary) {
            needed -= UNUSUAL;
        }
        let has_capital = |word: &Word<'_>| word.look != Look::Lower && !word.opens;
        if self.words[at.clone()].iter().any(has_capital) {
            needed -= CAPITAL;
        }
        if self.is_due[at.start] || self.is_spoken_to(at) {
            needed -= DUE;
        }
        if self.is_followed[at.end] {
            needed -= FOLLOWED;
        }
        needed
    }

    /// Whether marks stand on both sides, as around the name of somebody who is spoken to.
    fn is_spoken_to(&self, at: &Range<usize>) -> bool {
        let Some(before) = at.start.checked_sub(1) else {
            return false;
        };
        let Some(after) = self.words.get(at.end) else {
            return false;
        };
        let (first, last) = (&self.words[at.start], &self.words[at.end - 1]);
        let has_mark = |gap: &str| gap.contains([',', '.', '?', '!']);
        has_mark(&self.text[self.words[before].range.end..first.range.start])
            && has_mark(&self.text[last.range.end..after.range.start])
    }

    /// The forms whose rest is the word before these, and those whose rest is the word behind.
    fn completed_around(&self, at: &Range<usize>) -> [&[usize]; 2] {
        let before = at.start.checked_sub(1).map(|before| &self.heard[before]);
        let after = self.heard.get(at.end);
        [
            before.map_or(&[], |word| &*word.completes_before),
            after.map_or(&[], |word| &*word.completes_after),
        ]
    }
}

// The steps were chosen on one half of the calls that `benches/gold` measures, all but the first:
// it was raised until both halves together had less than one false alarm an hour.

/// What is needed of ordinary words where nothing speaks for a name: more than any words have.
const ALONE: f64 = 1.33;
/// Words that are no ordinary ones stand for something.
const UNUSUAL: f64 = 0.27;
/// So do words with a capital that no sentence asks for.
const CAPITAL: f64 = 0.1;
/// The words before call for a name.
const DUE: f64 = 0.25;
/// The words behind go on as they do after a name.
const FOLLOWED: f64 = 0.05;
/// The rest of the person's name is there.
const BESIDE: f64 = 0.55;
/// Several words are seldom alike by chance.
const WHOLE: f64 = 0.1;
/// What has few sounds is soon alike.
const SHORT: f64 = 0.05;
/// However much speaks for a name, it must be as alike as this,
const LEAST: f64 = 0.5;
/// or as this beside the rest of the name.
const LEAST_BESIDE: f64 = 0.45;
/// A name that was never heard right was heard otherwise.
const NEVER: f64 = 0.05;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Glossary;

    /// What is found in a talk where these people speak.
    fn found(people: &[&str], transcript: &str) -> Vec<String> {
        let mut trusted = Trusted::of(&Glossary::default());
        for person in people {
            trusted.add_speaker(person);
        }
        let found = misheard(transcript, &trusted);
        let shown = found.into_iter().map(|found| {
            assert_eq!(found.heard, transcript[found.places[0].clone()]);
            let places = found.places.len();
            format!("{} > {} ({places})", found.heard, found.suggestion.name)
        });
        shown.collect()
    }

    #[test]
    fn names_are_heard_where_they_are_due() {
        for (person, transcript, expected) in [
            (
                "Neil Okonkwo",
                "that was all from me and now over to neal who has the numbers of the year",
                &["neal > Neil (1)"][..],
            ),
            (
                "Mila Brandt",
                "And now we are going to hear Mila Brent. She has been with us for a while.",
                &["Brent > Brandt (1)"],
            ),
            (
                "Mila Brandt",
                "all of this is from the brand new release and it is there for you to try",
                &[],
            ),
            (
                "Baker Hughes",
                "This is what they have told us about it. Thanks, Mister Bakar Hews, for that.",
                &["Bakar Hews > Baker Hughes (1)"],
            ),
        ] {
            assert_eq!(found(&[person], transcript), expected, "{transcript}");
        }
    }

    #[test]
    fn unusual_words_that_were_misheard_once_are_so_everywhere() {
        let transcript = "Thank you, Reiner. So that is what we have been doing, and I think that \
            what Reiner said about it is right, and it was for all of us that he did it.";
        assert_eq!(
            found(&["Rainer Stolz"], transcript),
            ["Reiner > Rainer (2)"]
        );
    }

    #[test]
    fn names_that_were_heard_right_and_other_languages_are_left_alone() {
        let right =
            "Thank you, Rainer. It is what we have been doing with Rainer Stolz for a year.";
        assert_eq!(found(&["Rainer Stolz"], right), [""; 0]);
        let german = "Danke, Reiner. Das ist es, was wir auch mit der Zeit gemacht haben, und es \
            ist gut.";
        assert_eq!(found(&["Rainer Stolz"], german), [""; 0]);
    }
}
