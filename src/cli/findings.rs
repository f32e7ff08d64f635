//! What a reader would stumble over, looked for in what is cached of a conference: the subjects of
//! `check/`, each handed what it looks at.
//!
//! Nobody is asked. Transcripts are read one at a time.

use std::collections::HashMap;

use crate::cache::{Cache, CacheError};
use crate::catalog::{Catalog, Entry};
use crate::check::results::{self, CategoryUse, Lack, Reasons};
use crate::check::times::{self, RecordingPart};
use crate::check::titles::{self, Author};
use crate::check::{
    CategorySection, Finding, Kind, Source, about_transcript, categories, form, misheard, mojibake,
    names, repetition, speech, wording,
};
use crate::cli::setup::Setup;
use crate::fetch::FetchError;
use crate::pipeline::Outcome;
use crate::report::causes;
use crate::summarize::SummarizeError;
use crate::summarize::near_miss::Trusted;
use crate::talk::id::{TalkId, VideoId};
use crate::talk::{Choice, Origin, SummarizedTalk, Talk};
use crate::work::Stage;

/// The names that may be trusted in all talks of a conference.
pub(super) fn trusted(catalog: &Catalog, outcomes: &[Outcome]) -> Trusted {
    let talks = outcomes.iter().map(|outcome| &outcome.talk.talk);
    Trusted::of(&catalog.glossary)
        .and_conference(&catalog.title, talks)
        .written_in(&catalog.language)
}

/// What is wrong with the words about a talk.
pub(super) fn about_words(
    catalog: &Catalog,
    entry: &Entry,
    outcome: &Outcome,
    glossary: &Trusted,
) -> Vec<Finding> {
    let SummarizedTalk {
        talk,
        summary,
        imported_failure,
        category,
        places: _,
        also: _,
    } = &outcome.talk;
    // An imported page has its titles from YouTube.
    let is_imported = imported_failure.is_some()
        || summary
            .as_ref()
            .is_some_and(|summary| summary.origin == Origin::Import);
    let author = match entry.title {
        Some(_) if !is_imported => Author::Organizer,
        _ => Author::Uploader,
    };
    let mut findings = titles::findings(talk, author);
    findings.extend(mojibake::finding(&talk.id, &talk.title, Source::Title));
    findings.extend(speech::in_texts(talk));
    if let Some(summary) = summary {
        findings.extend(form::findings(&talk.id, summary, &catalog.language));
        findings.extend(names::findings(talk, summary, glossary));
        findings.extend(repetition::findings(talk, summary));
        findings.extend(wording::findings(&talk.id, summary, &catalog.language));
        findings.extend(mojibake::finding(&talk.id, &summary.text, Source::Summary));
    }
    if let Some(filing) = category {
        findings.extend(categories::without_category(talk, &filing.choice));
    }
    findings
}

/// What a talk lacks and what of it is stale. Where the cache is damaged, nobody knows.
pub(super) fn about_results(setup: &Setup, outcome: &Outcome) -> Vec<Finding> {
    let talk = &outcome.talk;
    let reasons = match (unreadable(outcome), reasons(&setup.cache, outcome)) {
        (Some(error), _) => return vec![results::damaged(&talk.talk.id, error)],
        (None, Err(error)) => return vec![results::damaged(&talk.talk.id, &error)],
        (None, Ok(reasons)) => reasons,
    };
    let filed = if setup.catalog.categories.is_empty() {
        CategoryUse::Nowhere
    } else {
        CategoryUse::ByCategory
    };
    let mut findings = results::missing(talk, &reasons, filed);
    findings.extend(results::set_aside(talk, &reasons));
    findings.extend(results::stale(talk, &reasons));
    findings
}

/// The file of the cache that a talk could not be recalled for.
fn unreadable(outcome: &Outcome) -> Option<&CacheError> {
    if let Some(FetchError::Cache(error)) = &outcome.fetch {
        return Some(error);
    }
    let mut made = outcome.summary.iter().chain(&outcome.category);
    made.find_map(SummarizeError::unreadable)
}

