//! Names that may be trusted: what the glossary and the talk's own texts call things.
//!
//! A text of people is trusted as it stands, but not every word of it is a name. Titles have
//! capitals everywhere, so there a name is what is no ordinary word; in descriptions an ordinary
//! word is a name where it has a capital in mid-sentence. Nothing here reads what a model wrote.

use std::collections::{HashMap, HashSet};
use std::iter;
use std::sync::Arc;

use serde::Serialize;

use crate::catalog::Glossary;
use crate::sound::{fold, is_latin};
use crate::summarize::near_miss::english::{is_ordinary, is_ordinary_or_compound};
use crate::summarize::near_miss::name::{LETTERS_OF_A_NAME, Name};
use crate::summarize::near_miss::phrase::has_capitals_around;
use crate::summarize::near_miss::words::{KnownWords, Look, Word, WordJoint, words};
use crate::talk::Talk;
use crate::talk::language::Language;

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
    /// It stands in the title of the conference, or several of its talks have it.
    Conference,
}

/// What may be trusted about a talk: its names, and every word that people used.
#[derive(Debug, Default, Clone)]
pub struct Trusted {
    targets: Vec<Target>,
    vocabulary: KnownWords,
    conference: Arc<ConferenceNames>,
    /// The language in which the texts are written that are looked at; where it is unknown, it is
    /// guessed from each text.
    language: Option<Language>,
}

/// What the talks of a conference say together.
#[derive(Debug, Default)]
struct ConferenceNames {
    /// The names that several of them have, and those of its title.
    targets: Vec<Target>,
    /// What any of them uses as a name.
    names: KnownWords,
}

/// A name that something else may have been meant for.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) trusted: TrustedName,
    pub(super) name: Name,
    /// The words that stand beside it, before it and behind it, as parts of a longer name.
    beside: [Vec<Neighbor>; 2],
    kind: Certainty,
}

/// A word beside a name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Neighbor {
    folded: String,
    /// Both together, as they are written.
    whole: String,
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

/// On which side of a name a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    Behind,
}

impl ConferenceNames {
    /// Reads what a talk uses as names.
    fn read_used(&mut self, title: &str, description: &str, speakers: &[String]) {
        for text in [title, description] {
            self.names.read_names(&words(text));
        }
        for speaker in speakers {
            self.names.read(&words(speaker));
        }
    }
}

impl Target {
    /// Whether it is a name in any language.
    pub(super) fn is_sure(&self) -> bool {
        self.kind != Certainty::Likely
    }

    /// Whether it may be meant for what begins like this: a conference shares so many names that
    /// only those that begin alike are compared.
    pub(super) fn may_be_meant_for(&self, heard: &Name) -> bool {
        self.trusted.source != NameSource::Conference || self.name.begins_like(heard)
    }

    /// The longer name that it is with this word before or behind it.
    pub(super) fn with_neighbor(&self, side: Side, folded: &str) -> Option<&str> {
        let mut beside = self.beside[side as usize].iter();
        let neighbor = beside.find(|neighbor| neighbor.folded == folded)?;
        Some(&neighbor.whole)
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
        let own = glossary.terms.iter().chain(glossary.heard.values());
        for name in own.chain(&glossary.other_terms) {
            trusted.add(name, NameSource::Glossary, Certainty::Sure);
            trusted.vocabulary.read(&words(name));
        }
        trusted
    }

