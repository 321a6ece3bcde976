//! Arguments of the commands `serve` and `keys`.

use std::{
    net::{Ipv4Addr, SocketAddr},
    num::NonZero,
};

use clap::{Args, Subcommand, ValueEnum};

/// Serves the index over HTTP until SIGINT or SIGTERM, then finishes the current requests. /openapi.json describes the
/// requests. A commit of another process becomes visible within a second.
#[derive(Debug, Args)]
pub(in crate::cli) struct ServeArgs {
    /// Address and port to listen at; other machines cannot reach a loopback address
    ///
    /// A port alone (`7995`, `:7995`, `localhost:7995`) is a port of 127.0.0.1.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7700", value_parser = parse_listen_address)]
    pub(in crate::cli) listen: SocketAddr,
    /// Open the search page in the browser
    #[arg(long)]
    pub(in crate::cli) open: bool,
    /// Keep the index up to date with this folder or file, as `watch` does; may be repeated
    ///
    /// Creates the index if there is none.
    #[cfg(feature = "watch")]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) watch: Vec<std::path::PathBuf>,
    /// With --watch: scan all files at this interval in seconds, for folders without change events such as network
    /// shares
    #[cfg(feature = "watch")]
    #[arg(long, value_name = "SECONDS")]
    pub(in crate::cli) poll: Option<NonZero<u32>>,
    /// Allow searching and reading without a key; writing always needs a key
    #[arg(long)]
    pub(in crate::cli) public: bool,
    /// Accept requests for this host name, such as `search.example.org`, or `*` for any; may be repeated
    ///
    /// Without this option, a service at a loopback address accepts only names of this machine, and any other service
    /// accepts all names.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) host: Vec<String>,
    /// Accept browser requests from pages of this origin, such as `https://example.org`, or `*` for any; may be
    /// repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(in crate::cli) cors: Vec<String>,
    /// Maximum number of simultaneous searches of one client; one more may run for another client [default: number of
    /// processors]
    #[arg(long, value_name = "N")]
    pub(in crate::cli) searches: Option<NonZero<usize>>,
    /// Maximum number of simultaneous requests of one client, identified by its key or address
    #[arg(long, value_name = "N", default_value = "64")]
    pub(in crate::cli) per_client: NonZero<usize>,
    /// Maximum number of open connections of all clients
    #[arg(long, value_name = "N", default_value = "1024")]
    pub(in crate::cli) connections: NonZero<usize>,
    /// Maximum number of open connections from one address
    #[arg(long, value_name = "N", default_value = "256")]
    pub(in crate::cli) per_address: NonZero<usize>,
    /// Maximum duration of a request in seconds
    #[arg(long, value_name = "SECONDS", default_value = "10")]
    pub(in crate::cli) timeout: NonZero<u16>,
    /// Maximum size in MiB of the documents that one request posts
    #[arg(long, value_name = "MIB", default_value = "16")]
    pub(in crate::cli) max_body: NonZero<u16>,
    /// Format of the access log on standard error; the log contains no key, body or query
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = LogFormatArg::Text)]
    pub(in crate::cli) log: LogFormatArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LogFormatArg {
    /// Text for people
    Text,
    /// One JSON object per line
    Json,
    /// No access log
    Off,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct KeysArgs {
    #[command(subcommand)]
    pub(in crate::cli) action: KeysAction,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum KeysAction {
    /// Create a key and print it; it cannot be printed again
    ///
    /// As soon as a key exists, reading needs a key too, unless the service is started with --public.
    Add {
        /// Name of the key, of letters, digits, dots, - and _
        name: String,
        /// Rights of the key
        #[arg(long, value_enum, default_value_t = KeyScopeArg::Read)]
        scope: KeyScopeArg,
    },
    /// Print the name, scope and creation date of each key
    List,
    /// Delete a key; a running service rejects the key at once
    Revoke {
        /// Name of the key
        name: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum KeyScopeArg {
    /// Search and read
    Read,
    /// Search, read, add and remove documents
    Write,
}

/// Parses an address with a port, or a port of this machine.
fn parse_listen_address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let port = text.strip_prefix("localhost").unwrap_or(text);
    let port = port.strip_prefix(':').unwrap_or(port).parse::<u16>();
    port.map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .map_err(|_| "not an address with a port, as in 127.0.0.1:7700 or :7700".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_a_port_of_this_machine() {
        for (text, expected) in [
            ("127.0.0.1:1", Some("127.0.0.1:1")),
            ("[::1]:7", Some("[::1]:7")),
            (":7995", Some("127.0.0.1:7995")),
            ("7995", Some("127.0.0.1:7995")),
            ("localhost:7995", Some("127.0.0.1:7995")),
            ("example.org:80", None),
            ("localhost", None),
            (":70000", None),
        ] {
            let address = parse_listen_address(text).ok().map(|address| address.to_string());
            assert_eq!(address.as_deref(), expected, "{text}");
        }
    }
}
