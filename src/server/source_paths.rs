//! Makes the source paths in responses relative to the indexed folder, so that clients do not learn the folders of this
//! machine.

use crate::{
    error::Result,
    search::{DocumentInfo, Hit, Searcher},
};

/// Makes the absolute source paths of `document` relative to the indexed folder.
pub(super) fn make_sources_relative(
    searcher: &Searcher,
    document: &mut DocumentInfo,
) -> Result<()> {
    for path in std::iter::once(&mut document.source).chain(&mut document.also_at) {
        *path = searcher.relative_source(path)?.to_owned();
    }
    Ok(())
}

/// Makes the absolute source paths of the documents of `hits` relative to the indexed folder.
pub(super) fn make_hit_sources_relative(searcher: &Searcher, hits: &mut [Hit]) -> Result<()> {
    for hit in hits {
        make_sources_relative(searcher, &mut hit.document)?;
        make_hit_sources_relative(searcher, &mut hit.next_best)?;
    }
    Ok(())
}
