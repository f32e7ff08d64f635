//! Two catalogs over the same recordings, side by side: which words, names and categories differ.
//!
//! Pure: talks come in as the line left them, views go out. Only what belongs to exactly the
//! settings of a side is compared; an older result that stands in on a page counts as lacking.

pub(crate) mod page;
mod words;

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use crate::catalog::Glossary;
pub(crate) use crate::compare::words::{DiffPiece, compare_with_others};
use crate::summarize::near_miss::{Trusted, names_only_here, near_misses};
use crate::talk::id::TalkId;
use crate::talk::{Choice, Freshness, SummarizedTalk, Talk, UNCATEGORIZED, one_line};

/// What each of the two sides has, in their order.
pub(crate) type Both<T> = [T; 2];

/// What one catalog makes of the talks.
#[derive(Debug)]
pub(crate) struct ComparedSide<'a> {
    /// The talks in the catalog's order.
    pub talks: Vec<&'a SummarizedTalk>,
    /// Names as its organizer writes them.
    pub glossary: &'a Glossary,
    /// Whether its talks are to have a category.
    pub filing: CategoryListing,
}

/// Whether a catalog has categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CategoryListing {
    /// It has.
    Categories,
    /// It has none, so no talk lacks one.
    None,
}

/// What the comparison found, as templates see it.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Comparison {
    /// The talks that differ, in the order of the first side.
    pub different: Vec<Different>,
    /// The talks of which a side has nothing for exactly its settings.
    pub lacking: Both<Vec<Lacking>>,
    /// The talks that only one side lists.
    pub alone: Both<Vec<KnownTalk>>,
    /// What all that comes to.
    pub totals: Totals,
}

/// A talk, as a reader knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct KnownTalk {
    pub id: String,
    /// The link that plays it.
    pub url: String,
    pub title: String,
}

/// A talk of which a side has nothing for exactly its settings.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Lacking {
    pub talk: KnownTalk,
    /// What is lacking: `summary` or `category`.
    pub what: &'static str,
    /// Whether an older one stands on the page meanwhile.
    pub has_older: bool,
}

/// A talk that differs.
#[derive(Debug, Serialize)]
pub(crate) struct Different {
    pub talk: KnownTalk,
    /// Whether the summaries differ, and not the category alone.
    pub is_reworded: bool,
    /// Whether the categories differ, and not the summaries alone.
    pub is_refiled: bool,
    /// What each side says.
    pub sides: Both<TalkVersion>,
}

/// What one side says about a talk.
#[derive(Debug, Default, Serialize)]
pub(crate) struct TalkVersion {
    pub summary: Vec<DiffPiece>,
    /// The category, where it is known.
    pub category: Option<String>,
    /// Names that this summary mentions and the other does not.
    pub names: Vec<String>,
    /// What seems to be a misheard name.
    pub misheard: Vec<MisheardWord>,
}

/// A word that seems to be a misheard name.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct MisheardWord {
    pub word: String,
    pub name: String,
}

/// What a comparison comes to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Totals {
    /// Talks that both sides list.
    pub talks: usize,
    /// Summaries that are the same, word for word.
    pub same: usize,
    /// Summaries that differ.
    pub reworded: usize,
    /// Talks that both sides have a category for.
    pub filed: usize,
    /// Those of them where it is another.
    pub refiled: usize,
    /// How many words the compared summaries have on average, on each side.
    pub words: Both<usize>,
    /// How many words seem to be misheard names in the summaries that differ, on each side.
    pub misheard: Both<usize>,
}

