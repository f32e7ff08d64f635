//! How words measure up that an organizer writes as a summary. Pure.
//!
//! They are held to the rules that a model's reply is held to, so that a slip is seen; whether
//! they count all the same is the organizer's to say.

use crate::catalog::Catalog;
use crate::check::{Finding, form, names};
use crate::summarize::near_miss::Trusted;
use crate::talk::{Freshness, Origin, Summary, Talk};

/// What is wrong with their form.
pub(super) fn faults(talk: &Talk, text: &str, catalog: &Catalog) -> Vec<Finding> {
    form::findings(&talk.id, &summary(text), &catalog.language)
}

/// The names in them that may be misspelled.
pub(super) fn doubtful_names(talk: &Talk, text: &str, catalog: &Catalog) -> Vec<Finding> {
    names::findings(
        talk,
        &summary(text),
        &Trusted::of(&catalog.glossary).written_in(&catalog.language),
    )
}

/// Of what an organizer wrote, nothing would be said.
fn summary(text: &str) -> Summary {
    Summary {
        text: text.to_owned(),
        sentences: Vec::new(),
        origin: Origin::Import,
        provenance: None,
        freshness: Freshness::Current,
    }
}
