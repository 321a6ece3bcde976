//! HTTP client of a cluster. Retries requests to busy hosts, and converts error responses to errors. The client sends
//! each request to the host that answered last. If that host cannot be reached, the client tries the next host.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::{
    Agent,
    http::Request,
    tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem},
};

use super::address::{Address, Credentials};
use crate::error::{ClusterFailure, Error, Result};

/// Time limit of a search request.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(10);
/// Time limit of a write request.
const WRITE_TIMEOUT: Duration = Duration::from_secs(90);
/// Time limit for connecting to a host.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum number of attempts of one request. A switch from an unreachable host to the next host does
/// not count as an attempt.
const MAX_REQUEST_ATTEMPTS: u32 = 8;
/// Pause after the first attempt of a request. Each further pause is twice as long, up to [`MAX_RETRY_PAUSE`].
const FIRST_RETRY_PAUSE: Duration = Duration::from_millis(100);
/// Maximum pause between two attempts of a request.
const MAX_RETRY_PAUSE: Duration = Duration::from_secs(10);
/// Maximum size of a response of the cluster in bytes.
const MAX_RESPONSE_BYTES: u64 = 1 << 30;

/// HTTP method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Head,
    Post,
    Put,
    Delete,
}

/// HTTP response of a cluster.
#[derive(Debug)]
pub(super) struct Response {
    /// HTTP status code.
    pub(super) status: u16,
    /// Bytes of the body.
    bytes: Vec<u8>,
}

impl Response {
    /// Parses the body as JSON. Returns the whole body as a JSON string if the body is not valid JSON.
    pub(super) fn body_as_json(&self) -> Value {
        let body_text = || Value::String(String::from_utf8_lossy(&self.bytes).into_owned());
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| body_text())
    }

    /// Deserializes the body.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.bytes).map_err(|error| {
            Error::cluster(format!(
                "sends a response that cannot be parsed ({error}): is it OpenSearch or Elasticsearch?"
            ))
        })
    }
}

/// Client of one index of a cluster. Several threads can share a client.
#[derive(Debug)]
pub(super) struct Client {
    /// HTTP client, which keeps connections to the hosts open.
    agent: Agent,
    address: Address,
    /// Index in [`Address::hosts`] of the host that gets the next request: the host that answered last, or the host
    /// after an unreachable host.
    host_index: AtomicUsize,
}

