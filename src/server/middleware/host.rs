//! The name that a request was sent to → whether the service goes by it.
//!
//! A page of another site can have its own name lead to this machine (DNS rebinding). The browser then takes what is
//! answered here for that site's own. But it sends the name along, and that is none of ours.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    error::{Error, Result},
    server::{
        Settings,
        api_error::{Code, Failure},
        state::Service,
    },
};

/// Any name is right.
const ANY: &str = "*";

/// The names that the service goes by.
#[derive(Debug)]
pub(in crate::server) enum Names {
    Any,
    /// Those of the machine for itself, and these, in lower case.
    Own(Vec<String>),
}

impl Names {
    /// At an address that only this machine reaches, there is no other name unless one is given.
    pub(in crate::server) fn new(settings: &Settings) -> Result<Self> {
        let Settings { listen, hosts, .. } = settings;
        let names = hosts.iter().filter(|host| *host != ANY);
        let names = names.map(|host| name(host)).collect::<Result<Vec<_>>>()?;
        let any =
            if hosts.is_empty() { !listen.ip().is_loopback() } else { names.len() < hosts.len() };
        Ok(if any { Self::Any } else { Self::Own(names) })
    }

    /// Whether `host` is one of them, with or without a port.
    fn have(&self, host: &str) -> bool {
        let Self::Own(names) = self else { return true };
        let Ok(authority) = host.parse::<Authority>() else { return false };
        let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
        is_loopback(&host) || names.contains(&host)
    }
}

/// Whether a name is one of the machine for itself, which no other can take.
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.map_or_else(
        |_| host == "localhost" || host.ends_with(".localhost"),
        |address| address.to_canonical().is_loopback(),
    )
}

/// A name as it is compared: without scheme, port or path.
fn name(text: &str) -> Result<String> {
    let authority = text.parse::<Authority>().ok().filter(|authority| authority.host() == text);
    let none = || {
        Error::invalid(
            "host",
            format!(
                "--host {text}: no name of a host; write it alone, as in search.example.org, or *"
            ),
        )
    };
    authority.map(|_| text.trim_end_matches('.').to_ascii_lowercase()).ok_or_else(none)
}

/// Refuses what was sent to another name. Who sends none is no browser.
pub(in crate::server) async fn known(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    let names = &service.names;
    let in_header = |value: &header::HeaderValue| value.to_str().is_ok_and(|it| names.have(it));
    let right = match request.uri().authority() {
        Some(authority) => names.have(authority.as_str()),
        None => request.headers().get_all(header::HOST).iter().all(in_header),
    };
    if right {
        return next.run(request).await;
    }
    let hint = "ask it by localhost or 127.0.0.1; `serve --host NAME` lets it go by another name";
    Failure::new(Code::Misdirected, "the service does not go by the name in the header Host", hint)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(listen: &str, hosts: &[&str]) -> Result<Names> {
        let hosts = hosts.iter().map(|&host| host.to_owned()).collect();
        Names::new(&Settings { listen: listen.parse().unwrap(), hosts, ..Settings::default() })
    }

    #[test]
    fn names_of_the_machine_for_itself_and_those_given() {
        let [local, reached] = ["127.0.0.1:7700", "0.0.0.0:7700"];
        for (listen, given, host, right) in [
            (local, &[][..], "localhost", true),
            (local, &[], "LocalHost.:80", true),
            (local, &[], "search.localhost:7700", true),
            (local, &[], "127.0.0.1:7700", true),
            (local, &[], "127.9.9.9", true),
            (local, &[], "[::1]:7700", true),
            (local, &[], "[::ffff:127.0.0.1]", true),
            (local, &[], "0.0.0.0:7700", false),
            (local, &[], "192.168.0.7", false),
            (local, &[], "example.org", false),
            (local, &[], "localhost.example.org", false),
            (local, &[], "127.0.0.1.example.org", false),
            (local, &[], "notlocalhost", false),
            (local, &[], "", false),
            (local, &[], "local host", false),
            ("[::1]:7700", &[], "example.org", false),
            (local, &["Search.example.org"], "search.example.org:443", true),
            (local, &["search.example.org"], "example.org", false),
            (local, &["search.example.org"], "localhost", true),
            (local, &["*"], "example.org", true),
            (reached, &[], "example.org", true),
            (reached, &["search.example.org"], "search.example.org", true),
            (reached, &["search.example.org"], "example.org", false),
        ] {
            let names = names(listen, given).unwrap();
            assert_eq!(names.have(host), right, "{listen} {given:?} {host}");
        }
    }

    #[test]
    fn what_is_no_name_is_told() {
        for host in ["", "http://example.org", "example.org:80", "a b", "me@example.org", "a/b"] {
            let error = names("127.0.0.1:0", &[host]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("--host {host}: ")), "{error}");
        }
    }
}
