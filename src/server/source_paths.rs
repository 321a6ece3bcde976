//! Converts source paths in responses to paths below the indexed root, so that clients do not learn the folders of this
//! machine.

use crate::{
    error::Result,
    search::{DocumentInfo, Hit, Searcher},
};

/// Replaces the absolute source paths of `document` by paths below the indexed root.
pub(super) fn make_sources_relative(
    searcher: &Searcher,
    document: &mut DocumentInfo,
) -> Result<()> {
    for path in std::iter::once(&mut document.source).chain(&mut document.also_at) {
        *path = searcher.relative_source(path)?.to_owned();
    }
    Ok(())
}

/// Replaces the absolute source paths of the documents of `hits` by paths below the indexed root.
pub(super) fn make_hit_sources_relative(searcher: &Searcher, hits: &mut [Hit]) -> Result<()> {
    for hit in hits {
        make_sources_relative(searcher, &mut hit.document)?;
        make_hit_sources_relative(searcher, &mut hit.next_best)?;
    }
    Ok(())
}
