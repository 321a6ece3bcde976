//! Translates between paths below the indexed root, which users see and type, and full paths, which the index
//! contains.

use std::{borrow::Cow, collections::BTreeMap};

use super::SearchContext;
use crate::{
    error::Result,
    query::{Facet, Filter, Query, QueryPlan},
};

/// Returns `path` relative to the indexed root. A path outside the root is returned unchanged.
pub(in crate::search) fn relative_path<'p>(
    context: &SearchContext,
    path: &'p str,
) -> Result<&'p str> {
    Ok(path.strip_prefix(context.root()?).unwrap_or(path))
}

/// Makes path filters match paths relative to the indexed root.
pub(in crate::search) fn resolve_filters(
    context: &SearchContext,
    plan: &mut QueryPlan,
) -> Result<()> {
    let mut has_paths = false;
    plan.tree.for_each_filter_mut(&mut |filter| has_paths |= matches!(filter, Filter::Path { .. }));
    if has_paths {
        let root = context.root()?;
        plan.tree.for_each_filter_mut(&mut |filter| filter.set_root(root));
    }
    Ok(())
}

/// Returns the chosen values of each facet. For source paths, returns each value both as requested and as a
/// full path.
pub(in crate::search) fn chosen_facets<'q>(
    context: &SearchContext,
    query: &'q Query,
) -> Result<Cow<'q, BTreeMap<Facet, Vec<String>>>> {
    let mut chosen = Cow::Borrowed(&query.only);
    if query.only.get(&Facet::Source).is_some_and(|paths| !paths.is_empty()) {
        let root = context.root()?;
        let paths = chosen.to_mut().entry(Facet::Source).or_default();
        let full_paths: Vec<String> = paths.iter().map(|path| format!("{root}{path}")).collect();
        paths.extend(full_paths);
    }
    Ok(chosen)
}
