//! Serves searches to AI agents over the Model Context Protocol (MCP), on standard input and output or over HTTP.
//!
//! The server answers tool calls, each within a token budget. Each answer states how many results it omits, and how to
//! get the omitted results. The tools only read the index. An invalid call gets a tool error that the model can read,
//! not a protocol error. Read `tools.rs` first. `resources/` offers releases and passages as resources, `prompts/`
//! has tasks that people start by name, and `completion.rs` completes their arguments. `handler.rs` answers the
//! messages of a client, and `http.rs` makes the handler a service of the HTTP server.

mod arguments;
mod bounded_input;
mod cite;
mod completion;
mod cursor;
mod document_outline;
mod facet_values;
mod facts;
mod handler;
#[cfg(feature = "server")]
mod http;
mod lazy_index;
mod list_sources;
mod malformed_request;
mod no_match;
mod passage_excerpt;
mod prompts;
mod read_passage;
mod resolve_link;
mod resources;
mod runner;
mod search;
mod similar_passages;
#[cfg(test)]
mod tests;
mod token_budget;
mod token_estimate;
mod tools;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use rmcp::{ServiceExt, model::Extensions, transport};

#[cfg(not(feature = "server"))]
use self::runner::{IndexWork, PendingWork, WorkRunner};
use self::{
    bounded_input::{BoundedMessageInput, MAX_MESSAGE_BYTES},
    handler::McpServer,
    lazy_index::{IndexOpener, LazyIndex},
    runner::PANIC_MESSAGE,
};
#[cfg(feature = "server")]
pub(crate) use self::{
    http::{McpHttpService, mcp_http_service},
    runner::{IndexWork, PendingWork, WorkRunner},
};
use crate::{
    error::{Error, Result},
    index::Indexes,
    search::IndexBackend,
};

/// Maximum time of the work for one answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

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
    serve_several(&[dir])
}

/// Serves the indexes in `dirs` to one client, together as one index, as [`serve`] does with the index of one folder.
///
/// # Errors
///
/// See [`serve`].
pub fn serve_several(dirs: &[impl AsRef<Path>]) -> Result<()> {
    serve_from(index_opener(dirs))
}

/// Returns a function that opens the indexes in `dirs` together, as one index.
fn index_opener(dirs: &[impl AsRef<Path>]) -> Box<IndexOpener> {
    let dirs: Vec<PathBuf> = dirs.iter().map(|dir| dir.as_ref().to_owned()).collect();
    Box::new(move || Ok(Box::new(Indexes::open(&dirs)?)))
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
    let (input, is_message_too_long) = BoundedMessageInput::new(tokio::io::stdin());
    let session_result = runtime.block_on(async {
        let transport = transport::async_rw::AsyncRwTransport::new_server(input, tokio::io::stdout());
        let session = server(Box::new(open)).serve(transport).await.map_err(|error| {
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

/// Returns the server of the index that `open` opens. The server computes each answer on a thread for blocking work, so
/// that searches do not delay other messages of the client.
fn server(open: Box<IndexOpener>) -> McpServer {
    McpServer::new(Arc::new(BlockingRunner { index: Arc::new(LazyIndex::new(open)) }))
}

/// Runs work on the threads that the tokio runtime has for blocking work.
struct BlockingRunner {
    index: Arc<LazyIndex>,
}

impl WorkRunner for BlockingRunner {
    fn run_work(&self, work: IndexWork, _: &Extensions) -> PendingWork {
        let index = Arc::clone(&self.index);
        let pending_work = tokio::task::spawn_blocking(move || {
            let searcher = index.searcher();
            work(searcher.map(|searcher| searcher.with_timeout(ANSWER_TIMEOUT)));
        });
        Box::pin(async { pending_work.await.map_err(|_| PANIC_MESSAGE.to_owned()) })
    }
}
