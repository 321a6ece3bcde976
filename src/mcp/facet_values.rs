//! Lists the values of a facet, such as all issuers.

use crate::{
    error::Result,
    query::{Facet, Query},
    search::Searcher,
};

/// Returns the values of a facet in the passages that match the query. The values with the most releases come first.
pub(super) fn facet_values_by_release_count(
    searcher: &Searcher,
    query: Query,
    facet: Facet,
) -> Result<Vec<String>> {
    let results = searcher.search(&query.limit(0).facets([facet]).facet_limit(usize::MAX))?;
    let mut values: Vec<_> = results.facets.into_iter().flat_map(|counts| counts.values).collect();
    values.sort_by(|a, b| (b.count.documents, &a.value).cmp(&(a.count.documents, &b.value)));
    Ok(values.into_iter().map(|value| value.value).collect())
}
