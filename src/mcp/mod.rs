//! Serves searches to AI agents over the Model Context Protocol (MCP), on standard input and output.
//!
//! The server answers tool calls, each within a token budget. Each answer states how many results it omits, and how to
//! get the omitted results. The tools only read the index. An invalid call gets a tool error that the model can read,
//! not a protocol error. Read `tools.rs` first.

mod arguments;
mod bounded_input;
mod cite;
mod document_outline;
mod facts;
mod lazy_index;
mod list_sources;
mod passage_excerpt;
mod read_passage;
mod resolve_link;
mod search;
mod similar_passages;
#[cfg(test)]
mod tests;
mod token_budget;
mod token_estimate;
mod tools;

use std::{
    io,
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use rmcp::{
    ErrorData, RoleServer, ServerHandler, ServiceExt,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
        JsonObject, ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig,
    },
    service::RequestContext,
    transport,
};

use self::{
    arguments::MAX_ERROR_TOKENS,
    bounded_input::{BoundedInput, MAX_MESSAGE_BYTES},
    lazy_index::{LazyIndex, OpenFn},
    token_estimate::truncate,
};
use crate::{
    error::{Error, Result},
    hints,
    index::Index,
    search::IndexBackend,
};

/// Instructions of the server, which a model reads before the descriptions of the tools.
const INSTRUCTIONS: &str = "Full-text search over policy press releases in English and Chinese. \
    Search first; quote passages verbatim and cite them by their attribution and link. \
    Every answer stays within max_tokens and states what it leaves out and how to continue.";

/// Serves the index in `dir` to one client, on standard input and output. Ends when the client closes standard input
/// and output.
///
/// Writes only protocol messages to standard output. The index in `dir` may be missing at first. Until the index
/// exists, every call gets an error that states how to build the index.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if the client does not start with the MCP handshake or sends a message of more than 1
/// MiB, [`Error::Io`] if the runtime cannot be started or the session fails.
pub fn serve(dir: &Path) -> Result<()> {
    serve_from(index_opener(dir))
}

/// Returns a function that opens the index in `dir`.
fn index_opener(dir: &Path) -> Box<OpenFn> {
    let dir = dir.to_owned();
    Box::new(move || Ok(Box::new(Index::open(&dir)?)))
}

/// Serves the index that `open` returns to one client, on standard input and output. Ends when the client closes
/// standard input and output.
///
/// # Errors
///
/// See [`serve`].
pub fn serve_from(
    open: impl Fn() -> Result<Box<dyn IndexBackend>> + Send + Sync + 'static,
) -> Result<()> {
    let serve_error = |source| Error::io("serve", Path::new("standard input"))(source);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(serve_error)?;
    let (input, is_message_too_long) = BoundedInput::new(tokio::io::stdin());
    let session_result = runtime.block_on(async {
        let transport = transport::async_rw::AsyncRwTransport::new_server(input, tokio::io::stdout());
        let session = McpServer::new(Box::new(open)).serve(transport).await.map_err(|error| {
            Error::invalid("client", format!(
                "the client did not start with the handshake of the Model Context Protocol ({error}): `gz-search mcp` is started by the configuration of an agent, not by hand"
            ))
        })?;
        session.waiting().await.map_err(|error| serve_error(io::Error::other(error)))
    });
    // A pending read of standard input cannot be cancelled, so the runtime shuts down without waiting for it.
    runtime.shutdown_background();
    if is_message_too_long.load(Ordering::Relaxed) {
        let reason = format!("the client sent a message of more than {MAX_MESSAGE_BYTES} bytes");
        return Err(Error::invalid("client", reason));
    }
    session_result.map(drop)
}

/// Maximum time of one tool call.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// MCP server of one index for one client.
#[derive(Debug, Clone)]
struct McpServer {
    index: Arc<LazyIndex>,
}

impl McpServer {
    fn new(open: Box<OpenFn>) -> Self {
        Self { index: Arc::new(LazyIndex::new(open)) }
    }

    /// Calls the tool `name` on the newest commit of the index. Returns `None` if no tool has this name.
    fn call(&self, name: &str, arguments: JsonObject) -> Option<CallToolResult> {
        let answer = match self.index.searcher() {
            Ok(searcher) => {
                tools::call_tool(&searcher.with_timeout(CALL_TIMEOUT), name, arguments)?
            }
            Err(error) => Err(error),
        };
        Some(match answer {
            Ok(answer) => CallToolResult::from(answer),
            Err(error) => tool_error(&hints::message_with_hint(&error)),
        })
    }
}

impl ServerHandler for McpServer {
    fn get_info(&self) -> ServerConfig {
        let implementation = Implementation::new("gz-search", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(implementation)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::all_tools()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let CallToolRequestParams { name, arguments, .. } = request;
        let (server, tool) = (self.clone(), name.clone());
        // Searches run on a blocking thread, so that they do not delay other messages of the client.
        let pending_call =
            tokio::task::spawn_blocking(move || server.call(&tool, arguments.unwrap_or_default()));
        let tool_result = match pending_call.await {
            Ok(Some(tool_result)) => tool_result,
            Ok(None) => {
                let message = format!("there is no tool {}", truncate(&name, MAX_ERROR_TOKENS));
                return Err(ErrorData::invalid_params(message, None));
            }
            Err(_) => {
                tool_error("internal error of gz-search: try another query, and please report it")
            }
        };
        Ok(tool_result.into())
    }
}

/// Returns a tool error, which the model reads as the result of its call.
fn tool_error(message: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(truncate(message, MAX_ERROR_TOKENS))])
}
