//! Address of an index on a cluster: hosts, name of the index, credentials and trusted certificates.

use std::{fmt, fs, path::PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::error::{Error, Result};

/// Name of the index if the address contains no name.
const DEFAULT_INDEX_NAME: &str = "gz-search";

/// Address of an index on a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Base URL of each host, such as `http://10.0.0.1:9200`.
    pub(super) hosts: Vec<String>,
    /// Name of the index.
    pub(super) name: String,
    pub(super) credentials: Credentials,
    /// PEM file with the certificates to trust; `None` to trust the certificates of the system.
    pub(super) certificate_file: Option<PathBuf>,
}

/// Credentials of the client. Credentials never appear in debug output or messages.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) enum Credentials {
    #[default]
    None,
    /// Value of the header `Authorization`.
    Header(String),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::None { "None" } else { "Header(…)" })
    }
}

impl Address {
    /// Parses an address of the form `http://HOST:PORT/NAME`. Commas separate the hosts of one cluster, and the name of
    /// the index follows the last host.
    ///
    /// ```
    /// use gz_search::cluster::Address;
    ///
    /// assert!(Address::parse("http://10.0.0.1:9200,http://10.0.0.2:9200/releases").is_ok());
    /// assert!(Address::parse("10.0.0.1:9200").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for a malformed address, and for an address that contains a password, because other
    /// users could read the password.
    pub fn parse(text: &str) -> Result<Self> {
        let mut hosts = Vec::new();
        let mut index_name = String::new();
        for host_and_path in text.split(',').map(str::trim) {
            let invalid = |argument: &'static str, reason: &str| {
                Error::invalid(
                    argument,
                    format!("{}: {reason}", without_credentials(host_and_path)),
                )
            };
            let (scheme, authority_and_path) = host_and_path
                .split_once("://")
                .filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
                .ok_or_else(|| {
                    invalid("address", "an address of a cluster begins with http:// or https://")
                })?;
            if authority_and_path.contains('@') {
                return Err(invalid(
                    "password",
                    "an address must not contain a password, because others can read it",
                ));
            }
            let (host, path) =
                authority_and_path.split_once('/').unwrap_or((authority_and_path, ""));
            if host.is_empty() {
                return Err(invalid("address", "no host"));
            }
            let path = path.trim_matches('/');
            if !path.is_empty() {
                if !is_index_name(path) {
                    return Err(invalid(
                        "address",
                        "the name of an index consists of small letters, digits, - and _, and begins with a letter",
                    ));
                }
                path.clone_into(&mut index_name);
            }
            hosts.push(format!("{scheme}://{host}"));
        }
        if index_name.is_empty() {
            DEFAULT_INDEX_NAME.clone_into(&mut index_name);
        }
        Ok(Self { hosts, name: index_name, credentials: Credentials::None, certificate_file: None })
    }

    /// Adds the user name and the password with which the client authenticates.
    #[must_use]
    pub fn user(mut self, user: &str, password: &str) -> Self {
        let user_and_password = BASE64_STANDARD.encode(format!("{user}:{password}"));
        self.credentials = Credentials::Header(format!("Basic {user_and_password}"));
        self
    }

    /// Adds the API key with which the client authenticates. `key` is the encoded form that the cluster printed.
    #[must_use]
    pub fn api_key(mut self, key: &str) -> Self {
        self.credentials = Credentials::Header(format!("ApiKey {key}"));
        self
    }

    /// Trusts the certificates in a PEM file instead of the certificates of the system.
    #[must_use]
    pub fn certificate_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.certificate_file = Some(file.into());
        self
    }

    /// Reads the PEM file of certificates to trust, and returns its bytes. Returns `None` if the address names no file:
    /// the client then trusts the certificates of the system.
    pub(super) fn read_certificate_file(&self) -> Result<Option<Vec<u8>>> {
        let file = self.certificate_file.as_deref();
        file.map(|file| fs::read(file).map_err(Error::io("read", file))).transpose()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.hosts.join(","), self.name)
    }
}

/// Returns an address without user name and password: the text after the last `@`.
fn without_credentials(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, host)| host)
}

/// Returns whether a cluster accepts `text` as the name of an index.
fn is_index_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
        && text.len() <= 200
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_split_into_hosts_and_index_name() {
        for (text, hosts, name) in [
            ("http://a:9200", "http://a:9200", "gz-search"),
            ("https://a/", "https://a", "gz-search"),
            ("http://a:9200/news", "http://a:9200", "news"),
            ("http://a, https://b:1/news-2", "http://a https://b:1", "news-2"),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!((address.hosts.join(" ").as_str(), address.name.as_str()), (hosts, name));
        }
    }

    #[test]
    fn malformed_addresses_and_passwords_are_refused() {
        for text in
            ["", "a:9200", "ftp://a", "http://", "http://a/News", "http://a/x/y", "http://a/_x"]
        {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        let error = Address::parse("http://me:secret@a:9200").unwrap_err().to_string();
        assert!(
            error.contains("must not contain a password") && !error.contains("secret"),
            "{error}"
        );
        let address = Address::parse("http://a").unwrap().user("me", "secret");
        assert!(!format!("{address:?} {address}").contains("secret"));
        assert_eq!(address.credentials, Credentials::Header("Basic bWU6c2VjcmV0".to_owned()));
    }
}
