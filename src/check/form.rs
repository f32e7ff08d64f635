//! Summaries that are not what they should be: two plain sentences.
//!
//! The rules are those that a model's reply is held to; here all faults are named, not only the
//! first. An organizer's own words and excerpts of a talk's are not measured by them.

use crate::check::{Finding, Kind, is_retold, sentences_of};
use crate::numbers::pluralize;
use crate::summarize::fault::Fault;
use crate::summarize::form;
use crate::talk::Summary;
use crate::talk::id::TalkId;

/// All that is wrong with the form of a summary that is to be in a language (BCP 47).
#[must_use]
pub(crate) fn findings(talk: &TalkId, summary: &Summary, language: &str) -> Vec<Finding> {
    if !is_retold(summary) {
        return Vec::new();
    }
    let sentences = sentences_of(summary);
    let count = Some(sentences.len()).filter(|count| *count != 2);
    let in_one = sentences
        .iter()
        .flat_map(|sentence| form::faults(sentence, language));
    let faults = count
        .map(Fault::NotTwo)
        .into_iter()
        .chain(in_one)
        .chain(form::check_sentences(&sentences, language).err());
    faults
        .map(|fault| {
            let (text, message) = describe(fault, &summary.text);
            Finding::about(talk, Kind::Form, text, message)
        })
        .collect()
}

/// The words that a fault is about, and what is wrong with them. A fault speaks to a model; where
/// it repeats whole sentences, people are told in fewer words.
fn describe(fault: Fault, summary: &str) -> (String, String) {
    let message = fault.to_string();
    match fault {
        Fault::NotTwo(1) => (
            summary.to_owned(),
            "it is one sentence, and exactly two are needed".to_owned(),
        ),
        Fault::Unfinished(sentence) => (
            sentence,
            "a sentence has no full stop at its end, so it may be cut off".to_owned(),
        ),
        Fault::Length(sentence, words) => {
            let words = pluralize(words, "word");
            let message = format!("a sentence has {words}, and 6 to 60 are needed");
            (sentence, message)
        }
        Fault::Boilerplate(opening) => {
            let message = format!("a sentence begins with \"{opening}\"");
            (opening, message)
        }
        Fault::Disclaimer(ref words)
        | Fault::Label(ref words)
        | Fault::Call(ref words)
        | Fault::FirstPerson(ref words) => (words.clone(), fault.for_people()),
        Fault::Pronoun(pronoun) => (pronoun, message),
        Fault::Markup(mark) => (mark, message),
        Fault::Pictograph(picture) => (picture.to_string(), message),
        _ => (summary.to_owned(), message),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::talk::{Freshness, Origin, WrittenSentence};

    fn found(text: &str, origin: Origin) -> Vec<String> {
        let talk = TalkId::whole("-cBplHNM4RA".parse().unwrap());
        let summary = Summary {
            text: text.to_owned(),
            sentences: Vec::new(),
            origin,
            provenance: None,
            freshness: Freshness::Current,
        };
        findings(&talk, &summary, "en")
            .into_iter()
            .map(|finding| format!("{} <- {}", finding.message, finding.text))
            .collect()
    }

    #[expect(clippy::needless_pass_by_value, reason = "`expect!` makes values")]
    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&found(text, Origin::Import).join("\n"));
    }

    #[test]
    fn two_plain_sentences_are_silent() {
        check(
            "Mira Okafor measures how long caches stay warm on cheap disks. Half of the reads never reach the disk once keys are sorted by age.",
            expect![""],
        );
    }

    #[test]
    fn every_fault_is_named_and_not_only_the_first() {
        check(
            "This talk is **short**. The speaker says that he was surprised by how much a cache forgets 🚀",
            expect![[r#"
                a sentence has 4 words, and 6 to 60 are needed <- This talk is **short**.
                a sentence begins with "This talk is" <- This talk is
                it contains "**"; plain text without markup and addresses is wanted <- **
                a sentence has no full stop at its end, so it may be cut off <- The speaker says that he was surprised by how much a cache forgets 🚀
                a sentence begins with "The speaker says" <- The speaker says
                it says "he"; write the name again, or "they" <- he
                it contains "🚀"; plain words are wanted <- 🚀"#]],
        );
    }

    #[test]
    fn sentences_are_counted_and_the_language_is_told() {
        check(
            "Ein Zwischenspeicher wird von den Leuten benutzt, die ihn erklären können.",
            expect![[r#"
                it is one sentence, and exactly two are needed <- Ein Zwischenspeicher wird von den Leuten benutzt, die ihn erklären können.
                it is written in German, and English is wanted <- Ein Zwischenspeicher wird von den Leuten benutzt, die ihn erklären können."#]],
        );
    }

    #[test]
    fn the_sentences_count_as_the_model_gave_them() {
        let given = [
            "A runtime decides what waits and what runs in programs that serve many.",
            "tokio runs on each core and steals work from the others when idle.",
        ];
        let talk = TalkId::whole("-cBplHNM4RA".parse().unwrap());
        let written = |text: &str| WrittenSentence {
            text: text.to_owned(),
            quote: None,
        };
        let summary = Summary {
            text: given.join(" "),
            sentences: given.map(written).to_vec(),
            origin: Origin::Transcript,
            provenance: None,
            freshness: Freshness::Current,
        };
        assert_eq!(findings(&talk, &summary, "en"), []);
    }

    #[test]
    fn a_sentence_in_another_language_is_noticed_by_itself() {
        check(
            "Caches that can be explained are trusted by the people who have to live with them every day. \
            Wer sie neu schreibt, spart bei jedem Lauf die Hälfte der Zeit und des Geldes.",
            expect![[r#"
                it is written in German, and English is wanted <- Caches that can be explained are trusted by the people who have to live with them every day. Wer sie neu schreibt, spart bei jedem Lauf die Hälfte der Zeit und des Geldes."#]],
        );
    }

    #[test]
    fn the_organizers_words_and_excerpts_are_not_measured() {
        for origin in [Origin::Organizer, Origin::Excerpt] {
            assert!(found("This talk 🚀", origin).is_empty());
        }
    }
}
