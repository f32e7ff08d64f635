//! Names that may be trusted: what the glossary and the talk's own texts call things.
//!
//! A text of people is trusted as it stands, but not every word of it is a name. Titles have
//! capitals everywhere, so there a name is what is no ordinary word; in descriptions an ordinary
//! word is a name where it has a capital in mid-sentence. Nothing here reads what a model wrote.

use std::iter;

use serde::Serialize;

use crate::catalog::Glossary;
use crate::sound::{fold, is_latin};
use crate::summarize::near_miss::english::{is_ordinary, is_ordinary_or_compound};
use crate::summarize::near_miss::name::{LETTERS_OF_A_NAME, Name};
use crate::summarize::near_miss::phrase::has_capitals_around;
use crate::summarize::near_miss::words::{KnownWords, Look, Word, words};
use crate::talk::Talk;

/// A name that may be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedName {
    /// As it is written there.
    pub name: String,
    /// Where it stands first.
    pub source: NameSource,
}

/// Where a name stands, the most trusted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameSource {
    /// The organizer listed it.
    Glossary,
    /// It is a speaker's.
    Speakers,
    /// It stands in the title.
    Title,
    /// It stands in the title of a chapter.
    Chapter,
    /// It stands in the description.
    Description,
}

/// What may be trusted about a talk: its names, and every word that people used.
#[derive(Debug, Default, Clone)]
pub struct Trusted {
    targets: Vec<Target>,
    vocabulary: KnownWords,
}

/// A name that something else may have been meant for.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) trusted: TrustedName,
    pub(super) name: Name,
    kind: Certainty,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Certainty {
    /// Somebody chose to list it, or no ordinary word is written like that.
    Sure,
    /// Only its capital or its rareness tells.
    Likely,
    /// It is a part of another name.
    Part,
}

impl Target {
    /// Whether it is a name in any language.
    pub(super) fn is_sure(&self) -> bool {
        self.kind != Certainty::Likely
    }

    pub(super) fn is_one_word(&self) -> bool {
        !self.trusted.name.contains(char::is_whitespace)
    }
}

impl Trusted {
    /// Reads what people wrote about the conference: its glossary.
    #[must_use]
    pub fn of(glossary: &Glossary) -> Self {
        let mut trusted = Self::default();
        for name in glossary.terms.iter().chain(glossary.heard.values()) {
            trusted.add(name, NameSource::Glossary, Certainty::Sure);
            trusted.vocabulary.read(&words(name));
        }
        trusted
    }

    /// Reads, besides, what people wrote about a talk.
    #[must_use]
    pub fn and_talk(&self, talk: &Talk) -> Self {
        let mut trusted = self.clone();
        for speaker in &talk.speakers {
            trusted.add_speaker(speaker);
        }
        let chapters = talk.chapters.iter();
        let texts: Vec<(NameSource, Vec<Word<'_>>)> = iter::once((NameSource::Title, &talk.title))
            .chain(chapters.map(|chapter| (NameSource::Chapter, &chapter.title)))
            .chain(iter::once((NameSource::Description, &talk.description)))
            .map(|(source, text)| (source, words(text)))
            .collect();
        for (source, words) in &texts {
            trusted.add_names_among(words, *source);
        }
        for (_, words) in &texts {
            trusted.vocabulary.read(words);
        }
        trusted
    }

    /// The names, each once, in the order of trust and then of the text.
    pub fn names(&self) -> impl Iterator<Item = &TrustedName> {
        let is_whole = |target: &&Target| target.kind != Certainty::Part;
        self.targets
            .iter()
            .filter(is_whole)
            .map(|target| &target.trusted)
    }

    pub(super) fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter()
    }

    /// Whether people used this themselves, as a word or as a pair of words, in the singular or
    /// the plural.
    pub(super) fn knows(&self, letters: &str) -> bool {
        let singular = letters.strip_suffix('s').unwrap_or(letters);
        let plural = format!("{letters}s");
        [letters, singular, &plural]
            .into_iter()
            .any(|letters| self.vocabulary.has(letters))
    }

    /// Whether people used these letters as a pair of words.
    pub(super) fn knows_pair(&self, letters: &str) -> bool {
        self.vocabulary.has_pair(letters)
    }

    /// A surname may stand alone in a summary; a first name says too little to be compared.
    fn add_speaker(&mut self, speaker: &str) {
        self.add(speaker, NameSource::Speakers, Certainty::Sure);
        let mut rest = speaker.trim();
        while let Some((_, surname)) = rest.split_once(char::is_whitespace) {
            rest = surname.trim_start();
            self.add(rest, NameSource::Speakers, Certainty::Part);
        }
        self.vocabulary.read(&words(speaker));
    }

    fn add_names_among(&mut self, words: &[Word<'_>], source: NameSource) {
        let is_shouted = !words
            .iter()
            .any(|word| word.text.contains(char::is_lowercase));
        for (at, word) in words.iter().enumerate() {
            let folded = fold(word.text);
            let is_alone = || !word.opens && !has_capitals_around(words, at..at + 1);
            let kind = match word.look {
                // A speaker's first name or a word of a listed name is no name by itself.
                _ if self.vocabulary.has_word(&folded) => None,
                Look::Name if !is_shouted => Some(Certainty::Sure),
                Look::Capital | Look::Name if !is_ordinary(&folded) => Some(Certainty::Likely),
                Look::Capital if source == NameSource::Description && is_alone() => {
                    Some(Certainty::Likely)
                }
                Look::Lower if is_rare(word.text, &folded) => Some(Certainty::Likely),
                _ => None,
            };
            if let Some(kind) = kind {
                self.add(word.text, source, kind);
            }
        }
    }

    fn add(&mut self, name: &str, source: NameSource, kind: Certainty) {
        let (text, name) = (name.trim(), Name::of(name));
        let length = name.letters().len();
        let is_there = |target: &Target| target.name.letters() == name.letters();
        if is_latin(text)
            && LETTERS_OF_A_NAME.contains(&length)
            && !self.targets.iter().any(is_there)
        {
            self.targets.push(Target {
                trusted: TrustedName {
                    name: text.to_owned(),
                    source,
                },
                name,
                kind,
            });
        }
    }
}

/// Whether a word in lower case may be a name, such as `ractor`.
fn is_rare(word: &str, folded: &str) -> bool {
    let is_plain = word.chars().all(char::is_lowercase);
    is_plain && folded.len() > 3 && !is_ordinary_or_compound(folded)
}