/// Compares what two catalogs make of their talks.
#[must_use]
pub(crate) fn compare_sides(a: &ComparedSide<'_>, b: &ComparedSide<'_>) -> Comparison {
    let trusted = [a, b].map(|side| Trusted::of(side.glossary));
    let in_b: HashMap<&TalkId, &SummarizedTalk> = by_id(b).collect();
    let mut comparison = Comparison {
        lacking: [a, b].map(lacking),
        alone: [only_here(a, b), only_here(b, a)],
        ..Comparison::default()
    };
    let mut words = [0, 0];
    for (id, in_a) in by_id(a) {
        let Some(in_b) = in_b.get(id) else {
            continue;
        };
        let pair = [in_a, *in_b];
        let totals = &mut comparison.totals;
        totals.talks += 1;
        let summaries = both(pair.map(summary));
        let categories = both(pair.map(category));
        let is_reworded = summaries.is_some_and(|[a, b]| one_line(a) != one_line(b));
        let is_refiled = categories.is_some_and(|[a, b]| a != b);
        totals.reworded += usize::from(is_reworded);
        totals.refiled += usize::from(is_refiled);
        totals.filed += usize::from(categories.is_some());
        if let Some(texts) = summaries {
            totals.same += usize::from(!is_reworded);
            for (sum, text) in words.iter_mut().zip(texts) {
                *sum += text.unicode_words().count();
            }
        }
        if is_reworded || is_refiled {
            let sides = versions(pair, &trusted);
            for (sum, side) in totals.misheard.iter_mut().zip(&sides) {
                *sum += side.misheard.len();
            }
            comparison.different.push(Different {
                talk: known_talk(&in_a.talk),
                is_reworded,
                is_refiled,
                sides,
            });
        }
    }
    let compared = comparison.totals.same + comparison.totals.reworded;
    comparison.totals.words = words.map(|sum| average(sum, compared));
    comparison
}

fn average(sum: usize, count: usize) -> usize {
    (sum + count / 2).checked_div(count).unwrap_or(0)
}

fn by_id<'a>(side: &'a ComparedSide<'_>) -> impl Iterator<Item = (&'a TalkId, &'a SummarizedTalk)> {
    side.talks.iter().map(|talk| (&talk.talk.id, *talk))
}

/// What both sides have.
fn both<T>([a, b]: Both<Option<T>>) -> Option<Both<T>> {
    Some([a?, b?])
}

/// The summary that belongs to exactly the settings of its side.
fn summary(talk: &SummarizedTalk) -> Option<&str> {
    let summary = talk.summary.as_ref();
    let exact = summary.filter(|summary| summary.freshness == Freshness::Current);
    exact.map(|summary| summary.text.as_str())
}

/// The category that belongs to exactly the settings of its side, and so to such a summary.
fn category(talk: &SummarizedTalk) -> Option<&str> {
    summary(talk)?;
    let filing = talk.category.as_ref();
    let exact = filing.filter(|filing| filing.freshness == Freshness::Current);
    exact.map(|filing| match &filing.choice {
        Choice::Category(name) => name.as_str(),
        Choice::NoneFits => UNCATEGORIZED,
    })
}

fn lacking(side: &ComparedSide<'_>) -> Vec<Lacking> {
    let lacking = side.talks.iter().filter_map(|talk| {
        let (what, has_older) = match (summary(talk), category(talk)) {
            (None, _) => ("summary", talk.summary.is_some()),
            (_, None) if side.filing == CategoryListing::Categories => {
                ("category", talk.category.is_some())
            }
            _ => return None,
        };
        Some(Lacking {
            talk: known_talk(&talk.talk),
            what,
            has_older,
        })
    });
    lacking.collect()
}

/// The talks that the other side does not list.
fn only_here(side: &ComparedSide<'_>, other: &ComparedSide<'_>) -> Vec<KnownTalk> {
    let others: HashSet<&TalkId> = by_id(other).map(|(id, _)| id).collect();
    by_id(side)
        .filter(|(id, _)| !others.contains(id))
        .map(|(_, talk)| known_talk(&talk.talk))
        .collect()
}

fn known_talk(talk: &Talk) -> KnownTalk {
    KnownTalk {
        id: talk.id.to_string(),
        url: talk.url(),
        title: one_line(&talk.title),
    }
}

fn versions(pair: Both<&SummarizedTalk>, trusted: &Both<Trusted>) -> Both<TalkVersion> {
    let [a, b] = pair.map(|talk| one_line(summary(talk).unwrap_or_default()));
    let [pieces_a, pieces_b] = words::compare_words(&a, &b);
    let [trusted_a, trusted_b] = trusted;
    [
        version(pair[0], (&a, &b), pieces_a, trusted_a),
        version(pair[1], (&b, &a), pieces_b, trusted_b),
    ]
}

fn version(
    talk: &SummarizedTalk,
    (text, other): (&str, &str),
    summary: Vec<DiffPiece>,
    trusted: &Trusted,
) -> TalkVersion {
    let trusted = trusted.and_talk(&talk.talk);
    let misheard = near_misses(text, &trusted).into_iter();
    TalkVersion {
        summary,
        category: category(talk).map(str::to_owned),
        names: names_only_here(text, other, &trusted),
        misheard: misheard
            .map(|found| MisheardWord {
                word: found.word,
                name: found.suggestion.name,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