    /// Reads, besides, what people wrote about the conference as a whole: its title, and the names
    /// that several of its talks have. A name that only one of them has is trusted there alone.
    #[must_use]
    pub fn and_conference<'t>(
        mut self,
        title: &str,
        talks: impl IntoIterator<Item = &'t Talk>,
    ) -> Self {
        const SEVERAL: usize = 2;
        self.add_title(title);
        let mut conference = ConferenceNames::default();
        let mut counted: HashMap<String, (Target, usize)> = HashMap::new();
        for talk in talks {
            for target in Self::default().and_talk(talk).targets {
                // Two talks that share a speaker, or a part of a name, do not share a subject.
                let is_name_of_speaker = target.trusted.source == NameSource::Speakers;
                if !is_name_of_speaker && target.kind != Certainty::Part {
                    let letters = target.name.letters().to_owned();
                    counted.entry(letters).or_insert((target, 0)).1 += 1;
                }
            }
            conference.read_used(&talk.title, &talk.description, &talk.speakers);
        }
        let own: HashSet<&str> = self.targets.iter().map(|own| own.name.letters()).collect();
        let shared = counted
            .into_iter()
            .filter(|(_, (_, talks))| *talks >= SEVERAL);
        conference.targets = shared
            .filter(|(letters, _)| !own.contains(letters.as_str()))
            .map(|(_, (mut target, _))| {
                target.trusted.source = NameSource::Conference;
                target
            })
            .collect();
        conference
            .targets
            .sort_by(|a, b| a.trusted.name.cmp(&b.trusted.name));
        self.conference = Arc::new(conference);
        self
    }

    /// Reads, besides, the title of the conference, and what its talks use as names in their titles,
    /// descriptions and lists of speakers. What one of them spells so is misheard in none.
    #[must_use]
    pub(crate) fn and_used<'t>(
        mut self,
        title: &str,
        talks: impl IntoIterator<Item = (&'t str, &'t str, &'t [String])>,
    ) -> Self {
        self.add_title(title);
        let mut conference = ConferenceNames::default();
        for (title, description, speakers) in talks {
            conference.read_used(title, description, speakers);
        }
        self.conference = Arc::new(conference);
        self
    }

    fn add_title(&mut self, title: &str) {
        let title = words(title);
        self.add_names_among(&title, NameSource::Conference);
        self.vocabulary.read(&title);
    }

    /// Takes the texts that are looked at for texts in a language (BCP 47).
    #[must_use]
    pub fn written_in(mut self, tag: &str) -> Self {
        self.language = Language::named(tag);
        self
    }

    /// The language of a text that is looked at.
    pub(super) fn language_of(&self, text: &str) -> Option<Language> {
        self.language.or_else(|| Language::of(text))
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
            trusted.note_neighbors(words);
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

    /// What may have been meant: the names of the talk, then those that the conference shares.
    pub(super) fn targets(&self) -> impl Iterator<Item = &Target> {
        let own: HashSet<&str> = self.targets.iter().map(|own| own.name.letters()).collect();
        let shared = self.conference.targets.iter();
        self.targets
            .iter()
            .chain(shared.filter(move |shared| !own.contains(shared.name.letters())))
    }

    /// Whether people used this themselves, as a word or as a pair of words, in the singular or
    /// the plural.
    pub(super) fn knows(&self, letters: &str) -> bool {
        let singular = letters.strip_suffix('s').unwrap_or(letters);
        let plural = format!("{letters}s");
        let is_known = |letters| self.vocabulary.has(letters) || self.conference.names.has(letters);
        [letters, singular, &plural].into_iter().any(is_known)
    }

    /// Whether people used these letters as a pair of words.
    pub(super) fn knows_pair(&self, letters: &str) -> bool {
        self.vocabulary.has_pair(letters) || self.conference.names.has_pair(letters)
    }

    /// A surname may stand alone in a summary; a first name says too little to be compared.
    pub(super) fn add_speaker(&mut self, speaker: &str) {
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

    /// Notes which words stand beside the names among these words, as parts of longer ones: "Code"
    /// behind "Claude".
    fn note_neighbors(&mut self, words: &[Word<'_>]) {
        for pair in words.windows(2) {
            let [first, second] = pair else { continue };
            let joint = match second.link {
                Some(WordJoint::Space) if first.look != Look::Lower => " ",
                Some(WordJoint::Mark) => "-",
                _ => continue,
            };
            let is_name = second.look != Look::Lower || joint == "-";
            let [a, b] = [first, second].map(|word| fold(word.text));
            if !is_name || [&a, &b].into_iter().any(|word| is_small(word)) {
                continue;
            }
            let whole = format!("{}{joint}{}", first.text, second.text);
            for (name, side, other) in [(&a, Side::Behind, &b), (&b, Side::Before, &a)] {
                let mut targets = self.targets.iter_mut();
                if let Some(target) = targets.find(|target| target.name.letters() == name) {
                    let neighbor = Neighbor {
                        folded: other.clone(),
                        whole: whole.clone(),
                    };
                    let beside = &mut target.beside[side as usize];
                    if !beside.contains(&neighbor) {
                        beside.push(neighbor);
                    }
                }
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
                beside: [Vec::new(), Vec::new()],
                kind,
            });
        }
    }
}

fn is_small(word: &str) -> bool {
    Language::English.has_function_word(word)
}

/// Whether a word in lower case may be a name, such as `ractor`.
fn is_rare(word: &str, folded: &str) -> bool {
    let is_plain = word.chars().all(char::is_lowercase);
    is_plain && folded.len() > 3 && !is_ordinary_or_compound(folded)
}
