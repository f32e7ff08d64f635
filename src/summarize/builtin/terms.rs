//! Finds the terms that a talk says again and again, and says so in a sentence.
//!
//! A term is a word that stands for a thing, or two words that belong together. That a word stands
//! for a thing is told by the articles and prepositions before it. What is counted is true whatever
//! the captions lack, so such a sentence stands where nothing that was said is surely whole.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::summarize::builtin::Material;
use crate::summarize::builtin::ratio::ratio;
use crate::summarize::builtin::tidy::{bare, is_filler};
use crate::summarize::near_miss::is_ordinary_word;
use crate::talk::language::{Language, fold, telling_stems};

/// How many terms are named at least, and at most.
pub(super) const FEWEST: usize = 3;
const MOST: usize = 5;

/// How often a word is said at least, and two words together.
const OFTEN: usize = 4;
const OFTEN_TOGETHER: usize = 3;

/// Says what a talk mentions often, in its language.
///
/// The English sentence has no word that says anything itself, so it makes no two talks alike.
pub(super) fn mention(terms: &[String], language: Language) -> String {
    let (much, [open, close], and) = match language {
        Language::English => ("Much is said about", ["“", "”"], "and"),
        Language::German => ("Es geht viel um", ["„", "“"], "und"),
        Language::French => ("On parle beaucoup de", ["« ", " »"], "et"),
        Language::Spanish => ("Se habla mucho de", ["«", "»"], "y"),
        Language::Italian => ("Si parla molto di", ["«", "»"], "e"),
        Language::Portuguese => ("Fala-se muito de", ["“", "”"], "e"),
    };
    let quoted: Vec<String> = terms
        .iter()
        .map(|term| format!("{open}{term}{close}"))
        .collect();
    let list = match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {and} {last}", rest.join(", ")),
        _ => quoted.concat(),
    };
    format!("{much} {list}.")
}

/// A word of the transcript, and what it can be a term by.
struct TermWord<'a> {
    written: &'a str,
    /// Its stem, where it says something.
    stem: Option<String>,
    /// Whether a mark behind it parts it from the next word.
    is_parted: bool,
}

/// How a word is mentioned.
#[derive(Default)]
struct Mentions<'a> {
    count: usize,
    /// How often a word stands before it that stands before things, or that says how they are.
    as_thing: usize,
    /// How often a word follows that says something, as it does behind an adjective.
    as_attribute: usize,
    forms: HashMap<&'a str, usize>,
}

impl<'a> Mentions<'a> {
    /// Whether it mostly stands for a thing, and not for what is done or how something is.
    fn is_thing(&self) -> bool {
        self.as_thing * 2 >= self.count && self.as_attribute * 5 <= self.count * 3
    }

    /// How it is mostly written; of two forms the first in order.
    fn usual_form(&self) -> &'a str {
        let forms = self.forms.iter();
        let usual = forms.max_by_key(|&(form, count)| (*count, Reverse(*form)));
        usual.map_or("", |(form, _)| form)
    }
}

/// Whether two stems are of words that say much the same: "mine" and "miner".
fn are_kin(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// What is known of the words of a talk: of each by itself, and how often two follow each other.
struct Counts<'a> {
    singles: HashMap<&'a str, Mentions<'a>>,
    pairs: HashMap<(&'a str, &'a str), usize>,
}

