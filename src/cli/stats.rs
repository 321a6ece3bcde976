//! `gz-search stats`: what the index holds, in numbers.

use std::fmt::Write as _;

use super::{args, place::Place, print, report::columns};
use crate::{
    error::Result,
    index::{Index, Overview},
    render,
};

/// So many announcing bodies are named.
const MAX_ISSUERS: usize = 10;

pub(super) fn run(place: &Place, args: &args::Stats) -> Result<u8> {
    let overview = overview(place)?;
    if args.json {
        print(&format!("{}\n", serde_json::json!(overview)))?;
    } else {
        print(&text(&overview))?;
    }
    Ok(0)
}

fn overview(place: &Place) -> Result<Overview> {
    #[cfg(feature = "cluster")]
    if let Some(cluster) = place.cluster()? {
        return cluster.overview();
    }
    Index::open(place.folder()?)?.overview()
}

fn text(overview: &Overview) -> String {
    let stats = overview.stats;
    let mut text = format!(
        "documents {}\npassages {}\ncopies {}\nbytes {}\nfiles {}\nsource bytes {}\n",
        stats.documents,
        stats.passages,
        stats.copies,
        stats.index_bytes,
        overview.files,
        overview.source_bytes
    );
    if let Some((first, last)) = overview.dates {
        let _ = writeln!(text, "dates {first} to {last}, {} without", overview.undated);
    }
    let mut kinds = vec![["kind", "documents", "passages"].map(str::to_owned)];
    kinds.extend(overview.formats.iter().map(|(kind, (documents, passages))| {
        [kind.clone(), documents.to_string(), passages.to_string()]
    }));
    let mut languages = vec![["language", "documents"].map(str::to_owned)];
    languages.extend(
        overview.languages.iter().map(|(code, count)| [render::visible(code), count.to_string()]),
    );
    let mut issuers = vec![["issuer", "documents"].map(str::to_owned)];
    issuers.extend(
        overview
            .issuers
            .iter()
            .take(MAX_ISSUERS)
            .map(|(name, count)| [render::visible(name), count.to_string()]),
    );
    for table in [columns(&kinds), columns(&languages), columns(&issuers)] {
        if table.lines().count() > 1 {
            text.extend(["\n", &table]);
        }
    }
    let more = overview.issuers.len().saturating_sub(MAX_ISSUERS);
    if more > 0 {
        let _ = writeln!(text, "… and {more} more");
    }
    text
}
