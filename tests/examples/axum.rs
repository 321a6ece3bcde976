//! Shows the library in a web service with one route, which searches the latest commit of an index.

use std::sync::{Arc, PoisonError, RwLock};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use gz_search::{Document, Index, Query, Searcher};
use serde_json::{Value, json};

#[derive(Clone)]
struct Service {
    index: Index,
    searcher: Arc<RwLock<Searcher>>,
}

impl Service {
    /// Returns a searcher of the latest commit, including a commit of another process.
    fn searcher(&self) -> gz_search::Result<Searcher> {
        let searcher = self.searcher.read().unwrap_or_else(PoisonError::into_inner).clone();
        if searcher.version() == self.index.version()? {
            return Ok(searcher);
        }
        let searcher = self.index.searcher()?;
        *self.searcher.write().unwrap_or_else(PoisonError::into_inner) = searcher.clone();
        Ok(searcher)
    }
}

async fn search(
    State(service): State<Service>,
    Path(words): Path<String>,
) -> Result<Json<Value>, StatusCode> {
    // A search blocks its thread for some milliseconds, so it must not run on a thread of the async runtime.
    let task =
        tokio::task::spawn_blocking(move || service.searcher()?.search(&Query::new(words))).await;
    let results = task.ok().and_then(Result::ok).ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
    let passages =
        results.hits.iter().map(|hit| json!({"id": hit.passage.id, "text": hit.passage.text}));
    Ok(Json(json!({"total": results.total, "passages": passages.collect::<Vec<_>>()})))
}

#[expect(clippy::print_stdout, reason = "an example prints its address")]
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::in_memory();
    let writer = index.writer()?;
    writer.add(&Document::new("guangzhou", "The first flying car factory opened in Guangzhou."))?;
    writer.commit()?;
    let searcher = Arc::new(RwLock::new(index.searcher()?));
    let router =
        Router::new().route("/search/{words}", get(search)).with_state(Service { index, searcher });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("curl http://{}/search/flying%20car", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
