//! A list of categories without a model: talks that belong together, named by the words that tell
//! them from the others. Pure.

use crate::alike::clusters::{Cluster, clusters};
use crate::alike::weights::ReadTalks;
use crate::suggest::proposal::Proposal;
use crate::suggest::rules::Bounds;

/// How many words make a name; the others describe the category.
const NAME_WORDS: usize = 2;

/// Proposes names and descriptions of categories for talks.
#[must_use]
pub fn propose(talks: &ReadTalks) -> Vec<(String, String)> {
    let proposals = proposals(talks).into_iter();
    proposals
        .map(|proposal| (proposal.name, proposal.description))
        .collect()
}

/// Proposes categories for talks, with the talks that are expected in each.
#[must_use]
pub(super) fn proposals(talks: &ReadTalks) -> Vec<Proposal> {
    let bounds = Bounds::of(talks.len());
    // As many groups as would have twice as many talks each.
    let wanted = (talks.len() / 2).isqrt().clamp(bounds.least, bounds.most);
    let groups = clusters(talks, wanted).into_iter();
    groups
        .filter(|group| !group.words.is_empty())
        .map(proposal)
        .collect()
}

fn proposal(group: Cluster) -> Proposal {
    let (name, description) = group.words.split_at(NAME_WORDS.min(group.words.len()));
    Proposal {
        name: capitalized(&name.join(", ")),
        description: description.join(", "),
        members: group.talks,
    }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alike::TalkText;

    #[test]
    fn talks_that_share_words_are_proposed_under_them() {
        let texts = [
            ("Rye bread", "Sourdough and flour."),
            ("Sourdough", "Rye flour of old mills."),
            ("Flour", "Mills for rye and sourdough."),
            ("Soldering irons", "Flux and fumes."),
            ("Flux", "Irons for every solder."),
            ("Old irons", "Solder, flux and a sponge."),
            ("Tides", "Moons and oceans."),
            ("Oceans", "Tides under two moons."),
            ("Moons", "Oceans with tides."),
        ];
        let talks: ReadTalks = texts
            .into_iter()
            .map(|(title, text)| TalkText { title, text })
            .collect();
        let mut members: Vec<Vec<usize>> = proposals(&talks)
            .into_iter()
            .map(|proposal| proposal.members)
            .collect();
        members.sort();
        assert_eq!(members, [vec![0, 1, 2], vec![3, 4, 5], vec![6, 7, 8]]);
        let names: Vec<String> = propose(&talks).into_iter().map(|(name, _)| name).collect();
        assert!(names.contains(&"Tides, Moons".to_owned()), "{names:?}");
    }

    #[test]
    fn without_talks_nothing_is_proposed() {
        assert_eq!(propose(&ReadTalks::default()), []);
    }
}
