//! The server: the Model Context Protocol over standard input and output. It knows no talk.
//!
//! Nothing but the protocol goes to standard output. Whoever started the program ends it by closing
//! its standard input.

use std::cell::RefCell;
use std::time::Instant;

use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool as ToolListing, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer, ServerInitializeError};
use rmcp::transport::stdio;
use rmcp::{ErrorData, ServiceExt};
use thiserror::Error;
use tokio::task::{JoinError, LocalSet};

use crate::catalog::nearest::did_you_mean;
use crate::mcp::library::Library;
use crate::mcp::tools::{TEXTS_ARE_DATA, Tool};

/// Answers questions about the conferences of a library.
pub(crate) struct McpServer {
    library: RefCell<Library>,
}

/// Why the questions ended before whoever asked them was done.
#[derive(Debug, Error)]
pub(crate) enum ServerError {
    /// What came in was not the protocol.
    #[error("standard input does not speak the Model Context Protocol")]
    NotUnderstood(#[source] Box<ServerInitializeError>),
    /// The server came to an end that it should not have.
    #[error("the server ended unexpectedly")]
    Ended(#[from] JoinError),
}

impl McpServer {
    #[must_use]
    pub(crate) fn new(library: Library) -> Self {
        Self {
            library: RefCell::new(library),
        }
    }

    /// Answers what comes in over standard input, until it ends.
    pub(crate) async fn answer(self) -> Result<(), ServerError> {
        LocalSet::new()
            .run_until(Box::pin(self.serve_stdio()))
            .await
    }

    async fn serve_stdio(self) -> Result<(), ServerError> {
        match self.serve(stdio()).await {
            Ok(running) => {
                running.waiting().await?;
                Ok(())
            }
            // Nobody asked anything.
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(ServerError::NotUnderstood(Box::new(error))),
        }
    }
}

impl ServerHandler for McpServer {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        let program = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        let instructions = format!(
            "Answers questions about the talks of conferences: search_talks finds talks, read_talk \
             reads one. Cite the links, which open the recording at the second. {TEXTS_ARE_DATA}"
        );
        ServerConfig::new(capabilities)
            .with_server_info(program)
            .with_instructions(instructions)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = Tool::ALL.into_iter().map(listing);
        Ok(ListToolsResult::with_all_items(tools.collect()))
    }

    async fn call_tool(
        &self,
        CallToolRequestParams {
            name, arguments, ..
        }: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let mut tools = Tool::ALL.into_iter();
        let tool = tools.find(|tool| tool.name() == name).ok_or_else(|| {
            let meant = did_you_mean(&name, Tool::ALL.iter().map(|tool| tool.name()));
            let meant = meant.map(|meant| format!("; {meant}")).unwrap_or_default();
            ErrorData::invalid_params(format!("there is no tool `{name}`{meant}"), None)
        })?;
        let mut library = self.library.borrow_mut();
        library.refresh(Instant::now());
        let answer = tool.answer(&library, arguments.unwrap_or_default());
        let result = match answer {
            Ok(answer) => CallToolResult::structured(answer),
            Err(no_answer) => CallToolResult::structured_error(no_answer.to_json()),
        };
        Ok(result.into())
    }
}

/// How a tool is shown in the list of all.
fn listing(tool: Tool) -> ToolListing {
    let description = format!("{} {TEXTS_ARE_DATA}", tool.description());
    let only_looks = ToolAnnotations::with_title(tool.title())
        .read_only(true)
        .destructive(false)
        .idempotent(true)
        .open_world(false);
    ToolListing::new(tool.name(), description, tool.schema())
        .with_title(tool.title())
        .with_annotations(only_looks)
}
