//! A muddle of categories: twins, drawers with one talk or none, a drawer for everything, and talks
//! that are in no drawer or might as well be in another.

use crate::check::near_duplicates::{self, is_filler, words};
use crate::check::{CategorySection, Finding, Kind};
use crate::talk::id::TalkId;
use crate::talk::language::Language;
use crate::talk::{Choice, Talk, UNCATEGORIZED, one_line};

/// What is wrong with the categories of a conference that is in a language (BCP 47);
/// `uncategorized` talks fit none of them.
#[must_use]
pub(crate) fn findings(
    sections: &[CategorySection<'_>],
    uncategorized: usize,
    language: &str,
) -> Vec<Finding> {
    let mut findings = near_duplicates::findings(sections, Language::named(language));
    for CategorySection {
        name, talks, only, ..
    } in sections
    {
        match (talks, only) {
            (0, _) => {
                let message = format!("no talk is in \"{name}\"");
                findings.push(about(Kind::EmptyCategory, name, message));
            }
            (1, Some(talk)) => {
                let message = format!("it is alone in \"{name}\"");
                findings.push(Finding::about(talk, Kind::Singleton, *name, message));
            }
            _ => {}
        }
        if is_vague(name) {
            let message = format!("\"{name}\" does not say what is in it");
            findings.push(about(Kind::VagueCategory, name, message));
        }
    }
    let sizes = sections.iter().map(|section| (section.name, section.talks));
    let sizes: Vec<_> = sizes.chain([(UNCATEGORIZED, uncategorized)]).collect();
    findings.extend(junk_drawer(&sizes));
    findings
}

/// A talk that fits no category.
#[must_use]
pub(crate) fn without_category(talk: &Talk, choice: &Choice) -> Option<Finding> {
    let message = || format!("no category fits \"{}\"", one_line(&talk.title));
    (*choice == Choice::NoneFits)
        .then(|| Finding::about(&talk.id, Kind::Uncategorized, UNCATEGORIZED, message()))
}

/// A talk that is filed elsewhere when a model is asked again.
#[must_use]
pub(crate) fn unstable(talk: &TalkId, first: &Choice, second: &Choice) -> Option<Finding> {
    let name = |choice: &Choice| match choice {
        Choice::Category(name) => name.clone(),
        Choice::NoneFits => UNCATEGORIZED.to_owned(),
    };
    let [before, now] = [name(first), name(second)];
    let message = format!("it is under \"{before}\", and \"{now}\" is the answer when asked again");
    (first != second).then(|| Finding {
        suggestion: Some(now),
        ..Finding::about(talk, Kind::Unstable, before, message)
    })
}

fn about(kind: Kind, name: &str, message: String) -> Finding {
    Finding::of_conference(kind, name, message)
}

/// A category that holds too large a part of the talks; the last one is what fits none. Of few
/// talks one always does, and of two categories one holds the half.
fn junk_drawer(sizes: &[(&str, usize)]) -> Option<Finding> {
    const FEWEST_TALKS: usize = 10;
    const MOST_PERCENT: usize = 40;
    const MOST_PERCENT_OF_TWO: usize = 80;
    let all: usize = sizes.iter().map(|(_, talks)| talks).sum();
    let (name, talks) = sizes.iter().max_by_key(|(_, talks)| talks)?;
    let most = match sizes.len() - 1 {
        0..=2 => MOST_PERCENT_OF_TWO,
        _ => MOST_PERCENT,
    };
    let holds_too_much = all >= FEWEST_TALKS && talks * 100 > all * most;
    holds_too_much.then(|| {
        let percent = talks * 100 / all;
        let message = format!("{talks} of {all} talks ({percent}%) are in \"{name}\"");
        about(Kind::JunkDrawer, name, message)
    })
}

fn is_vague(name: &str) -> bool {
    let words = words(name);
    !words.is_empty() && words.iter().all(|word| is_filler(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sizes: &[(&str, usize)], uncategorized: usize) -> Vec<String> {
        let talk = TalkId::whole("-cBplHNM4RA".parse().unwrap());
        let sections = sizes.iter().map(|&(name, talks)| CategorySection {
            name,
            description: "",
            talks,
            only: (talks == 1).then_some(&talk),
        });
        let sections: Vec<CategorySection<'_>> = sections.collect();
        let findings = findings(&sections, uncategorized, "en").into_iter();
        findings
            .map(|finding| format!("{}: {}", finding.kind, finding.message))
            .collect()
    }

    #[test]
    fn drawers_are_too_full_too_empty_or_without_a_label() {
        let sizes = [
            ("Systems", 5),
            ("Keynotes", 1),
            ("Quiet", 0),
            ("Other Topics", 4),
        ];
        assert_eq!(
            found(&sizes, 0),
            [
                "singleton: it is alone in \"Keynotes\"",
                "empty-category: no talk is in \"Quiet\"",
                "vague-category: \"Other Topics\" does not say what is in it",
                "junk-drawer: 5 of 10 talks (50%) are in \"Systems\"",
            ]
        );
    }

    #[test]
    fn many_talks_in_one_place_are_no_junk_where_they_must_be() {
        let three = |talks| [("Systems", talks), ("People", 3), ("Pages", 3)];
        assert!(found(&three(3), 0).is_empty(), "few talks");
        assert!(
            found(&three(4), 0).is_empty(),
            "40 percent are no more than 40"
        );
        assert!(!found(&three(5), 0).is_empty());
        assert!(found(&[("Systems", 15), ("People", 5)], 0).is_empty());
        assert!(!found(&[("Systems", 18), ("People", 2)], 0).is_empty());
        assert_eq!(
            found(&three(3), 8),
            ["junk-drawer: 8 of 17 talks (47%) are in \"Uncategorized\""]
        );
    }

    #[test]
    fn a_second_answer_that_differs_is_unstable() {
        let talk = TalkId::whole("-cBplHNM4RA".parse().unwrap());
        let systems = Choice::Category("Systems".to_owned());
        assert_eq!(unstable(&talk, &systems, &systems), None);
        let finding = unstable(&talk, &systems, &Choice::NoneFits).unwrap();
        assert_eq!(
            finding.message,
            "it is under \"Systems\", and \"Uncategorized\" is the answer when asked again"
        );
    }
}