/// Names the terms that a talk mentions most, the most frequent first, as they are mostly written;
/// none where there are too few.
pub(super) fn frequent_terms(material: &Material<'_>, language: Language) -> Vec<String> {
    let words = term_words(material, language);
    let Counts { singles, pairs } = count(&words, language);
    let titled = telling_stems(material.title, Some(language));
    let weight = |stem: &str| {
        let is_name = language == Language::English && !is_ordinary_word(stem);
        let named = if is_name { 1.5 } else { 1.0 };
        let is_titled = titled.iter().any(|titled| titled == stem);
        named * if is_titled { 1.3 } else { 1.0 }
    };
    let mut ranked: Vec<(f64, Vec<&str>)> = Vec::new();
    for (&stem, mentions) in &singles {
        if mentions.count >= OFTEN && mentions.is_thing() {
            ranked.push((ratio(mentions.count, 1) * weight(stem), vec![stem]));
        }
    }
    for (&(first, second), &count) in &pairs {
        let rarer = singles[first].count.min(singles[second].count);
        let belong_together = count * 3 >= rarer && singles[second].is_thing();
        if count >= OFTEN_TOGETHER && belong_together {
            let weight = weight(first).max(weight(second));
            ranked.push((ratio(count, 1) * weight * 2.0, vec![first, second]));
        }
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut taken: Vec<&str> = Vec::new();
    let mut terms = Vec::new();
    for (_, stems) in ranked {
        let is_new = |stem: &&str| !taken.iter().any(|taken| are_kin(taken, stem));
        if terms.len() < MOST && stems.iter().all(is_new) {
            let forms: Vec<&str> = stems
                .iter()
                .map(|stem| singles[stem].usual_form())
                .collect();
            terms.push(forms.join(" "));
            taken.extend(stems);
        }
    }
    if terms.len() < FEWEST {
        terms.clear();
    }
    terms
}

fn count<'a>(words: &'a [TermWord<'a>], language: Language) -> Counts<'a> {
    let precedes_things: HashSet<&str> = words_before_things(language).split(' ').collect();
    let mut singles: HashMap<&str, Mentions<'_>> = HashMap::new();
    let mut pairs = HashMap::new();
    for (at, word) in words.iter().enumerate() {
        let Some(stem) = word.stem.as_deref() else {
            continue;
        };
        let before = at.checked_sub(1).map(|at| &words[at]);
        let attribute = before
            .filter(|before| !before.is_parted)
            .and_then(|before| before.stem.as_deref());
        let opens_thing =
            before.is_some_and(|word| precedes_things.contains(fold(word.written).as_ref()));
        let is_followed = words.get(at + 1).is_some_and(|next| next.stem.is_some());
        let mentions = singles.entry(stem).or_default();
        mentions.count += 1;
        mentions.as_thing += usize::from(opens_thing || attribute.is_some());
        mentions.as_attribute += usize::from(is_followed && !word.is_parted);
        *mentions.forms.entry(word.written).or_default() += 1;
        if let Some(attribute) = attribute.filter(|&attribute| attribute != stem) {
            *pairs.entry((attribute, stem)).or_default() += 1;
        }
    }
    Counts { singles, pairs }
}

/// The words of a talk, of which those have a stem that can be a term, or a part of one.
fn term_words<'a>(material: &Material<'a>, language: Language) -> Vec<TermWord<'a>> {
    const SHORTEST: usize = 3;
    let common: HashSet<&str> = COMMON.split(' ').collect();
    let names: HashSet<String> = material
        .speakers
        .iter()
        .flat_map(|name| name.split_whitespace())
        .map(|name| fold(bare(name)).into_owned())
        .collect();
    // "proposed" and "shared" say how something is.
    let is_participle = |word: &str| {
        language == Language::English && word.ends_with("ed") && !word.ends_with("eed")
    };
    let is_telling = |word: &str| {
        word.chars().count() >= SHORTEST
            && !common.contains(word)
            && !names.contains(word)
            && !is_participle(word)
            && !is_filler(word, Some(language))
    };
    let stem = |written: &str| {
        let word = fold(written);
        let mut stems = telling_stems(&word, Some(language));
        stems
            .pop()
            .filter(|_| stems.is_empty() && is_telling(&word))
    };
    material
        .cues
        .iter()
        .flat_map(|cue| cue.text.split_whitespace())
        .filter(|word| !bare(word).is_empty())
        .map(|word| TermWord {
            written: bare(word),
            stem: stem(bare(word)),
            is_parted: word.ends_with(|c: char| !c.is_alphanumeric()),
        })
        .collect()
}

