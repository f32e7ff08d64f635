//! Two sides of a few talks, and what is said to differ.

use super::*;
use crate::talk;
use crate::talk::id::VideoId;
use crate::talk::provenance::FiledBy;
use crate::talk::{Origin, Summary};

/// A talk with a summary and a category, both for exactly the settings.
fn talk(id: &str, text: &str, category: &str) -> SummarizedTalk {
    let video: VideoId = id.parse().unwrap();
    let freshness = Freshness::Current;
    SummarizedTalk {
        talk: Talk {
            speakers: vec!["Ada Lovelace".to_owned()],
            ..Talk::bare(TalkId::whole(video), &format!("About {id}"))
        },
        summary: Some(Summary {
            text: text.to_owned(),
            sentences: Vec::new(),
            origin: Origin::Transcript,
            provenance: None,
            freshness,
        }),
        places: Vec::new(),
        imported_failure: None,
        category: Some(talk::Filing {
            choice: Choice::Category(category.to_owned()),
            filed_by: FiledBy::Model,
            provenance: None,
            freshness,
        }),
        also: Vec::new(),
    }
}

fn stale(mut talk: SummarizedTalk) -> SummarizedTalk {
    talk.summary.as_mut().unwrap().freshness = Freshness::Stale;
    talk
}

fn compare(a: &[SummarizedTalk], b: &[SummarizedTalk]) -> Comparison {
    let glossary = Glossary::default();
    let [a, b] = [a, b].map(|talks| ComparedSide {
        talks: talks.iter().collect(),
        glossary: &glossary,
        filing: CategoryListing::Categories,
    });
    compare_sides(&a, &b)
}

#[test]
fn talks_are_paired_by_id_in_the_order_of_the_first() {
    let a = [
        talk("aaaaaaaaaaa", "One is here.", "X"),
        talk("bbbbbbbbbbb", "Two is here.", "X"),
        talk("ccccccccccc", "Three is here.", "X"),
    ];
    let b = [
        talk("ddddddddddd", "Four is here.", "X"),
        talk("bbbbbbbbbbb", "Two  is\nhere.", "Y"),
        talk("aaaaaaaaaaa", "One is there now.", "X"),
    ];
    let found = compare(&a, &b);
    let different: Vec<_> = found
        .different
        .iter()
        .map(|talk| (&*talk.talk.id, talk.is_reworded, talk.is_refiled))
        .collect();
    assert_eq!(
        different,
        [("aaaaaaaaaaa", true, false), ("bbbbbbbbbbb", false, true)]
    );
    assert_eq!(found.alone[0][0].id, "ccccccccccc");
    assert_eq!(found.alone[1][0].id, "ddddddddddd");
    let Totals {
        talks,
        same,
        reworded,
        filed,
        refiled,
        words,
        ..
    } = found.totals;
    assert_eq!((talks, same, reworded, filed, refiled), (2, 1, 1, 2, 1));
    assert_eq!(words, [3, 4]);
}

#[test]
fn an_older_result_is_not_compared() {
    let a = [talk("aaaaaaaaaaa", "One is here.", "X")];
    let b = [stale(talk("aaaaaaaaaaa", "Another is there.", "Y"))];
    let found = compare(&a, &b);
    assert!(found.different.is_empty());
    assert!(found.lacking[0].is_empty());
    assert_eq!(found.lacking[1][0].what, "summary");
    assert!(found.lacking[1][0].has_older);
    assert_eq!((found.totals.same, found.totals.filed), (0, 0));
}

#[test]
fn names_are_compared_with_each_other_and_with_the_talk() {
    let a = [talk(
        "aaaaaaaaaaa",
        "It is shown by Ada Lovelace that the engine is slow.",
        "X",
    )];
    let b = [talk(
        "aaaaaaaaaaa",
        "It is shown by Ada Lovelase that the engine is slow on vLLM.",
        "X",
    )];
    let [a, b] = compare(&a, &b).different.remove(0).sides;
    assert_eq!(a.names, ["Ada Lovelace"]);
    assert_eq!(b.names, ["Ada Lovelase", "vLLM"]);
    assert!(a.misheard.is_empty());
    assert_eq!(b.misheard.len(), 1);
    assert_eq!(b.misheard[0].name, "Ada Lovelace");
}

#[test]
fn catalogs_without_talks_have_nothing_to_compare() {
    let found = compare(&[], &[]);
    assert_eq!(found.totals, Totals::default());
    let page = page::html(&page::Heading::default(), &found).unwrap();
    assert!(page.contains("No talk differs"));
}
