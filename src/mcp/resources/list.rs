//! Lists the newest releases as resources, page by page.

use rmcp::model::{ListResourcesResult, Resource};

use super::{Address, MAX_RESOURCE_LINE_TOKENS, MEDIA_TYPE};
use crate::{
    error::Result,
    mcp::{
        cursor::PagedList,
        token_budget::DEFAULT_TOKENS,
        token_estimate::{estimate_tokens, truncate},
    },
    query::{Collapse, Query, Sort},
    search::{DocumentInfo, Searcher},
};

/// Maximum number of releases on a page.
const MAX_RELEASES_PER_PAGE: usize = 20;

/// Returns a page of the list of releases, sorted by date, the newest first. The page has fewer than
/// [`MAX_RELEASES_PER_PAGE`] releases if more would exceed the default token budget.
///
/// # Errors
///
/// Returns an error if the cursor is not one of this list, or if the index cannot be read.
pub(in crate::mcp) fn newest_releases(
    searcher: &Searcher,
    cursor: Option<&str>,
) -> Result<ListResourcesResult> {
    let list = PagedList::new(searcher, "resources/list", ());
    let skipped = list.skipped_count(cursor)?;
    let query = Query::new("*")
        .collapse(Collapse::Document)
        .sort(Sort::Date)
        .fragments(1)
        .limit(MAX_RELEASES_PER_PAGE)
        .offset(skipped);
    let results = searcher.search(&query)?;
    let mut free_tokens = DEFAULT_TOKENS;
    let mut resources: Vec<Resource> = Vec::new();
    for hit in &results.hits {
        let resource = resource_of_release(&hit.document);
        let tokens = estimate_tokens(&serde_json::to_string(&resource).unwrap_or_default());
        if tokens > free_tokens && !resources.is_empty() {
            break;
        }
        free_tokens = free_tokens.saturating_sub(tokens);
        resources.push(resource);
    }
    let listed = skipped + resources.len();
    let has_more = !resources.is_empty() && (listed as u64) < results.total_documents;
    let mut page = ListResourcesResult::with_all_items(resources);
    page.next_cursor = has_more.then(|| list.cursor(listed));
    Ok(page)
}

/// Returns a release as an entry of a list: its title, and its issuer and date, in brackets if inferred.
fn resource_of_release(document: &DocumentInfo) -> Resource {
    let bracketed = |field: &str, value: String| {
        let is_inferred = document.inferred.iter().any(|inferred| inferred == field);
        if is_inferred { format!("[{value}]") } else { value }
    };
    let issuer =
        document.issuer.as_deref().map(|issuer| truncate(issuer, MAX_RESOURCE_LINE_TOKENS));
    let issuer = issuer.map(|issuer| bracketed("issuer", issuer));
    let date = document.date.map(|date| bracketed("date", date.to_string()));
    let title = document.title.as_deref().unwrap_or(&document.id);
    let description: Vec<String> = issuer.into_iter().chain(date).collect();
    let uri = Address::of_release(&document.id).to_string();
    let resource =
        Resource::new(uri, truncate(title, MAX_RESOURCE_LINE_TOKENS)).with_mime_type(MEDIA_TYPE);
    if description.is_empty() {
        resource
    } else {
        resource.with_description(description.join(", "))
    }
}