/// What talks of all kinds are full of.
const COMMON: &str = "people person thing things something someone everybody anybody lot lots way ways bit kind kinds \
    sort stuff talk talks speaker slide slides question questions stage applause music laughter folks guy guys thank \
    thanks hello please example examples time times moment minute minutes second seconds hour hours day days today \
    week weeks month months year years beginning start end point points number numbers amount case cases part parts \
    side place form level set word words line name names problem problems issue issues work project projects idea \
    ideas reason reasons fact sense thought step steps couple bunch hand hands world difference different important \
    interesting certain great nice cool same new old big small high low long short easy hard better best bad able \
    first last next other main whole full right left true false real open general simple fair actually basically \
    obviously probably okay alice bob carol dave eve charlie";

/// The words that stand before things: articles, prepositions.
fn words_before_things(language: Language) -> &'static str {
    match language {
        Language::English => {
            "the a an this that these those my your our their its each every some any no many \
                of in on for with from by about into between through per multiple several"
        }
        Language::German => {
            "der die das den dem des ein eine einen einem einer eines kein keine unser unsere \
                mit von für im am zum zur beim über diese dieser dieses viele"
        }
        Language::French => {
            "le la les un une des du de au aux ce cette ces notre nos votre vos mon ma mes \
                chaque plusieurs sur avec pour"
        }
        Language::Spanish => {
            "el la los las un una unos unas de del al este esta estos estas nuestro nuestra \
                cada varios con sobre para"
        }
        Language::Italian => {
            "il lo la i gli le un uno una di del dello della dei degli delle al alla nel nella \
                questo questa nostro nostra ogni con su per"
        }
        Language::Portuguese => {
            "o a os as um uma de do da dos das no na nos nas este esta esse essa nosso nossa \
                cada com para sobre"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{frequent_terms, mention};
    use crate::summarize::builtin::Material;
    use crate::talk::language::Language;
    use crate::talk::transcript::Cue;

    fn terms_of(language: Language, text: &str) -> String {
        let cue = Cue {
            span: None,
            text: text.repeat(4),
        };
        let material = Material {
            title: "",
            speakers: &["Ada Quill".to_owned()],
            description: "",
            cues: &[cue],
        };
        frequent_terms(&material, language).join(", ")
    }

    #[test]
    fn things_are_told_from_what_is_done_with_them() {
        for (language, text, expected) in [
            (
                Language::English,
                "quill has a hash of each slow block in the merkle tree and we verify the \
                    merkle tree with a proof because people want the proof of a block in the tree ",
                "merkle tree, block, proof, hash",
            ),
            (
                Language::German,
                "dass wir den Speicher haben und die Antwort und wir haben ein Protokoll für den \
                    Speicher in dem die Antwort und das Protokoll und der Speicher sind ",
                "Speicher, Antwort, Protokoll",
            ),
            (
                Language::English,
                "the miner of the mine has a mine and the proposed lease is a lease of the miner ",
                "",
            ),
            (
                Language::English,
                "we think that we can run it and they want to see it and I thank you ",
                "",
            ),
        ] {
            assert_eq!(terms_of(language, text), expected, "{text}");
        }
    }

    #[test]
    fn terms_are_mentioned_in_the_language_of_the_talk() {
        let terms = ["lease", "merkle tree", "queue"].map(str::to_owned);
        for (terms, language, expected) in [
            (
                &terms[..],
                Language::English,
                "Much is said about “lease”, “merkle tree” and “queue”.",
            ),
            (
                &terms[..2],
                Language::French,
                "On parle beaucoup de « lease » et « merkle tree ».",
            ),
            (&terms[..1], Language::German, "Es geht viel um „lease“."),
        ] {
            assert_eq!(mention(terms, language), expected);
        }
    }
}
