//! What makes a list of categories one that readers find talks by, and what can be mended in it.
//!
//! 5 to 12 categories, no two alike, none for the rest, none with next to nothing and none with
//! nearly everything, and hardly a talk without one. Pure. Which names are alike or say nothing is
//! judged as `check` judges it afterwards.

use thiserror::Error;

use crate::check::categories::findings;
use crate::check::{CategorySection, Kind};
use crate::suggest::proposal::{PromptLine, Proposal};

/// Fewer talks need no categories.
pub(crate) const FEWEST_TALKS: usize = 8;
/// From so many talks on, the full number of categories is wanted.
const MANY_TALKS: usize = 15;
/// From so many talks on, two are too few for a category.
const HOSTS_OF_TALKS: usize = 30;
/// The part of the talks that one category may hold.
const MOST_PERCENT: usize = 40;
/// The part of the talks that may stand in none.
const UNPLACED_PERCENT: usize = 10;
/// How many words a name has at most.
const NAME_WORDS: usize = 4;

/// How many categories are wanted for so many talks, and how large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// The fewest categories.
    pub least: usize,
    pub most: usize,
    /// The fewest talks in a category.
    pub smallest: usize,
    /// The most.
    pub largest: usize,
    /// How many talks may be in none.
    pub unplaced: usize,
}

/// What is wrong with a list. The words go to the model in the corrective request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum ListFlaw {
    /// There are too few categories.
    #[error("it has {count} categories, and at least {least} are wanted")]
    TooFew {
        count: usize,
        /// At least so many are wanted.
        least: usize,
    },
    /// There are too many.
    #[error("it has {count} categories, and at most {most} are wanted")]
    TooMany {
        count: usize,
        /// At most so many are wanted.
        most: usize,
    },
    /// Two are alike.
    #[error("{0}")]
    Twins(String),
    /// A name says nothing.
    #[error("\"{0}\" does not say what is in it")]
    Vague(String),
    /// A name is a sentence.
    #[error("the name \"{0}\" has more than 4 words")]
    LongName(String),
    /// Nothing tells what belongs into a category.
    #[error("\"{0}\" has no description")]
    NoDescription(String),
    /// A category holds next to nothing.
    #[error("\"{name}\" has {talks} of the talks, and at least {smallest} are wanted in each")]
    Small {
        /// The category.
        name: String,
        talks: usize,
        /// At least so many are wanted.
        smallest: usize,
    },
    /// A category holds nearly everything.
    #[error("\"{name}\" has {talks} of {all} talks, and at most {largest} are wanted in one")]
    Large {
        /// The category.
        name: String,
        talks: usize,
        /// Of so many.
        all: usize,
        /// At most so many are wanted.
        largest: usize,
    },
    /// Too many talks are in none.
    #[error("{count} of {all} talks are in no category")]
    Unplaced {
        count: usize,
        /// Of so many.
        all: usize,
    },
}

/// What was done to a list that a model left flawed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Mending {
    /// A category became part of another one.
    #[error("\"{0}\" became part of \"{1}\"")]
    Joined(String, String),
    /// A category was left out.
    #[error("\"{0}\" was left out: {1}")]
    Dropped(String, OmissionReason),
}

/// Why a category is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum OmissionReason {
    /// Its name says nothing.
    #[error("its name does not say what is in it")]
    Vague,
    /// It holds next to nothing.
    #[error("too few talks belong to it")]
    Small,
    /// It is the smallest of too many.
    #[error("there were too many")]
    TooMany,
}

impl Bounds {
    /// For so many talks. Of few talks fewer categories are wanted, and smaller ones may stand.
    #[must_use]
    pub(crate) fn of(talks: usize) -> Self {
        let smallest = if talks < HOSTS_OF_TALKS { 2 } else { 3 };
        Self {
            least: if talks < MANY_TALKS { 3 } else { 5 },
            most: (talks / smallest).clamp(4, 12),
            smallest,
            largest: (talks * MOST_PERCENT).div_ceil(100),
            unplaced: (talks * UNPLACED_PERCENT).div_ceil(100),
        }
    }
}

/// How many talks a category is expected to hold.
#[must_use]
pub(crate) fn size(proposal: &Proposal, lines: &[PromptLine]) -> usize {
    let members = proposal.members.iter();
    members.map(|line| lines[*line].talks).sum()
}

