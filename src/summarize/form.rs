//! What makes a summary fit to be published unread, as far as its form goes.
//!
//! Each sentence is one, of 6 to 60 words, without boilerplate, guessed pronouns, markup or
//! pictures; both together are in the wanted language and repeat no instructions. Pure. `reply.rs`
//! holds new summaries to this, and the quality report old ones.

mod earlier;
mod language;
mod opening;
mod told;

pub(crate) use language::{check_sentences, check_text};

use std::collections::HashSet;
use std::ops::RangeInclusive;

use unicode_segmentation::UnicodeSegmentation;

use crate::summarize::fault::Fault;
use crate::summarize::form::opening::boilerplate;
pub(crate) use crate::summarize::form::opening::cut_opening;
use crate::summarize::sentences::{ends_as_sentence, is_pictograph, sentences, words};

/// How many words a sentence of a summary has.
const WORDS: RangeInclusive<usize> = 6..=60;

/// Which rules a reply is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Those of today, as a reply that has just come.
    Today,
    /// Those of earlier versions, as one that was accepted and paid for then.
    Earlier,
}

/// All that a reply's sentence is refused for, the worst first.
#[must_use]
pub(crate) fn refusals(sentence: &str, language: &str, strictness: Strictness) -> Vec<Fault> {
    match strictness {
        Strictness::Earlier => earlier::faults(sentence, language),
        Strictness::Today => faults(sentence, language),
    }
}

/// All that is wrong with one sentence of a summary in a language (BCP 47), the worst first.
#[must_use]
pub(crate) fn faults(sentence: &str, language: &str) -> Vec<Fault> {
    let told = without_quotations(sentence);
    let count = sentences(sentence).len().min(sentences(&told).len());
    let one = match count {
        1 if ends_as_sentence(sentence) => None,
        1 => Some(Fault::Unfinished(sentence.to_owned())),
        count => Some(Fault::NotOneSentence(sentence.to_owned(), count)),
    };
    let count = words(sentence);
    let guessed = if is_english(language) {
        pronoun(&told)
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
    let told = told::faults(sentence, &told, language);
    faults.into_iter().flatten().chain(told).collect()
}

/// The first run of six words that a text shares with the instructions. Words of the glossary's
/// terms, which the instructions list, are in the summary because they are in the talk.
#[must_use]
pub(crate) fn leak(text: &str, instructions: &str, terms: &[String]) -> Option<String> {
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
    let terms: HashSet<String> = terms.iter().flat_map(|term| folded(term)).collect();
    let are_names = |run: &[String]| run.iter().all(|word| terms.contains(word));
    let mut leaked = words.windows(RUN).filter(|run| runs.contains(run));
    let leaked = leaked.find(|run| !are_names(run))?;
    Some(leaked.join(" "))
}

/// In other languages the same letters are other words: "her" in German is a direction.
fn is_english(language: &str) -> bool {
    let primary = language.split('-').next().unwrap_or(language);
    primary.eq_ignore_ascii_case("en")
}

/// A pronoun for a person whose own nobody has told. In capitals it is an acronym, and before
/// another capital part of a name.
fn pronoun(told: &str) -> Option<String> {
    const GUESSED: &[&str] = &["he", "she", "his", "her", "him"];
    guessed(told, GUESSED)
}

fn guessed(told: &str, pronouns: &[&str]) -> Option<String> {
    let words: Vec<&str> = whole_words(told).filter(|word| !word.is_empty()).collect();
    let is_pronoun = |at: &usize| {
        let word = words[*at];
        let is_capital = word.starts_with(char::is_uppercase);
        let is_acronym = !word.contains(char::is_lowercase);
        let next = words.get(at + 1);
        let is_in_name =
            is_capital && next.is_some_and(|next| next.starts_with(char::is_uppercase));
        !is_acronym && !is_in_name && pronouns.contains(&word.to_lowercase().as_str())
    };
    (0..words.len())
        .find(is_pronoun)
        .map(|at| words[at].to_owned())
}

/// A sentence with a word in the place of what it quotes: that is another's. A full stop that ends
/// the quotation may end the sentence as well; a question in a title does not. Names with a mark
/// of exclamation lose it.
pub(crate) fn without_quotations(sentence: &str) -> String {
    const QUOTES: &[(char, &[char])] = &[
        ('"', &['"']),
        ('“', &['”']),
        ('„', &['“', '”']),
        ('«', &['»']),
        ('»', &['«']),
        ('「', &['」']),
        ('`', &['`']),
    ];
    let sentence = sentence.replace("Yahoo!", "Yahoo").replace("a.k.a.", "aka");
    let mut told = String::with_capacity(sentence.len());
    let mut rest = sentence.as_str();
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        let closing = QUOTES.iter().find(|(opening, _)| *opening == c);
        let end = closing.and_then(|(_, closing)| behind.find(*closing));
        told.push(c);
        rest = behind;
        if let Some(end) = end.filter(|end| *end > 0) {
            told.push_str("words");
            let stop = behind[..end]
                .chars()
                .next_back()
                .filter(|c| matches!(c, '.' | '。'));
            told.extend(stop);
            rest = &behind[end..];
            // The closing quote may be the opening one of another kind.
            let close = rest.chars().next().map_or(0, char::len_utf8);
            told.push_str(&rest[..close]);
            rest = &rest[close..];
        }
    }
    told
}

