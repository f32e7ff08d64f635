//! What the tools are told. The comments on the fields are what an assistant reads about them.

use rmcp::schemars::{self, JsonSchema};
use serde::Deserialize;

/// What is searched for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchArguments {
    /// Words to look for, in the language of the talks. Other forms of them count, too. Without
    /// words, all talks that meet the other conditions are listed.
    pub(super) words: Option<String>,
    /// Only talks of this category; `list_categories` has the names.
    pub(super) category: Option<String>,
    /// Only talks of speakers with this in their names.
    pub(super) speaker: Option<String>,
    /// Only talks of this conference, by its title.
    pub(super) conference: Option<String>,
    /// How many talks to list, 1 to 50; 10 if left out.
    #[schemars(range(min = 1, max = 50))]
    pub(super) limit: Option<usize>,
    /// How many talks to pass over, to go on with a list.
    pub(super) offset: Option<usize>,
}

/// What is to be read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadArguments {
    /// The talk: the `id` that another tool gave, or a link to the recording.
    pub(super) talk: String,
    /// The conference, by its title, where several have the talk.
    pub(super) conference: Option<String>,
    /// Also read what is said around this moment of the recording: `12:34`, `1:02:30` or seconds.
    pub(super) at: Option<String>,
    /// Also read the passage that these words fit best.
    pub(super) words: Option<String>,
}

/// Of what the categories are listed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoriesArguments {
    /// Only the categories of this conference, by its title.
    pub(super) conference: Option<String>,
}

/// Which speakers are listed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SpeakersArguments {
    /// Only speakers with this in their names.
    pub(super) name: Option<String>,
    /// Only speakers of this conference, by its title.
    pub(super) conference: Option<String>,
    /// How many speakers to list, 1 to 200; 50 if left out.
    #[schemars(range(min = 1, max = 200))]
    pub(super) limit: Option<usize>,
    /// How many speakers to pass over, to go on with a list.
    pub(super) offset: Option<usize>,
}

/// What was told, unless it is nothing: some assistants send an empty text for what they leave out.
pub(super) fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
