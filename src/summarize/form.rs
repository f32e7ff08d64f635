//! What makes a summary fit to be published unread, as far as its form goes.
//!
//! Each sentence is one, of 6 to 60 words, without boilerplate, guessed pronouns, markup or
//! pictures; both together are in the wanted language and repeat no instructions. Pure. `reply.rs`
//! holds new summaries to this, and the quality report old ones.

mod earlier;
mod told;

use std::collections::HashSet;
use std::ops::RangeInclusive;

use unicode_segmentation::UnicodeSegmentation;

use crate::summarize::fault::Fault;
use crate::summarize::sentences::{ends_as_sentence, is_pictograph, sentences, words};
use crate::talk::iso_639_3;
use crate::talk::language::Language;

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

/// Checks the language of a summary, and of each of its sentences by itself. A single sentence is
/// short, so two ways of telling a language must agree on it.
pub(crate) fn language(sentences: &[&str], language: &str) -> Result<(), Fault> {
    text(&sentences.join(" "), language)?;
    let wanted = Language::named(language);
    let is_wanted = |sentence: &&&str| wanted.is_some() && Language::of(sentence) == wanted;
    let doubtful = sentences.iter().filter(|sentence| !is_wanted(sentence));
    let mut checked = doubtful
        .filter(|sentence| words(sentence) >= FEWEST_TO_TELL)
        .map(|sentence| text(sentence, language));
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
    let inside = folded.strip_prefix("in ");
    let mut opening = whole_words(inside.unwrap_or(&folded)).filter(|word| !word.is_empty());
    let (determiner, subject) = (opening.next()?, opening.next()?);
    let is_about_itself = DETERMINERS.contains(&determiner) && SUBJECTS.contains(&subject);
    let says_nothing = is_about_itself
        && (inside.is_some() || opening.find(|word| !is_adverb(word)).is_some_and(tells));
    says_nothing.then(|| beginning(sentence))
}

/// The first three words.
fn beginning(sentence: &str) -> String {
    let words: Vec<&str> = sentence.split_whitespace().take(3).collect();
    words.join(" ")
}

fn is_adverb(word: &str) -> bool {
    word.ends_with("ly") || matches!(word, "also" | "then" | "first" | "auch" | "zuerst" | "dann")
}

/// Whether a verb has a talk, or the one who gives it, for its subject: behind "session" other
/// words make a name of it, as in "the session layer".
fn tells(word: &str) -> bool {
    const VERBS: &[&str] = &[
        "address",
        "advocate",
        "aim",
        "analyze",
        "argue",
        "begin",
        "break",
        "claim",
        "compare",
        "conclude",
        "consider",
        "cover",
        "deal",
        "delve",
        "demonstrate",
        "describe",
        "detail",
        "discuss",
        "dive",
        "emphasize",
        "end",
        "examine",
        "explain",
        "explore",
        "express",
        "feature",
        "focus",
        "give",
        "go",
        "highlight",
        "illustrate",
        "introduce",
        "look",
        "mention",
        "note",
        "offer",
        "open",
        "outline",
        "point",
        "present",
        "propose",
        "provide",
        "reveal",
        "review",
        "say",
        "share",
        "show",
        "start",
        "state",
        "suggest",
        "summarize",
        "take",
        "talk",
        "teach",
        "tell",
        "touch",
        "trace",
        "walk",
        "was",
        "were",
        "is",
        "are",
        "has",
        "will",
        "can",
    ];
    const GERMAN: &[&str] = &[
        "behandelt",
        "beleuchtet",
        "berichtet",
        "beschreibt",
        "betont",
        "bietet",
        "diskutiert",
        "erklärt",
        "erläutert",
        "erzählt",
        "geht",
        "gibt",
        "handelt",
        "ist",
        "präsentiert",
        "sagt",
        "schildert",
        "spricht",
        "stellt",
        "untersucht",
        "vergleicht",
        "war",
        "wird",
        "zeigt",
    ];
    let is_form_of = |verb: &&str| {
        let ending = word.strip_prefix(*verb);
        ending.is_some_and(|ending| matches!(ending, "" | "s" | "es" | "d" | "ed" | "ing"))
    };
    GERMAN.contains(&word) || VERBS.iter().any(is_form_of)
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
