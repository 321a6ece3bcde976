//! Limits the number of concurrent requests, or of open connections, of each client.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

/// Network address of the client of a connection, stored as an extension of each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) struct PeerAddress(pub(in crate::server) SocketAddr);

/// Client whose requests or connections are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::server) enum LimitedClient {
    /// Name of the key that the requests carry.
    Key(String),
    /// Address of the client, for requests without a key and for connections.
    Address(IpAddr),
}

/// Counts the requests in progress or the open connections of each client, and limits their number.
#[derive(Debug)]
pub(in crate::server) struct ClientLimits {
    /// Maximum number of permits of one client.
    max_permits: usize,
    /// Number of permits that each client holds.
    permit_counts: Mutex<HashMap<LimitedClient, usize>>,
}

/// Permit for one request or connection. A dropped permit is available again.
#[derive(Debug)]
pub(in crate::server) struct ClientPermit {
    limits: Arc<ClientLimits>,
    client: LimitedClient,
}

impl ClientLimits {
    /// Creates a limit of `max_permits` permits for each client, but at least 1.
    pub(in crate::server) fn new(max_permits: usize) -> Self {
        Self { max_permits: max_permits.max(1), permit_counts: Mutex::default() }
    }

    /// Returns a permit; `None` if the client already holds the maximum number of permits.
    pub(in crate::server) fn acquire(
        self: &Arc<Self>,
        client: LimitedClient,
    ) -> Option<ClientPermit> {
        let mut counts = self.permit_counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(client.clone()).or_default();
        if *count >= self.max_permits {
            return None;
        }
        *count += 1;
        Some(ClientPermit { limits: Arc::clone(self), client })
    }
}

impl Drop for ClientPermit {
    fn drop(&mut self) {
        let mut counts = self.limits.permit_counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_holds_at_most_the_permitted_number() {
        let limits = Arc::new(ClientLimits::new(2));
        let address = |last| LimitedClient::Address(IpAddr::from([127, 0, 0, last]));
        let first_permit = limits.acquire(address(1)).unwrap();
        let _second_permit = limits.acquire(address(1)).unwrap();
        assert!(limits.acquire(address(1)).is_none());
        let _other_permit = limits.acquire(address(2)).unwrap();
        drop(first_permit);
        let _third_permit = limits.acquire(address(1)).unwrap();
        assert_eq!(limits.permit_counts.lock().unwrap().len(), 2);
    }
}
