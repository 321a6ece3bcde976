//! The command `gz-search cluster copy`, which copies an index from a folder to a cluster, or from a cluster to a
//! folder.

use std::{path::Path, time::Instant};

use super::{
    args::cluster::{ClusterAction, ClusterArgs},
    location::IndexLocation,
    output::{print, print_status},
    progress::ProgressDisplay,
    report,
};
use crate::{
    cluster::CopyReport,
    error::{Error, Result},
    index::{Corruption, Index},
};

/// Copies the index from the folder to the cluster, or with `--back` from the cluster to the folder. Returns exit code
/// 0 if all documents were copied, and 1 if incomplete documents were skipped.
pub(super) fn run(location: &IndexLocation, args: &ClusterArgs) -> Result<u8> {
    let ClusterAction::Copy(args) = &args.action;
    let (Some(cluster), Some(engine)) = (location.cluster()?, &location.cluster_address) else {
        return Err(Error::invalid(
            "engine",
            "no cluster given: set --engine or the environment variable GZ_SEARCH_ENGINE",
        ));
    };
    let (start_time, display) = (Instant::now(), ProgressDisplay::new("documents"));
    let engine = engine.to_string();
    let (copied, destination) = if args.back {
        (cluster.copy_to(&location.dir, &display)?, location.dir.as_path())
    } else {
        let index = Index::open(&location.dir)?;
        (cluster.copy_from(&index, (&args.layout).into(), &display)?, Path::new(&engine))
    };
    display.finish();
    let CopyReport { stats, left_out, .. } = copied;
    for Corruption { item, detail, .. } in &left_out {
        print_status(&format!("{item}: {detail}"));
    }
    print(&if args.json {
        let report = serde_json::json!({
            "documents": stats.documents,
            "passages": stats.passages,
            "copies": stats.copies,
            "left_out": left_out,
            "index_bytes": stats.index_bytes,
            "elapsed_ms": start_time.elapsed().as_millis() as u64,
        });
        format!("{report}\n")
    } else {
        report::index_size_line(destination, stats)
    })?;
    Ok(u8::from(!left_out.is_empty()))
}