/// Why a talk lacks what it lacks, as far as this run or an earlier one has found out.
fn reasons(cache: &Cache, outcome: &Outcome) -> Result<Reasons, CacheError> {
    let snapshot = cache.snapshot(&outcome.talk.talk.id.video)?;
    Ok(Reasons {
        video: snapshot.failure(Stage::Metadata)?,
        captions: snapshot.failure(Stage::Transcript)?,
        transcript: outcome.fetch.as_ref().map(|error| causes(error)),
        summary: outcome.summary.as_ref().map(lack),
        category: outcome.category.as_ref().map(lack),
    })
}

fn lack(error: &SummarizeError) -> Lack {
    let why = causes(error);
    if error.is_rejection() {
        Lack::SetAside(why)
    } else {
        Lack::Other(why)
    }
}

/// What only the transcript of a talk tells; `used` holds what the conference calls things. The
/// transcript is read for this, and dropped.
pub(super) fn about_speech(setup: &Setup, outcome: &Outcome, used: &Trusted) -> Vec<Finding> {
    let SummarizedTalk { talk, summary, .. } = &outcome.talk;
    match setup.cache.words_of(talk) {
        Ok(Some(spoken)) => {
            let glossary = &setup.catalog.glossary;
            let mut findings = misheard::findings(talk, &spoken, used, glossary);
            let summary = summary.as_ref();
            findings.extend(about_transcript(talk, summary, &spoken, &setup.catalog));
            findings
        }
        Ok(None) => Vec::new(),
        Err(error) => vec![results::damaged(&talk.id, &error)],
    }
}

/// Says of each name that may be misheard where it was heard. A transcript is read only where there
/// is such a name; one that is damaged is a finding of its own.
pub(super) fn note_where_heard(cache: &Cache, talk: &Talk, findings: &mut [Finding]) {
    let is_name = |finding: &&mut Finding| finding.kind == Kind::Name;
    let mut names = findings.iter_mut().filter(is_name).peekable();
    if names.peek().is_none() {
        return;
    }
    if let Ok(Some(transcript)) = cache.words_of(talk) {
        names.for_each(|finding| names::note_place(finding, &transcript));
    }
}

/// What is wrong with the categories of all talks together.
pub(super) fn about_categories(catalog: &Catalog, outcomes: &[Outcome]) -> Vec<Finding> {
    let mut filed: HashMap<&Choice, Vec<&TalkId>> = HashMap::new();
    for SummarizedTalk { talk, category, .. } in outcomes.iter().map(|outcome| &outcome.talk) {
        if let Some(filing) = category {
            filed.entry(&filing.choice).or_default().push(&talk.id);
        }
    }
    let under = |choice: &Choice| filed.get(choice).cloned().unwrap_or_default();
    let sections = catalog.categories.iter().map(|category| {
        let talks = under(&Choice::Category(category.name.clone()));
        CategorySection {
            name: &category.name,
            description: &category.description,
            talks: talks.len(),
            only: match talks[..] {
                [talk] => Some(talk),
                _ => None,
            },
        }
    });
    let sections: Vec<CategorySection<'_>> = sections.collect();
    let homeless = under(&Choice::NoneFits).len();
    let mut findings = categories::findings(&sections, homeless, &catalog.language);
    // While most talks wait to be filed, there is nothing in a category yet.
    let is_early = filed.values().map(Vec::len).sum::<usize>() * 2 < outcomes.len();
    if is_early {
        findings.retain(|f| !matches!(f.kind, Kind::EmptyCategory | Kind::Singleton));
    }
    findings
}

/// What is wrong with talks that are parts of a recording. What cannot be read has been said.
pub(super) fn about_times(setup: &Setup, entries: &[&Entry]) -> Vec<Finding> {
    let length = |video: &VideoId| {
        let metadata = setup
            .cache
            .snapshot(video)
            .and_then(|snapshot| snapshot.metadata());
        metadata.ok()??.duration
    };
    let parts = entries.iter().filter(|entry| entry.id.start.is_some());
    let parts: Vec<RecordingPart> = parts
        .map(|entry| RecordingPart {
            talk: entry.id.clone(),
            end: entry.end,
            length: length(&entry.id.video),
        })
        .collect();
    times::findings(&parts)
}
