//! `gz-search serve`: the index → answers over HTTP.

use std::{path::Path, time::Duration};

use super::{args, complain, query::open};
use crate::{
    error::Result,
    server::{Log, Settings, log_to_standard_error, serve},
};

pub(super) fn run(dir: &Path, args: &args::Serve) -> Result<u8> {
    let usual = Settings::default();
    let settings = Settings {
        listen: args.listen,
        public: args.public,
        cors: args.cors.clone(),
        searches: args.searches.map_or(usual.searches, Into::into),
        per_client: args.per_client.get(),
        connections: args.connections.get(),
        timeout: Duration::from_secs(args.timeout.get().into()),
        max_body_bytes: usize::from(args.max_body.get()) << 20,
        ..usual
    };
    log_to_standard_error(match args.log {
        args::Log::Text => Log::Text,
        args::Log::Json => Log::Json,
        args::Log::Off => Log::Off,
    });
    let index = open(dir)?;
    serve(index, settings, |address| complain(&format!("listening at http://{address}")))?;
    Ok(0)
}
