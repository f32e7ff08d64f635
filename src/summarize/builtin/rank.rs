//! Ranks what was said in a talk by how well it stands for the whole.
//!
//! Three things speak for a unit: other units share its words (`TextRank`), it says what the talk
//! is about ("in this talk", "the problem is"), and it shares words with the title. Greetings, thanks
//! and pointing at slides speak against it. Order of speech decides ties, so that a transcript
//! always gives the same ranking.

use std::collections::{HashMap, HashSet};

use crate::summarize::builtin::phrases::{
    CLAIMS, CONDITIONS, HOUSEKEEPING, POINTING, TALK_OPENINGS, VAGUE_OPENINGS, announces,
    count_phrases, enclosed_words, opens, personal_openings,
};
use crate::summarize::builtin::ratio::ratio;
use crate::summarize::builtin::units::Unit;
use crate::summarize::sentences::words;
use crate::talk::language::{Language, telling_stems};

/// A unit with the stems it is compared by, and its score.
pub(super) struct Ranked<'a> {
    pub(super) unit: &'a Unit,
    pub(super) score: f64,
    stems: Vec<usize>,
}

impl Ranked<'_> {
    /// Whether two units say much the same.
    pub(super) fn resembles(&self, other: &Self) -> bool {
        const MUCH: f64 = 0.4;
        let shared = count_shared(&self.stems, &other.stems);
        ratio(shared, self.stems.len().min(other.stems.len())) > MUCH
    }
}

/// Ranks units, the best first.
pub(super) fn rank<'a>(
    units: &'a [Unit],
    title: &str,
    language: Option<Language>,
) -> Vec<Ranked<'a>> {
    let mut numbers = HashMap::new();
    let stems: Vec<Vec<usize>> = units
        .iter()
        .map(|unit| stem_numbers(&unit.text, language, &mut numbers))
        .collect();
    // What nobody says, such as the name of the event, tells nothing about what was said.
    let spoken = numbers.len();
    let titled: HashSet<usize> = stem_numbers(title, language, &mut numbers)
        .into_iter()
        .filter(|&stem| stem < spoken)
        .collect();
    let keywords = keywords(&stems, spoken);
    let mut ranked: Vec<Ranked<'a>> = units
        .iter()
        .zip(stems)
        .map(|(unit, stems)| {
            let score = own_merit(unit, &stems, &titled, &keywords, language);
            Ranked { unit, score, stems }
        })
        .collect();
    sort(&mut ranked);
    ranked.truncate(CANDIDATES);
    let stems: Vec<&[usize]> = ranked
        .iter()
        .map(|ranked| ranked.stems.as_slice())
        .collect();
    let ranks = text_rank(&stems);
    for (ranked, rank) in ranked.iter_mut().zip(ranks) {
        ranked.score += rank;
    }
    sort(&mut ranked);
    ranked
}

/// The stems that most units have.
fn keywords(units: &[Vec<usize>], stems: usize) -> HashSet<usize> {
    const KEYWORDS: usize = 12;
    let mut counts = vec![0_usize; stems];
    for &stem in units.iter().flatten() {
        counts[stem] += 1;
    }
    let mut frequent: Vec<usize> = (0..stems).filter(|&stem| counts[stem] > 2).collect();
    frequent.sort_by_key(|&stem| (std::cmp::Reverse(counts[stem]), stem));
    frequent.truncate(KEYWORDS);
    frequent.into_iter().collect()
}

/// More units than this are never compared with each other, since that takes time by the square.
const CANDIDATES: usize = 300;

fn sort(ranked: &mut [Ranked<'_>]) {
    ranked.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.unit.place.total_cmp(&b.unit.place))
    });
}

