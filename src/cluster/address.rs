//! What the user says of a cluster → its hosts, the name of the index on it, and how to be let in.

use std::{fmt, fs, path::PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::error::{Error, Result};

/// The name of the index, where the address gives none.
const DEFAULT_NAME: &str = "gz-search";

/// Where an index is kept that is not on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// What requests begin with, one for each host: `http://10.0.0.1:9200`.
    pub(super) hosts: Vec<String>,
    /// The name of the index.
    pub(super) name: String,
    pub(super) credentials: Credentials,
    /// A file of certificates to trust instead of those of the system.
    pub(super) authority: Option<PathBuf>,
}

/// What tells a cluster who asks. It is shown nowhere.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) enum Credentials {
    #[default]
    None,
    /// The value of the header `Authorization`.
    Header(String),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::None { "None" } else { "Header(…)" })
    }
}

impl Address {
    /// Reads `http://HOST:PORT/NAME`; several hosts of one cluster are separated by commas, and the name comes
    /// with the last.
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
    /// [`Error::InvalidArgument`] for what is no such address, and for one with a password in it: others can read it.
    pub fn parse(text: &str) -> Result<Self> {
        let mut hosts = Vec::new();
        let mut name = String::new();
        for part in text.split(',').map(str::trim) {
            let refused =
                |reason: &str| Error::invalid("address", format!("{}: {reason}", shown(part)));
            let (scheme, rest) = part
                .split_once("://")
                .filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
                .ok_or_else(|| {
                    refused("an address of a cluster begins with http:// or https://")
                })?;
            if rest.contains('@') {
                return Err(refused(
                    "give a password in GZ_SEARCH_ENGINE_PASSWORD: others can see what stands in an address",
                ));
            }
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            if host.is_empty() {
                return Err(refused("no host"));
            }
            let path = path.trim_matches('/');
            if !path.is_empty() {
                is_name(path).then(|| path.clone_into(&mut name)).ok_or_else(|| {
                    refused("the name of an index is of small letters, digits, - and _, and begins with a letter")
                })?;
            }
            hosts.push(format!("{scheme}://{host}"));
        }
        if name.is_empty() {
            DEFAULT_NAME.clone_into(&mut name);
        }
        Ok(Self { hosts, name, credentials: Credentials::None, authority: None })
    }

    /// The same with a user and a password.
    #[must_use]
    pub fn user(mut self, user: &str, password: &str) -> Self {
        let pair = BASE64_STANDARD.encode(format!("{user}:{password}"));
        self.credentials = Credentials::Header(format!("Basic {pair}"));
        self
    }

    /// The same with an API key, as the cluster encoded it.
    #[must_use]
    pub fn api_key(mut self, key: &str) -> Self {
        self.credentials = Credentials::Header(format!("ApiKey {key}"));
        self
    }

    /// The same, trusting the certificates of a PEM file instead of those of the system.
    #[must_use]
    pub fn authority(mut self, file: impl Into<PathBuf>) -> Self {
        self.authority = Some(file.into());
        self
    }

    /// The certificates to trust, as PEM; none where those of the system are.
    pub(super) fn certificates(&self) -> Result<Option<Vec<u8>>> {
        let file = self.authority.as_deref();
        file.map(|file| fs::read(file).map_err(Error::io("read", file))).transpose()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.hosts.join(","), self.name)
    }
}

/// An address without what stands before an @.
fn shown(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, host)| host)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
        && text.len() <= 200
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_hosts_and_an_index() {
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
    fn what_is_no_address_is_refused_and_a_password_is_not_repeated() {
        for text in
            ["", "a:9200", "ftp://a", "http://", "http://a/News", "http://a/x/y", "http://a/_x"]
        {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        let error = Address::parse("http://me:secret@a:9200").unwrap_err().to_string();
        assert!(
            error.contains("GZ_SEARCH_ENGINE_PASSWORD") && !error.contains("secret"),
            "{error}"
        );
        let address = Address::parse("http://a").unwrap().user("me", "secret");
        assert!(!format!("{address:?} {address}").contains("secret"));
        assert_eq!(address.credentials, Credentials::Header("Basic bWU6c2VjcmV0".to_owned()));
    }
}
