//! What people and the recording say of a talk, made to be asked whether a word is in it.
//!
//! All that a summary may be right from: the title, the speakers, the description, the chapters,
//! the date, the conference's name, the glossary, and the transcript. Nothing that a model wrote.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use unicode_segmentation::UnicodeSegmentation;

use crate::catalog::Catalog;
use crate::evidence::quantities::KnownQuantities;
use crate::sound::{Reading, fold};
use crate::talk::Talk;
use crate::talk::language::{Language, telling_stems};
use crate::talk::transcript::Transcript;

/// How many words may be one name, or one name many words.
const MOST_PARTS: usize = 5;

/// What is said of a talk.
#[derive(Debug)]
pub(crate) struct TalkSources {
    /// The language of the transcript.
    pub(super) language: Option<Language>,
    /// The numbers.
    pub(super) quantities: KnownQuantities,
    /// The words in their order, without case, accents and signs.
    sequence: Vec<String>,
    known: HashSet<String>,
    /// The stems of the words that say something, in their order.
    stems: Vec<String>,
    known_stems: HashSet<String>,
}

impl TalkSources {
    /// Reads what there is of a talk; `transcript` is the part of it that is the talk's.
    #[must_use]
    pub(crate) fn of(talk: &Talk, transcript: &Transcript, catalog: &Catalog) -> Self {
        let said = transcript.text();
        let language = transcript.language.as_deref().and_then(Language::named);
        let language = language.or_else(|| Language::of(&said));
        let mut sources = Self {
            language,
            quantities: KnownQuantities::default(),
            sequence: Vec::new(),
            known: HashSet::new(),
            stems: Vec::new(),
            known_stems: HashSet::new(),
        };
        let chapters = talk.chapters.iter().map(|chapter| chapter.title.as_str());
        let glossary = &catalog.glossary;
        let written = [&*talk.title, &*talk.description, &*catalog.title];
        let written = written
            .into_iter()
            .chain(talk.speakers.iter().map(String::as_str))
            .chain(chapters)
            .chain(glossary.terms.iter().map(String::as_str))
            .chain(glossary.heard.values().map(String::as_str));
        for text in written {
            sources.read(text);
        }
        if let Some(date) = &talk.date {
            sources.read(&date_in_words(date));
        }
        // Cues end anywhere, so that a number may begin in one and end in the next.
        sources.read(&said.replace('\n', " "));
        sources.known = sources.sequence.iter().cloned().collect();
        sources.known_stems = sources.stems.iter().cloned().collect();
        sources
    }

    fn read(&mut self, text: &str) {
        self.quantities.read(text, self.language);
        let words = text
            .unicode_words()
            .flat_map(|word| word.split(['.', '_', ':', '\'', '’']));
        let words = words.map(fold).filter(|word| !word.is_empty());
        self.sequence.extend(words);
        self.stems.extend(telling_stems(text, self.language));
    }

    /// Whether a word is said, or another form of it.
    pub(super) fn have_stem(&self, stem: &str) -> bool {
        self.known_stems.contains(stem)
    }

    /// The share of some stems that the stretch has that has most of them, from 0 to 1; none where
    /// less than a stretch is known.
    pub(super) fn nearness(&self, stems: &[String]) -> Option<f64> {
        /// How many telling words a stretch has: about a minute of speech.
        const STRETCH: usize = 80;
        if self.stems.len() < STRETCH {
            return None;
        }
        let places: HashMap<&str, usize> =
            (0..).zip(stems).map(|(at, stem)| (&**stem, at)).collect();
        let place = |at: usize| self.stems.get(at).and_then(|stem| places.get(&**stem));
        let mut counts = vec![0_usize; stems.len()];
        let (mut had, mut most) = (0_usize, 0_usize);
        for at in 0..self.stems.len() {
            if let Some(&entering) = place(at) {
                had += usize::from(counts[entering] == 0);
                counts[entering] += 1;
                most = most.max(had);
            }
            if let Some(&leaving) = at.checked_sub(STRETCH - 1).and_then(place) {
                counts[leaving] -= 1;
                had -= usize::from(counts[leaving] == 0);
            }
        }
        Some(share(most, stems.len()))
    }

    /// Whether a name is said, in one word or in several, in full or by its initials.
    pub(super) fn have(&self, name: &str) -> bool {
        let folded = fold(name);
        let singular = folded.strip_suffix('s').unwrap_or(&folded);
        let is_known = |word: &str| self.known.contains(word);
        is_known(&folded)
            || is_known(singular)
            || is_known(&format!("{folded}s"))
            || self.have_run(&folded)
            || self.have_run(singular)
            || self.have_initials(name, singular)
    }

