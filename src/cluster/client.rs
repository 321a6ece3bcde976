//! A request → the answer of the first host that gives one: with patience, and in the end with a clear word.

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
use crate::error::{Error, Result};

/// No search takes longer than that, and no request that writes.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(10);
const WRITE_TIMEOUT: Duration = Duration::from_secs(90);
/// No host takes longer to be reached.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A request is sent so many times at most, beside once for each host that is out of order.
const MOST_TRIES: u32 = 8;
/// The first pause between two tries; each is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// No answer is longer, in bytes.
const MOST_BYTES: u64 = 1 << 30;

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Head,
    Post,
    Put,
    Delete,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    bytes: Vec<u8>,
}

impl Reply {
    /// What it says; a text where that is no JSON.
    pub(super) fn body(&self) -> Value {
        let text = || Value::String(String::from_utf8_lossy(&self.bytes).into_owned());
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| text())
    }
}

/// A connection to a cluster; it may be used by many threads at once.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    address: Address,
    /// The host that answered last.
    host: AtomicUsize,
}

impl Client {
    pub(super) fn new(address: Address) -> Result<Self> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::Specific(Arc::new(trusted(&address)?)))
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .tls_config(tls)
            .build();
        Ok(Self { agent: Agent::new_with_config(config), address, host: AtomicUsize::new(0) })
    }

    /// The name of the index.
    pub(super) fn name(&self) -> &str {
        &self.address.name
    }

    /// The answer to a request about the index, whatever its status; what is busy or out of order is asked
    /// again.
    pub(super) fn send(&self, method: Method, path: &str, body: &str) -> Result<Reply> {
        let mut tries = 0;
        let hosts = self.address.hosts.len();
        let mut lost = 0;
        loop {
            let index = self.host.load(Ordering::Relaxed) % hosts;
            let host = self.address.hosts.get(index).map_or("", String::as_str);
            let reason = match self.once(method, host, path, body) {
                Ok(reply) if !is_busy(reply.status) => return Self::accepted(reply),
                Ok(reply) => {
                    format!("{host} is busy (status {}){}", reply.status, said(&reply.body()))
                }
                Err(error) => {
                    // Another host may be alive: it is asked at once.
                    self.host.store(index + 1, Ordering::Relaxed);
                    lost += 1;
                    if let Some(reason) = hopeless(&error) {
                        return Err(Error::Cluster(format!("{host} {reason}: {error}")));
                    }
                    if lost % hosts != 0 {
                        continue;
                    }
                    format!("{host} cannot be reached: {error}")
                }
            };
            tries += 1;
            if tries >= MOST_TRIES {
                return Err(Error::Cluster(reason));
            }
            thread::sleep(pause(tries));
        }
    }

    /// As [`send`](Self::send), for an answer that says that it was done.
    pub(super) fn done(&self, method: Method, path: &str, body: &str) -> Result<Value> {
        Ok(self.accomplished(method, path, body)?.body())
    }

    /// The same, for an answer of a known form.
    pub(super) fn read<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &str,
    ) -> Result<T> {
        let reply = self.accomplished(method, path, body)?;
        serde_json::from_slice(&reply.bytes).map_err(|error| {
            Error::Cluster(format!(
                "gives an answer of an unknown form ({error}): is it OpenSearch or Elasticsearch?"
            ))
        })
    }

    fn accomplished(&self, method: Method, path: &str, body: &str) -> Result<Reply> {
        let reply = self.send(method, path, body)?;
        if (200..300).contains(&reply.status) { Ok(reply) } else { Err(self.refused(&reply)) }
    }

    /// What is wrong, in words.
    pub(super) fn refused(&self, reply: &Reply) -> Error {
        self.refused_with(reply.status, &reply.body())
    }

    /// The same, of a part of an answer.
    pub(super) fn refused_with(&self, status: u16, body: &Value) -> Error {
        let what = said(body);
        Error::Cluster(match status {
            404 => format!(
                "has no index {}: make it with `gz-search index FOLDER --engine {}`{what}",
                self.address.name, self.address
            ),
            413 => format!("takes no request that long: raise http.max_content_length{what}"),
            status => format!("refuses (status {status}){what}"),
        })
    }

    fn accepted(reply: Reply) -> Result<Reply> {
        match reply.status {
            401 => Err(Error::Cluster(
                "wants to know who asks: set GZ_SEARCH_ENGINE_USER and GZ_SEARCH_ENGINE_PASSWORD, or GZ_SEARCH_ENGINE_API_KEY"
                    .to_owned(),
            )),
            403 => Err(Error::Cluster(format!("does not allow this{}", said(&reply.body())))),
            300..=399 => Err(Error::Cluster(format!(
                "sends elsewhere (status {}): give the address that it is at",
                reply.status
            ))),
            _ => Ok(reply),
        }
    }

    fn once(
        &self,
        method: Method,
        host: &str,
        path: &str,
        body: &str,
    ) -> std::result::Result<Reply, ureq::Error> {
        let name = match method {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        };
        let mut request = Request::builder().method(name).uri(format!("{host}{path}"));
        if let Credentials::Header(value) = &self.address.credentials {
            request = request.header("authorization", value);
        }
        let searches = ["_msearch", "_doc", "_mapping"].iter().any(|name| path.contains(name));
        let timeout = if searches { SEARCH_TIMEOUT } else { WRITE_TIMEOUT };
        let mut answer = if body.is_empty() {
            let request = request.body(())?;
            self.agent
                .run(self.agent.configure_request(request).timeout_global(Some(timeout)).build())?
        } else {
            let lines = path.contains("_bulk") || path.contains("_msearch");
            let kind = if lines { "application/x-ndjson" } else { "application/json" };
            let request = request.header("content-type", kind).body(body)?;
            self.agent
                .run(self.agent.configure_request(request).timeout_global(Some(timeout)).build())?
        };
        let status = answer.status().as_u16();
        let bytes = answer.body_mut().with_config().limit(MOST_BYTES).read_to_vec()?;
        Ok(Reply { status, bytes })
    }
}

