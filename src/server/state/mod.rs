//! State that all requests share: keys, limits, the current snapshot, the search pool, the write queue, metrics.
//!
//! [`ServerState`] is created from an index and the settings. Middleware and handlers receive the state through the
//! axum extractor `State`. This folder does not depend on routes or responses. Read `server_state.rs` first.

mod client_limits;
mod fair_queue;
mod host_names;
mod metrics;
mod search_pool;
mod server_state;
mod snapshot;
#[cfg(feature = "watch")]
mod watch_status;
mod write_queue;

#[cfg(feature = "watch")]
pub(super) use self::watch_status::{WatchState, WatchStatus};
pub(super) use self::{
    client_limits::{ClientLimits, ClientPermit, LimitedClient, PeerAddress},
    host_names::is_well_formed,
    metrics::Gauges,
    server_state::ServerState,
    snapshot::ServedSnapshot,
    write_queue::{QueuedWrite, WriteSummary},
};
