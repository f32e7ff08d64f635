//! What makes a summary fit to be published unread, as far as its form goes.
//!
//! Each sentence is one, of 6 to 60 words, without boilerplate, guessed pronouns, markup or
//! pictures; both together are in the wanted language and repeat no instructions. Pure. `reply.rs`
//! holds new summaries to this, and the quality report old ones.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use unicode_segmentation::UnicodeSegmentation;

use crate::summarize::fault::Fault;
use crate::summarize::sentences::{ends_as_sentence, is_pictograph, sentences, words};
use crate::talk::iso_639_3;

/// How many words a sentence of a summary has.
const WORDS: RangeInclusive<usize> = 6..=60;

/// All that is wrong with one sentence of a summary in a language (BCP 47), the worst first.
#[must_use]
pub(crate) fn faults(sentence: &str, language: &str) -> Vec<Fault> {
    let one = match sentences(sentence).len() {
        1 if ends_as_sentence(sentence) => None,
        1 => Some(Fault::Unfinished(sentence.to_owned())),
        count => Some(Fault::NotOneSentence(sentence.to_owned(), count)),
    };
    let count = words(sentence);
    let guessed = if is_english(language) {
        pronoun(sentence)
    } else {
        None
    };
    let pictograph = sentence.chars().find(|c| is_pictograph(*c));
    let faults = [
        one,
        (!WORDS.contains(&count)).then(|| Fault::Length(sentence.to_owned(), count)),
        boilerplate(sentence).map(Fault::Boilerplate),
        guessed.map(Fault::Pronoun),
        markup(sentence).map(|found| Fault::Markup(found.to_owned())),
        pictograph.map(Fault::Pictograph),
    ];
    faults.into_iter().flatten().collect()
}

