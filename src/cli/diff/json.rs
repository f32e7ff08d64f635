//! What `diff --json` prints. Keys are a promise; new ones may be added.

use serde::Serialize;

use crate::cli::output;
use crate::compare::page::{Heading, Setting};
use crate::compare::{Both, Comparison, Different, KnownTalk, MisheardWord, TalkVersion, Totals};

/// What `--help` says about it.
pub(super) const SCHEMA: &str = r#"What `--json` prints; every list of two is about A and then B:
  catalogs   the two catalogs
  settings   [{"name", "values"}], those that differ
  totals     {"talks", "same", "reworded", "filed", "refiled", "words", "misheard"}: talks that both
             list, summaries that are the same and that differ, talks that both file and that both
             file otherwise; then words a summary, and names that may be misheard, of each side
  different  [{"id", "title", "is_reworded", "is_refiled", "sides": [{"summary", "category",
             "names", "misheard": [{"word", "name"}]}]}]; `names` stand in this summary alone
  lacking    two lists of {"id", "title", "what", "has_older"}: what is not cached for a side
  only_in    two lists of ids that only one catalog has"#;

#[derive(Serialize)]
struct ComparisonJson<'a> {
    catalogs: &'a Both<String>,
    settings: &'a [Setting],
    totals: Totals,
    different: Vec<DifferentJson<'a>>,
    lacking: Both<Vec<LackingJson<'a>>>,
    only_in: Both<Vec<&'a str>>,
}

#[derive(Serialize)]
struct DifferentJson<'a> {
    id: &'a str,
    title: &'a str,
    is_reworded: bool,
    is_refiled: bool,
    sides: Both<SideJson<'a>>,
}

#[derive(Serialize)]
struct SideJson<'a> {
    summary: String,
    category: Option<&'a str>,
    names: &'a [String],
    misheard: &'a [MisheardWord],
}

#[derive(Serialize)]
struct LackingJson<'a> {
    id: &'a str,
    title: &'a str,
    what: &'static str,
    has_older: bool,
}

/// The comparison as JSON.
pub(super) fn json(heading: &Heading, comparison: &Comparison) -> String {
    let lacking = comparison.lacking.each_ref().map(|lacking| {
        let lacking = lacking.iter().map(|lacking| LackingJson {
            id: &lacking.talk.id,
            title: &lacking.talk.title,
            what: lacking.what,
            has_older: lacking.has_older,
        });
        lacking.collect()
    });
    let view = ComparisonJson {
        catalogs: &heading.catalogs,
        settings: &heading.settings,
        totals: comparison.totals,
        different: comparison.different.iter().map(talk).collect(),
        lacking,
        only_in: comparison.alone.each_ref().map(|talks| ids(talks)),
    };
    output::json(&view)
}

fn talk(talk: &Different) -> DifferentJson<'_> {
    DifferentJson {
        id: &talk.talk.id,
        title: &talk.talk.title,
        is_reworded: talk.is_reworded,
        is_refiled: talk.is_refiled,
        sides: talk.sides.each_ref().map(side),
    }
}

fn ids(talks: &[KnownTalk]) -> Vec<&str> {
    talks.iter().map(|talk| talk.id.as_str()).collect()
}

fn side(version: &TalkVersion) -> SideJson<'_> {
    let pieces = version.summary.iter().map(|piece| piece.text.as_str());
    SideJson {
        summary: pieces.collect(),
        category: version.category.as_deref(),
        names: &version.names,
        misheard: &version.misheard,
    }
}
