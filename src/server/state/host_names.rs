//! Decides which host names the service accepts, which protects against DNS rebinding.
//!
//! In a DNS rebinding attack, a malicious site lets its own host name resolve to this machine, so that the browser
//! takes the service for that site. The Host header still contains the name of the malicious site.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::uri::Authority;

use crate::{
    error::{Error, Result},
    server::settings::Settings,
};

/// Value of the setting `accepted_hosts` that accepts any host name.
const ANY_HOST: &str = "*";

/// Accepted values of the Host header.
#[derive(Debug)]
pub(in crate::server) enum AcceptedHostNames {
    /// All host names.
    Any,
    /// The listed names, in lower case, and the loopback names.
    Only(Vec<String>),
}

impl AcceptedHostNames {
    /// Reads the host names in the settings. If the settings contain no host names, a service on a loopback address
    /// accepts only loopback names, and a service on any other address accepts every name.
    pub(super) fn new(settings: &Settings) -> Result<Self> {
        let Settings { listen_address, accepted_hosts: hosts, .. } = settings;
        let specific_hosts = hosts.iter().filter(|host| *host != ANY_HOST);
        let names =
            specific_hosts.map(|host| normalized_host_name(host)).collect::<Result<Vec<_>>>()?;
        let accepts_any = if hosts.is_empty() {
            !listen_address.ip().is_loopback()
        } else {
            names.len() < hosts.len()
        };
        Ok(if accepts_any { Self::Any } else { Self::Only(names) })
    }

    /// Returns whether the host name `host`, with or without a port, is accepted.
    pub(in crate::server) fn accepts(&self, host: &str) -> bool {
        let Self::Only(names) = self else { return true };
        let Ok(authority) = host.parse::<Authority>() else { return false };
        let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
        is_loopback(&host) || names.contains(&host)
    }
}

/// Returns whether the value of a Host header is a host name or address, with or without a port (RFC 3986, section
/// 3.2.2). Rejects user information, and brackets around anything but an IPv6 address.
pub(in crate::server) fn is_well_formed(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host();
    let port = host.strip_prefix(name);
    let is_port = |port: &str| {
        port.is_empty()
            || port
                .strip_prefix(':')
                .is_some_and(|port| port.is_empty() || port.parse::<u16>().is_ok())
    };
    let is_dns_char = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let is_name = if let Some(address) = name.strip_prefix('[') {
        address.strip_suffix(']').is_some_and(|address| address.parse::<Ipv6Addr>().is_ok())
    } else {
        !name.is_empty() && name.chars().all(is_dns_char)
    };
    is_name && port.is_some_and(is_port)
}

/// Returns whether `host` is a name or address that always means this machine (loopback).
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.map_or_else(
        |_| host == "localhost" || host.ends_with(".localhost"),
        |address| address.to_canonical().is_loopback(),
    )
}

/// Returns a host name in lower case and without a final dot. Rejects a name with scheme, port or path.
fn normalized_host_name(text: &str) -> Result<String> {
    let authority = text.parse::<Authority>().ok().filter(|authority| authority.host() == text);
    let malformed_host = || {
        Error::invalid(
            "host",
            format!(
                "--host {text}: not a host name; write the name alone, as in search.example.org, or *"
            ),
        )
    };
    authority.map(|_| text.trim_end_matches('.').to_ascii_lowercase()).ok_or_else(malformed_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host_names(listen: &str, hosts: &[&str]) -> Result<AcceptedHostNames> {
        let accepted_hosts = hosts.iter().map(|&host| host.to_owned()).collect();
        AcceptedHostNames::new(&Settings {
            listen_address: listen.parse().unwrap(),
            accepted_hosts,
            ..Settings::default()
        })
    }

    #[test]
    fn loopback_names_and_configured_names_are_accepted() {
        let [local, reachable] = ["127.0.0.1:7700", "0.0.0.0:7700"];
        for (listen, configured, host, accepted) in [
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
            (reachable, &[], "example.org", true),
            (reachable, &["search.example.org"], "search.example.org", true),
            (reachable, &["search.example.org"], "example.org", false),
        ] {
            let accepted_names = host_names(listen, configured).unwrap();
            assert_eq!(accepted_names.accepts(host), accepted, "{listen} {configured:?} {host}");
        }
    }

    #[test]
    fn only_a_name_or_an_address_with_a_port_is_well_formed() {
        for (host, expected) in [
            ("localhost", true),
            ("localhost:7700", true),
            ("localhost:", true),
            ("search.example.org.", true),
            ("127.0.0.1:80", true),
            ("[::1]", true),
            ("[::ffff:127.0.0.1]:7700", true),
            ("", false),
            (":7700", false),
            ("[127.0.0.1]", false),
            ("[localhost]:7700", false),
            ("[::1", false),
            ("evil.example@localhost", false),
            ("localhost@evil.example", false),
            ("localhost:evil", false),
            ("localhost:99999", false),
            ("localhost:77:00", false),
            ("local host", false),
            ("localhost/path", false),
            ("localhost,evil.example", false),
            ("http://localhost", false),
        ] {
            assert_eq!(is_well_formed(host), expected, "{host}");
        }
    }

    #[test]
    fn malformed_host_names_are_refused() {
        for host in ["", "http://example.org", "example.org:80", "a b", "me@example.org", "a/b"] {
            let error = host_names("127.0.0.1:0", &[host]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("--host {host}: ")), "{error}");
        }
    }
}
