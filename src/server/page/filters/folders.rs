//! Filter by folder: the chosen folder with the folders above it, and its subfolders and files as a tree.

use maud::{Markup, html};

use super::{LISTED_VALUE_COUNT, displayed_count, values_href};
use crate::{
    query::Facet,
    search::{FacetCounts, FacetValue},
    server::page::{
        address::ResultsAddress,
        markup,
        messages::{Messages, fill, format_number},
    },
};

/// Returns the filter by folder as HTML: the path of the chosen folder, and links to its subfolders and files.
pub(super) fn folder_section(
    counts: &FacetCounts,
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let filters = &messages.filters;
    let chosen = address.facet_values().find(|(facet, _)| *facet == Facet::Source);
    let chosen = chosen.map(|(_, path)| path);
    let chosen_path = chosen.unwrap_or_default();
    let entries = counts.values.iter().filter(|value| Some(value.value.as_str()) != chosen);
    let total = counts.values.len() as u64 + counts.more_values;
    html! {
        section.facet.folders {
            h2 { (messages.facet(&Facet::Source)) }
            @if chosen.is_some() {
                ul.path {
                    li { a href=(address.with_only_value(Facet::Source, None).href()) { (filters.all_folders) } }
                    @for (name, path) in ancestors(chosen_path) {
                        li {
                            @let is_current = (path == chosen_path).then_some("true");
                            a href=(address.with_only_value(Facet::Source, Some(path)).href()) aria-current=[is_current] data-key={ "source=" (path) } { (markup::text_with_lang(name)) }
                        }
                    }
                }
            }
            ul id="values-source" .inside[chosen.is_some()] {
                @for value in entries.take(2 * LISTED_VALUE_COUNT) { (folder_link(value, chosen_path, address)) }
            }
            @if total as usize > 2 * LISTED_VALUE_COUNT {
                p.all { a href=(values_href(Facet::Source, address)) data-list="values-source" { (fill(filters.all_values, &[&format_number(total)])) } }
            }
        }
    }
}

/// Returns a link that restricts the results to a folder or a file of the tree. The name of the link leaves out
/// `chosen_path`, the path of the chosen folder.
pub(super) fn folder_link(
    value: &FacetValue,
    chosen_path: &str,
    address: &ResultsAddress,
) -> Markup {
    let FacetValue { value: path, count } = value;
    let name = path.strip_prefix(chosen_path).filter(|name| !name.is_empty()).unwrap_or(path);
    let is_selected = address.is_selected(Facet::Source, path).then_some("true");
    html! {
        li {
            a href=(address.with_only_value(Facet::Source, Some(path)).href()) data-key={ "source=" (path) } aria-current=[is_selected] title=(path) {
                span.value.one-line { (markup::text_with_lang(name)) }
                " " span.count { (format_number(displayed_count(*count, address))) }
            }
        }
    }
}

/// Returns the folders above `path`, the outermost first, and `path` itself, each with its name and its whole path.
fn ancestors(path: &str) -> Vec<(&str, &str)> {
    let ends = path.match_indices('/').map(|(end, _)| end + 1);
    let ends = ends.chain((!path.ends_with('/')).then_some(path.len()));
    let mut start = 0;
    let mut folders = Vec::new();
    for end in ends {
        if let (Some(name), Some(folder_path)) = (path.get(start..end), path.get(..end)) {
            folders.push((name.trim_end_matches('/'), folder_path));
        }
        start = end;
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_above_a_path_are_named() {
        assert_eq!(ancestors("en/a/"), [("en", "en/"), ("a", "en/a/")]);
        assert_eq!(ancestors("en/x.txt"), [("en", "en/"), ("x.txt", "en/x.txt")]);
        assert_eq!(ancestors("文件/"), [("文件", "文件/")]);
    }
}
