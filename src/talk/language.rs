//! What the built-in summarizer knows of languages: function words and stems.
//!
//! Function words ("the", "und", "pour") say nothing about a talk, but which of them a text uses
//! gives its language away. A language that is not listed has no function words and no stems;
//! counting words still works there. One table serves every question, so a new language is a
//! new row.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

use crate::talk::iso_639_3;

/// A language whose function words are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
    French,
    Spanish,
    Italian,
    Portuguese,
}

impl Language {
    const ALL: [Self; 6] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Portuguese,
    ];

    /// The language of a tag (BCP 47), if its function words are known.
    pub(crate) fn named(tag: &str) -> Option<Self> {
        Some(match iso_639_3(tag)? {
            "eng" => Self::English,
            "deu" => Self::German,
            "fra" => Self::French,
            "spa" => Self::Spanish,
            "ita" => Self::Italian,
            "por" => Self::Portuguese,
            _ => return None,
        })
    }

    /// Tells the language of a text by its function words; `None` where too few are known.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let mut hits = [0_usize; Self::ALL.len()];
        let mut words = 0;
        for word in text.unicode_words() {
            words += 1;
            if let Some(languages) = FUNCTION_WORDS.get(fold(word).as_ref()) {
                for &language in languages {
                    hits[language as usize] += 1;
                }
            }
        }
        // The first language wins a tie. Running text in any of them is a third function words or
        // more, so below a fifth it is another language or no running text.
        let best = Self::ALL
            .into_iter()
            .rev()
            .max_by_key(|&language| hits[language as usize])?;
        (hits[best as usize] * 5 >= words && words > 0).then_some(best)
    }

    /// Whether a word is a function word of this language, whatever its case.
    pub(crate) fn has_function_word(self, word: &str) -> bool {
        FUNCTION_WORDS
            .get(fold(word).as_ref())
            .is_some_and(|languages| languages.contains(&self))
    }

    fn stemmer(self) -> Stemmer {
        Stemmer::create(match self {
            Self::English => Algorithm::English,
            Self::German => Algorithm::German,
            Self::French => Algorithm::French,
            Self::Spanish => Algorithm::Spanish,
            Self::Italian => Algorithm::Italian,
            Self::Portuguese => Algorithm::Portuguese,
        })
    }

    fn function_words(self) -> &'static str {
        match self {
            Self::English => {
                "a about actually after again all also always am an and another any anything \
                    are as at back be because been before being between both but by can can't \
                    come could did didn't do does doesn't doing don't down each either else even \
                    ever every everyone everything few first for from get gets getting give go \
                    goes going gonna good got had has have having he her here here's him his how \
                    however i i'd i'll i'm i've if in into is isn't it it's its just kind know \
                    last let let's like little look lot made make many may maybe me might more \
                    most much must my need neither never new next no nobody none not nothing \
                    now of off often oh okay on \
                    once one only or other our out over own people pretty put quite rather \
                    really right said same say see she should show since so some something still \
                    such sure take than that that's the their them then there there's these they \
                    they're thing things think this those through to today together too two \
                    under until up us use used using very via want wanted wants was wasn't way \
                    we we'll we're we've well went were what what's when where whether which \
                    while who whose why will with within without won't would yeah yes yet you \
                    you'll you're you've your"
            }
            Self::German => {
                "aber alle allem allen aller alles als also am an andere anderen auch auf aus \
                    bei beim bin bis bisschen da dabei dafür dann daran darauf daraus darin das \
                    dass davon dazu dem den denn der des deshalb die dies diese diesem diesen \
                    dieser dieses doch dort du durch eben ein eine einem einen einer eines \
                    einfach einmal er es etwas euch euer eure für gab ganz geben gehen geht \
                    genau gibt gut hab habe haben habt hast hat hatte hatten heute hier ich ihm \
                    ihn ihnen ihr ihre ihrem ihren ihrer im immer in ist ja jede jeden jeder \
                    jedes jetzt kann kein keine keinen kommt können könnt könnte man mal machen \
                    macht mehr mein meine mich mir mit muss müssen nach natürlich nein nicht \
                    nichts noch nun nur ob oder ohne schon sehen sehr sein seine seinen seit \
                    sich sie sieht sind so soll sollte sondern sonst über um und uns unser \
                    unsere unter viel viele vom von vor wann war waren warum was weg weil welche \
                    wenn wer werden wie wieder will wir wird wo wollen worden wurde wurden würde \
                    würden zu zum zur zwischen"
            }
            Self::French => {
                "a afin ai aller alors après au aussi autre autres aux avait avant avec avez \
                    avoir avons beaucoup bien bon c'est car ce cela celle celui ces cet cette \
                    ceux chaque chez comme comment d'un d'une dans de depuis des deux dire dit \
                    doit donc dont du elle elles en encore entre es est et étaient était été \
                    être eu eux fait faire fais faut il ils ici j'ai je jusqu là la le les leur \
                    leurs lui ma mais me même mes moi moins mon n'est ne ni nos notre nous on \
                    ont ou où par parce parler pas peu peut peuvent plus pour pourquoi pouvez \
                    puis qu'il qu'on quand que quel quelle quelque quelques qui quoi sa sans se \
                    sera ses si soit son sont sous sur ta te tes toi ton tous tout toute toutes \
                    très trop tu un une va vais vers veut voilà voir vont vos votre vous \
                    vraiment y"
            }
            Self::Spanish => {
                "a ahí ahora al algo alguien algún algunas algunos allí antes aquí así aunque \
                    bien bueno cada casi como cómo con cosa cosas cual cuál cuando cuándo da de \
                    decir del desde después donde dónde dos durante e el él ella ellas ellos en \
                    entonces entre era eran eres es esa esas ese eso esos esta está están \
                    estamos estar estas este esto estos estoy fue fueron ha había hace hacen \
                    hacer hacia han hasta hay he hemos incluso la las le les lo los luego más me \
                    menos mi mientras mis mismo mucho muchos muy nada ni ningún no nos nosotros \
                    nuestra nuestro o os otra otras otro otros para pero poco poder podemos \
                    porque por puede pueden pues que qué quien quién se sea según ser si sí sido \
                    siempre sin sino sobre solo son soy su sus tal también tan tanto te tener \
                    tenemos tengo ti tiene tienen todas todavía todo todos tu tus un una uno \
                    unos usted va vamos van ver vez voy y ya yo"
            }
            Self::Italian => {
                "a abbiamo ad agli ai al alla alle allo allora anche ancora avere c'è che chi \
                    ci cioè come con così cosa cui da dai dal dalla dalle degli dei del dell \
                    della delle dello deve di dopo dove due e è ecco ed era erano essere fa fare \
                    fatto fra gli ha hanno ho i il in io la le lei li lo loro lui ma me mentre \
                    mi mio molto ne negli nei nel nella nelle no noi non nostra nostro o ogni \
                    ora per perché però più poi possiamo può qua quale quando quanto quella \
                    quelle quelli quello questa queste questi questo qui quindi sarà se sempre \
                    senza si sì sia siamo solo sono sta stata stato su sua sugli sui sul sulla \
                    sulle suo tra tutta tutte tutti tutto un un'altra una uno vediamo voi vostro"
            }
            Self::Portuguese => {
                "a ao aos aqui as às assim até bem cada coisa coisas com como da dar das de \
                    dela dele deles depois do dois dos e é ela elas ele eles em então entre era \
                    eram essa essas esse esses esta está estão estar estas estava este estes \
                    estou eu faz fazer foi foram gente há isso isto já la lá lhe mais mas me \
                    mesmo meu minha muito muitos na não nas nem nessa nesse nesta neste no nos \
                    nós nossa nosso num numa o onde os ou outra outras outro outros para pela \
                    pelas pelo pelos pode podem por porque pra qual quando que quem são se seja \
                    sem sempre ser será seu seus só sobre sua suas também tem têm temos tenho \
                    ter teve toda todas todo todos tudo um uma uns vai vamos você vocês vou"
            }
        }
    }
}