impl Client {
    pub(super) fn new(address: Address) -> Result<Self> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::Specific(Arc::new(root_certificates(&address)?)))
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .tls_config(tls)
            .build();
        Ok(Self { agent: Agent::new_with_config(config), address, host_index: AtomicUsize::new(0) })
    }

    /// Returns the name of the index.
    pub(super) fn index_name(&self) -> &str {
        &self.address.name
    }

    /// Sends a request and returns the response, even if its status is an error. Retries busy hosts, and skips
    /// unreachable hosts.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if no host answers, or if the cluster denies access.
    pub(super) fn send(&self, method: Method, path: &str, body: &str) -> Result<Response> {
        let mut attempts = 0;
        let host_count = self.address.hosts.len();
        let mut unreachable_hosts = 0;
        loop {
            let host_index = self.host_index.load(Ordering::Relaxed) % host_count;
            let host = self.address.hosts.get(host_index).map_or("", String::as_str);
            let reason = match self.send_once(method, host, path, body) {
                Ok(response) if !is_retryable_status(response.status) => {
                    return check_access(response);
                }
                Ok(response) => {
                    let reason = error_reason_suffix(&response.body_as_json());
                    format!("{host} is busy (status {}){reason}", response.status)
                }
                Err(error) => {
                    // Another host may be alive, so the client tries the next host without a pause.
                    self.host_index.store(host_index + 1, Ordering::Relaxed);
                    unreachable_hosts += 1;
                    if let Some((failure, reason)) = permanent_failure(&error) {
                        let message = format!("{host} {reason}: {error}");
                        return Err(Error::Cluster { failure, message });
                    }
                    if unreachable_hosts % host_count != 0 {
                        continue;
                    }
                    format!("{host} cannot be reached: {error}")
                }
            };
            attempts += 1;
            if attempts >= MAX_REQUEST_ATTEMPTS {
                return Err(Error::cluster(reason));
            }
            thread::sleep(retry_pause(attempts));
        }
    }

    /// Sends a request, and returns the response if its status is a success.
    ///
    /// # Errors
    ///
    /// The errors of [`send`](Self::send), and [`Error::Cluster`] if the status is not a success.
    pub(super) fn send_expecting_success(
        &self,
        method: Method,
        path: &str,
        body: &str,
    ) -> Result<Response> {
        let response = self.send(method, path, body)?;
        if (200..300).contains(&response.status) {
            return Ok(response);
        }
        Err(self.unsuccessful_response_error(response.status, &response.body_as_json()))
    }

    /// Returns the error for an unsuccessful response, or for an unsuccessful search within a multi-search response.
    pub(super) fn unsuccessful_response_error(&self, status: u16, body: &Value) -> Error {
        let reason = error_reason_suffix(body);
        match status {
            404 => Error::Cluster {
                failure: ClusterFailure::NoIndex { address: self.address.to_string() },
                message: format!("has no index {}{reason}", self.address.name),
            },
            413 => Error::cluster(format!(
                "accepts no request of this size: raise http.max_content_length{reason}"
            )),
            status => Error::cluster(format!("refuses (status {status}){reason}")),
        }
    }

    /// Sends a request to one host, without retries.
    fn send_once(
        &self,
        method: Method,
        host: &str,
        path: &str,
        body: &str,
    ) -> std::result::Result<Response, ureq::Error> {
        let method_name = match method {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        };
        let mut request = Request::builder().method(method_name).uri(format!("{host}{path}"));
        if let Credentials::Header(value) = &self.address.credentials {
            request = request.header("authorization", value);
        }
        let is_search = ["_msearch", "_doc", "_mapping"].iter().any(|name| path.contains(name));
        let timeout = if is_search { SEARCH_TIMEOUT } else { WRITE_TIMEOUT };
        let mut response = if body.is_empty() {
            let request = request.body(())?;
            self.agent
                .run(self.agent.configure_request(request).timeout_global(Some(timeout)).build())?
        } else {
            let is_json_lines = path.contains("_bulk") || path.contains("_msearch");
            let media_type =
                if is_json_lines { "application/x-ndjson" } else { "application/json" };
            let request = request.header("content-type", media_type).body(body)?;
            self.agent
                .run(self.agent.configure_request(request).timeout_global(Some(timeout)).build())?
        };
        let status = response.status().as_u16();
        let bytes = response.body_mut().with_config().limit(MAX_RESPONSE_BYTES).read_to_vec()?;
        Ok(Response { status, bytes })
    }
}

/// Returns the response. Fails if the status means that the cluster denies access (401, 403) or redirects to another
/// address (3xx).
fn check_access(response: Response) -> Result<Response> {
    match response.status {
        401 => Err(Error::Cluster {
            failure: ClusterFailure::Unauthorized,
            message:
                "needs a user and a password, or an API key, and rejects the given credentials"
                    .to_owned(),
        }),
        403 => Err(Error::cluster(format!(
            "denies this request{}",
            error_reason_suffix(&response.body_as_json())
        ))),
        300..=399 => Err(Error::cluster(format!(
            "redirects to another address (status {}): give that address",
            response.status
        ))),
        _ => Ok(response),
    }
}

