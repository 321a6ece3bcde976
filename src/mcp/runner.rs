//! Work on an index for an answer, and the trait that runs this work.

use std::pin::Pin;

use rmcp::model::Extensions;
use tokio::sync::oneshot;

use crate::{error::Result, search::Searcher};

/// Error message for work that panicked.
pub(super) const PANIC_MESSAGE: &str =
    "internal error of gz-search: try another query, and please report it";

/// Work that needs a searcher of the newest commit. It gets an error in place of the searcher if there is no index.
pub(crate) type IndexWork = Box<dyn FnOnce(Result<Searcher>) + Send>;

/// Future that completes when the work has ended. The error states why the work could not run, for example because it
/// waited too long.
pub(crate) type PendingWork = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// Runs work on the newest commit of an index, outside the threads that read messages.
pub(crate) trait WorkRunner: Send + Sync {
    /// Starts `work`. `extensions` describe the request of the client, for example its HTTP headers.
    fn run_work(&self, work: IndexWork, extensions: &Extensions) -> PendingWork;
}

/// Runs `work` with `runner` and returns its result.
///
/// # Errors
///
/// Returns the message of the runner, or [`PANIC_MESSAGE`], if the work could not run to its end.
pub(super) fn run_for_result<T: Send + 'static, W>(
    runner: &dyn WorkRunner,
    extensions: &Extensions,
    work: W,
) -> impl Future<Output = Result<T, String>> + Send + use<T, W>
where
    W: FnOnce(Result<Searcher>) -> T + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let pending_work = runner.run_work(
        Box::new(move |searcher| {
            // Sending fails if the request has ended, which is harmless.
            drop(sender.send(work(searcher)));
        }),
        extensions,
    );
    async {
        pending_work.await?;
        receiver.await.map_err(|_| PANIC_MESSAGE.to_owned())
    }
}
