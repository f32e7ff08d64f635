//! Corrections, and how each is written into a catalog.
//!
//! Pure but for the draft that is written to. Words come from a form, so they are put on one line;
//! words that the talk has already are not written down, lest what was generated becomes what an
//! organizer wrote.

use serde::Deserialize;
use toml_edit::Array;

use crate::catalog::edit::Draft;
use crate::catalog::{Catalog, Glossary};
use crate::review::{Conference, Refusal, ReviewedTalk, approval, measure};
use crate::summarize::names;
use crate::talk::{Origin, Talk, one_line};

/// A correction of one talk. Where words are empty, or no category is named, what was fetched or
/// generated counts again.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Edit {
    About {
        title: String,
        speakers: Vec<String>,
    },
    Summary {
        text: String,
        #[serde(default)]
        form: FormCheck,
    },
    Category {
        name: Option<String>,
    },
    Hide,
    Show,
    Approve,
    Withdraw,
}

/// Whether a summary must be as summaries are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FormCheck {
    /// What is not may be a slip, and is asked about.
    #[default]
    Wanted,
    /// It is meant as it is.
    Waived,
}

/// A name that was misheard, to be put right everywhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameFix {
    pub(super) heard: String,
    pub(super) name: String,
}

/// A summary that a name changes.
#[derive(Debug)]
pub(super) struct CorrectedSummary<'a> {
    /// The place of the talk in the catalog.
    pub(super) place: usize,
    pub(super) talk: &'a ReviewedTalk,
    pub(super) text: String,
}

/// A change that was made to the catalog, and what it takes to undo it.
#[derive(Debug)]
pub(super) struct UndoStep {
    pub(super) what: String,
    /// The talk that it is about; a name is put right in many.
    pub(super) talk: Option<String>,
    /// What the catalog says since.
    pub(super) given: String,
    /// What it said before.
    pub(super) had: String,
}

impl Edit {
    /// What it is called where it can be undone.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::About { .. } => "title or speakers",
            Self::Summary { .. } => "summary",
            Self::Category { .. } => "category",
            Self::Hide => "hiding",
            Self::Show => "showing",
            Self::Approve => "approval",
            Self::Withdraw => "withdrawal",
        }
    }

    /// Writes it into the entry of the talk, which is known by its place in the catalog.
    pub(super) fn write(
        &self,
        draft: &mut Draft,
        place: usize,
        reviewed: &ReviewedTalk,
        catalog: &Catalog,
    ) -> Result<(), Refusal> {
        let talk = &reviewed.talk;
        match self {
            Self::About { title, speakers } => {
                let title = one_line(title);
                if title != one_line(&talk.talk.title) {
                    set_or_unset(draft, place, "title", &title);
                }
                let speakers = speakers.iter().map(|name| one_line(name));
                let speakers: Vec<String> = speakers.filter(|name| !name.is_empty()).collect();
                if speakers.is_empty() {
                    draft.unset(place, "speakers");
                } else if speakers != talk.talk.speakers {
                    draft.set(place, "speakers", Array::from_iter(speakers));
                }
            }
            Self::Summary { text, form } => {
                let text = one_line(text);
                let shown = talk.summary.as_ref().map(|summary| one_line(&summary.text));
                if Some(&text) != shown.as_ref() {
                    if *form == FormCheck::Wanted {
                        check_form(&talk.talk, &text, catalog)?;
                    }
                    set_or_unset(draft, place, "summary", &text);
                }
            }
            Self::Category { name: None } => draft.unset(place, "category"),
            Self::Category { name: Some(name) } => {
                let category = catalog.categories.named(name);
                let category = category.ok_or_else(|| Refusal::UnknownCategory(name.clone()))?;
                draft.set(place, "category", category.name.as_str());
            }
            Self::Hide => draft.set(place, "hide", true),
            Self::Show => draft.unset(place, "hide"),
            Self::Approve if talk.summary.is_none() => return Err(Refusal::NothingToApprove),
            Self::Approve => draft.set(place, "approved", approval::of_talk(talk)),
            Self::Withdraw => draft.unset(place, "approved"),
        }
        Ok(())
    }
}

/// Nothing at all is no slip: then what was generated counts again.
fn check_form(talk: &Talk, text: &str, catalog: &Catalog) -> Result<(), Refusal> {
    if text.is_empty() {
        return Ok(());
    }
    let faults = measure::faults(talk, text, catalog).into_iter();
    let faults: Vec<String> = faults.map(|fault| fault.message).collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Refusal::NotInForm(faults.join("; ")))
    }
}

fn set_or_unset(draft: &mut Draft, place: usize, key: &str, text: &str) {
    if text.is_empty() {
        draft.unset(place, key);
    } else {
        draft.set(place, key, text);
    }
}

impl NameFix {
    /// The same with both names on one line, if there is something to put right.
    pub(super) fn validate(&self) -> Result<Self, Refusal> {
        let (heard, name) = (one_line(&self.heard), one_line(&self.name));
        if heard.is_empty() || name.is_empty() || heard == name {
            return Err(Refusal::NothingToPutRight);
        }
        Ok(Self { heard, name })
    }

    /// The summaries that it changes.
    pub(super) fn correct<'a>(&self, conference: &'a Conference) -> Vec<CorrectedSummary<'a>> {
        let glossary = Glossary {
            heard: [(self.heard.clone(), self.name.clone())].into(),
            ..Glossary::default()
        };
        let talks = conference.talks.iter().enumerate();
        talks
            .filter_map(|(place, talk)| {
                let shown = &talk.talk.summary.as_ref()?.text;
                let text = names::correct(shown, &glossary);
                (text != *shown).then_some(CorrectedSummary { place, talk, text })
            })
            .collect()
    }

    /// Writes it into the glossary, which puts generated summaries right, and into the summaries
    /// that stand in the catalog themselves.
    pub(super) fn write(&self, draft: &mut Draft, conference: &Conference) {
        draft.set_heard(&self.heard, &self.name);
        for CorrectedSummary { place, talk, text } in self.correct(conference) {
            let summary = talk.talk.summary.as_ref();
            if summary.is_some_and(|summary| summary.origin == Origin::Organizer) {
                draft.set(place, "summary", text);
            }
        }
    }
}
