//! The quality report: what a reader of the page would stumble over, found in what is cached.
//!
//! One file a subject. Pure: each is handed what it looks at, and whoever calls knows the cache.
//! Nothing is changed here and nothing is certain: a finding is something that a person should
//! look at, so what is often right stays silent.

pub(crate) mod categories;
pub(crate) mod doubted;
pub(crate) mod form;
pub(crate) mod misheard;
pub(crate) mod mojibake;
pub(crate) mod names;
mod near_duplicates;
mod off_topic;
pub(crate) mod repetition;
pub(crate) mod results;
mod sources;
pub(crate) mod speech;
pub(crate) mod times;
pub(crate) mod titles;
mod unsupported;
pub(crate) mod wording;

use std::fmt;

use serde::{Serialize, Serializer};

use crate::catalog::Catalog;
use crate::check::sources::TalkSources;
use crate::summarize::sentences::sentences;
use crate::talk::id::TalkId;
use crate::talk::transcript::Transcript;
use crate::talk::{Origin, Summary, Talk};

/// Something to look at before the page is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// What it is.
    pub kind: Kind,
    /// The talk; none where it is about the conference's categories.
    #[serde(serialize_with = "as_text")]
    pub talk: Option<TalkId>,
    /// The words it is about.
    pub text: String,
    /// What they should probably be.
    pub suggestion: Option<String>,
    /// Where the suggestion, else the words, were found.
    pub source: Option<Source>,
    /// One line for people.
    pub message: String,
}

/// A category as a reader of the page finds it.
#[derive(Debug, Clone)]
pub(crate) struct CategorySection<'a> {
    pub name: &'a str,
    /// What belongs into it, empty where the organizer does not say.
    pub description: &'a str,
    /// How many talks are in it.
    pub talks: usize,
    /// The one talk that is in it, where it is known which.
    pub only: Option<&'a TalkId>,
}

/// What can be found. The words are a promise to those who read `check --json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Damaged,
    Missing,
    SetAside,
    Stale,
    Times,
    Form,
    Name,
    Misheard,
    Unsupported,
    OffTopic,
    Repetition,
    Doubted,
    Wording,
    Mojibake,
    TruncatedTitle,
    OddTitle,
    PromptInjection,
    Uncategorized,
    Unstable,
    Twins,
    Singleton,
    EmptyCategory,
    VagueCategory,
    JunkDrawer,
}

/// Where words were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Source {
    Glossary,
    Speakers,
    Title,
    Chapter,
    Description,
    Conference,
    Transcript,
    Summary,
}

/// What only its transcript tells of a talk: whether somebody speaks to a model in it, and what a
/// summary says that is not in it. `transcript` is the part that is the talk's.
#[must_use]
pub(crate) fn about_transcript(
    talk: &Talk,
    summary: Option<&Summary>,
    transcript: &Transcript,
    catalog: &Catalog,
) -> Vec<Finding> {
    let mut findings = Vec::from_iter(speech::in_transcript(&talk.id, transcript));
    if let Some(summary) = summary.filter(|summary| is_retold(summary)) {
        let sentences = sentences_of(summary);
        let sources = TalkSources::of(talk, transcript, catalog);
        findings.extend(unsupported::findings(&talk.id, &sentences, &sources));
        findings.extend(off_topic::findings(&talk.id, &sentences, &sources));
    }
    findings
}

/// Whether a summary is in words that are neither the organizer's nor the talk's own.
fn is_retold(summary: &Summary) -> bool {
    !matches!(summary.origin, Origin::Organizer | Origin::Excerpt)
}

/// The sentences of a summary, as the model gave them where one wrote them.
fn sentences_of(summary: &Summary) -> Vec<&str> {
    if summary.sentences.is_empty() {
        return sentences(&summary.text);
    }
    let written = summary.sentences.iter();
    written.map(|sentence| sentence.text.as_str()).collect()
}

impl Finding {
    fn about(talk: &TalkId, kind: Kind, text: impl Into<String>, message: String) -> Self {
        Self {
            talk: Some(talk.clone()),
            ..Self::of_conference(kind, text, message)
        }
    }

    fn of_conference(kind: Kind, text: impl Into<String>, message: String) -> Self {
        Self {
            kind,
            talk: None,
            text: text.into(),
            suggestion: None,
            source: None,
            message,
        }
    }
}

impl Kind {
    /// All of them, in the order of the report.
    pub(crate) const ALL: [Self; 24] = [
        Self::Damaged,
        Self::Missing,
        Self::SetAside,
        Self::Stale,
        Self::Times,
        Self::Form,
        Self::Name,
        Self::Misheard,
        Self::Unsupported,
        Self::OffTopic,
        Self::Repetition,
        Self::Doubted,
        Self::Wording,
        Self::Mojibake,
        Self::TruncatedTitle,
        Self::OddTitle,
        Self::PromptInjection,
        Self::Uncategorized,
        Self::Unstable,
        Self::Twins,
        Self::Singleton,
        Self::EmptyCategory,
        Self::VagueCategory,
        Self::JunkDrawer,
    ];

