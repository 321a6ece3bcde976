//! Links to download results in several formats, and links to the Atom feed and the chart over time.

use maud::{Markup, html};
use serde::Deserialize;

use super::{
    address::{ResultsAddress, query_string},
    markup::{self, Icon},
    messages::Messages,
};
use crate::{
    document::Date,
    query::Collapse,
    render::{self, CitationStyle},
    search::{MatchKind, SearchResults, Searcher},
    server::{api_error::ApiError, extract::search_runner},
};

/// Maximum number of passages in a file.
const MAX_FILE_PASSAGES: u64 = 1_000;

/// Format of a download: its name for people, its file extension, and the parameters that request the format.
type DownloadFormat = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

#[cfg(feature = "archive")]
const XLSX: DownloadFormat = ("Excel", "xlsx", &[("format", "xlsx")]);

/// Formats in which results can be downloaded as a file.
const RESULT_FORMATS: &[DownloadFormat] = &[
    ("CSV", "csv", &[("format", "csv")]),
    #[cfg(feature = "archive")]
    XLSX,
    ("JSON", "json", &[("format", "json")]),
    ("JSON Lines", "jsonl", &[("format", "jsonl")]),
    ("Markdown", "md", &[("format", "markdown"), ("cite", "markdown")]),
];

/// Formats in which the figures of the results can be downloaded as a file.
const FIGURE_FORMATS: &[DownloadFormat] = &[
    ("CSV", "csv", &[("format", "csv")]),
    #[cfg(feature = "archive")]
    XLSX,
    ("JSON", "json", &[("format", "json")]),
];

/// Styles in which the references of all results can be downloaded.
const REFERENCE_STYLES: [CitationStyle; 2] = [CitationStyle::Bibtex, CitationStyle::Ris];

/// Parameters of a request for references, besides the address of the results.
#[derive(Debug, Deserialize)]
pub(super) struct ReferenceParameters {
    style: CitationStyle,
}

/// Returns references for the releases with a passage that matches the whole query, as a media type and a text. Each
/// release has one reference.
pub(super) fn references(
    searcher: &Searcher,
    ReferenceParameters { style }: &ReferenceParameters,
    address: &ResultsAddress,
) -> Result<(&'static str, String), ApiError> {
    let query = address.query()?.collapse(Collapse::Document).group_size(1).offset(0);
    let mut results = search_runner::search(searcher, &query.limit(MAX_FILE_PASSAGES as usize))?;
    results.hits.retain(|hit| hit.matched == MatchKind::All);
    Ok((style.media_type(), render::citations(&results, *style)))
}

/// Returns the menu of formats and the link to the chart over time. The files contain full matches only.
pub(super) fn download_menu(
    results: &SearchResults,
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let texts = &messages.results;
    let feed_href = address.href_with_parameters("feed", &[]);
    html! {
        div.extras {
            @if !address.lists_releases() {
                a.tool-link href=(trend_href(address)) { (markup::icon(Icon::Chart)) (messages.trend.trend_chart_link) }
            }
            @if results.total > 0 {
                button.tool-link type="button" popovertarget="take-along" { (markup::icon(Icon::Save)) (texts.download) }
                div #take-along.popover popover {
                    p.quiet { (texts.download_menu_hint) }
                    ul.menu {
                        @for (name, extension, parameters) in RESULT_FORMATS {
                            li { (file_link(&results_file_href(results, address, parameters), name, &file_name(address, extension))) }
                        }
                        @for style in REFERENCE_STYLES {
                            li { (file_link(&address.href_with_parameters("references", &[("style", style.name())]), style.label(), &file_name(address, style.file_extension()))) }
                        }
                    }
                    h3 { (texts.figures) }
                    ul.menu {
                        @for (name, extension, parameters) in FIGURE_FORMATS {
                            li { (file_link(&figures_href(address, parameters), name, &figures_file_name(address, extension))) }
                        }
                    }
                    h3 { (texts.follow_search_heading) }
                    p.quiet { (texts.follow_search_hint) }
                    ul.menu {
                        li { a href=(feed_href) type="application/atom+xml" { (texts.feed_link) } }
                        li.needs-script { button.plain type="button" data-copy-link=(feed_href) { (texts.copy_feed_link) } }
                        li.needs-script { button.plain type="button" data-copy-link { (texts.copy_link) } }
                    }
                }
            }
        }
    }
}

/// Returns the address of the chart that counts the releases for the query of a results page.
fn trend_href(address: &ResultsAddress) -> String {
    address.href_with_parameters("trend", &[])
}

/// Returns a link that downloads a file under the name `file_name`. The text of the link is `label`, followed by the
/// extension of `file_name`.
fn file_link(href: &str, label: &str, file_name: &str) -> Markup {
    let extension = file_name.rsplit('.').next().unwrap_or_default();
    html! { a href=(href) download=(file_name) { (label) span.quiet { "." (extension) } } }
}

/// Returns the address of a file with the figures of the full matches.
fn figures_href(address: &ResultsAddress, format: &[(&'static str, &'static str)]) -> String {
    let mut parameters = match_query_parameters(address);
    parameters.push(("limit", MAX_FILE_PASSAGES.to_string()));
    parameters.extend(format.iter().map(|(name, value)| (*name, (*value).to_owned())));
    format!("facts?{}", query_string(parameters))
}

/// Returns the parameters of a request for the passages that match the query and the filters of a results page.
fn match_query_parameters(address: &ResultsAddress) -> Vec<(&'static str, String)> {
    let q = if address.lists_releases() { "*" } else { address.q.as_str() };
    let mut parameters = vec![("q", q.to_owned())];
    parameters.extend(address.only.iter().map(|text| ("only", text.clone())));
    let period = address.period();
    let bounds = [("after", period.first), ("before", period.last.and_then(Date::next_day))];
    parameters.extend(bounds.into_iter().filter_map(|(name, day)| Some((name, day?.to_string()))));
    parameters
}

/// Returns the address of a file with the full matches. With the grouping by release, the file has one passage of each
/// release.
fn results_file_href(
    results: &SearchResults,
    address: &ResultsAddress,
    format: &[(&'static str, &'static str)],
) -> String {
    let mut parameters = match_query_parameters(address);
    parameters.push(("sort", address.sort.to_string()));
    let total = if address.collapses_releases() {
        parameters.push(("collapse", Collapse::Document.name().to_owned()));
        results.total_documents
    } else {
        results.total
    };
    parameters.push(("limit", total.clamp(1, MAX_FILE_PASSAGES).to_string()));
    parameters.extend(format.iter().map(|(name, value)| (*name, (*value).to_owned())));
    format!("search?{}", query_string(parameters))
}

/// Returns the name of a file with figures.
fn figures_file_name(address: &ResultsAddress, extension: &str) -> String {
    file_name(address, &format!("figures.{extension}"))
}

/// Returns the name of a file with results: the words of the query.
fn file_name(address: &ResultsAddress, extension: &str) -> String {
    let is_name_char = |c: char| c.is_alphanumeric();
    let words: Vec<&str> =
        address.q.split(|c| !is_name_char(c)).filter(|word| !word.is_empty()).take(8).collect();
    let name = if words.is_empty() { "gz-search".to_owned() } else { words.join("-") };
    format!("{name}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_the_query() {
        for (q, name) in
            [("\"flying car\" OR 汽车", "flying-car-OR-汽车.csv"), ("  ", "gz-search.csv")]
        {
            let address = ResultsAddress { q: q.to_owned(), ..ResultsAddress::default() };
            assert_eq!(file_name(&address, "csv"), name);
        }
    }
}
