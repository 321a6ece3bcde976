//! HTTP service: search, suggestions, documents and writes as JSON, and the search page.
//!
//! A request arrives at a socket (`connection`), passes through the layers of `middleware` that `router` lists, and
//! reaches its handler in `api` or `page`. The handler runs its searches on the thread pool of `state`, on one snapshot
//! of the index, and returns JSON or HTML. Read `router.rs` first.

#![allow(unused_qualifications, reason = "the macros of utoipa write them")]

mod api;
mod api_error;
mod connection;
mod extract;
pub mod keys;
mod middleware;
mod page;
mod router;
mod settings;
mod source_paths;
mod state;
#[cfg(test)]
mod tests;
#[cfg(feature = "watch")]
mod watcher;

use std::{net::SocketAddr, sync::Arc, thread, time::Duration};

use tokio::{net::TcpListener, runtime, time};

#[cfg(feature = "watch")]
pub use self::settings::WatchSettings;
use self::state::ServerState;
pub use self::{
    middleware::access_log::{LogFormat, log_to_standard_error},
    settings::Settings,
};
use crate::{
    error::{Error, Result},
    search::IndexBackend,
};

/// Interval at which the service checks for commits of other processes and for changed keys.
const RELOAD_INTERVAL: Duration = Duration::from_millis(250);
/// Number of threads for blocking work other than searches: reloading the index, writing, reading request bodies.
const MAX_BLOCKING_THREADS: usize = 16;

/// Returns the OpenAPI description of the service.
#[cfg(all(test, feature = "cli"))]
pub(crate) fn openapi_description() -> serde_json::Value {
    serde_json::to_value(<api::openapi::Api as utoipa::OpenApi>::openapi()).unwrap_or_default()
}

/// Serves `index` until the process gets SIGINT or SIGTERM, then finishes the requests in progress.
///
/// Calls `on_start` with the address of the service as soon as the service accepts requests.
///
/// # Errors
///
/// - [`Error::InvalidArgument`] if other machines can reach the address, no key exists, and [`Settings::is_public`] is
///   not set.
/// - [`Error::InvalidArgument`] if an origin or a host name is malformed.
/// - [`Error::InvalidArgument`] for several indexes if folders are watched, or if only a later index has keys.
/// - [`Error::Io`] if the service cannot listen at the address, and the errors of the index.
pub fn serve(
    index: impl IndexBackend + 'static,
    settings: Settings,
    on_start: impl FnOnce(SocketAddr),
) -> Result<()> {
    let io_error = |action| Error::io(action, settings.listen_address.to_string());
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(MAX_BLOCKING_THREADS)
        .build()
        .map_err(io_error("start threads for"))?;
    let listen_address = settings.listen_address;
    let service = Arc::new(ServerState::new(index, settings)?);
    let router = router::router(Arc::clone(&service))?;
    let watcher = runtime.block_on(async {
        let stop_signals = connection::StopSignals::new()
            .map_err(Error::io("wait for signals at", listen_address.to_string()))?;
        let listener = TcpListener::bind(listen_address).await;
        let listener = listener.map_err(Error::io("listen at", listen_address.to_string()))?;
        on_start(listener.local_addr().unwrap_or(listen_address));
        let reload_task = tokio::spawn(reload_at_intervals(Arc::clone(&service)));
        let watcher = start_watcher(&service)?;
        connection::listen(listener, router, &service, stop_signals).await;
        reload_task.abort();
        Ok::<_, Error>(watcher)
    })?;
    if watcher.is_some_and(|thread| thread.join().is_err()) {
        tracing::error!("internal error in the thread that watches folders");
    }
    service.write_queue.close();
    Ok(())
}

/// Starts the thread that watches folders, and returns the handle of the thread; `None` if the settings name no
/// folders.
fn start_watcher(service: &Arc<ServerState>) -> Result<Option<thread::JoinHandle<()>>> {
    #[cfg(feature = "watch")]
    let watcher =
        service.settings.watch.as_ref().map(|watch| watcher::start(service, watch)).transpose()?;
    #[cfg(not(feature = "watch"))]
    let (watcher, _) = (None, service);
    Ok(watcher)
}

/// Reloads the keys and the index at intervals, because other processes may change keys and index.
async fn reload_at_intervals(service: Arc<ServerState>) {
    loop {
        time::sleep(RELOAD_INTERVAL).await;
        let service = Arc::clone(&service);
        let reload_task = tokio::task::spawn_blocking(move || {
            service.keys.reload();
            service.current_snapshot.try_refresh();
        });
        drop(reload_task.await);
    }
}