/// Checks what only shows in the whole of a summary: its language (BCP 47). Where that is not
/// plain, or nobody can tell, it passes.
pub(crate) fn text(text: &str, language: &str) -> Result<(), Fault> {
    let Some(wanted) = detectable(language) else {
        return Ok(());
    };
    // The detector weighs all its languages, and most summaries show theirs at a glance.
    if wanted == whatlang::Lang::Eng && is_plainly_english(text) {
        return Ok(());
    }
    match whatlang::detect(text) {
        Some(found) if found.is_reliable() && found.lang() != wanted => Err(Fault::Language {
            found: found.lang().eng_name().to_owned(),
            wanted: wanted.eng_name().to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Whether every tenth word, and three at least, is a function word that English shares with none
/// of the languages that the detector knows.
fn is_plainly_english(text: &str) -> bool {
    const TELLING: &[&str] = &[
        "the", "and", "that", "this", "these", "which", "with", "without", "from", "into", "their",
        "they", "than", "when", "while", "where", "what", "how",
    ];
    let is_telling =
        |word: &&str| TELLING.contains(&word.trim_matches(|c: char| !c.is_alphabetic()));
    let words = text.split_whitespace();
    let telling = words.clone().filter(is_telling).count();
    telling >= 3 && telling * 10 >= words.count()
}

/// The first run of six words that a text shares with the instructions.
#[must_use]
pub(crate) fn leak(text: &str, instructions: &str) -> Option<String> {
    const RUN: usize = 6;
    let folded =
        |text: &str| -> Vec<String> { text.unicode_words().map(str::to_lowercase).collect() };
    let words = folded(text);
    // Summaries hardly ever leak, and dividing the instructions into words takes far longer than
    // seeing that some word of each run is not among their letters.
    let letters = instructions.to_lowercase();
    let is_suspect = |run: &[String]| run.iter().all(|word| letters.contains(word));
    if !words.windows(RUN).any(is_suspect) {
        return None;
    }
    let instructions = folded(instructions);
    let runs: HashSet<&[String]> = instructions.windows(RUN).collect();
    let leaked = words.windows(RUN).find(|run| runs.contains(run))?;
    Some(leaked.join(" "))
}

/// The language as the detector knows it; `None` where it does not.
fn detectable(language: &str) -> Option<whatlang::Lang> {
    let code = match iso_639_3(language)? {
        // Where ISO 639-3 has a family of languages, the detector knows the member most spoken.
        "zho" => "cmn",
        "fas" => "pes",
        "nor" => "nob",
        code => code,
    };
    whatlang::Lang::from_code(code)
}

/// The opening that says nothing: "This talk …", "The speaker …", "In this video …".
fn boilerplate(sentence: &str) -> Option<String> {
    const SUBJECTS: &[&str] = &[
        "talk",
        "speaker",
        "speakers",
        "video",
        "presentation",
        "presenter",
        "presenters",
        "session",
        "keynote",
        "transcript",
        "recording",
        "summary",
        "vortrag",
        "redner",
        "sprecher",
        "referent",
    ];
    const DETERMINERS: &[&str] = &["this", "the", "dieser", "der", "diese", "die"];
    let folded = sentence.to_lowercase();
    let opening = folded.strip_prefix("in ").unwrap_or(&folded);
    let mut opening = whole_words(opening);
    let (determiner, subject) = (opening.next()?, opening.next()?);
    let says_nothing = DETERMINERS.contains(&determiner) && SUBJECTS.contains(&subject);
    says_nothing.then(|| {
        sentence
            .split_whitespace()
            .take(3)
            .collect::<Vec<_>>()
            .join(" ")
    })
}

/// In other languages the same letters are other words: "her" in German is a direction.
fn is_english(language: &str) -> bool {
    let primary = language.split('-').next().unwrap_or(language);
    primary.eq_ignore_ascii_case("en")
}

fn pronoun(sentence: &str) -> Option<String> {
    const GUESSED: &[&str] = &["he", "she", "his", "her", "him"];
    whole_words(sentence)
        .find(|word| GUESSED.contains(&word.to_lowercase().as_str()))
        .map(str::to_owned)
}

/// A text between its spaces and signs. What a hyphen joins is one word: "talk-back" is no talk.
fn whole_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-')
}

fn markup(sentence: &str) -> Option<&'static str> {
    const MARKS: &[&str] = &[
        "**", "```", "](", "</", "<script", "<a ", "<b>", "<i>", "<br", "<p>", "<img", "http://",
        "https://", "www.",
    ];
    MARKS.iter().copied().find(|mark| sentence.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "Caches that can be explained are trusted by the people who have to live with them. \
        Keys made of every input and writes that survive a power cut turn out to be enough.";
    const GERMAN: &str = "Zwischenspeicher, die man erklären kann, werden von den Leuten benutzt, die mit ihnen leben müssen. \
        Schlüssel aus allen Eingaben und Schreibvorgänge, die einen Stromausfall überstehen, reichen dafür aus.";

    #[test]
    fn another_language_than_the_wanted_one_is_noticed() {
        assert_eq!(text(ENGLISH, "en"), Ok(()));
        assert_eq!(text(ENGLISH, "en-GB"), Ok(()));
        assert_eq!(text(GERMAN, "de"), Ok(()));
        let fault = text(GERMAN, "en").unwrap_err();
        assert_eq!(
            fault.to_string(),
            "it is written in German, and English is wanted"
        );
        // Nobody can tell Klingon, so nobody complains.
        assert_eq!(text(ENGLISH, "tlh"), Ok(()));
        assert_eq!(text("KubeVirt on ARM64, NixOS and OpenBSD.", "fr"), Ok(()));
    }

    #[test]
    fn only_english_is_plainly_english() {
        for (text, is_english) in [
            (ENGLISH, true),
            (GERMAN, false),
            ("The Rust Book", false),
            // Each quotes an English title, as summaries do.
            (
                "„The Art and Craft of Caches“ zeigt, was an Schlüsseln fehlt, die nicht alles enthalten. \
                Wer sie neu schreibt, spart bei jedem Lauf die Hälfte der Zeit und des Geldes.",
                false,
            ),
            (
                "In \"When Caches Lie\" vergelijkt het team drie manieren om sleutels te maken en te bewaren. \
                De beste is die van een hash over alle invoer, want die is nooit oud.",
                false,
            ),
            (
                "Holdet bag «Where Time Goes» måler hva hver forespørsel koster, og hvor den venter. \
                By for by er det lagringen som er for langsom, and for and.",
                false,
            ),
        ] {
            assert_eq!(is_plainly_english(text), is_english, "{text}");
        }
    }

    #[test]
    fn a_run_of_six_words_of_the_instructions_is_a_leak() {
        let instructions = "Begin each sentence with the subject itself: a person, a project.";
        for (text, leaks) in [
            ("Now begin each sentence with the subject, as told.", true),
            ("Begin each sentence with the verb, say the authors.", false),
            ("", false),
        ] {
            assert_eq!(leak(text, instructions).is_some(), leaks, "{text}");
        }
    }

    #[test]
    fn pictures_are_noticed_and_signs_are_not() {
        let with = |c: &str| {
            faults(
                &format!("Caches that can be explained {c} are trusted by all."),
                "en",
            )
        };
        for c in ["🚀", "✅", "⭐", "❤\u{fe0f}"] {
            assert!(matches!(with(c)[..], [Fault::Pictograph(_)]), "{c}");
        }
        for c in ["→", "≤ 5", "µ", "™", "C♯", "漢字"] {
            assert_eq!(with(c), [], "{c}");
        }
    }
}
