//! In which language a summary is.

use crate::summarize::fault::Fault;
use crate::summarize::sentences::words;
use crate::talk::iso_639_3;
use crate::talk::language::Language;

/// Checks what only shows in the whole of a summary: its language (BCP 47). Where that is not
/// plain, or nobody can tell, it passes.
pub(crate) fn check_text(text: &str, language: &str) -> Result<(), Fault> {
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

/// Checks the language of a summary, and of each of its sentences by itself. A single sentence is
/// short, so two ways of telling a language must agree on it.
pub(crate) fn check_sentences(sentences: &[&str], language: &str) -> Result<(), Fault> {
    check_text(&sentences.join(" "), language)?;
    let wanted = Language::named(language);
    let is_wanted = |sentence: &&&str| wanted.is_some() && Language::of(sentence) == wanted;
    let doubtful = sentences.iter().filter(|sentence| !is_wanted(sentence));
    let mut checked = doubtful
        .filter(|sentence| words(sentence) >= FEWEST_TO_TELL)
        .map(|sentence| check_text(sentence, language));
    checked.find(Result::is_err).unwrap_or(Ok(()))
}

/// With how few words the language of a sentence can be told.
const FEWEST_TO_TELL: usize = 10;

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

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "Caches that can be explained are trusted by the people who have to live with them. \
        Keys made of every input and writes that survive a power cut turn out to be enough.";
    const GERMAN: &str = "Zwischenspeicher, die man erklären kann, werden von den Leuten benutzt, die mit ihnen leben müssen. \
        Schlüssel aus allen Eingaben und Schreibvorgänge, die einen Stromausfall überstehen, reichen dafür aus.";

    #[test]
    fn another_language_than_the_wanted_one_is_noticed() {
        assert_eq!(check_text(ENGLISH, "en"), Ok(()));
        assert_eq!(check_text(ENGLISH, "en-GB"), Ok(()));
        assert_eq!(check_text(GERMAN, "de"), Ok(()));
        let fault = check_text(GERMAN, "en").unwrap_err();
        assert_eq!(
            fault.to_string(),
            "it is written in German, and English is wanted"
        );
        // Nobody can tell Klingon, so nobody complains.
        assert_eq!(check_text(ENGLISH, "tlh"), Ok(()));
        assert_eq!(
            check_text("KubeVirt on ARM64, NixOS and OpenBSD.", "fr"),
            Ok(())
        );
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
}
