//! Converts source paths between the form of the index, which contains full paths, and the form of users, who see and
//! type paths relative to the indexed root folder.

use std::{borrow::Cow, collections::BTreeMap};

use super::SearchContext;
use crate::{
    error::Result,
    query::{Facet, Filter, Query, QueryPlan},
};

/// Returns `path` relative to the indexed root folder. Returns a path outside the root folder unchanged.
pub(in crate::search) fn relative_path<'p>(
    context: &SearchContext,
    path: &'p str,
) -> Result<&'p str> {
    Ok(path.strip_prefix(context.root_folder()?).unwrap_or(path))
}

/// Sets the indexed root folder in all path filters of a plan, so that the filters also match relative paths.
pub(in crate::search) fn set_root_of_path_filters(
    context: &SearchContext,
    plan: &mut QueryPlan,
) -> Result<()> {
    let mut has_paths = false;
    plan.tree.for_each_filter_mut(&mut |filter| has_paths |= matches!(filter, Filter::Path { .. }));
    if has_paths {
        let root = context.root_folder()?;
        plan.tree.for_each_filter_mut(&mut |filter| filter.set_root_of_path_filter(root));
    }
    Ok(())
}

/// Returns, for each facet, the values to which [`Query::only`] restricts the hits. For the facet `source`, returns
/// each path twice: as the query has it, and as a full path.
pub(in crate::search) fn chosen_facet_values<'q>(
    context: &SearchContext,
    query: &'q Query,
) -> Result<Cow<'q, BTreeMap<Facet, Vec<String>>>> {
    let mut chosen = Cow::Borrowed(&query.facet_filters);
    if query.facet_filters.get(&Facet::Source).is_some_and(|chosen_paths| !chosen_paths.is_empty())
    {
        let root = context.root_folder()?;
        let chosen_paths = chosen.to_mut().entry(Facet::Source).or_default();
        let full_paths: Vec<String> =
            chosen_paths.iter().map(|path| format!("{root}{path}")).collect();
        chosen_paths.extend(full_paths);
    }
    Ok(chosen)
}
