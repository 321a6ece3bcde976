//! Paths of the machine ↔ paths below the root that was indexed, as they are shown and asked for.

use std::{borrow::Cow, collections::BTreeMap};

use super::Searcher;
use crate::{
    error::Result,
    index,
    query::{Facet, Filter, Query, QueryPlan},
};

impl Searcher {
    /// The path of a file as facets have it: below the root that was indexed or, of several, below the folder that all
    /// of them lie in. A path that lies elsewhere is returned as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`](crate::Error::Engine) where the index cannot be read.
    pub fn relative_source<'a>(&self, source: &'a str) -> Result<&'a str> {
        Ok(source.strip_prefix(self.root()?).unwrap_or(source))
    }

    /// What paths begin with and is not shown; looked up when it is needed first.
    pub(super) fn root(&self) -> Result<&str> {
        if let Some(root) = self.root.get() {
            return Ok(root);
        }
        let root = index::root(&self.inner, self.fields)?;
        Ok(self.root.get_or_init(|| root))
    }

    /// Has filters match paths as they are shown.
    pub(super) fn below_root(&self, query: &mut QueryPlan) -> Result<()> {
        let mut asks = false;
        query.tree.for_each_filter_mut(&mut |filter| asks |= matches!(filter, Filter::Path { .. }));
        if asks {
            let root = self.root()?;
            query.tree.for_each_filter_mut(&mut |filter| filter.below(root));
        }
        Ok(())
    }

    /// What is chosen of facets, with paths as the index has them.
    pub(super) fn chosen<'a>(
        &self,
        asked: &'a Query,
    ) -> Result<Cow<'a, BTreeMap<Facet, Vec<String>>>> {
        let mut only = Cow::Borrowed(&asked.only);
        if asked.only.get(&Facet::Source).is_some_and(|paths| !paths.is_empty()) {
            let root = self.root()?;
            let paths = only.to_mut().entry(Facet::Source).or_default();
            let below: Vec<String> = paths.iter().map(|path| format!("{root}{path}")).collect();
            paths.extend(below);
        }
        Ok(only)
    }
}
