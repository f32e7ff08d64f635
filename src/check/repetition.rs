//! Summaries that say something twice: the same in both sentences, the title again, or what the
//! summary of another talk says.
//!
//! Compared are the stems of the words that say something. Who repeats in other words is not found.

use std::collections::{HashMap, HashSet};

use crate::check::{Finding, Kind, is_retold, sentences_of};
use crate::talk::id::TalkId;
use crate::talk::language::{Language, telling_stems};
use crate::talk::{SummarizedTalk, Summary, Talk};

/// How many of the words of the shorter sentence the other one has, where both say the same.
const TWICE: Percent = Percent(65);
/// How many words of a sentence are in the title, and how many of the title in the sentence.
const OF_SENTENCE: Percent = Percent(60);
const OF_TITLE: Percent = Percent(75);
/// How many words two summaries share of all that either has.
const OF_BOTH: Percent = Percent(60);
/// With fewer words nothing is told.
const FEWEST_WORDS: usize = 3;

/// A share in hundredths.
#[derive(Clone, Copy)]
struct Percent(usize);

impl Percent {
    fn is_met(self, part: usize, all: usize) -> bool {
        part * 100 >= all * self.0
    }
}

/// What a summary says twice, or says of its talk that the title says.
#[must_use]
pub(crate) fn findings(talk: &Talk, summary: &Summary) -> Vec<Finding> {
    if is_retold(summary) {
        in_sentences(&talk.id, &talk.title, &sentences_of(summary))
    } else {
        Vec::new()
    }
}

fn in_sentences(talk: &TalkId, title: &str, sentences: &[&str]) -> Vec<Finding> {
    let language = Language::of(&sentences.join(" "));
    let stems =
        |text: &str| -> HashSet<String> { telling_stems(text, language).into_iter().collect() };
    let of_sentences: Vec<HashSet<String>> = sentences.iter().map(|text| stems(text)).collect();
    let mut findings = Vec::new();
    for (at, second) in of_sentences.iter().enumerate().skip(1) {
        if of_sentences[..at]
            .iter()
            .any(|first| say_the_same(first, second))
        {
            let message = "it says the same in two sentences".to_owned();
            findings.push(Finding::about(
                talk,
                Kind::Repetition,
                sentences[at],
                message,
            ));
        }
    }
    let title = stems(title);
    for (sentence, text) in of_sentences.iter().zip(sentences) {
        if repeats_title(sentence, &title) {
            let message = "a sentence says little more than the title".to_owned();
            findings.push(Finding::about(talk, Kind::Repetition, *text, message));
        }
    }
    findings
}

fn say_the_same(first: &HashSet<String>, second: &HashSet<String>) -> bool {
    let shorter = first.len().min(second.len());
    shorter >= FEWEST_WORDS && TWICE.is_met(first.intersection(second).count(), shorter)
}

fn repeats_title(sentence: &HashSet<String>, title: &HashSet<String>) -> bool {
    let shared = sentence.intersection(title).count();
    title.len() >= FEWEST_WORDS
        && OF_SENTENCE.is_met(shared, sentence.len())
        && OF_TITLE.is_met(shared, title.len())
}

/// Every summary that is nearly one that stands before it.
#[must_use]
pub(crate) fn across<'a>(talks: impl Iterator<Item = &'a SummarizedTalk>) -> Vec<Finding> {
    let retold = talks.filter_map(|talk| {
        let summary = talk.summary.as_ref().filter(|summary| is_retold(summary))?;
        Some((&talk.talk.id, summary.text.as_str()))
    });
    among(&retold.collect::<Vec<_>>())
}

