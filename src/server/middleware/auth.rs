//! Authenticates and authorizes requests: determines the client of a request, and whether the client may send the
//! request.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, atomic::Ordering},
};

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD as STANDARD};

use crate::server::{
    api_error::{ApiError, Code},
    keys::Scope,
    state::{LimitedClient, PeerAddress, ServerState},
};

/// Rejects requests that may not read. Attaches the [`LimitedClient`] to each accepted request.
pub(in crate::server) async fn require_read_access(
    State(service): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    require_access(&service, Scope::Read, request, next).await
}

/// Rejects requests that may not write. Attaches the [`LimitedClient`] to each accepted request.
pub(in crate::server) async fn require_write_access(
    State(service): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    require_access(&service, Scope::Write, request, next).await
}

/// Rejects a request without access of the kind `scope`. Attaches the [`LimitedClient`] to each accepted request.
async fn require_access(
    service: &ServerState,
    scope: Scope,
    mut request: Request,
    next: Next,
) -> Response {
    match authorize(service, scope, &request) {
        Ok(client) => {
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Returns the client of a request. Fails if the request does not have access of the kind `scope`.
///
/// # Errors
///
/// [`Code::Stopping`] if the service is stopping, [`Code::Unauthorized`] without a valid key, [`Code::Forbidden`] if
/// the key may only read.
fn authorize(
    service: &ServerState,
    scope: Scope,
    request: &Request,
) -> Result<LimitedClient, ApiError> {
    if service.is_stopping.load(Ordering::Relaxed) {
        return Err(ApiError::new(
            Code::Stopping,
            "the service is stopping",
            "try again in a moment",
        ));
    }
    let Some(header) = request.headers().get(header::AUTHORIZATION) else {
        let needs_key = scope == Scope::Write || service.keys.are_required_to_read();
        return if needs_key {
            Err(unauthorized_error("a key is needed"))
        } else {
            Ok(LimitedClient::Address(peer_address(request)))
        };
    };
    let secret = header
        .to_str()
        .ok()
        .and_then(|value| key_in_authorization_header(value, scope))
        .ok_or_else(|| unauthorized_error("the Authorization header holds no key"))?;
    let (key_name, granted_scope) = service
        .keys
        .name_and_scope_of_key(&secret)
        .ok_or_else(|| unauthorized_error("the key is unknown"))?;
    if scope == Scope::Write && granted_scope == Scope::Read {
        return Err(ApiError::new(
            Code::Forbidden,
            "this key may read but not write",
            "add a key that may write: gz-search keys add NAME --scope write",
        ));
    }
    Ok(LimitedClient::Key(key_name))
}

/// Returns the address of the client. A request without a connection, as in tests, counts as a request from this
/// machine.
fn peer_address(request: &Request) -> IpAddr {
    request
        .extensions()
        .get::<PeerAddress>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |PeerAddress(address)| address.ip().to_canonical())
}

/// Returns the key in the value of an Authorization header. The key is a bearer token or, for reading only, the
/// password of Basic authentication.
///
/// A password does not permit writing, because a browser also sends passwords with requests that other sites trigger
/// (CSRF).
fn key_in_authorization_header(value: &str, scope: Scope) -> Option<String> {
    let (scheme, credentials) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(credentials.trim().to_owned());
    }
    if scope == Scope::Write || !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let name_and_password = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    name_and_password.split_once(':').map(|(_, password)| password.to_owned())
}

fn unauthorized_error(message: &str) -> ApiError {
    ApiError::new(
        Code::Unauthorized,
        message,
        "send the header Authorization: Bearer KEY; `gz-search keys add NAME` adds a key",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_from_authorization_headers() {
        let [read, write] = [Scope::Read, Scope::Write];
        for (value, scope, expected) in [
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
            assert_eq!(key_in_authorization_header(value, scope).as_deref(), expected, "{value}");
        }
    }
}