/// The certificates to trust.
fn trusted(address: &Address) -> Result<Vec<Certificate<'static>>> {
    if address.hosts.iter().all(|host| host.starts_with("http://")) {
        return Ok(Vec::new());
    }
    let Some(pem) = address.certificates()? else {
        let found = rustls_native_certs::load_native_certs().certs;
        return Ok(found.iter().map(|der| Certificate::from_der(der).to_owned()).collect());
    };
    let items = parse_pem(&pem).filter_map(|item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    });
    let found: Vec<_> = items.collect();
    if found.is_empty() {
        let file = address.authority.as_deref().unwrap_or_else(|| std::path::Path::new(""));
        return Err(Error::invalid(
            "certificate",
            format!("{}: no certificate in it", file.display()),
        ));
    }
    Ok(found)
}

const fn is_busy(status: u16) -> bool {
    matches!(status, 429 | 502..=504)
}

/// Why it does not help to try again.
fn hopeless(error: &ureq::Error) -> Option<&'static str> {
    const UNTRUSTED: &str =
        "shows no certificate that is trusted here (GZ_SEARCH_ENGINE_CA names a file of others)";
    match error {
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => Some(UNTRUSTED),
        // What goes wrong while a connection is made secure comes as an error of reading.
        ureq::Error::Io(error) => match error.get_ref()?.downcast_ref::<rustls::Error>()? {
            rustls::Error::InvalidCertificate(_) => Some(UNTRUSTED),
            _ => Some("does not speak TLS as this program does (is it http://?)"),
        },
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => Some("is no address"),
        _ => None,
    }
}

/// What an answer says is wrong, after a colon.
pub(super) fn said(body: &Value) -> String {
    let error = body.get("error").unwrap_or(body);
    let root = error.pointer("/root_cause/0/reason").or_else(|| error.get("reason"));
    let text = root.unwrap_or(error);
    let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
    let short: String = text.chars().take(300).collect();
    if matches!(short.as_str(), "" | "null") { short } else { format!(": {short}") }
}

/// The pause before another try: about twice as long as the one before, not at the same time as others.
pub(super) fn pause(tries: u32) -> Duration {
    let longest =
        FIRST_PAUSE.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(LONGEST_PAUSE);
    // A fresh state has random keys.
    let random = RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64;
    longest.mul_f64(0.5 + random / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_differ() {
        for tries in 1..20 {
            let longest = FIRST_PAUSE.saturating_mul(1 << (tries - 1)).min(LONGEST_PAUSE);
            let pauses: Vec<_> = (0..8).map(|_| pause(tries)).collect();
            assert!(pauses.iter().all(|pause| *pause >= longest / 2 && *pause <= longest));
            assert!(pauses.windows(2).any(|pair| pair[0] != pair[1]));
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_words() {
        let body = serde_json::json!({"error": {"root_cause": [{"reason": "no such index [x]"}]}});
        assert_eq!(said(&body), ": no such index [x]");
        assert_eq!(said(&Value::String("gateway".to_owned())), ": gateway");
        assert_eq!(said(&Value::String(String::new())), "");
    }
}