    /// Whether words that follow each other are a name when they are written as one.
    fn have_run(&self, name: &str) -> bool {
        let begins = |at: &usize| name.starts_with(&self.sequence[*at]);
        (0..self.sequence.len()).filter(begins).any(|at| {
            let mut rest = name;
            for word in self.sequence[at..].iter().take(MOST_PARTS) {
                match rest.strip_prefix(word.as_str()) {
                    Some("") => return true,
                    Some(behind) => rest = behind,
                    None => return false,
                }
            }
            false
        })
    }

    /// Whether words that follow each other begin with the letters of an acronym.
    fn have_initials(&self, name: &str, letters: &str) -> bool {
        let is_acronym = name.chars().filter(|c| c.is_uppercase()).count() >= letters.len();
        let count = letters.len();
        let spell = |words: &[String]| {
            let initials = words.iter().filter_map(|word| word.chars().next());
            initials.eq(letters.chars())
        };
        is_acronym && (2..=MOST_PARTS).contains(&count) && self.sequence.windows(count).any(spell)
    }

    /// Whether something is said that sounds like a name: recognition spells by ear.
    pub(super) fn have_sound_of(&self, name: &str) -> bool {
        /// As near as `near_miss` wants a word; words that must be joined first, nearer.
        const LIKENESS: f64 = 1.6;
        const LIKENESS_JOINED: f64 = 1.79;
        let wanted = Reading::of(name);
        let length = wanted.folded.len();
        // Neither side may be much longer than the other.
        let is_as_long =
            |heard: &str| heard.len() * 10 >= length * 6 && heard.len() * 6 <= length * 10;
        let likeness = |heard: &str| {
            if is_as_long(heard) {
                Reading::of(heard).likeness(&wanted)
            } else {
                0.0
            }
        };
        let in_one = || self.known.iter().any(|word| likeness(word) >= LIKENESS);
        let in_several = || {
            (2..=3).any(|count| {
                let runs = self.sequence.windows(count);
                let mut joined = runs.map(<[String]>::concat);
                joined.any(|heard| likeness(&heard) >= LIKENESS_JOINED)
            })
        };
        length > 3 && (in_one() || in_several())
    }
}

fn share(part: usize, all: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    number(part) / number(all.max(1))
}

/// `2024-09-12` as people name a day: `12 September 2024`. What is no such date stays as it is.
fn date_in_words(date: &str) -> String {
    match date.parse::<Date>() {
        Ok(day) => day.strftime("%-d %B %Y").to_string(),
        Err(_) => date.to_owned(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::Path;

    use super::*;
    use crate::talk::id::TalkId;
    use crate::talk::transcript::{CaptionKind, Cue};

    /// What is said in a talk of which little else is known.
    pub(in crate::check) fn sources(said: &str) -> TalkSources {
        let talk = Talk {
            speakers: vec!["Mira Okafor".to_owned()],
            date: Some("2024-09-12".to_owned()),
            ..Talk::bare(
                TalkId::whole("-cBplHNM4RA".parse().unwrap()),
                "Keys of Caches",
            )
        };
        let transcript = Transcript {
            language: None,
            kind: CaptionKind::Automatic,
            cues: said
                .split('|')
                .map(|text| Cue {
                    span: None,
                    text: text.to_owned(),
                })
                .collect(),
        };
        let catalog =
            "title = \"Cache Days\"\n[glossary]\nheard = { \"cube control\" = \"kubectl\" }\n";
        let catalog = Catalog::parse(Path::new("catalog.toml"), catalog).unwrap();
        TalkSources::of(&talk, &transcript, &catalog)
    }

    #[test]
    fn names_are_known_however_they_are_heard() {
        let sources = sources(
            "we moved to chain guard and to post gres with a large language model on a t p u and \
             the carpenter of mira scales it",
        );
        for name in [
            "Okafor",
            "Chainguard",
            "Postgres",
            "LLMs",
            "TPU",
            "kubectl",
            "September",
            "Cache Days",
        ] {
            assert!(sources.have(name), "{name}");
        }
        for name in ["Chainlink", "Oracle", "LRM", "October", "Mirabelle"] {
            assert!(
                !sources.have(name) && !sources.have_sound_of(name),
                "{name}"
            );
        }
        assert!(sources.have_sound_of("Karpenter"));
    }
}
