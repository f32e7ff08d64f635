//! Conferences for assistants, over the Model Context Protocol (MCP).
//!
//! `server.rs` speaks the protocol and knows no talk. `tools.rs` says which tools there are, and
//! `search.rs`, `reading.rs` and `lists.rs` answer. All of them only look: nothing is sent, nothing
//! is written, and a hidden talk is not there. What others wrote and said is handed on as data, made
//! fit for one line in `view.rs`. Where the conferences come from is the business of whoever opens
//! the library.

mod arguments;
mod library;
mod lists;
mod no_answer;
mod reading;
mod search;
mod server;
mod tools;
mod view;

use crate::cache::Cache;
use crate::catalog::Catalog;
use crate::talk::SummarizedTalk;

pub(crate) use crate::mcp::library::Library;
pub(crate) use crate::mcp::server::McpServer;

/// A conference as it is in its catalog and its cache.
#[derive(Debug)]
pub(crate) struct ListedConference {
    pub catalog: Catalog,
    /// Where transcripts are.
    pub cache: Cache,
    /// The talks in the organizer's order, without hidden ones.
    pub talks: Vec<SummarizedTalk>,
}
