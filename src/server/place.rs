//! Paths of this machine → paths below the root that was indexed: a client does not learn where folders lie.

use crate::{
    error::Result,
    search::{DocumentInfo, Searcher},
};

pub(super) fn shorten(searcher: &Searcher, document: &mut DocumentInfo) -> Result<()> {
    for path in std::iter::once(&mut document.source).chain(&mut document.also_at) {
        *path = searcher.relative_source(path)?.to_owned();
    }
    Ok(())
}
