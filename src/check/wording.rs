//! Words of a summary that say little or soon go out of date: praise, what will be told, and topics
//! without a name.
//!
//! The lists are of the seven languages in which pages are written most; in another language
//! nothing is found. What is quoted is another's and is not looked at.

mod lists;

use crate::check::wording::lists::{Future, WORDINGS, Wordings};
use crate::check::{Finding, Kind, is_retold, sentences_of};
use crate::summarize::form;
use crate::talk::id::TalkId;
use crate::talk::{Summary, iso_639_3};

/// How many words behind an auxiliary its verb is looked for.
const REACH: usize = 10;

/// The words of a summary in a language (BCP 47) that a reader could do without.
#[must_use]
pub(crate) fn findings(talk: &TalkId, summary: &Summary, language: &str) -> Vec<Finding> {
    let code = iso_639_3(language);
    let known = WORDINGS.iter().find(|known| Some(known.language) == code);
    let Some(known) = known.filter(|_| is_retold(summary)) else {
        return Vec::new();
    };
    let sentences = sentences_of(summary).into_iter();
    sentences
        .flat_map(|sentence| known.found_in(sentence))
        .map(|(words, message)| Finding::about(talk, Kind::Wording, words, message))
        .collect()
}

impl Wordings {
    fn found_in(&self, sentence: &str) -> Vec<(String, String)> {
        let told = form::without_quotations(sentence);
        let folded = told.to_lowercase().replace('’', "'");
        let words: Vec<&str> = folded
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|word| !word.is_empty())
            .collect();
        let text = format!(" {} ", words.join(" "));
        let has = |wanted: &&&str| text.contains(&format!(" {wanted} "));
        let praise = self.praise.iter().find(has);
        let vague = self.vague.iter().find(has);
        let found = [
            praise.map(|words| ((*words).to_owned(), "praises; tell what the talk says")),
            vague.map(|words| ((*words).to_owned(), "names nothing; name the topics")),
            self.future_in(&words)
                .map(|words| (words, "tells what will come; the talk is over")),
        ];
        let described = |(words, why): (String, &str)| {
            let message = format!("\"{words}\" {why}");
            (words, message)
        };
        found.into_iter().flatten().map(described).collect()
    }

    fn future_in(&self, words: &[&str]) -> Option<String> {
        match self.future {
            Future::Forms(forms) => {
                let form = words.iter().find(|word| forms.contains(word));
                form.map(|form| (*form).to_owned())
            }
            Future::Auxiliary(auxiliaries, verbs) => {
                let is_auxiliary = |at: &usize| auxiliaries.contains(&words[*at]);
                (0..words.len()).filter(is_auxiliary).find_map(|at| {
                    let behind = words[at + 1..].iter().take(REACH);
                    let verb = behind.copied().find(|word| verbs.contains(word))?;
                    Some(format!("{} … {verb}", words[at]))
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::{Freshness, Origin};

    fn found(text: &str, language: &str) -> Vec<String> {
        let talk = TalkId::whole("-cBplHNM4RA".parse().unwrap());
        let summary = Summary {
            text: text.to_owned(),
            sentences: Vec::new(),
            origin: Origin::Transcript,
            provenance: None,
            freshness: Freshness::Current,
        };
        let findings = findings(&talk, &summary, language).into_iter();
        findings.map(|finding| finding.text).collect()
    }

    #[test]
    fn praise_plans_and_topics_without_a_name_are_found() {
        for (text, language, expected) in [
            (
                "A fascinating cache serves half of the reads.",
                "en",
                "fascinating",
            ),
            (
                "Mira Okafor discusses various topics of caches.",
                "en-GB",
                "various topics",
            ),
            (
                "Mira Okafor will then show how caches fill.",
                "en",
                "will … show",
            ),
            (
                "Spannende Zahlen zeigen, was ein Speicher spart.",
                "de",
                "spannende",
            ),
            (
                "Mira Okafor wird den Speicher im Detail vorstellen.",
                "de",
                "wird … vorstellen",
            ),
            (
                "Mira Okafor présentera un cache à tous.",
                "fr",
                "présentera",
            ),
            (
                "Se tratan diversos temas de cachés.",
                "es",
                "diversos temas",
            ),
            (
                "Un talk affascinante su cache e chiavi.",
                "it",
                "affascinante",
            ),
            (
                "O cache explicará vários detalhes e chaves.",
                "pt",
                "explicará",
            ),
            ("Een boeiende blik op caches en sleutels.", "nl", "boeiende"),
        ] {
            assert_eq!(found(text, language), [expected], "{text}");
        }
    }

    #[test]
    fn plain_words_and_quotations_are_silent() {
        for (text, language) in [
            (
                "A cache that will never forget a key serves half of the reads.",
                "en",
            ),
            (
                "What users call \"a fascinating toy\" serves half of the reads.",
                "en",
            ),
            (
                "Free will is no topic of caches, and a will is read aloud.",
                "en",
            ),
            (
                "Der Speicher wird gezeigt, und er wird jeden Tag größer.",
                "de",
            ),
            ("A fascinating cache serves half of the reads.", "ja"),
        ] {
            assert!(found(text, language).is_empty(), "{text}");
        }
    }
}
