//! Finds names in what was heard: places of a transcript where recognition probably missed a
//! trusted name.
//!
//! A transcript is not a text: its capitals and full stops are guessed, and a missed name may have
//! become any words, in any number. So each few words are compared by sound, and how alike they
//! must be depends on what stands there: less where a name is due ("thank you, …") or beside the
//! rest of the name, more where the words are ordinary ones. Pure, and never sure.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use crate::sound::{Phonemes, fold};
use crate::summarize::near_miss::cues::{follows_name, is_name_due, is_title};
use crate::summarize::near_miss::english::is_ordinary;
use crate::summarize::near_miss::name::Name;
use crate::summarize::near_miss::trusted::{NameSource, Trusted, TrustedName};
use crate::summarize::near_miss::words::{KnownWords, Look, Word, words};
use crate::summarize::near_miss::{NearMiss, near_misses};
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
    let mut hits: Vec<Hit> = (0..listener.words.len())
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
        let heard = listener.folded[hit.at.clone()].join(" ");
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

/// A way in which a name is said: as a whole, or a person's first name or surname alone.
struct Form {
    name: TrustedName,
    compared: Name,
    sounds: Phonemes,
    words: usize,
    /// What stands before or after it where the whole name is said.
    rest: Rest,
}

enum Rest {
    None,
    Before(HashSet<String>),
    After(HashSet<String>),
}

fn forms(trusted: &Trusted) -> Vec<Form> {
    const FEWEST_LETTERS: usize = 3;
    let mut forms: Vec<Form> = Vec::new();
    let mut add = |name: &TrustedName, text: &str, rest: Rest| {
        let compared = Name::of(text);
        if compared.letters().len() < FEWEST_LETTERS {
            return;
        }
        let same = |form: &&mut Form| form.compared.letters() == compared.letters();
        if let Some(form) = forms.iter_mut().find(same) {
            match (&mut form.rest, rest) {
                (Rest::Before(words), Rest::Before(more))
                | (Rest::After(words), Rest::After(more)) => words.extend(more),
                (kept @ Rest::None, rest) => *kept = rest,
                _ => {}
            }
            return;
        }
        let parts = || {
            text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'))
                .filter(|part| !part.is_empty())
        };
        let mut sounds = Phonemes::default();
        for part in parts() {
            sounds.append(&Phonemes::of(part));
        }
        forms.push(Form {
            name: TrustedName {
                name: text.to_owned(),
                source: name.source,
            },
            compared,
            sounds,
            words: parts().count(),
            rest,
        });
    };
    for name in trusted.names() {
        add(name, &name.name, Rest::None);
        let person = name.name.trim().split_once(char::is_whitespace);
        if let (NameSource::Speakers, Some((first, surname))) = (name.source, person) {
            let surname = surname.trim_start();
            add(name, surname, Rest::Before([fold(first)].into()));
            let next = surname.split(char::is_whitespace).next();
            add(
                name,
                first,
                Rest::After(next.map(fold).into_iter().collect()),
            );
        }
    }
    forms
}

struct Hit {
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
    folded: Vec<String>,
    sounds: Vec<Phonemes>,
    /// Which forms were heard right somewhere.
    is_heard: Vec<bool>,
    /// Words that people used; they were heard right.
    is_known: Vec<bool>,
    is_ordinary: Vec<bool>,
}

impl<'t, 'f> Listener<'t, 'f> {
    fn new(text: &'t str, forms: &'f [Form], trusted: &Trusted) -> Self {
        let words = words(text);
        let folded: Vec<String> = words.iter().map(|word| fold(word.text)).collect();
        let used = KnownWords::of(&words);
        let is_heard = |form: &Form| {
            let mut parts = form.compared.part_letters();
            form.words > 2 || parts.all(|part| used.has_word(part))
        };
        Self {
            text,
            forms,
            is_heard: forms.iter().map(is_heard).collect(),
            sounds: folded.iter().map(|word| Phonemes::of(word)).collect(),
            is_known: folded.iter().map(|word| trusted.knows(word)).collect(),
            is_ordinary: folded.iter().map(|word| is_ordinary(word)).collect(),
            words,
            folded,
        }
    }

    fn range(&self, at: &Range<usize>) -> Range<usize> {
        self.words[at.start].range.start..self.words[at.end - 1].range.end
    }

