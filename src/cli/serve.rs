//! The command `gz-search serve`, which serves the index over HTTP.

use std::{
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use super::{
    args::{LogFormatArg, ServeArgs},
    config::Configuration,
    default_index::open_or_build_index,
    location::IndexLocation,
    output::print_status,
};
use crate::{
    error::Result,
    index::{Index, Indexes},
    server::{LogFormat, Settings, log_to_standard_error, serve},
};

/// Serves the index until the process receives SIGINT or SIGTERM.
pub(super) fn run(
    location: &IndexLocation,
    configuration: &Configuration,
    args: &ServeArgs,
) -> Result<u8> {
    let announce = |address| announce_address(address, args.open);
    let cluster = location.cluster()?;
    let settings = prepare_service_settings(configuration, args)?;
    if let Some(cluster) = cluster {
        serve(cluster, settings, announce)?;
    } else if location.is_one_folder() {
        serve(open_index(&location.dir, args)?, settings, announce)?;
    } else {
        serve(Indexes::open(location.folders())?, settings, announce)?;
    }
    Ok(0)
}

/// Prints the address of the service, and opens its page in the browser if `open` is set.
fn announce_address(address: SocketAddr, open: bool) {
    print_status(&format!("listening at http://{address}"));
    if open && !open_in_browser(&format!("http://{address}")) {
        print_status("no browser could be opened");
    }
}

/// Opens a web address with the default program of the operating system. Returns whether that program was started.
fn open_in_browser(address: &str) -> bool {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(target_os = "windows") {
        "explorer"
    } else {
        "xdg-open"
    };
    let mut command = Command::new(program);
    command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}

/// Opens the index in `dir`. With `--watch`, creates an empty index if `dir` contains no index.
#[cfg_attr(
    not(feature = "watch"),
    expect(unused_variables, reason = "only --watch creates an empty index")
)]
fn open_index(dir: &Path, args: &ServeArgs) -> Result<Index> {
    #[cfg(feature = "watch")]
    if !args.watch.is_empty() && !Index::exists(dir)? {
        return Index::create(dir);
    }
    open_or_build_index(dir)
}

/// Returns the settings of the service, and starts the access log.
#[cfg_attr(
    not(feature = "watch"),
    expect(unused_variables, reason = "only watched folders are configured")
)]
fn prepare_service_settings(configuration: &Configuration, args: &ServeArgs) -> Result<Settings> {
    let defaults = Settings::default();
    let settings = Settings {
        listen_address: args.listen,
        is_public: args.public,
        accepted_hosts: args.host.clone(),
        cors_origins: args.cors.clone(),
        max_searches_per_client: args.searches.map_or(defaults.max_searches_per_client, Into::into),
        max_requests_per_client: args.per_client.get(),
        max_connections: args.connections.get(),
        max_connections_per_address: args.per_address.get(),
        timeout: Duration::from_secs(args.timeout.get().into()),
        max_body_bytes: usize::from(args.max_body.get()) << 20,
        #[cfg(feature = "watch")]
        watch: watch_settings(configuration, args)?,
        ..defaults
    };
    log_to_standard_error(match args.log {
        LogFormatArg::Text => LogFormat::Text,
        LogFormatArg::Json => LogFormat::Json,
        LogFormatArg::Off => LogFormat::Off,
    });
    Ok(settings)
}

/// Returns the folders of `--watch` and the options of the configuration file. `None` without `--watch`.
#[cfg(feature = "watch")]
fn watch_settings(
    configuration: &Configuration,
    args: &ServeArgs,
) -> Result<Option<crate::server::WatchSettings>> {
    use super::config::{UpdatePlan, configured_update_plan};

    if args.watch.is_empty() {
        let is_poll_given = args.poll.is_some() && !configuration.sets_option("serve", "poll");
        let reason = "--poll needs --watch FOLDER";
        return if is_poll_given {
            Err(crate::error::Error::invalid("poll", reason))
        } else {
            Ok(None)
        };
    }
    let UpdatePlan { roots, options } = configured_update_plan(configuration, &args.watch)?;
    let poll_interval = args.poll.map(|seconds| Duration::from_secs(seconds.get().into()));
    Ok(Some(crate::server::WatchSettings { roots, options, poll_interval }))
}