    /// The word in JSON and on the command line.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::Missing => "missing",
            Self::SetAside => "set-aside",
            Self::Stale => "stale",
            Self::Times => "times",
            Self::Form => "form",
            Self::Name => "name",
            Self::Misheard => "misheard",
            Self::Unsupported => "unsupported",
            Self::OffTopic => "off-topic",
            Self::Repetition => "repetition",
            Self::Doubted => "doubted",
            Self::Wording => "wording",
            Self::Mojibake => "mojibake",
            Self::TruncatedTitle => "truncated-title",
            Self::OddTitle => "odd-title",
            Self::PromptInjection => "prompt-injection",
            Self::Uncategorized => "uncategorized",
            Self::Unstable => "unstable",
            Self::Twins => "twins",
            Self::Singleton => "singleton",
            Self::EmptyCategory => "empty-category",
            Self::VagueCategory => "vague-category",
            Self::JunkDrawer => "junk-drawer",
        }
    }

    /// What is found, in a few words.
    #[must_use]
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Damaged => "files of the cache that cannot be read",
            Self::Missing => "videos, transcripts, summaries and categories that are missing",
            Self::SetAside => "replies of the model that could not be used",
            Self::Stale => {
                "results made with an older prompt, model, transcript or list of categories"
            }
            Self::Times => "parts that overlap, or that end after their recording",
            Self::Form => "summaries that are not two plain sentences",
            Self::Name => "names that may be misheard",
            Self::Misheard => "names that the transcript probably has wrong",
            Self::Unsupported => "numbers and names of a summary that no source of the talk has",
            Self::OffTopic => "sentences whose words are hardly in the talk",
            Self::Repetition => "summaries that repeat themselves, the title or another summary",
            Self::Doubted => "sentences that a model does not find in what is said",
            Self::Wording => "praise, announcements and topics without a name",
            Self::Mojibake => "letters that were decoded wrongly",
            Self::TruncatedTitle => "titles that were cut off",
            Self::OddTitle => "titles in capitals, file names and placeholders",
            Self::PromptInjection => "words that speak to a language model",
            Self::Uncategorized => "talks that fit no category",
            Self::Unstable => "talks that change category when asked again",
            Self::Twins => "categories that mean the same",
            Self::Singleton => "categories with one talk",
            Self::EmptyCategory => "categories without talks",
            Self::VagueCategory => "categories whose names say nothing",
            Self::JunkDrawer => "a category that holds too much",
        }
    }

    /// What to do about it.
    #[must_use]
    pub(crate) fn next_step(self) -> &'static str {
        match self {
            Self::Damaged => {
                "move the file away, or restore it from your repository, and run `proceedings build`"
            }
            Self::Missing => {
                "run `proceedings build`; what it cannot get, write into the catalog (`summary`, `category`) or the captions folder; `hide = true` takes a talk off the page"
            }
            Self::SetAside => {
                "run `proceedings build --redo failed`, which asks again only for these; or write the talk's `summary` or `category` into the catalog"
            }
            Self::Stale => "run `proceedings build`",
            Self::Times => "correct `start` and `end` of the talk in the catalog",
            Self::Form | Self::Repetition | Self::Wording => {
                "write the talk's `summary` into the catalog, or have it written anew: `proceedings build --redo summary --only=ID`"
            }
            Self::Name => {
                "if it is misheard, list it in the catalog under [glossary], heard = { \"wrong\" = \"right\" }; if it is right, list it under terms"
            }
            Self::Misheard => {
                "a model is told of it when it writes the summary; if it is right, list it in the catalog under [glossary], terms"
            }
            Self::Unsupported | Self::Doubted => {
                "listen to the talk, and write the `summary` as it is right into the catalog; list a name that is right under [glossary], terms"
            }
            Self::OffTopic => {
                "compare the summary with the talk; write the `summary` into the catalog, or have it written anew: `proceedings build --redo summary --only=ID`"
            }
            Self::Mojibake => "write the `title` or `summary` as it is meant into the catalog",
            Self::TruncatedTitle | Self::OddTitle => "write the talk's `title` into the catalog",
            Self::PromptInjection => {
                "no model takes orders from a transcript here, but read the summary and watch the place; if need be, write the `summary` into the catalog"
            }
            Self::Uncategorized => {
                "write the talk's `category` into the catalog, or add a category that it fits"
            }
            Self::Unstable => {
                "tell the two categories apart in their descriptions, or write the talk's `category` into the catalog"
            }
            Self::Twins => {
                "merge the two in the catalog, or tell them apart by name and description"
            }
            Self::Singleton => "merge it into another category, unless it is meant to stand alone",
            Self::EmptyCategory => {
                "take it out of the catalog, or describe it in words that the talks use"
            }
            Self::VagueCategory => {
                "name what its talks have in common, or spread them over the others"
            }
            Self::JunkDrawer => "split it, and describe the parts in words that the talks use",
        }
    }
}

impl Source {
    /// The word for people.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Glossary => "glossary",
            Self::Speakers => "list of speakers",
            Self::Title => "title",
            Self::Chapter => "title of a chapter",
            Self::Description => "description",
            Self::Conference => "conference",
            Self::Transcript => "transcript",
            Self::Summary => "summary",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[expect(clippy::ref_option, reason = "serde hands a field over like this")]
fn as_text<S: Serializer>(talk: &Option<TalkId>, serializer: S) -> Result<S::Ok, S::Error> {
    match talk {
        Some(talk) => serializer.collect_str(talk),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_one_name_everywhere() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert!(
            Kind::ALL.is_sorted(),
            "the order of the report is that of the enum"
        );
    }
}
