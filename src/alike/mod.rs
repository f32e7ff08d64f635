//! How alike talks are: which belong into a category, which belong together, which are neighbours,
//! which have the words that somebody looks for.
//!
//! Everything rests on one thing: the words of a talk, weighed by how few talks have them
//! (`weights.rs`), and the talks that share the most of that weight (`neighbours.rs`). Pure, and the
//! same talks always give the same answer: nothing is drawn by lot, and what is equal stays in the
//! order of the talks.

pub(crate) mod clusters;
pub(crate) mod filing;
mod graph;
mod lesson;
pub(crate) mod neighbours;
mod search;
pub(crate) mod weights;

/// What is read of a talk.
#[derive(Debug, Clone, Copy)]
pub struct TalkText<'a> {
    /// The title, whose words count twice.
    pub title: &'a str,
    /// Summary, description, and what was said.
    pub text: &'a str,
}
