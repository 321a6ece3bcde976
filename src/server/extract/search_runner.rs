//! Runs the work of a request in the search pool, on the snapshot of the request and within its time limit. The search
//! pool counts the work as work of the client that sent the request.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    query::Query,
    search::{SearchResults, Searcher},
    server::{
        api_error::ApiError,
        state::{LimitedClient, ServedSnapshot, ServerState},
    },
};

/// Runs the work of one request in the search pool. Holds the snapshot that the request searches, and the client that
/// sent the request.
#[derive(Debug)]
pub(in crate::server) struct SearchRunner {
    service: Arc<ServerState>,
    searcher: Searcher,
    client: LimitedClient,
}

/// Extracts the client that authentication attached to the request, and the snapshot that the ETag middleware attached.
/// If no snapshot is attached, takes the current snapshot.
impl FromRequestParts<Arc<ServerState>> for SearchRunner {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        service: &Arc<ServerState>,
    ) -> Result<Self, ApiError> {
        let attached_snapshot = parts.extensions.get::<ServedSnapshot>().cloned();
        let snapshot = attached_snapshot.unwrap_or_else(|| service.current_snapshot.get());
        let client = parts.extensions.get::<LimitedClient>().cloned();
        let client = client.ok_or_else(ApiError::internal_error)?;
        Ok(Self { service: Arc::clone(service), searcher: snapshot.searcher, client })
    }
}

impl SearchRunner {
    /// Runs `work` on a search thread, and returns the result of `work`. The operations of the searcher that `work`
    /// receives fail after the deadline of the request.
    ///
    /// # Errors
    ///
    /// The errors of [`SearchPool::run_job`](crate::server::state::ServerState).
    pub(in crate::server) async fn run_on_search_thread<T: Send + 'static>(
        self,
        work: impl FnOnce(&Searcher) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let Self { service, searcher, client } = self;
        let work = move |deadline| work(&searcher.with_deadline(deadline));
        service.search_pool.run_job(client, work).await
    }
}

/// Returns the results of a query. If the deadline passes after the first hit, returns the hits so far with a note.
///
/// # Errors
///
/// [`Code::Timeout`](crate::server::api_error::Code::Timeout) if the deadline passes before the first hit: an empty
/// page would wrongly say that nothing matches. Errors of the index.
pub(in crate::server) fn search(
    searcher: &Searcher,
    query: &Query,
) -> Result<SearchResults, ApiError> {
    let results = searcher.search(query)?;
    if results.cut && results.hits.is_empty() {
        searcher.check_deadline()?;
    }
    Ok(results)
}
