//! Where what a page says of a talk comes from: who or what made it, and when.
//!
//! Carried along with each result, so that a reader of the page can tell an organizer's words from
//! a model's. Knows nothing of how results are kept.

use jiff::Timestamp;
use serde::Serialize;

/// Where a title comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TitleOrigin {
    /// The organizer wrote it.
    Organizer,
    /// The video has it.
    YouTube,
    /// None is known, and the talk's id stands in.
    Id,
}

/// Who filed a talk under its category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FiledBy {
    /// The organizer.
    Organizer,
    /// A rule of the organizer's on titles.
    TitleRule,
    /// A model.
    Model,
    /// The words that the talk shares with the category's description.
    Words,
    /// It was taken over from a page made earlier.
    Import,
}

/// How a cached result came about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Provenance {
    /// The model that was asked, if one was.
    pub model: Option<Model>,
    /// When the result was kept.
    pub at: Timestamp,
    /// Whether it came out of an archive: it was made elsewhere, and the date is theirs.
    pub from_archive: bool,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Model {
    /// The wire format it was asked in, as the catalog names it.
    pub provider: &'static str,
    /// Its name.
    pub name: String,
}
