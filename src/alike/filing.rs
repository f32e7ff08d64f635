//! Files talks under categories by their words, and by what the other talks teach.
//!
//! First a talk's own words are compared with the names and descriptions of the categories. Then
//! talks learn from those that are like them. At last each category is known by the words of all
//! talks that are in it, and each talk goes where its words are likeliest. What somebody has
//! decided stays, and teaches the rest. Where talks are few, they teach only those that share no words
//! with any category.

use crate::alike::graph::Graph;
use crate::alike::lesson::{Lesson, to_shares};
use crate::alike::weights::{ReadTalks, StemIndex, TalkStems, Weights, number};

/// A category as the catalog has it.
#[derive(Debug, Clone, Copy)]
pub struct CategoryText<'a> {
    /// Its name.
    pub name: &'a str,
    /// What belongs into it.
    pub description: &'a str,
}

/// How often a word of a name counts.
const NAME: usize = 2;
/// How much neighbours say beside a talk's own words, and how often they are asked.
const NEIGHBOURS_SAY: f64 = 0.8;
const ROUNDS_OF_NEIGHBOURS: usize = 20;
/// The talks teach the categories, and once more.
const ROUNDS_OF_WORDS: usize = 2;
/// How many talks a category must have on average, so that others teach more of a talk than the words
/// that are written about a category. The measures are of categories with eight talks or more; among
/// a few talks, a single one would speak for all.
const TALKS_THAT_TEACH: usize = 8;