/// Whether a word is a function word in any known language, whatever its case.
pub(crate) fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.contains_key(fold(word).as_ref())
}

/// Folds a word to the form in which words are compared: lower case, straight apostrophes.
pub(crate) fn fold(word: &str) -> Cow<'_, str> {
    let is_folded = word
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'\'');
    if is_folded {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.to_lowercase().replace('’', "'"))
}

/// Lists the stems of the words that say something, in the order of the text.
///
/// Numbers, single letters and Hiragana (the function words of Japanese) say nothing; names such
/// as `C++` and `C#` do.
pub(crate) fn telling_stems(text: &str, language: Option<Language>) -> Vec<String> {
    let words = telling_words(text, language).into_iter();
    words.map(|(stem, _)| stem).collect()
}

/// The same stems, each with the word as it is written.
pub(crate) fn telling_words(text: &str, language: Option<Language>) -> Vec<(String, &str)> {
    let stemmer = language.map(Language::stemmer);
    tokens(text)
        .map(|written| (fold(written), written))
        .filter(|(word, _)| is_telling(word, language))
        .map(|(word, written)| {
            let word = word.strip_suffix("'s").unwrap_or(&word);
            let stem = stemmer.as_ref().map_or_else(
                || word.to_owned(),
                |stemmer| stemmer.stem(word).into_owned(),
            );
            (stem, written)
        })
        .collect()
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().flat_map(|chunk| {
        let bare = chunk.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#');
        let is_symbol_name = bare.ends_with("++") || bare.ends_with('#');
        let (whole, parts) = if is_symbol_name {
            (Some(bare), "")
        } else {
            (None, chunk)
        };
        whole.into_iter().chain(parts.unicode_words())
    })
}

