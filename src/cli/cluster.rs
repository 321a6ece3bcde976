//! `gz-search cluster copy`: the index in a folder → the one on a cluster, and back.

use std::{path::Path, time::Instant};

use super::{args, complain, index::Shown, place::Place, print, report};
use crate::{
    cluster::Copied,
    error::{Error, Result},
    index::{Corruption, Index},
};

pub(super) fn run(place: &Place, args: &args::Cluster) -> Result<u8> {
    let args::ClusterAction::Copy(args) = &args.action;
    let (Some(cluster), Some(engine)) = (place.cluster()?, &place.engine) else {
        return Err(Error::invalid(
            "engine",
            "name the cluster with --engine or in GZ_SEARCH_ENGINE".to_owned(),
        ));
    };
    let (started, shown) = (Instant::now(), Shown::of("documents"));
    let engine = engine.to_string();
    let (copied, to) = if args.back {
        (cluster.copy_to(&place.dir, &shown)?, place.dir.as_path())
    } else {
        let index = Index::open(&place.dir)?;
        (cluster.copy_from(&index, (&args.layout).into(), &shown)?, Path::new(&engine))
    };
    shown.finish();
    let Copied { stats, left_out, .. } = copied;
    for Corruption { what, detail, .. } in &left_out {
        complain(&format!("{what}: {detail}"));
    }
    print(&if args.json {
        let done = serde_json::json!({
            "documents": stats.documents,
            "passages": stats.passages,
            "copies": stats.copies,
            "left_out": left_out,
            "index_bytes": stats.index_bytes,
            "elapsed_ms": started.elapsed().as_millis() as u64,
        });
        format!("{done}\n")
    } else {
        report::holds(to, stats)
    })?;
    Ok(u8::from(!left_out.is_empty()))
}
