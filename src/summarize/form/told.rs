//! What a model says of itself, its task or its readers, where it is to tell of a talk.
//!
//! What is quoted is another's and is not looked at. The lists are of the languages in which pages
//! are written most; in another language only the English words are known, and capitals.

use crate::summarize::fault::Fault;
use crate::summarize::form::{guessed, is_english};
use crate::summarize::labels::label;

/// By language: words in which a speaker speaks, in lower case.
const FIRST_PERSON: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "i'm",
            "i've",
            "i'd",
            "i'll",
            "we",
            "we're",
            "we've",
            "we'll",
            "our",
            "ours",
            "ourselves",
            "my",
            "myself",
        ],
    ),
    (
        "de",
        &["ich", "wir", "mich", "mein", "meine", "unser", "unsere"],
    ),
    ("fr", &["je", "nous", "notre", "nos"]),
    ("es", &["yo", "nosotros", "nuestro", "nuestra"]),
    ("it", &["noi", "nostro", "nostra"]),
    ("pt", &["eu", "nós", "nosso", "nossa"]),
    ("nl", &["ik", "wij", "onze", "mijn"]),
];

/// How a model declines, or says where it has its words from. It does so in English too where
/// another language was asked for.
const DISCLAIMERS: &[&str] = &[
    "as an ai language model",
    "as an ai, ",
    "as a language model, ",
    "no transcript is available",
    "no transcript was provided",
    "transcript is not available",
    "transcript was not provided",
    "according to the transcript",
    "based on the transcript",
    "als ki-modell",
    "als sprachmodell, ",
    "laut transkript",
    "laut dem transkript",
    "dem transkript zufolge",
    "en tant que modèle de langage",
    "selon la transcription",
    "d'après la transcription",
    "como modelo de lenguaje",
    "según la transcripción",
    "come modello linguistico",
    "secondo la trascrizione",
    "como modelo de linguagem",
    "segundo a transcrição",
    "als taalmodel",
    "volgens het transcript",
];

/// How a sentence begins that calls its readers instead of telling them something.
const CALLS: &[&str] = &[
    "join us",
    "join the ",
    "join this ",
    "join our ",
    "discover how",
    "discover why",
    "discover what",
    "discover the ",
    "discover ways",
    "learn how",
    "learn why",
    "learn what",
    "learn about",
    "attendees will",
    "attendees can",
    "attendees learn",
    "viewers will",
    "viewers learn",
    "listeners will",
    "listeners learn",
    "participants will",
    "the audience will",
    "you will",
    "you'll",
    "erfahren sie",
    "lernen sie",
    "entdecken sie",
    "teilnehmende lernen",
    "teilnehmer lernen",
    "découvrez ",
    "apprenez ",
    "rejoignez ",
    "descubre ",
    "descubra ",
    "únete ",
    "scopri ",
    "unisciti ",
    "junte-se ",
    "ontdek ",
    "leer hoe",
];

/// All that a sentence says of others than its talk; `told` is what it says in its own words.
pub(super) fn faults(sentence: &str, told: &str, language: &str) -> Vec<Fault> {
    let folded = told.to_lowercase().replace('’', "'");
    let begins = |openings: &[&str]| {
        let opening = openings
            .iter()
            .find(|opening| folded.starts_with(**opening));
        opening.map(|opening| opening.trim().to_owned())
    };
    let disclaimer = DISCLAIMERS.iter().find(|words| folded.contains(**words));
    let reflexive = is_english(language)
        .then(|| guessed(told, &["himself", "herself", "hers"]))
        .flatten();
    let faults = [
        disclaimer.map(|words| Fault::Disclaimer(words.trim_matches([' ', ',']).to_owned())),
        label(told).map(|label| Fault::Label(label.trim().to_lowercase())),
        begins(CALLS).map(Fault::Call),
        first_person(told, language).map(Fault::FirstPerson),
        reflexive.map(Fault::Pronoun),
        is_shouted(sentence).then_some(Fault::Shouted),
    ];
    faults.into_iter().flatten().collect()
}

fn first_person(told: &str, language: &str) -> Option<String> {
    let primary = language
        .split('-')
        .next()
        .unwrap_or(language)
        .to_lowercase();
    let (_, listed) = FIRST_PERSON.iter().find(|(code, _)| *code == primary)?;
    let is_word = |c: char| c.is_alphanumeric();
    // What holds a sign inside is a name: "my.cnf", "I/O".
    let mut words = told
        .split_whitespace()
        .map(|word| word.trim_matches(|c| !is_word(c)));
    let speaks = |word: &&str| {
        let folded = word.to_lowercase().replace('’', "'");
        let is_acronym = word.chars().count() > 1 && !word.contains(char::is_lowercase);
        !is_acronym && listed.contains(&folded.as_str())
    };
    words.find(speaks).map(str::to_owned)
}

/// Whether there are words, and none has a small letter.
fn is_shouted(sentence: &str) -> bool {
    let capitals = sentence.chars().filter(|c| c.is_uppercase()).count();
    capitals > 12 && !sentence.contains(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use crate::summarize::form::faults as in_sentence;

    #[test]
    fn what_is_not_about_the_talk_is_refused() {
        for (sentence, language) in [
            (
                "As an AI language model, nothing can be said about the talk of Mira Okafor.",
                "en",
            ),
            (
                "As an AI language model, nothing can be said about the talk of Mira Okafor.",
                "de",
            ),
            (
                "No transcript is available, but caches are likely the subject of the talk.",
                "en",
            ),
            (
                "According to the transcript, caches are filled whenever a build begins.",
                "en",
            ),
            (
                "2. Caches are filled whenever a build of the project begins anew.",
                "en",
            ),
            (
                "First sentence: caches are filled whenever a build of the project begins.",
                "en",
            ),
            (
                "Caches are filled whenever we begin a build of the whole project.",
                "en",
            ),
            (
                "Zwischenspeicher füllen wir, sobald der Bau des ganzen Projekts beginnt.",
                "de",
            ),
            (
                "Attendees will see how caches are filled when a build begins anew.",
                "en",
            ),
            (
                "Join us to see how caches are filled when a build begins anew.",
                "en",
            ),
            (
                "Découvrez comment les caches se remplissent au début de chaque construction.",
                "fr",
            ),
            (
                "Mira Okafor built the cache of the whole project by herself in a year.",
                "en",
            ),
            (
                "CACHES ARE FILLED WHENEVER A BUILD OF THE PROJECT BEGINS.",
                "en",
            ),
        ] {
            assert_eq!(in_sentence(sentence, language).len(), 1, "{sentence}");
        }
    }

    #[test]
    fn quotations_names_and_code_are_no_first_person() {
        for sentence in [
            "Mira Okafor sums it up as \"we never knew our caches\" after ten years of builds.",
            "A line in my.cnf decides whether I/O waits for the disk under World War I loads.",
            "Join algorithms of three databases differ by how much memory they may have.",
            "1. Mai 2024 was the day on which the servers of the shop in Graz moved.",
            "Discover, the shop of KDE, updates firmware and programs in one list of its own.",
        ] {
            assert_eq!(in_sentence(sentence, "en"), [], "{sentence}");
        }
    }
}