/// Files each talk under a category, by its index; `None` where nothing speaks for any.
///
/// `decided` are the categories that somebody chose. Of equals the earlier category wins.
#[must_use]
pub fn file(
    mut talks: ReadTalks,
    categories: &[CategoryText<'_>],
    decided: &[Option<usize>],
) -> Vec<Option<usize>> {
    if categories.is_empty() {
        return vec![None; decided.len()];
    }
    let described = describe(categories, &mut talks.vocabulary);
    let weights = talks.weights();
    let decided_or = |decided: &Option<usize>, shares: Vec<f64>| match decided {
        Some(decided) => only(*decided, categories.len()),
        None => shares,
    };
    let own = weights.iter().zip(decided).map(|(talk, decided)| {
        let shared = described
            .iter()
            .map(|category| category.weights.shared(talk));
        decided_or(decided, shared.collect())
    });
    let own: Vec<Vec<f64>> = own.collect();
    let is_met = |at: usize| {
        let mut described = described.iter();
        described.any(|category| category.is_met_by(&talks.stems[at]))
    };
    let are_few = decided.len() < TALKS_THAT_TEACH * categories.len();
    let told = ask_neighbours(&own, &Graph::of(&weights).balanced());
    let told: Vec<Vec<f64>> = told
        .into_iter()
        .zip(decided)
        .map(|(told, decided)| decided_or(decided, to_shares(told.iter().map(|say| say * say))))
        .collect();
    let lesson = Lesson::of(&weights, talks.vocabulary.len());
    let written: Vec<Weights> = described.iter().map(|c| c.weights.clone()).collect();
    let mut shares = told.clone();
    for _ in 0..ROUNDS_OF_WORDS {
        let said = lesson.hear(&written, &shares);
        let talks = weights.iter().zip(&told);
        shares = talks
            .map(|(talk, told)| lesson.shares(&said, talk, told))
            .collect();
    }
    let nothing = vec![Weights::default(); categories.len()];
    let said = lesson.hear(&nothing, &shares);
    let filed = |at: usize| {
        let is_met = is_met(at);
        if are_few && is_met {
            return best(&own[at]);
        }
        let best = best(&shares[at])?;
        let is_filed = decided[at].is_some()
            || is_met
            || lesson.others_speak_for(&said, &weights[at], &shares[at]);
        is_filed.then_some(best)
    };
    (0..decided.len()).map(filed).collect()
}

/// A category by the words that are written about it.
struct Described {
    /// All its stems, in the order of their numbers.
    stems: Vec<usize>,
    weights: Weights,
}

impl Described {
    /// One word in the title is enough; in the text it takes two, or one that keeps coming up.
    fn is_met_by(&self, talk: &TalkStems) -> bool {
        const KEEPS_COMING_UP: usize = 3;
        let is_own = |stem: &usize| self.stems.binary_search(stem).is_ok();
        let mut in_text = talk.text.iter().filter(|(stem, _)| is_own(stem));
        talk.title.iter().any(is_own)
            || in_text
                .next()
                .is_some_and(|(_, count)| *count >= KEEPS_COMING_UP)
            || in_text.next().is_some()
    }
}

/// The categories by their stems. A stem decides the less, the more categories have it.
fn describe(categories: &[CategoryText<'_>], vocabulary: &mut StemIndex) -> Vec<Described> {
    let counts: Vec<Vec<(usize, usize)>> = categories
        .iter()
        .map(|category| {
            let mut counts = Vec::new();
            for (words, times) in [(category.name, NAME), (category.description, 1)] {
                for stem in vocabulary.stems_of(words) {
                    counts.push((stem, times));
                    let kin = kin(stem, vocabulary).into_iter();
                    counts.extend(kin.map(|stem| (stem, times)));
                }
            }
            counts.sort_unstable();
            counts.dedup_by(|(stem, times), (before, sum)| {
                let is_same = stem == before;
                if is_same {
                    *sum += *times;
                }
                is_same
            });
            counts
        })
        .collect();
    let mut categories_with = vec![0; vocabulary.len()];
    for (stem, _) in counts.iter().flatten() {
        categories_with[*stem] += 1;
    }
    let weigh = |(stem, count): &(usize, usize)| {
        let tells_apart = number(categories.len() + 1) / number(categories_with[*stem]);
        let weight = (1.0 + number(*count).ln()) * vocabulary.rarity(*stem) * tells_apart.ln();
        (*stem, weight)
    };
    counts
        .iter()
        .map(|counts| Described {
            stems: counts.iter().map(|(stem, _)| *stem).collect(),
            weights: Weights(counts.iter().map(weigh).collect()).scaled(),
        })
        .collect()
}

/// The stems that stand for one that the talks hardly have: `postgres` for `postgresql`. What they
/// have often is taken at its word.
fn kin(stem: usize, vocabulary: &StemIndex) -> Vec<usize> {
    const HARDLY: usize = 1;
    const SHORTEST: usize = 3;
    const SHORTEST_INSIDE: usize = 4;
    let written = &vocabulary.stems()[stem];
    let length = written.chars().count();
    if vocabulary.talks_with(stem) > HARDLY || length < SHORTEST {
        return Vec::new();
    }
    let is_kin = |other: &str| {
        let others = other.chars().count();
        let is_inside = |inner: &str, outer: &str| {
            outer != inner && (outer.starts_with(inner) || outer.ends_with(inner))
        };
        let is_half = 2 * length.min(others) >= length.max(others);
        is_half
            && (is_inside(written, other) || others >= SHORTEST_INSIDE && is_inside(other, written))
    };
    let stems = vocabulary.stems().iter().enumerate();
    stems
        .filter(|(at, other)| vocabulary.talks_with(*at) > 0 && is_kin(other))
        .map(|(at, _)| at)
        .collect()
}

/// Lets each talk hear what its neighbours say, again and again.
fn ask_neighbours(own: &[Vec<f64>], neighbours: &[Vec<(usize, f64)>]) -> Vec<Vec<f64>> {
    let mut says = own.to_vec();
    for _ in 0..ROUNDS_OF_NEIGHBOURS {
        let heard = own.iter().zip(neighbours).map(|(own, neighbours)| {
            let mut heard: Vec<f64> = own.iter().map(|say| say * (1.0 - NEIGHBOURS_SAY)).collect();
            for (neighbour, weight) in neighbours {
                for (heard, say) in heard.iter_mut().zip(&says[*neighbour]) {
                    *heard += NEIGHBOURS_SAY * weight * say;
                }
            }
            heard
        });
        says = heard.collect();
    }
    says
}

/// All of it for one.
fn only(one: usize, of: usize) -> Vec<f64> {
    (0..of)
        .map(|at| if at == one { 1.0 } else { 0.0 })
        .collect()
}

/// The first of the largest; none where all are nothing.
fn best(shares: &[f64]) -> Option<usize> {
    let mut best = None;
    let mut most = 0.0;
    for (at, share) in shares.iter().enumerate() {
        if *share > most {
            (best, most) = (Some(at), *share);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::alike::TalkText;

    const CATEGORIES: [CategoryText<'_>; 5] = [
        category("Performance", "profiling, latency, throughput, kernels"),
        category(
            "Security",
            "vulnerabilities, cryptography, supply chain, data protection",
        ),
        category("Data", "databases, pipelines, storage, data quality"),
        category("C++", "the language and its compilers"),
        category("Community", ""),
    ];

    const fn category<'a>(name: &'a str, description: &'a str) -> CategoryText<'a> {
        CategoryText { name, description }
    }

    const fn talk<'a>(title: &'a str, text: &'a str) -> TalkText<'a> {
        TalkText { title, text }
    }

    fn read(talks: &[TalkText<'_>]) -> ReadTalks {
        talks.iter().copied().collect()
    }

    fn names<'c>(
        talks: &[TalkText<'_>],
        categories: &[CategoryText<'c>],
        decided: &[Option<usize>],
    ) -> Vec<Option<&'c str>> {
        let filed = file(read(talks), categories, decided);
        filed
            .into_iter()
            .map(|at| at.map(|at| categories[at].name))
            .collect()
    }

    #[test]
    fn telling_words_choose_among_many_talks_and_for_a_talk_alone() {
        let expected = [
            (
                talk("Profiles that help", "We profiled a web server."),
                Some("Performance"),
            ),
            (
                talk(
                    "Locking the door",
                    "Signing releases keeps the supply chain free of a known vulnerability.",
                ),
                Some("Security"),
            ),
            (
                talk("Moving a database", "A tale of one weekend."),
                Some("Data"),
            ),
            (
                talk("Modern C++ at home", "Ranges and modules."),
                Some("C++"),
            ),
            (
                talk("Growing communities", "How to find helpers."),
                Some("Community"),
            ),
            (talk("Lunch", "There will be soup."), None),
            (
                talk(
                    "Waiting",
                    "Latency here, latency there, latency everywhere.",
                ),
                Some("Performance"),
            ),
            (talk("", ""), None),
        ];
        let talks: Vec<TalkText<'_>> = expected.iter().map(|(talk, _)| *talk).collect();
        let filed = names(&talks, &CATEGORIES, &[None; 8]);
        for ((talk, expected), filed) in expected.iter().zip(filed) {
            assert_eq!(filed, *expected, "{}", talk.title);
            assert_eq!(
                names(&[*talk], &CATEGORIES, &[None]),
                [*expected],
                "{} alone",
                talk.title
            );
        }
    }

    #[test]
    fn one_word_in_a_text_is_no_reason() {
        let talks = [talk("Lunch", "The latency of the soup.")];
        assert_eq!(file(read(&talks), &CATEGORIES, &[None]), [None]);
    }

    #[test]
    fn talks_teach_words_that_no_category_names() {
        let talks = [
            talk(
                "Profiling with flame graphs",
                "Stacks drawn as flames show hot code.",
            ),
            talk(
                "Latency and flame graphs",
                "Hot code and stacks of a server.",
            ),
            talk("Flames", "Stacks of hot code, drawn as graphs."),
            talk("A database in a week", "Rows and columns on disks."),
            talk("Soup", "Carrots and onions."),
        ];
        let filed = names(&talks, &CATEGORIES, &[None; 5]);
        let performance = Some("Performance");
        assert_eq!(
            filed,
            [performance, performance, performance, Some("Data"), None]
        );
    }

    #[test]
    fn decided_talks_stay_and_teach_the_rest() {
        let talks = [
            talk("Carrots", "Carrots and onions in a hot soup."),
            talk("Onions", "A soup of onions, and bread."),
            talk("A database in a week", "Rows and columns on disks."),
        ];
        let decided = [Some(4), None, Some(0)];
        let filed = names(&talks, &CATEGORIES, &decided);
        let community = Some("Community");
        assert_eq!(filed, [community, community, Some("Performance")]);
    }

    #[test]
    fn among_a_few_talks_what_is_written_about_a_category_outweighs_the_others() {
        let talks = [
            talk(
                "A closing panel",
                "Readers, archives and guests talk about pages for readers.",
            ),
            talk(
                "Guests",
                "A latency for readers, and archives of guests and pages.",
            ),
            talk("Archives for readers", "Pages, guests and archives."),
        ];
        let decided = [Some(4), None, None];
        let filed = names(&talks, &CATEGORIES, &decided);
        assert_eq!(filed[0], Some("Community"));
        assert_eq!(filed[2], Some("Community"));
        let few = [talk(
            "A low latency",
            "Readers, archives, guests and pages of readers.",
        )];
        let all: Vec<_> = talks.into_iter().chain(few).collect();
        let filed = names(&all, &CATEGORIES, &[Some(4), None, None, None]);
        assert_eq!(filed[3], Some("Performance"));
    }

    #[test]
    fn a_name_that_no_talk_has_is_met_by_its_kin() {
        let categories = [category("PostgreSQL", ""), category("Netzwerk", "")];
        let talks = [
            talk("Tuning Postgres", "Indexes and plans."),
            talk("Netzwerktechnik", "Kabel und Stecker für das Haus."),
        ];
        assert_eq!(
            file(read(&talks), &categories, &[None; 2]),
            [Some(0), Some(1)]
        );
    }

    #[test]
    fn a_word_of_many_categories_decides_nothing_against_a_rare_one() {
        let categories = [
            category("Cloud data", "data"),
            category("Web data", "data"),
            category("Science", "telescopes and data"),
        ];
        let talks = [talk("Data of telescopes", "")];
        assert_eq!(file(read(&talks), &categories, &[None]), [Some(2)]);
    }

    #[test]
    fn the_first_category_wins_a_tie() {
        let categories = [category("Parsers", ""), category("Parsers", "")];
        assert_eq!(
            file(read(&[talk("Parsers", "")]), &categories, &[None]),
            [Some(0)]
        );
    }

    #[test]
    fn a_german_talk_finds_its_category() {
        let categories = [
            category("Sicherheit", "Angriffe, Verschlüsselung"),
            category("Netze", "Router, Protokolle"),
        ];
        let text = "Wir zeigen, wie ein Angriff auf den Dienst möglich ist und was die Verschlüsselung hilft.";
        let talks = [talk("Ein offenes Tor", text)];
        assert_eq!(file(read(&talks), &categories, &[None]), [Some(0)]);
    }

    #[test]
    fn without_categories_or_talks_nothing_is_filed() {
        assert_eq!(file(read(&[talk("Parsers", "")]), &[], &[None]), [None]);
        assert_eq!(file(read(&[]), &CATEGORIES, &[]), []);
    }

    proptest! {
        #[test]
        fn any_talks_are_filed_under_categories_that_exist(
            texts in prop::collection::vec(any::<(String, String)>(), 0..6),
            names in prop::collection::vec("[a-z ]{0,12}", 0..5),
        ) {
            let talks: Vec<TalkText<'_>> = texts.iter().map(|(title, text)| talk(title, text)).collect();
            let categories: Vec<CategoryText<'_>> = names.iter().map(|name| category(name, "")).collect();
            let filed = file(read(&talks), &categories, &vec![None; talks.len()]);
            prop_assert_eq!(filed.len(), talks.len());
            let exists = |at: &usize| *at < categories.len();
            prop_assert!(filed.iter().flatten().all(exists));
        }
    }
}
