//! What is to be done for a talk, and how it went: the words that stages and reports share.

use serde::{Deserialize, Serialize};

/// What a run may do for a talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// What is missing is made.
    Make,
    /// What is missing is made as far as nobody outside needs to be asked.
    MakeOffline,
    /// Only what is cached is used, and where that is nothing, an excerpt that is not kept.
    RecallOrExcerpt,
    /// Only what is cached is used.
    Recall,
}

/// A place on the line whose result is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// What `YouTube` says about a video.
    Metadata,
    /// What was said in it.
    Transcript,
    /// What a model has heard in it, where there are no captions.
    Transcription,
    /// A part of a transcript that is too long for a model, condensed.
    Part,
    /// Two sentences about a talk.
    Summary,
    /// The category of a talk.
    Category,
    /// The category that a talk is given when a model is asked again; it is only looked at.
    Opinion,
    /// Whether what is said supports a summary; it is only looked at.
    Support,
    /// Another summary, which a person asked for with a hint; nobody shows it unless it is chosen.
    Rewrite,
    /// A list of categories for all talks.
    Suggestion,
}

/// What a run asks for again, though a reply is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redo {
    /// Everything of a stage.
    Stage(Stage),
    /// What the model's replies could not be used for, at every stage.
    Failed,
}

/// What a command makes, and so what a talk may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    /// Metadata and transcript.
    Fetch,
    /// Summary and category.
    Summarize,
    /// Summary and category, on a page.
    Page,
    /// The same on the page of the origin, where what an imported page said lives on.
    ClassicPage,
}

/// What a run does for a talk, and what takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Task {
    /// Metadata and captions.
    Fetch,
    /// Two sentences.
    Summarize,
    /// A category.
    Categorize,
}

/// How the result of a task was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum How {
    /// The organizer, or a rule of the organizer's, decides.
    Given,
    /// It was in the cache.
    Cached,
    /// It was made in this run.
    New,
    /// There is none of what would be asked today; the page shows an older one.
    Stale,
    /// There is none.
    Missing,
}

impl Work {
    /// Whether something new may be made.
    #[must_use]
    pub(crate) fn makes(self) -> bool {
        matches!(self, Self::Make | Self::MakeOffline)
    }

    /// Whether what costs nothing is made where there is nothing at all.
    #[must_use]
    pub(crate) fn makes_excerpts(self) -> bool {
        self != Self::Recall
    }

    /// Whether somebody outside may be asked.
    #[must_use]
    pub(crate) fn asks(self) -> bool {
        self == Self::Make
    }
}

impl Stage {
    /// The stages in the order of the line, those about all talks last.
    pub const ALL: [Self; 10] = [
        Self::Metadata,
        Self::Transcript,
        Self::Transcription,
        Self::Part,
        Self::Summary,
        Self::Category,
        Self::Opinion,
        Self::Support,
        Self::Rewrite,
        Self::Suggestion,
    ];

    /// The word in file names and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Transcript => "transcript",
            Self::Transcription => "transcription",
            Self::Part => "part",
            Self::Summary => "summary",
            Self::Category => "category",
            Self::Opinion => "opinion",
            Self::Support => "support",
            Self::Rewrite => "rewrite",
            Self::Suggestion => "suggestion",
        }
    }

    /// The stage of that word.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }
}

impl Task {
    /// The steps in their order.
    pub(crate) const ALL: [Self; 3] = [Self::Fetch, Self::Summarize, Self::Categorize];

    /// What is done, as the progress shows it.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Summarize => "summarize",
            Self::Categorize => "categorize",
        }
    }
}

impl From<Stage> for Task {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Metadata | Stage::Transcript | Stage::Transcription => Self::Fetch,
            Stage::Part | Stage::Summary | Stage::Support | Stage::Rewrite => Self::Summarize,
            Stage::Category | Stage::Opinion | Stage::Suggestion => Self::Categorize,
        }
    }
}
