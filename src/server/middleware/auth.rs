//! Who asks, whether they may, and how many of their requests are under way.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
};

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD as STANDARD};

use crate::server::{
    api_error::{Code, Failure},
    keys::Scope,
    state::Service,
};

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) struct Peer(pub(in crate::server) SocketAddr);

/// Whose requests, or connections, are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::server) enum Client {
    /// By the name of its key.
    Key(String),
    Address(IpAddr),
}

/// The name of the key that a request came with, for the log.
#[derive(Debug, Clone)]
pub(in crate::server) struct KeyName(pub(in crate::server) String);

/// How many requests of each client are under way, or connections open.
#[derive(Debug)]
pub(in crate::server) struct Clients {
    most: usize,
    counts: Mutex<HashMap<Client, usize>>,
}

/// One that is counted, until it is dropped.
#[derive(Debug)]
pub(in crate::server) struct Counted {
    clients: Arc<Clients>,
    client: Client,
}

impl Clients {
    pub(in crate::server) fn new(most: usize) -> Self {
        Self { most: most.max(1), counts: Mutex::default() }
    }

    /// Counts one more of a client; none where it has as many as it may.
    pub(in crate::server) fn count(self: &Arc<Self>, client: Client) -> Option<Counted> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(client.clone()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Counted { clients: Arc::clone(self), client })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut counts = self.clients.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.client);
            }
        }
    }
}

/// Lets those pass who may read.
pub(in crate::server) async fn readers(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    admitted(&service, Scope::Read, request, next).await
}

/// Lets those pass who may write.
pub(in crate::server) async fn writers(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    admitted(&service, Scope::Write, request, next).await
}

async fn admitted(service: &Service, scope: Scope, mut request: Request, next: Next) -> Response {
    let counted = match checked(service, scope, &request) {
        Ok(client) => service.clients.count(client).ok_or_else(|| too_many(service)),
        Err(failure) => Err(failure),
    };
    match counted {
        Ok(counted) => {
            let name = match &counted.client {
                Client::Key(name) => Some(KeyName(name.clone())),
                Client::Address(_) => None,
            };
            if let Some(name) = name.clone() {
                request.extensions_mut().insert(name);
            }
            let mut response = next.run(request).await;
            if let Some(name) = name {
                response.extensions_mut().insert(name);
            }
            response
        }
        Err(failure) => failure.into_response(),
    }
}

/// Who asks, if they may do what needs `scope`.
fn checked(service: &Service, scope: Scope, request: &Request) -> Result<Client, Failure> {
    if service.stopping.load(Ordering::Relaxed) {
        return Err(Failure::new(Code::Stopping, "the service is ending", "ask again in a moment"));
    }
    let peer = request.extensions().get::<Peer>().map_or_else(
        || IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        |Peer(address)| address.ip().to_canonical(),
    );
    let Some(given) = request.headers().get(header::AUTHORIZATION) else {
        return match scope {
            Scope::Read if !service.keys.needed() => Ok(Client::Address(peer)),
            _ => Err(unauthorized("a key is needed")),
        };
    };
    let secret = given.to_str().ok().and_then(|value| key(value, scope));
    let secret = secret.ok_or_else(|| unauthorized("the Authorization header holds no key"))?;
    let (name, may) =
        service.keys.known(&secret).ok_or_else(|| unauthorized("the key is not known"))?;
    if scope == Scope::Write && may == Scope::Read {
        return Err(Failure::new(
            Code::Forbidden,
            "this key may read and not write",
            "make one that may: gz-search keys add NAME --scope write",
        ));
    }
    Ok(Client::Key(name))
}

/// The key in the value of an Authorization header. To read, it may be the password that a browser has asked for; not
/// to write, as browsers send a password whatever page makes them ask.
fn key(value: &str, scope: Scope) -> Option<String> {
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if scope == Scope::Write || !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let name_and_password = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    name_and_password.split_once(':').map(|(_, password)| password.to_owned())
}

fn too_many(service: &Service) -> Failure {
    Failure::new(
        Code::TooManyRequests,
        format!("{} requests of this client are under way", service.settings.per_client),
        "wait for some of them to end",
    )
}

fn unauthorized(message: &str) -> Failure {
    Failure::new(
        Code::Unauthorized,
        message,
        "send the header Authorization: Bearer KEY; `gz-search keys add NAME` makes a key",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_so_many_requests_and_no_more() {
        let clients = Arc::new(Clients::new(2));
        let address = |last| Client::Address(IpAddr::from([127, 0, 0, last]));
        let first = clients.count(address(1)).unwrap();
        let _second = clients.count(address(1)).unwrap();
        assert!(clients.count(address(1)).is_none());
        let _other = clients.count(address(2)).unwrap();
        drop(first);
        let _third = clients.count(address(1)).unwrap();
        assert_eq!(clients.counts.lock().unwrap().len(), 2);
    }

    #[test]
    fn keys_in_headers() {
        let [read, write] = [Scope::Read, Scope::Write];
        for (value, scope, found) in [
            ("Bearer abc", read, Some("abc")),
            ("bearer  abc ", write, Some("abc")),
            ("Basic bmFtZTpnel8xOjI=", read, Some("gz_1:2")),
            ("basic OmFiYw==", read, Some("abc")),
            ("Basic OmFiYw==", write, None),
            ("Basic abc", read, None),
            ("Basic /w==", read, None),
            ("Digest abc", read, None),
            ("Bearer", read, None),
            ("abc", read, None),
        ] {
            assert_eq!(key(value, scope).as_deref(), found, "{value}");
        }
    }
}