    fn hits_from(&self, first: usize) -> Vec<Hit> {
        const MOST_WORDS: usize = 5;
        let mut hits = Vec::new();
        let mut sounds = Phonemes::default();
        for end in first + 1..=self.words.len().min(first + MOST_WORDS) {
            if self.is_known[end - 1] || (end > first + 1 && self.begins_sentence(end - 1)) {
                break;
            }
            sounds.append(&self.sounds[end - 1]);
            hits.extend(self.hit(first..end, &sounds));
        }
        hits
    }

    fn begins_sentence(&self, word: usize) -> bool {
        let gap = self.words[word - 1].range.end..self.words[word].range.start;
        self.text[gap].contains(['.', '?', '!'])
    }

    fn hit(&self, at: Range<usize>, sounds: &Phonemes) -> Option<Hit> {
        const MORE_WORDS: usize = 2;
        if is_title(&self.folded[at.start]) || is_title(&self.folded[at.end - 1]) {
            return None;
        }
        let is_small = |word: usize| Language::English.has_function_word(&self.folded[word]);
        let letters = self.folded[at.clone()].concat();
        let is_weak = letters.len() == 1 || is_small(at.start) || is_small(at.end - 1);
        let needed = self.needed(&at);
        let mut best: Option<Hit> = None;
        for (index, form) in self.forms.iter().enumerate() {
            if at.len() > form.words + MORE_WORDS {
                continue;
            }
            let beside = self.is_beside(&at, form);
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
            let is_same = letters == form.compared.letters();
            if is_better && !(is_same && self.is_written_so(&at, form)) {
                let heard = Name::of(&self.text[self.range(&at)]);
                if is_same || !heard.is_another_form_of(&form.compared) {
                    best = Some(Hit {
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

    /// Unusual words that were heard for a name once were heard for it wherever they stand.
    fn add_same_words(&self, hits: &mut Vec<Hit>) {
        let mut heard: HashMap<&[String], (usize, f64)> = HashMap::new();
        for hit in &*hits {
            let is_unusual = !hit.beside && !self.is_ordinary[hit.at.clone()].contains(&true);
            let words = &self.folded[hit.at.clone()];
            let beyond = heard.get(words).map_or(f64::MIN, |(_, beyond)| *beyond);
            if is_unusual && hit.beyond > beyond {
                heard.insert(words, (hit.form, hit.beyond));
            }
        }
        let longest = heard.keys().map(|words| words.len()).max().unwrap_or(0);
        for first in 0..self.words.len() {
            for end in first + 1..=self.words.len().min(first + longest) {
                if let Some(&(form, _)) = heard.get(&self.folded[first..end]) {
                    hits.push(Hit {
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
        let found = near_misses(self.text, trusted).into_iter();
        let places = found.filter(has_capital).filter_map(|found| {
            let heard: Vec<String> = words(&found.word)
                .iter()
                .map(|word| fold(word.text))
                .collect();
            let mut places = Vec::new();
            for first in 0..=self.folded.len().saturating_sub(heard.len()) {
                let at = first..first + heard.len();
                if self.folded[at.clone()] == heard && !taken[at.clone()].contains(&true) {
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
        let last = &self.folded[at.end - 1];
        let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
        at.len() == form.words || (is_number && at.len() == form.words + 1)
    }

    /// How alike these words must be to a name that is said nowhere near.
    fn needed(&self, at: &Range<usize>) -> f64 {
        let mut needed = ALONE;
        if !self.is_ordinary[at.clone()]
            .iter()
            .all(|&ordinary| ordinary)
        {
            needed -= UNUSUAL;
        }
        let has_capital = |word: &Word<'_>| word.look != Look::Lower && !word.opens;
        if self.words[at.clone()].iter().any(has_capital) {
            needed -= CAPITAL;
        }
        if is_name_due(&self.folded[..at.start]) || self.is_spoken_to(at) {
            needed -= DUE;
        }
        if follows_name(&self.folded[at.end..]) {
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

    /// Whether the rest of the person's name is there.
    fn is_beside(&self, at: &Range<usize>, form: &Form) -> bool {
        match &form.rest {
            Rest::None => false,
            Rest::Before(words) => {
                let before = at.start.checked_sub(1).map(|before| &self.folded[before]);
                before.is_some_and(|word| words.contains(word))
            }
            Rest::After(words) => {
                let after = self.folded.get(at.end);
                after.is_some_and(|word| words.contains(word))
            }
        }
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