/// Numbers the stems of a text in the order in which they first appear; sorted, each once.
fn stem_numbers(
    text: &str,
    language: Option<Language>,
    numbers: &mut HashMap<String, usize>,
) -> Vec<usize> {
    let mut stems: Vec<usize> = telling_stems(text, language)
        .into_iter()
        .map(|stem| {
            let next = numbers.len();
            *numbers.entry(stem).or_insert(next)
        })
        .collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// Scores a unit by itself: weights, each with how much of its reason is there.
fn own_merit(
    unit: &Unit,
    stems: &[usize],
    titled: &HashSet<usize>,
    keywords: &HashSet<usize>,
    language: Option<Language>,
) -> f64 {
    /// A unit that is this whole is whole enough; then it matters what it says.
    const WHOLE: f64 = -0.6;
    /// More of them make no unit more telling.
    const MANY_KEYWORDS: usize = 3;
    const FEW_STEMS: usize = 4;
    const MANY_WORDS: usize = 24;
    let text = enclosed_words(&unit.text);
    let up_to = |most: usize, phrases: &str| ratio(count_phrases(phrases, &text).min(most), 1);
    let in_title = stems.iter().filter(|stem| titled.contains(stem)).count();
    let keyworded = stems
        .iter()
        .filter(|stem| keywords.contains(stem))
        .count()
        .min(MANY_KEYWORDS);
    let title = ratio(in_title, titled.len().clamp(1, 4)).min(1.0);
    let is_question = unit.text.contains(['?', '？']);
    let is_aside = unit.text.starts_with('(') || unit.text.ends_with(')');
    let is_vague = opens(VAGUE_OPENINGS, &text) && !opens(TALK_OPENINGS, &text);
    let announces = announces(&text) && !is_vague;
    let is_personal = opens(personal_openings(language), &text) && !announces;
    let is_counted = text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let breaks_off = unit.text.ends_with('…') || unit.text.ends_with("..");
    [
        (1.2, (unit.wholeness - WHOLE).min(0.0)),
        (1.2, title),
        (1.8, f64::from(announces)),
        (0.3, ratio(keyworded, 1)),
        (-0.8, f64::from(keyworded == 0 && in_title == 0)),
        (0.35, up_to(2, CLAIMS)),
        (0.3, f64::from(unit.place < 0.15)),
        (0.1, f64::from(unit.place >= 0.9)),
        (-1.5, up_to(2, HOUSEKEEPING)),
        (-0.6, up_to(2, POINTING)),
        (-1.5, f64::from(is_vague)),
        (-1.0, f64::from(is_personal)),
        (-0.6, f64::from(is_counted)),
        (-1.5, f64::from(opens(CONDITIONS, &text))),
        (-0.8, f64::from(is_question)),
        (-0.5, f64::from(is_aside || breaks_off)),
        (-0.8, f64::from(stems.len() < FEW_STEMS)),
        (
            -0.08,
            ratio(words(&unit.text).saturating_sub(MANY_WORDS), 1),
        ),
        (1.0, f64::from(unit.is_written)),
    ]
    .into_iter()
    .map(|(weight, extent)| weight * extent)
    .sum()
}

/// Ranks units by the words they share with others (`TextRank`); the best gets 1.
fn text_rank(units: &[&[usize]]) -> Vec<f64> {
    const DAMPING: f64 = 0.85;
    const ROUNDS: usize = 20;
    let links: Vec<Vec<f64>> = units
        .iter()
        .map(|unit| units.iter().map(|other| similarity(unit, other)).collect())
        .collect();
    let totals: Vec<f64> = links.iter().map(|row| row.iter().sum()).collect();
    let mut ranks = vec![1.0; units.len()];
    for _ in 0..ROUNDS {
        // The links are mutual, so a row also lists what points at its unit.
        ranks = links
            .iter()
            .map(|row| {
                let incoming = row
                    .iter()
                    .zip(&ranks)
                    .zip(&totals)
                    .filter(|((link, _), _)| **link > 0.0);
                let sum: f64 = incoming
                    .map(|((link, rank), total)| link * rank / total)
                    .sum();
                1.0 - DAMPING + DAMPING * sum
            })
            .collect();
    }
    let best = ranks.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    ranks.into_iter().map(|rank| rank / best).collect()
}

/// Shared stems, set off against length so that long units do not win by length alone.
fn similarity(a: &[usize], b: &[usize]) -> f64 {
    let is_self_or_short = std::ptr::eq(a, b) || a.len() < 2 || b.len() < 2;
    if is_self_or_short {
        return 0.0;
    }
    ratio(count_shared(a, b), 1) / (ratio(a.len(), 1).ln() + ratio(b.len(), 1).ln())
}

/// Counts what two sorted lists share.
fn count_shared(a: &[usize], b: &[usize]) -> usize {
    let (mut at, mut shared) = (0, 0);
    for stem in a {
        while b.get(at).is_some_and(|other| other < stem) {
            at += 1;
        }
        shared += usize::from(b.get(at) == Some(stem));
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::{count_shared, text_rank};

    #[test]
    fn sorted_lists_are_compared() {
        assert_eq!(count_shared(&[1, 3, 5, 9], &[0, 3, 4, 5]), 2);
        assert_eq!(count_shared(&[], &[1]), 0);
    }

    #[test]
    fn unit_that_shares_most_words_ranks_first() {
        let ranks = text_rank(&[&[1, 2], &[1, 2, 3, 4], &[3, 4], &[7, 8]]);
        assert!(
            ranks[1] > ranks[0] && ranks[1] > ranks[2] && ranks[0] > ranks[3],
            "{ranks:?}"
        );
    }

    #[test]
    fn nothing_to_rank_gives_nothing() {
        assert!(text_rank(&[]).is_empty());
    }
}
