//! Judges how whole a unit of English captions is, by what it starts, holds and ends with.
//!
//! Each flaw takes something off: no clause at the start, a second one that nothing joins, a
//! stumble, a loose end. It only weighs what `clauses` counts.

use crate::summarize::builtin::clauses::{Reader, SpokenWord, WordRole, asks};
use crate::summarize::builtin::ratio::ratio;
use crate::summarize::builtin::tidy::{is_listed, is_listed_pair};

/// Judges a unit: zero at best, and lower for each flaw.
pub(super) fn wholeness(unit: &[SpokenWord<'_>]) -> f64 {
    /// Each word more makes a sentence without a comma harder to follow.
    const EASY: usize = 12;
    // A finding is told in the present more often than an anecdote, and is not about a person.
    const ANECDOTES: &str = "i i'd i've my me she he her his him somebody";
    const PAST: &str = "was were had went came said asked got did started";
    let reader = Reader::new(unit);
    let clauses = reader.clauses();
    let count = |list| {
        let listed = unit.iter().filter(|word| is_listed(word.text, list));
        ratio(listed.count().min(3), 1)
    };
    [
        (-1.5, ratio(flaws(unit, reader, clauses), 1)),
        (-2.0, ratio(reader.unjoined_clauses(), 1)),
        (-1.5, ratio(reader.spare_verbs(), 1)),
        (-1.0, ratio(reader.unlinked_verbs(), 1)),
        (-1.0, ratio(stumbles(unit), 1)),
        (-0.04, ratio(unit.len().saturating_sub(EASY), 1)),
        (-0.15, ratio(clauses.saturating_sub(2), 1)),
        (-0.25, count(ANECDOTES)),
        (-0.2, count(PAST)),
    ]
    .iter()
    .map(|(weight, extent)| weight * extent)
    .sum()
}

fn flaws(unit: &[SpokenWord<'_>], reader: Reader<'_>, clauses: usize) -> usize {
    const ASIDES: &str = "you know|you see|at least|for example|i mean|i guess|that's it|in short";
    let (Some(first), Some(last)) = (unit.first(), unit.last()) else {
        return 0;
    };
    let is_subordinate = first.is(WordRole::Subordinator) && reader.opens(1);
    let sets_scene = first.is(WordRole::Scene);
    let next = unit.get(1).map_or("", |word| word.text);
    [
        first.is(WordRole::Continuer) && !sets_scene,
        asks(unit, 0),
        is_listed_pair(first.text, next, ASIDES),
        clauses <= usize::from(is_subordinate),
        !last.can_end(),
        !sets_scene && !reader.has_early_verb(),
        !sets_scene && !is_subordinate && !reader.opens(0),
        reader.ends_in_a_condition(),
        ends_in_an_attribute(unit),
        ends_in_a_start(unit),
        gropes(unit),
    ]
    .into_iter()
    .filter(|&is_flaw| is_flaw)
    .count()
}

/// Whether it ends in a word that a thing is to follow: "in the current", "and then alice's".
fn ends_in_an_attribute(unit: &[SpokenWord<'_>]) -> bool {
    const ATTRIBUTES: &str = "current certain various specific particular given following different entire whole \
        several main original previous actual real respective new regular normal typical potential initial \
        general own similar such very really pretty minimum maximum viable first second third";
    const BEFORE_ADVERBS: &str = "been is are was were be very really quite";
    const ADJECTIVES: &str = "likely only friendly early costly family ugly";
    let last = unit.last().map_or("", |word| word.text);
    let before = unit.len().checked_sub(2).map_or("", |at| unit[at].text);
    let is_adverb = last.ends_with("ly") && !is_listed(last, ADJECTIVES);
    (is_listed(last, ATTRIBUTES) && !is_closed(unit))
        || (is_adverb && is_listed(before, BEFORE_ADVERBS))
        || last.ends_with("'s")
        || last.ends_with("s'")
}

/// Whether "in general" and "is different" stand at the end, which want nothing more.
fn is_closed(unit: &[SpokenWord<'_>]) -> bool {
    const BEFORE: &str = "in is are was were be it's they're very really pretty quite more most so";
    let before = unit.len().checked_sub(2).map_or("", |at| unit[at].text);
    is_listed(before, BEFORE)
}

/// Whether the speaker says it once more, or looks for words: "in other words", "like" and "like".
fn gropes(unit: &[SpokenWord<'_>]) -> bool {
    const AGAIN: [(&str, &str); 3] = [("other", "words"), ("i", "mean"), ("you", "know")];
    let likes = unit.iter().filter(|word| word.text == "like").count();
    let says_again = |pair: &[SpokenWord<'_>]| AGAIN.contains(&(pair[0].text, pair[1].text));
    likes > 1 || unit.windows(2).any(says_again)
}

/// Whether it ends in the subject of a clause that is not there: "… and the signature".
fn ends_in_a_start(unit: &[SpokenWord<'_>]) -> bool {
    const TAIL: usize = 4;
    let tail = &unit[unit.len().saturating_sub(TAIL)..];
    let joint = tail
        .iter()
        .rposition(|word| is_listed(word.text, "and but so or because"));
    let is_subject = |at: usize| {
        let next = tail.get(at + 1);
        next.is_some_and(|word| {
            [WordRole::Determiner, WordRole::Scene, WordRole::Marker]
                .iter()
                .any(|&role| word.is(role))
        })
    };
    let question = tail
        .iter()
        .rposition(|word| is_listed(word.text, "why what how though although"));
    let is_heading = |at: usize| {
        let behind = &tail[at + 1..];
        !behind
            .iter()
            .any(|word| word.is_verb() || word.text == "to")
    };
    joint.is_some_and(is_subject) || question.is_some_and(is_heading)
}

/// Counts the places where the speaker breaks off and starts anew: "the we", "to i".
fn stumbles(unit: &[SpokenWord<'_>]) -> usize {
    const ARTICLES: &str = "the a an my our your their every";
    const BEHIND_ARTICLES: &str = "i we they he she the a an is are was were and to of so but because or if \
        i'm we're it's that's they're there's";
    const PERSONS: &str = "i we they he she";
    const BEHIND_PERSONS: &str =
        "i we they the a an of so because or i'm we're it's that's they're there's";
    const LINKS: &str = "to of";
    const BEHIND_LINKS: &str = "i we they he she is are was were and to of so but because or i'm we're it's \
        that's they're there's";
    const PREPOSITIONS: &str = "about with for from at into";
    const BEHIND_PREPOSITIONS: &str = "i we he she they i'm we're it's that's they're there's";
    // Speech leans on "like" where it looks for a word.
    const BEFORE_LIKE: &str = "have had of and but so say said says asked better from or to";
    unit.windows(2)
        .filter(|pair| {
            let (word, next) = (pair[0].text, pair[1].text);
            [
                (ARTICLES, BEHIND_ARTICLES),
                (PERSONS, BEHIND_PERSONS),
                (LINKS, BEHIND_LINKS),
                (PREPOSITIONS, BEHIND_PREPOSITIONS),
                (BEFORE_LIKE, "like"),
            ]
            .iter()
            .any(|(words, behind)| is_listed(word, words) && is_listed(next, behind))
        })
        .count()
}

#[cfg(test)]
mod tests {
    use crate::summarize::builtin::cuts::tests::wholeness_of;

    #[test]
    fn whole_sentence_is_preferred() {
        let whole = wholeness_of("the compiler reads every loan before the program runs");
        for lesser in [
            "the compiler reads every loan before the",
            "because the compiler reads every loan",
            "every kind of loan in the program",
            "why does the compiler read every loan",
            "of which the compiler reads every loan",
            "my compiler was told that I had a loan",
            "the compiler reads a the loan before the program runs",
            "the compiler reads every loan in the current",
            "the compiler reads every loan and then from there",
            "the compiler reads every loan though why compilers",
            "the compiler reads about it is every loan before",
            "the compiler reads every loan so it is surprisingly",
            "the compiler reads every loan in other words it runs",
        ] {
            assert!(wholeness_of(lesser) < whole, "{lesser}");
        }
    }
}
