//! Words of a summary that say little or soon go out of date: praise, what will be told, and topics
//! without a name.
//!
//! The lists are of the seven languages in which pages are written most; in another language
//! nothing is found. What is quoted is another's and is not looked at.

use crate::check::{Finding, Kind, is_retold, sentences_of};
use crate::summarize::form;
use crate::talk::id::TalkId;
use crate::talk::{Summary, iso_639_3};

/// The words of a language, in lower case.
struct Wordings {
    /// ISO 639-3.
    language: &'static str,
    /// Words that praise.
    praise: &'static [&'static str],
    /// Topics that are not named.
    vague: &'static [&'static str],
    /// What says that something comes; where it is a word of its own, a verb of telling follows.
    future: Future,
}

/// How a language says that something will be told.
enum Future {
    /// With an auxiliary and one of these verbs within a few words behind it.
    Auxiliary(&'static [&'static str], &'static [&'static str]),
    /// With one of these forms.
    Forms(&'static [&'static str]),
}

const WORDINGS: &[Wordings] = &[
    Wordings {
        language: "eng",
        praise: &[
            "fascinating",
            "groundbreaking",
            "ground-breaking",
            "insightful",
            "inspiring",
            "engaging",
            "compelling",
            "captivating",
            "thought-provoking",
            "amazing",
            "invaluable",
            "masterful",
            "renowned",
            "esteemed",
            "world-class",
            "must-see",
            "must-watch",
            "exciting",
            "eye-opening",
            "game-changing",
            "stunning",
            "unforgettable",
        ],
        vague: &[
            "various topics",
            "various aspects",
            "various challenges",
            "several topics",
            "several aspects",
            "different topics",
            "different aspects",
            "many topics",
            "many aspects",
            "a range of topics",
            "a wide range of topics",
            "a variety of topics",
            "and much more",
            "and many more",
            "key insights",
            "valuable insights",
            "best practices and more",
        ],
        future: Future::Auxiliary(
            &["will", "shall", "won't"],
            &[
                "show",
                "explain",
                "present",
                "discuss",
                "cover",
                "explore",
                "demonstrate",
                "talk",
                "share",
                "introduce",
                "describe",
                "tell",
                "teach",
                "speak",
                "examine",
                "look",
                "dive",
                "shown",
                "explained",
                "presented",
                "discussed",
                "covered",
                "explored",
                "demonstrated",
                "introduced",
                "described",
                "examined",
                "learn",
            ],
        ),
    },
    Wordings {
        language: "deu",
        praise: &[
            "faszinierend",
            "faszinierende",
            "faszinierenden",
            "faszinierender",
            "spannend",
            "spannende",
            "spannenden",
            "spannender",
            "inspirierend",
            "inspirierende",
            "inspirierenden",
            "bahnbrechend",
            "bahnbrechende",
            "bahnbrechenden",
            "renommierte",
            "renommierten",
            "renommierter",
            "beeindruckend",
            "beeindruckende",
            "beeindruckenden",
            "mitreißend",
            "mitreißende",
            "mitreißenden",
        ],
        vague: &[
            "verschiedene themen",
            "verschiedenen themen",
            "diverse themen",
            "diversen themen",
            "unterschiedliche themen",
            "verschiedene aspekte",
            "verschiedenen aspekten",
            "unterschiedliche aspekte",
            "zahlreiche themen",
            "und vieles mehr",
            "und mehr",
        ],
        future: Future::Auxiliary(
            &["wird", "werden"],
            &[
                "zeigen",
                "erklären",
                "vorstellen",
                "besprechen",
                "erläutern",
                "präsentieren",
                "berichten",
                "diskutieren",
                "beschreiben",
                "erzählen",
            ],
        ),
    },
    Wordings {
        language: "fra",
        praise: &[
            "fascinant",
            "fascinante",
            "fascinants",
            "fascinantes",
            "passionnant",
            "passionnante",
            "passionnants",
            "inspirant",
            "inspirante",
            "captivant",
            "captivante",
            "révolutionnaire",
            "renommé",
            "renommée",
            "incontournable",
        ],
        vague: &[
            "divers sujets",
            "différents sujets",
            "plusieurs sujets",
            "divers aspects",
            "différents aspects",
            "et bien plus",
            "et plus encore",
        ],
        future: Future::Forms(&[
            "présentera",
            "présenteront",
            "montrera",
            "montreront",
            "expliquera",
            "expliqueront",
            "abordera",
            "aborderont",
            "parlera",
            "parleront",
            "discutera",
            "décrira",
            "partagera",
        ]),
    },
    Wordings {
        language: "spa",
        praise: &[
            "fascinante",
            "fascinantes",
            "apasionante",
            "apasionantes",
            "inspirador",
            "inspiradora",
            "cautivador",
            "cautivadora",
            "revolucionario",
            "revolucionaria",
            "reconocido",
            "reconocida",
            "imperdible",
        ],
        vague: &[
            "diversos temas",
            "varios temas",
            "diferentes temas",
            "distintos temas",
            "diversos aspectos",
            "varios aspectos",
            "y mucho más",
        ],
        future: Future::Forms(&[
            "presentará",
            "presentarán",
            "mostrará",
            "mostrarán",
            "explicará",
            "explicarán",
            "abordará",
            "abordarán",
            "hablará",
            "hablarán",
            "discutirá",
            "describirá",
            "compartirá",
        ]),
    },
    Wordings {
        language: "ita",
        praise: &[
            "affascinante",
            "affascinanti",
            "appassionante",
            "coinvolgente",
            "coinvolgenti",
            "stimolante",
            "rivoluzionario",
            "rivoluzionaria",
            "rinomato",
            "rinomata",
            "imperdibile",
        ],
        vague: &[
            "vari argomenti",
            "diversi argomenti",
            "vari temi",
            "diversi temi",
            "vari aspetti",
            "diversi aspetti",
            "e molto altro",
        ],
        future: Future::Forms(&[
            "presenterà",
            "presenteranno",
            "mostrerà",
            "mostreranno",
            "spiegherà",
            "spiegheranno",
            "affronterà",
            "affronteranno",
            "parlerà",
            "parleranno",
            "discuterà",
            "descriverà",
            "condividerà",
        ]),
    },
    Wordings {
        language: "por",
        praise: &[
            "fascinante",
            "fascinantes",
            "inspirador",
            "inspiradora",
            "cativante",
            "cativantes",
            "empolgante",
            "revolucionário",
            "revolucionária",
            "renomado",
            "renomada",
            "imperdível",
        ],
        vague: &[
            "vários temas",
            "diversos temas",
            "vários tópicos",
            "diversos tópicos",
            "vários aspectos",
            "diversos aspectos",
            "e muito mais",
        ],
        future: Future::Forms(&[
            "apresentará",
            "apresentarão",
            "mostrará",
            "mostrarão",
            "explicará",
            "explicarão",
            "abordará",
            "abordarão",
            "falará",
            "falarão",
            "discutirá",
            "descreverá",
            "compartilhará",
        ]),
    },
    Wordings {
        language: "nld",
        praise: &[
            "fascinerend",
            "fascinerende",
            "boeiend",
            "boeiende",
            "inspirerend",
            "inspirerende",
            "baanbrekend",
            "baanbrekende",
            "gerenommeerd",
            "gerenommeerde",
            "spannend",
            "spannende",
        ],
        vague: &[
            "verschillende onderwerpen",
            "diverse onderwerpen",
            "allerlei onderwerpen",
            "verschillende aspecten",
            "diverse aspecten",
            "en nog veel meer",
            "en meer",
        ],
        future: Future::Auxiliary(
            &["zal", "zullen"],
            &[
                "zien",
                "tonen",
                "uitleggen",
                "bespreken",
                "presenteren",
                "vertellen",
                "behandelen",
                "beschrijven",
            ],
        ),
    },
];

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