/// Returns the certificates to trust: the certificates in the PEM file of `address` or, without a file, the
/// certificates of the system. Returns no certificate for plain HTTP.
fn root_certificates(address: &Address) -> Result<Vec<Certificate<'static>>> {
    if address.hosts.iter().all(|host| host.starts_with("http://")) {
        return Ok(Vec::new());
    }
    let Some(pem) = address.read_certificate_file()? else {
        let system_certificates = rustls_native_certs::load_native_certs().certs;
        return Ok(system_certificates
            .iter()
            .map(|der| Certificate::from_der(der).to_owned())
            .collect());
    };
    let pem_certificates = parse_pem(&pem).filter_map(|item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    });
    let certificates: Vec<_> = pem_certificates.collect();
    if certificates.is_empty() {
        let file = address.certificate_file.as_deref().unwrap_or_else(|| std::path::Path::new(""));
        return Err(Error::invalid(
            "certificate",
            format!("{} contains no certificate", file.display()),
        ));
    }
    Ok(certificates)
}

/// Returns whether the status of a response means that a later attempt may succeed.
const fn is_retryable_status(status: u16) -> bool {
    matches!(status, 429 | 502..=504)
}

/// Returns the kind and the description of an error that would occur again in a further attempt; `None` if a further
/// attempt may succeed.
fn permanent_failure(error: &ureq::Error) -> Option<(ClusterFailure, &'static str)> {
    const UNTRUSTED_CERTIFICATE: (ClusterFailure, &str) =
        (ClusterFailure::UntrustedCertificate, "has no trusted certificate");
    let other_failure = |reason| Some((ClusterFailure::Other, reason));
    match error {
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => Some(UNTRUSTED_CERTIFICATE),
        // A failed TLS handshake is reported as an I/O error.
        ureq::Error::Io(error) => match error.get_ref()?.downcast_ref::<rustls::Error>()? {
            rustls::Error::InvalidCertificate(_) => Some(UNTRUSTED_CERTIFICATE),
            _ => other_failure("does not speak a compatible version of TLS (is it http://?)"),
        },
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => other_failure("is not an address"),
        _ => None,
    }
}

/// Returns `: ` and the first 300 characters of the reason in an error response; an empty string if the response
/// contains no reason.
pub(super) fn error_reason_suffix(body: &Value) -> String {
    let error = body.get("error").unwrap_or(body);
    let root_reason = error.pointer("/root_cause/0/reason").or_else(|| error.get("reason"));
    let reason = root_reason.unwrap_or(error);
    let reason_text = reason.as_str().map_or_else(|| reason.to_string(), str::to_owned);
    let short_reason: String = reason_text.chars().take(300).collect();
    if matches!(short_reason.as_str(), "" | "null") {
        short_reason
    } else {
        format!(": {short_reason}")
    }
}

/// Returns the pause after `attempts` attempts. The pause grows exponentially up to [`MAX_RETRY_PAUSE`] and is
/// shortened at random by at most half.
pub(super) fn retry_pause(attempts: u32) -> Duration {
    let longest_pause = FIRST_RETRY_PAUSE
        .saturating_mul(1 << attempts.saturating_sub(1).min(16))
        .min(MAX_RETRY_PAUSE);
    // The keys of a new hasher state are random, so the hash serves as a random number.
    let random_fraction = RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64;
    longest_pause.mul_f64(0.5 + random_fraction / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_have_jitter() {
        for attempts in 1..20 {
            let longest_pause =
                FIRST_RETRY_PAUSE.saturating_mul(1 << (attempts - 1)).min(MAX_RETRY_PAUSE);
            let pauses: Vec<_> = (0..8).map(|_| retry_pause(attempts)).collect();
            assert!(
                pauses.iter().all(|pause| *pause >= longest_pause / 2 && *pause <= longest_pause)
            );
            assert!(pauses.windows(2).any(|pair| pair[0] != pair[1]));
        }
    }

    #[test]
    fn reasons_of_error_responses_are_extracted() {
        let body = serde_json::json!({"error": {"root_cause": [{"reason": "no such index [x]"}]}});
        assert_eq!(error_reason_suffix(&body), ": no such index [x]");
        assert_eq!(error_reason_suffix(&Value::String("gateway".to_owned())), ": gateway");
        assert_eq!(error_reason_suffix(&Value::String(String::new())), "");
    }
}
