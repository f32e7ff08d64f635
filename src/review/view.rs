//! What the review page sees: the conference as JSON.
//!
//! Texts are as they are; the page shows them as text and never as markup.

use std::ops::Range;

use serde::Serialize;

use crate::catalog::{Catalog, Entry};
use crate::check::{Finding, Kind};
use crate::compare::{DiffPiece, compare_with_others};
use crate::review::change::{CorrectedSummary, UndoStep};
use crate::review::split::{Certainty, Split};
use crate::review::{Access, Conference, ReviewedTalk, approval};
use crate::summarize::form::cut_opening;
use crate::summarize::sentences::sentences;
use crate::talk::evidence::Evidence;
use crate::talk::paragraphs::{Paragraph, TimedCue, milliseconds};
use crate::talk::provenance::{FiledBy, Provenance};
use crate::talk::{
    Choice, Filing, Freshness, Origin, SummarizedTalk, Summary, Talk, clock, language_name,
    one_line,
};

/// The conference with all its talks.
#[derive(Debug, Serialize)]
pub(super) struct ConferenceView<'a> {
    title: &'a str,
    /// Names all that is shown: a change is made to what was seen, or not at all.
    revision: &'a str,
    is_editable: bool,
    /// The models that may be asked for other summaries.
    models: &'a [String],
    categories: Vec<&'a str>,
    talks: Vec<TalkView<'a>>,
    findings: &'a [Finding],
    /// Whether titles name their speakers.
    has_splits: bool,
    undo: Option<UndoView<'a>>,
}

/// What would be undone.
#[derive(Debug, Serialize)]
struct UndoView<'a> {
    what: &'a str,
    talk: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct TalkView<'a> {
    id: String,
    title: String,
    speakers: &'a [String],
    /// Where it is to be seen.
    url: String,
    /// Its video on `YouTube`; none where it is elsewhere.
    video: Option<&'a str>,
    /// Where it begins in the video, in seconds.
    start: u64,
    facts: Vec<String>,
    state: ReviewState,
    /// What of it an organizer has written in the place of what is generated.
    edited: Vec<&'static str>,
    summary: Option<ReviewSummaryView>,
    /// Its summary without an opening that says nothing, for each that can be cut.
    cuts: Vec<CutView>,
    category: Option<&'a str>,
    category_note: &'static str,
    findings: Vec<&'a Finding>,
}

/// A summary without an opening that says nothing.
#[derive(Debug, Serialize)]
struct CutView {
    /// The opening, as the finding about it has it.
    opening: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct ReviewSummaryView {
    text: String,
    /// The same sentence by sentence, where somebody could look for their places; else empty.
    sentences: Vec<SentenceView>,
    /// Where it comes from, in words.
    origin: &'static str,
    /// Which model wrote it and when, where one did: `gpt-4o-mini, 2026-11-23`.
    made: Option<String>,
    is_own: bool,
    is_stale: bool,
}

#[derive(Debug, Serialize)]
struct SentenceView {
    text: String,
    /// Where it is said; none where no place was found.
    place: Option<PlaceView>,
}

#[derive(Debug, Serialize)]
struct PlaceView {
    time: String,
    url: Option<String>,
    /// When it is said, in milliseconds.
    said: Range<u64>,
}

/// How far a reviewer is with a talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ReviewState {
    Unreviewed,
    Approved,
    /// It has been approved, and says something else by now.
    Lapsed,
    Hidden,
}

/// What a talk says in full.
#[derive(Debug, Serialize)]
pub(super) struct TranscriptView {
    pub(super) paragraphs: Vec<ParagraphView>,
    /// What only the transcript tells.
    pub(super) findings: Vec<Finding>,
    /// Why there is none.
    pub(super) lack: Option<String>,
    pub(super) description: String,
}

/// A few sentences, and where they are said.
#[derive(Debug, Serialize)]
pub(super) struct ParagraphView {
    start: Option<u64>,
    time: Option<String>,
    /// The moment in the recording, where it is known.
    url: Option<String>,
    text: String,
    cues: Vec<TimedCue>,
}

impl ParagraphView {
    pub(super) fn new(talk: &Talk, paragraph: Paragraph) -> Self {
        let Paragraph {
            start,
            time,
            text,
            cues,
        } = paragraph;
        Self {
            start,
            time,
            url: start.map(|start| talk.url_at(start)),
            text,
            cues,
        }
    }
}

/// How a summary measures up.
#[derive(Debug, Serialize)]
pub(super) struct MeasureView {
    /// How many words each sentence has.
    pub(super) words: Vec<usize>,
    pub(super) findings: Vec<Finding>,
}

/// How texts differ from the summary that is shown.
#[derive(Debug, Serialize)]
pub(super) struct ComparisonView {
    /// What none of the others has is marked.
    shown: Vec<DiffPiece>,
    others: Vec<OtherSummaryView>,
}