fn among(summaries: &[(&TalkId, &str)]) -> Vec<Finding> {
    let sets: Vec<HashSet<String>> = summaries
        .iter()
        .map(|(_, text)| {
            telling_stems(text, Language::of(text))
                .into_iter()
                .collect()
        })
        .collect();
    let mut with_stem: HashMap<&str, usize> = HashMap::new();
    for stem in sets.iter().flatten() {
        *with_stem.entry(stem).or_default() += 1;
    }
    // Two sets that share so many stems share one of the rarest few of each: only those are looked
    // up (prefix filtering, Chaudhuri et al. 2006).
    let mut by_stem: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut findings = Vec::new();
    for (at, set) in sets.iter().enumerate() {
        let mut stems: Vec<&str> = set.iter().map(String::as_str).collect();
        stems.sort_by_key(|stem| (with_stem[stem], *stem));
        let needed = (stems.len() * OF_BOTH.0).div_ceil(100);
        let rarest = &stems[..(stems.len() + 1 - needed).min(stems.len())];
        let mut earlier: Vec<usize> = rarest
            .iter()
            .flat_map(|stem| by_stem.get(stem).into_iter().flatten().copied())
            .collect();
        earlier.sort_unstable();
        if let Some(twin) = earlier
            .into_iter()
            .find(|twin| are_alike(&sets[*twin], set))
        {
            let (other, (talk, text)) = (summaries[twin].0, summaries[at]);
            let message = format!("it is nearly the summary of `{other}`");
            findings.push(Finding::about(talk, Kind::Repetition, text, message));
        }
        for stem in rarest {
            by_stem.entry(stem).or_default().push(at);
        }
    }
    findings
}

fn are_alike(one: &HashSet<String>, other: &HashSet<String>) -> bool {
    let shared = one.intersection(other).count();
    let all = one.len() + other.len() - shared;
    shared >= FEWEST_WORDS && OF_BOTH.is_met(shared, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(title: &str, sentences: [&str; 2]) -> Vec<String> {
        let talk = TalkId::whole("-cBplHNM4RA".parse().unwrap());
        let findings = in_sentences(&talk, title, &sentences).into_iter();
        findings.map(|finding| finding.message).collect()
    }

    const CACHE: &str = "A cache that is keyed by all of its inputs never serves an old answer.";

    #[test]
    fn two_sentences_that_say_the_same_are_found() {
        let again = "An old answer is never served by a cache whose key has all inputs.";
        assert_eq!(
            found("Keys", [CACHE, again]),
            ["it says the same in two sentences"]
        );
        let more = "Writes survive a power cut because a file is renamed only when it is whole.";
        assert!(found("Keys", [CACHE, more]).is_empty());
    }

    #[test]
    fn a_sentence_that_repeats_the_title_is_found() {
        let title = "Caching Build Results Across Machines";
        let repeated = "Caching the results of builds across machines is presented.";
        assert_eq!(
            found(title, [repeated, CACHE]),
            ["a sentence says little more than the title"]
        );
        let told = "Caching build results across machines halves the cost of a run, since most \
            inputs have not changed since the morning.";
        assert!(found(title, [told, CACHE]).is_empty());
        // A subject in a word or two is no repetition.
        assert!(found("Keyed Caches", [CACHE, told]).is_empty());
    }

    #[test]
    fn a_summary_that_is_nearly_anothers_is_found_once() {
        let ids = ["-cBplHNM4RA", "jAtrviDGpwE", "F75k4Oc6g9Q"];
        let talks = ids.map(|id| TalkId::whole(id.parse().unwrap()));
        let texts = [
            "Penguins dive for fish through holes in the ice of the bay. Their feathers keep warm air.",
            "A cache that is keyed by all of its inputs never serves an old answer. Writes are renamed.",
            "A cache that is keyed by all its inputs never serves old answers. Each write is renamed.",
        ];
        let summaries: Vec<(&TalkId, &str)> = talks.iter().zip(texts).collect();
        let found = among(&summaries);
        let found: Vec<_> = found
            .iter()
            .map(|f| (f.talk.as_ref(), &*f.message))
            .collect();
        assert_eq!(
            found,
            [(Some(&talks[2]), "it is nearly the summary of `jAtrviDGpwE`")]
        );
    }
}
