//! `gz-search serve`: the index → answers over HTTP.

use std::{path::Path, time::Duration};

use super::{args, complain, place::Place, query::open};
use crate::{
    error::Result,
    server::{LogFormat, Settings, log_to_standard_error, serve},
};

pub(super) fn run(place: &Place, config: Option<&Path>, args: &args::Serve) -> Result<u8> {
    #[cfg(feature = "cluster")]
    if let Some(cluster) = place.cluster()? {
        let settings = settings(&place.dir, config, args)?;
        serve(cluster, settings, |address| complain(&format!("listening at http://{address}")))?;
        return Ok(0);
    }
    let dir = place.folder()?;
    let settings = settings(dir, config, args)?;
    #[cfg(feature = "watch")]
    let index = if args.watch.is_empty() || crate::index::Index::exists(dir)? {
        open(dir)?
    } else {
        crate::index::Index::create(dir)?
    };
    #[cfg(not(feature = "watch"))]
    let index = open(dir)?;
    serve(index, settings, |address| complain(&format!("listening at http://{address}")))?;
    Ok(0)
}

#[cfg_attr(
    not(feature = "watch"),
    expect(unused_variables, reason = "only what is watched is configured")
)]
fn settings(dir: &Path, config: Option<&Path>, args: &args::Serve) -> Result<Settings> {
    let usual = Settings::default();
    let settings = Settings {
        listen: args.listen,
        public: args.public,
        hosts: args.host.clone(),
        cors: args.cors.clone(),
        searches: args.searches.map_or(usual.searches, Into::into),
        per_client: args.per_client.get(),
        connections: args.connections.get(),
        connections_per_address: args.per_address.get(),
        timeout: Duration::from_secs(args.timeout.get().into()),
        max_body_bytes: usize::from(args.max_body.get()) << 20,
        #[cfg(feature = "watch")]
        watch: watched(dir, config, args)?,
        ..usual
    };
    log_to_standard_error(match args.log {
        args::Log::Text => LogFormat::Text,
        args::Log::Json => LogFormat::Json,
        args::Log::Off => LogFormat::Off,
    });
    Ok(settings)
}

/// The folders to follow, read as the configuration says.
#[cfg(feature = "watch")]
fn watched(
    dir: &Path,
    config: Option<&Path>,
    args: &args::Serve,
) -> Result<Option<crate::server::WatchSettings>> {
    if args.watch.is_empty() {
        return Ok(None);
    }
    let (files, given) = (args::Files::default(), args::Given::default());
    let super::config::Intake { roots, options } =
        super::config::intake(dir, config, &args.watch, &files, &given)?;
    let poll = args.poll.map(|seconds| Duration::from_secs(seconds.get().into()));
    Ok(Some(crate::server::WatchSettings { roots, options, poll }))
}
