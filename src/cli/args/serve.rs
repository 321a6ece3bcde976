//! What `serve` and `keys` may be told.

use std::num::NonZero;

use clap::{Args as Arguments, Subcommand, ValueEnum};

/// Answers over HTTP until it is told to end (SIGINT, SIGTERM), and then finishes what has begun. What
/// may be asked is described at /openapi.json. A commit of another process is seen within a second.
#[derive(Debug, Arguments)]
pub(in crate::cli) struct Serve {
    /// Where to listen; others reach it only at an address that is not this machine's own
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7700")]
    pub(in crate::cli) listen: std::net::SocketAddr,
    /// Keep the index up to date with this folder or file, as `watch` does; may be repeated. Makes the index
    /// where there is none
    #[cfg(feature = "watch")]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) watch: Vec<std::path::PathBuf>,
    /// With --watch: look at all files so often, for folders whose changes the system does not tell
    #[cfg(feature = "watch")]
    #[arg(long, value_name = "SECONDS", requires = "watch")]
    pub(in crate::cli) poll: Option<NonZero<u32>>,
    /// Let anybody who reaches the address search and read without a key; writing always needs one
    #[arg(long)]
    pub(in crate::cli) public: bool,
    /// Let requests be sent to this name, as in `search.example.org`, or to any with `*`; may be repeated. Without it
    /// only names as localhost are right at an address of this machine's own, and any at another
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) host: Vec<String>,
    /// Let pages of this origin, as in `https://example.org`, or `*` for any, ask from a browser; may be
    /// repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(in crate::cli) cors: Vec<String>,
    /// How many searches run at the same time [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    pub(in crate::cli) searches: Option<NonZero<usize>>,
    /// How many requests of one client, by key or else by address, are worked on at the same time
    #[arg(long, value_name = "N", default_value = "64")]
    pub(in crate::cli) per_client: NonZero<usize>,
    /// How many connections may be open
    #[arg(long, value_name = "N", default_value = "1024")]
    pub(in crate::cli) connections: NonZero<usize>,
    /// How many of them may come from one address
    #[arg(long, value_name = "N", default_value = "256")]
    pub(in crate::cli) per_address: NonZero<usize>,
    /// How long an answer may take
    #[arg(long, value_name = "SECONDS", default_value = "10")]
    pub(in crate::cli) timeout: NonZero<u16>,
    /// How many MiB of documents may be posted at once
    #[arg(long, value_name = "MIB", default_value = "16")]
    pub(in crate::cli) max_body: NonZero<u16>,
    /// How to write a line for each request to standard error; none of them holds a key, a body or a query
    #[arg(long, value_enum, default_value_t = Log::Text)]
    pub(in crate::cli) log: Log,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Log {
    /// For people
    Text,
    /// One object a line
    Json,
    /// Not at all
    Off,
}

#[derive(Debug, Arguments)]
pub(in crate::cli) struct Keys {
    #[command(subcommand)]
    pub(in crate::cli) action: KeysAction,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum KeysAction {
    /// Make a key and print it: it can never be printed again. As soon as there is one, reading needs a
    /// key too, unless the service is started with --public
    Add {
        /// What to call it, in letters, digits, dots, - and _
        name: String,
        /// What it allows
        #[arg(long, value_enum, default_value_t = KeyScope::Read)]
        scope: KeyScope,
    },
    /// Print names, scopes and days of making
    List,
    /// Make a key worthless, also for a service that runs
    Revoke {
        /// What it is called
        name: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum KeyScope {
    /// To search and to read
    Read,
    /// To add and remove documents as well
    Write,
}
