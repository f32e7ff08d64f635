//! Requests that nobody waits for: they are listed as a build would send them, answered elsewhere, and
//! their replies are kept as those of a build.
//!
//! What a build would send is decided where a build decides it (`listing.rs`). Replies come in any
//! order and as often as they like (`intake.rs`); one that was mixed up with another talk's is found
//! out by its words (`misplaced.rs`). A batch is handed to an endpoint (`handover.rs`) and collected days
//! later (`collection.rs`). Nothing here knows a terminal.

pub(crate) mod collection;
pub(crate) mod handover;
pub(crate) mod intake;
pub(crate) mod listing;
mod misplaced;
pub(crate) mod reply_files;