fn is_telling(word: &str, language: Option<Language>) -> bool {
    let is_function_word = language.is_some_and(|language| language.has_function_word(word));
    let is_number = !word.contains(char::is_alphabetic);
    let is_single_letter = word.chars().count() == 1 && word.is_ascii();
    let is_hiragana = word.chars().all(|c| matches!(c, '\u{3040}'..='\u{309f}'));
    !(is_function_word || is_number || is_single_letter || is_hiragana)
}

static FUNCTION_WORDS: LazyLock<HashMap<&'static str, Vec<Language>>> = LazyLock::new(|| {
    let mut table: HashMap<_, Vec<_>> = HashMap::new();
    for language in Language::ALL {
        for word in language.function_words().split_whitespace() {
            table.entry(word).or_default().push(language);
        }
    }
    table
});

#[cfg(test)]
mod tests {
    use super::{Language, telling_stems};

    #[test]
    fn language_is_told_by_function_words() {
        for (text, expected) in [
            (
                "we have seen that the parser is slow because of this",
                Some(Language::English),
            ),
            (
                "und dann haben wir gesehen, dass der Parser zu langsam ist",
                Some(Language::German),
            ),
            (
                "et puis nous avons vu que le parseur est trop lent",
                Some(Language::French),
            ),
            (
                "y luego hemos visto que el parser es muy lento",
                Some(Language::Spanish),
            ),
            (
                "e poi abbiamo visto che il parser è troppo lento",
                Some(Language::Italian),
            ),
            (
                "e depois vimos que o parser é muito lento para isso",
                Some(Language::Portuguese),
            ),
            ("потом мы увидели, что парсер слишком медленный", None),
            ("Kubernetes Prometheus Grafana", None),
            ("", None),
        ] {
            assert_eq!(Language::of(text), expected, "{text}");
        }
    }

    #[test]
    fn only_telling_words_are_kept() {
        let stems = telling_stems(
            "We’re profiling 3 kernels in C++, and the kernel’s in C#.",
            Some(Language::English),
        );
        assert_eq!(stems, ["profil", "kernel", "c++", "kernel", "c#"]);
    }

    #[test]
    fn unknown_language_keeps_its_words_as_they_are() {
        assert_eq!(
            telling_stems("Быстрые парсеры", None),
            ["быстрые", "парсеры"]
        );
    }
}