#[derive(Debug, Serialize)]
struct OtherSummaryView {
    /// What the shown one has not is marked.
    pieces: Vec<DiffPiece>,
    /// What is doubtful about the words.
    findings: Vec<Finding>,
}

impl ComparisonView {
    pub(super) fn new(
        shown: Option<&Summary>,
        others: &[String],
        findings: impl Fn(&String) -> Vec<Finding>,
    ) -> Self {
        let shown = shown.map(|summary| one_line(&summary.text));
        let (shown, pieces) = compare_with_others(&shown.unwrap_or_default(), others);
        let others = others.iter().zip(pieces);
        let others = others.map(|(text, pieces)| OtherSummaryView {
            pieces,
            findings: findings(text),
        });
        Self {
            shown,
            others: others.collect(),
        }
    }
}

/// What putting a name right changes.
#[derive(Debug, Serialize)]
pub(super) struct NameView {
    summaries: Vec<CorrectedView>,
}

#[derive(Debug, Serialize)]
struct CorrectedView {
    talk: String,
    title: String,
    before: String,
    after: String,
}

/// The talks that may be approved together.
#[derive(Debug, Serialize)]
pub(super) struct CleanTalksView {
    talks: Vec<CleanTalkView>,
}

#[derive(Debug, Serialize)]
struct CleanTalkView {
    id: String,
    title: String,
}

/// The titles that may be split together.
#[derive(Debug, Serialize)]
pub(super) struct SplitsView<'a> {
    titles: Vec<SplitView<'a>>,
    /// How many talks have such a title, and a title or speakers of the organizer.
    left_alone: usize,
}

#[derive(Debug, Serialize)]
struct SplitView<'a> {
    id: String,
    before: String,
    title: &'a str,
    speakers: &'a [String],
    dropped: &'a [String],
    /// Why somebody should look before it is split.
    mark: Option<&'static str>,
}

impl<'a> SplitsView<'a> {
    pub(super) fn new(conference: &Conference, splits: &'a [(usize, Split)]) -> Self {
        let titles = splits.iter().filter_map(|(place, split)| {
            let Split::Proposed(split) = split else {
                return None;
            };
            let talk = &conference.talks[*place].talk.talk;
            Some(SplitView {
                id: talk.id.to_string(),
                before: one_line(&talk.title),
                title: &split.title,
                speakers: &split.speakers,
                dropped: &split.dropped,
                mark: match split.certainty {
                    Certainty::Likely => None,
                    Certainty::Doubtful => Some("look twice"),
                    Certainty::OwnTitle => Some("title of your catalog"),
                },
            })
        });
        let titles: Vec<SplitView<'_>> = titles.collect();
        Self {
            left_alone: splits.len() - titles.len(),
            titles,
        }
    }
}

impl CleanTalksView {
    pub(super) fn new<'a>(talks: impl Iterator<Item = &'a Talk>) -> Self {
        let talks = talks.map(|talk| CleanTalkView {
            id: talk.id.to_string(),
            title: one_line(&talk.title),
        });
        Self {
            talks: talks.collect(),
        }
    }
}

impl<'a> ConferenceView<'a> {
    pub(super) fn new(
        conference: &'a Conference,
        revision: &'a str,
        access: &'a Access,
        has_splits: bool,
        undo: Option<&'a UndoStep>,
    ) -> Self {
        let catalog = &conference.catalog;
        let talks = catalog.talks.iter().zip(&conference.talks);
        Self {
            title: &catalog.title,
            revision,
            is_editable: *access != Access::ReadOnly,
            models: match access {
                Access::EditAndAsk { models } => models,
                Access::ReadOnly | Access::Edit => &[],
            },
            categories: catalog.categories.iter().map(|c| c.name.as_str()).collect(),
            talks: talks
                .map(|(entry, talk)| talk_view(catalog, entry, talk))
                .collect(),
            findings: &conference.findings,
            has_splits,
            undo: undo.map(|step| UndoView {
                what: &step.what,
                talk: step.talk.as_deref(),
            }),
        }
    }
}

fn talk_view<'a>(catalog: &Catalog, entry: &'a Entry, reviewed: &'a ReviewedTalk) -> TalkView<'a> {
    let talk = &reviewed.talk.talk;
    let language = talk
        .language
        .as_deref()
        .map(|tag| format!("in {}", language_name(tag)));
    let facts = [talk.date.clone(), talk.duration.map(clock), language];
    let filing = reviewed.talk.category.as_ref();
    TalkView {
        id: talk.id.to_string(),
        title: one_line(&talk.title),
        speakers: &talk.speakers,
        url: talk.url(),
        video: talk.recording.is_none().then(|| talk.id.video.as_str()),
        start: talk.id.start.unwrap_or_default(),
        facts: facts.into_iter().flatten().collect(),
        state: state(entry, reviewed),
        edited: edited_keys(entry),
        summary: summary_view(&reviewed.talk),
        cuts: cut_views(catalog, reviewed),
        category: match filing.map(|filing| &filing.choice) {
            Some(Choice::Category(name)) => Some(name),
            Some(Choice::NoneFits) | None => None,
        },
        category_note: category_note(catalog, filing),
        findings: reviewed
            .about_results
            .iter()
            .chain(&reviewed.about_words)
            .collect(),
    }
}