/// A text between its spaces and signs. What a hyphen joins is one word: "talk-back" is no talk.
fn whole_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-')
}

/// Marks that a model sets around words, and addresses. What a talk may be about is none:
/// `**kwargs`, `Option<b>`, `</div>`.
fn markup(sentence: &str) -> Option<&'static str> {
    const MARKS: &[&str] = &[
        "```", "](", "<script", "<a ", "<br", "<p>", "<img", "http://", "https://", "www.",
    ];
    const TAGS: &[&str] = &["<b>", "<i>"];
    let opens = |tag: &&&str| {
        let at = sentence.find(**tag);
        at.is_some_and(|at| !sentence[..at].ends_with(char::is_alphanumeric))
    };
    let mark = MARKS.iter().find(|mark| sentence.contains(**mark));
    let mark = mark.or_else(|| TAGS.iter().find(opens)).copied();
    mark.or_else(|| is_bold(sentence).then_some("**"))
}

/// Whether two double stars stand close around words.
fn is_bold(sentence: &str) -> bool {
    let mut parts = sentence.split("**").skip(1);
    let Some(inside) = parts.next() else {
        return false;
    };
    let is_close =
        !inside.starts_with(char::is_whitespace) && !inside.ends_with(char::is_whitespace);
    parts.next().is_some() && is_close && !inside.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_six_words_of_the_instructions_is_a_leak() {
        let instructions = "Begin each sentence with the subject itself: a person, a project.";
        for (text, leaks) in [
            ("Now begin each sentence with the subject, as told.", true),
            ("Begin each sentence with the verb, say the authors.", false),
            ("", false),
        ] {
            assert_eq!(leak(text, instructions, &[]).is_some(), leaks, "{text}");
        }
        let instructions =
            "Names at this conference: Kubernetes, Grafana Loki, Tempo, Mimir, Argo CD.";
        let terms = ["Kubernetes", "Grafana Loki", "Tempo", "Mimir", "Argo CD"].map(str::to_owned);
        let text = "Kubernetes, Grafana Loki, Tempo, Mimir and Argo CD share one cluster.";
        let listed = "It runs Kubernetes, Grafana Loki, Tempo, Mimir, Argo CD on one cluster.";
        assert_eq!(leak(text, instructions, &terms), None);
        assert_eq!(leak(listed, instructions, &terms), None);
        assert!(leak(listed, instructions, &[]).is_some());
    }

    #[test]
    fn subjects_names_and_code_are_no_faults() {
        for sentence in [
            "The session layer of QUIC carries streams over one connection without waiting.",
            "The Session API keeps what a browser has open across a restart of it.",
            "The HIS of a hospital and the SHE standard of cars share one key store.",
            "Mira Okafor founded Her Code, where forty people learned to mend old compilers.",
            "Mira Okafor answers \"he who measures wins\" with numbers from three data centers.",
            "A wrapper that hands **kwargs on hides which names a function takes at all.",
            "An Option<b> beside a stray </div> shows why templates need a parser of their own.",
            "\"Is PHP Dead?\" Rasmus Lerdorf asks, and finds it below most of the web.",
            "Yahoo! Pipes joined feeds long before anybody called such a thing a workflow.",
            "The Berkeley Packet Filter, a.k.a. BPF, runs checked programs inside the kernel.",
        ] {
            assert_eq!(faults(sentence, "en"), [], "{sentence}");
        }
        for sentence in [
            "The session covers how caches are filled when a build begins anew.",
            "This talk quickly shows how caches are filled when a build begins.",
            "Mira Okafor shows the **cache** that every build of the project fills.",
            "Mira Okafor shows the <b>cache</b> that every build of the project fills.",
            "His cache is filled again whenever a build of the project begins.",
        ] {
            assert_eq!(faults(sentence, "en").len(), 1, "{sentence}");
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
