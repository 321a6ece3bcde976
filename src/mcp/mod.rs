//! The same search for agents: calls of the Model Context Protocol → answers within a budget of tokens.
//!
//! It reads only. An answer says what it left out and how to go on; a call that cannot be answered
//! is told what is wrong and what to do, as a result that the model reads, not as an error of the protocol.

mod outline;
mod pack;
mod passage;
mod read;
mod search;
mod shelf;
mod similar;
mod sources;
#[cfg(test)]
mod tests;
mod tokens;
mod tool;

use std::{io, ops::RangeInclusive, path::Path, sync::Arc};

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
    pack::cut,
    shelf::{Open, Shelf},
};
use crate::{
    error::{Error, Result},
    hints,
    index::Index,
    search::IndexBackend,
};

/// A refusal is said in at most so many tokens.
const REFUSAL: usize = 250;

const INSTRUCTIONS: &str = "Full-text search over policy press releases, English and Chinese. \
    Search first; quote passages verbatim and cite them by their attribution and [id]. \
    Every answer keeps to max_tokens and says what it left out and how to go on.";

/// Answers one client on standard input and output, until it closes them. Nothing but the protocol is
/// written there. The index in `dir` need not be there yet: until then every call is told how to build it.
///
/// # Errors
///
/// [`Error::InvalidArgument`] where the client does not begin as the protocol says, [`Error::Io`] where the
/// system has no room for it.
pub fn serve(dir: &Path) -> Result<()> {
    serve_from(opens(dir))
}

/// Opens the index of a folder.
fn opens(dir: &Path) -> Box<Open> {
    let dir = dir.to_owned();
    Box::new(move || Ok(Box::new(Index::open(&dir)?)))
}

/// The same with an index that is kept anywhere, as `open` opens it.
///
/// # Errors
///
/// As [`serve`].
pub fn serve_from(
    open: impl Fn() -> Result<Box<dyn IndexBackend>> + Send + Sync + 'static,
) -> Result<()> {
    let failed = |source| Error::io("serve", Path::new("standard input"))(source);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(failed)?;
    let ended = runtime.block_on(async {
        let begun = Agent::new(Box::new(open)).serve(transport::async_rw::AsyncRwTransport::new_server(
            tokio::io::stdin(),
            tokio::io::stdout(),
        ));
        let running = begun.await.map_err(|error| {
            Error::invalid("client", format!(
                "the client did not begin as the Model Context Protocol says ({error}): `gz-search mcp` is started by an agent that it is registered with"
            ))
        })?;
        running.waiting().await.map_err(|error| failed(io::Error::other(error)))
    });
    // A read of standard input that is under way cannot be ended.
    runtime.shutdown_background();
    ended.map(drop)
}

/// One index, for one client.
#[derive(Debug, Clone)]
struct Agent {
    shelf: Arc<Shelf>,
}

impl Agent {
    fn new(open: Box<Open>) -> Self {
        Self { shelf: Arc::new(Shelf::new(open)) }
    }

    /// Answers a call from the newest commit; none where no tool has this name.
    fn call(&self, name: &str, arguments: JsonObject) -> Option<CallToolResult> {
        let answer = match self.shelf.searcher() {
            Ok(searcher) => tool::call(&searcher, name, arguments)?,
            Err(error) => Err(error),
        };
        Some(
            answer.map_or_else(
                |error| refusal(&hints::message_with_hint(&error)),
                CallToolResult::from,
            ),
        )
    }
}

impl ServerHandler for Agent {
    fn get_info(&self) -> ServerConfig {
        let itself = Implementation::new("gz-search", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(itself)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tool::tools()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let CallToolRequestParams { name, arguments, .. } = request;
        let (agent, asked) = (self.clone(), name.clone());
        // A search must not keep the client's other messages waiting.
        let done =
            tokio::task::spawn_blocking(move || agent.call(&asked, arguments.unwrap_or_default()));
        let result = match done.await {
            Ok(Some(result)) => result,
            Ok(None) => {
                let unknown = format!("there is no tool {}", cut(&name, REFUSAL));
                return Err(ErrorData::invalid_params(unknown, None));
            }
            Err(_) => refusal("a defect of gz-search: try another query, and please report it"),
        };
        Ok(result.into())
    }
}

/// What the model is told instead of an answer.
fn refusal(message: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(cut(message, REFUSAL))])
}

/// The number given for an argument, or the usual one.
fn within(
    name: &str,
    given: Option<usize>,
    range: RangeInclusive<usize>,
    usual: usize,
) -> Result<usize> {
    let number = given.unwrap_or(usual);
    if range.contains(&number) {
        return Ok(number);
    }
    let (least, most) = (range.start(), range.end());
    Err(Error::invalid(
        name.to_owned(),
        format!("{name} is {number}: give a number from {least} to {most}"),
    ))
}

/// Where a list goes on, from the cursor of the answer before.
fn start(cursor: Option<&str>) -> Result<usize> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(0) };
    cursor.parse().ok().filter(|&start: &usize| start < 1_000_000).ok_or_else(|| {
        Error::invalid(
            "cursor",
            format!(
                "{:?} is not a cursor of this tool: pass the `next` of its answer as it is",
                cut(cursor, REFUSAL / 2)
            ),
        )
    })
}

fn unknown_passage(id: &str) -> Error {
    let id = cut(id, REFUSAL / 2);
    Error::invalid(
        "id",
        format!("no passage has the id {id:?}: take one from search as it is, DOCUMENT#NUMBER"),
    )
}