/// What each finding about an opening can make of the summary.
fn cut_views(catalog: &Catalog, reviewed: &ReviewedTalk) -> Vec<CutView> {
    let Some(summary) = &reviewed.talk.summary else {
        return Vec::new();
    };
    let summary = one_line(&summary.text);
    let findings = reviewed.about_words.iter();
    let openings = findings.filter(|finding| finding.kind == Kind::Form);
    let cuts = openings.filter_map(|Finding { text: opening, .. }| {
        let mut sentences = sentences(&summary).into_iter();
        let (sentence, shorter) = sentences.find_map(|sentence| {
            let shorter = cut_opening(sentence, &catalog.language)?;
            sentence
                .starts_with(opening.as_str())
                .then_some((sentence, shorter))
        })?;
        Some(CutView {
            opening: opening.clone(),
            text: summary.replacen(sentence, &shorter, 1),
        })
    });
    cuts.collect()
}

pub(super) fn state(entry: &Entry, reviewed: &ReviewedTalk) -> ReviewState {
    match &entry.approved {
        _ if entry.hide => ReviewState::Hidden,
        None => ReviewState::Unreviewed,
        Some(approved) if *approved == approval::of_talk(&reviewed.talk) => ReviewState::Approved,
        Some(_) => ReviewState::Lapsed,
    }
}

fn edited_keys(entry: &Entry) -> Vec<&'static str> {
    let written = [
        (entry.summary.is_some(), "summary"),
        (entry.category.is_some(), "category"),
    ];
    let written = written.into_iter().filter(|(is_written, _)| *is_written);
    written.map(|(_, what)| what).collect()
}

fn summary_view(summarized: &SummarizedTalk) -> Option<ReviewSummaryView> {
    let summary = summarized.summary.as_ref()?;
    let sentences = summarized.places.iter();
    let place = |evidence: &Evidence| place_view(&summarized.talk, evidence);
    Some(ReviewSummaryView {
        text: one_line(&summary.text),
        sentences: sentences
            .map(|sentence| SentenceView {
                text: one_line(&sentence.text),
                place: sentence.evidence.as_ref().map(place),
            })
            .collect(),
        origin: match summary.origin {
            Origin::Organizer => "written in the catalog",
            Origin::Transcript => "by a model, from the transcript",
            Origin::Abstract => "by a model, from the abstract",
            Origin::Excerpt => "an excerpt of the talk's own words",
            Origin::Import => "from a page made earlier",
        },
        made: summary.provenance.as_ref().and_then(format_provenance),
        is_own: summary.origin == Origin::Organizer,
        is_stale: summary.freshness == Freshness::Stale,
    })
}

fn place_view(talk: &Talk, Evidence { span, .. }: &Evidence) -> PlaceView {
    let second = span.start.as_secs();
    PlaceView {
        time: clock(second),
        url: talk.moment(second),
        said: milliseconds(*span),
    }
}

fn format_provenance(provenance: &Provenance) -> Option<String> {
    let model = provenance.model.as_ref()?;
    let place = if provenance.from_archive {
        ", out of an archive"
    } else {
        ""
    };
    Some(format!(
        "{}, {}{place}",
        model.name,
        provenance.at.strftime("%Y-%m-%d")
    ))
}

fn category_note(catalog: &Catalog, filing: Option<&Filing>) -> &'static str {
    match filing {
        None if catalog.categories.is_empty() => "the catalog lists no categories",
        None => "not filed yet",
        Some(filing) if filing.freshness == Freshness::Stale => "stale",
        Some(filing) => match filing.filed_by {
            FiledBy::Organizer => "set in the catalog",
            FiledBy::TitleRule => "by a rule on titles",
            FiledBy::Model => "by a model",
            FiledBy::Words => "by words in common",
            FiledBy::Import => "from a page made earlier",
        },
    }
}

impl NameView {
    pub(super) fn new(corrected: Vec<CorrectedSummary<'_>>) -> Self {
        let summaries = corrected
            .into_iter()
            .map(|CorrectedSummary { talk, text, .. }| {
                let shown = talk.talk.summary.as_ref();
                CorrectedView {
                    talk: talk.talk.talk.id.to_string(),
                    title: one_line(&talk.talk.talk.title),
                    before: shown
                        .map(|summary| one_line(&summary.text))
                        .unwrap_or_default(),
                    after: one_line(&text),
                }
            });
        Self {
            summaries: summaries.collect(),
        }
    }
}