/// Everything that is wrong with a list, for a conference in a language (BCP 47).
#[must_use]
pub(crate) fn flaws(list: &[Proposal], lines: &[PromptLine], language: &str) -> Vec<ListFlaw> {
    let all: usize = lines.iter().map(|line| line.talks).sum();
    let bounds = Bounds::of(all);
    let mut flaws = Vec::new();
    let count = list.len();
    if count < bounds.least {
        let least = bounds.least;
        flaws.push(ListFlaw::TooFew { count, least });
    }
    if count > bounds.most {
        let most = bounds.most;
        flaws.push(ListFlaw::TooMany { count, most });
    }
    for finding in findings(&sections(list, lines), 0, language) {
        match finding.kind {
            Kind::Twins => flaws.push(ListFlaw::Twins(finding.message)),
            Kind::VagueCategory => flaws.push(ListFlaw::Vague(finding.text)),
            _ => {}
        }
    }
    let mut placed = 0;
    for proposal in list {
        let (name, talks) = (proposal.name.clone(), size(proposal, lines));
        placed += talks;
        if name_words(&name) > NAME_WORDS {
            flaws.push(ListFlaw::LongName(name.clone()));
        }
        if proposal.description.is_empty() {
            flaws.push(ListFlaw::NoDescription(name.clone()));
        }
        if talks < bounds.smallest {
            let smallest = bounds.smallest;
            flaws.push(ListFlaw::Small {
                name,
                talks,
                smallest,
            });
        } else if talks > bounds.largest {
            let largest = bounds.largest;
            flaws.push(ListFlaw::Large {
                name,
                talks,
                all,
                largest,
            });
        }
    }
    let count = all - placed;
    if count > bounds.unplaced {
        flaws.push(ListFlaw::Unplaced { count, all });
    }
    flaws
}

/// Mends what can be mended without knowing what the talks are about: twins become one, and what
/// says nothing, holds next to nothing, or is one too many is left out, the smallest first. Talks
/// that lose their category so will find one when they are filed.
#[must_use]
pub(crate) fn mend(
    mut list: Vec<Proposal>,
    lines: &[PromptLine],
    language: &str,
) -> (Vec<Proposal>, Vec<Mending>) {
    let bounds = Bounds::of(lines.iter().map(|line| line.talks).sum());
    let mut mendings = Vec::new();
    while let Some(mending) = mend_once(&mut list, lines, bounds, language) {
        mendings.push(mending);
    }
    (list, mendings)
}

/// Mends one thing. Each time the list becomes shorter, so there is an end to it.
fn mend_once(
    list: &mut Vec<Proposal>,
    lines: &[PromptLine],
    bounds: Bounds,
    language: &str,
) -> Option<Mending> {
    let found = findings(&sections(list, lines), 0, language);
    let mut vague = found
        .iter()
        .filter(|finding| finding.kind == Kind::VagueCategory);
    if let Some(vague) = vague.next() {
        let at = list.iter().position(|p| p.name == vague.text)?;
        return Some(Mending::Dropped(
            list.remove(at).name,
            OmissionReason::Vague,
        ));
    }
    let mut twins = found.iter().filter(|finding| finding.kind == Kind::Twins);
    if let Some(twins) = twins.next() {
        // Where both have the same name, the second becomes part of the first.
        let smaller = list.iter().rposition(|p| p.name == twins.text)?;
        let smaller = list.remove(smaller);
        let larger = list
            .iter_mut()
            .find(|p| Some(&p.name) == twins.suggestion.as_ref())?;
        larger.members.extend(smaller.members);
        larger.members.sort_unstable();
        return Some(Mending::Joined(smaller.name, larger.name.clone()));
    }
    let sizes = list.iter().map(|proposal| size(proposal, lines));
    let (at, talks) = sizes.enumerate().min_by_key(|(_, talks)| *talks)?;
    let reason = if talks < bounds.smallest {
        OmissionReason::Small
    } else if list.len() > bounds.most {
        OmissionReason::TooMany
    } else {
        return None;
    };
    Some(Mending::Dropped(list.remove(at).name, reason))
}

fn sections<'a>(list: &'a [Proposal], lines: &[PromptLine]) -> Vec<CategorySection<'a>> {
    let section = |proposal: &'a Proposal| CategorySection {
        name: &proposal.name,
        description: &proposal.description,
        talks: size(proposal, lines),
        only: None,
    };
    list.iter().map(section).collect()
}

/// The words of a name; what joins them does not count.
fn name_words(name: &str) -> usize {
    let words = name.split_whitespace();
    let joins = |word: &str| ["and", "und", "et", "y", "e"].contains(&word);
    words
        .filter(|word| word.contains(char::is_alphanumeric) && !joins(word))
        .count()
}

#[cfg(test)]
mod tests;
