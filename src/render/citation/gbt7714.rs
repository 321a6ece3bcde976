//! Renders citations in the style of the Chinese national standard GB/T 7714-2015.

use super::source::{CitedSource, bracketed_if};

/// Maximum number of authors that the standard names.
const MAX_AUTHORS: usize = 3;

/// Returns three lines: the quote with a citation in parentheses, the entry for the list of references, and the link.
/// Inferred values are in square brackets. The day of access is left out, because nobody opened the address.
pub(super) fn citation(source: &CitedSource<'_>) -> String {
    format!("{}\n{}\n{}\n", source.quote_with_citation(), reference(source), source.link)
}

/// Returns a reference such as `港务局. 港口新闻: 5号[EB/OL]. (2025-12-17). https://….`. A release without web address has
/// the type `[Z]`, "other document", in place of `[EB/OL]`, "online bulletin".
fn reference(source: &CitedSource<'_>) -> String {
    let mut authors = source.authors.iter().take(MAX_AUTHORS).cloned().collect::<Vec<_>>();
    if source.authors.len() > MAX_AUTHORS {
        authors.push(if source.is_chinese() { "等" } else { "et al" }.to_owned());
    }
    let number = source.number.as_ref().map(|number| format!(": {number}")).unwrap_or_default();
    let date = source.date.map(|date| bracketed_if(source.is_date_inferred, &date.to_string()));
    let (kind, date) = match source.url {
        Some(_) => ("EB/OL", date.map(|date| format!("({date})"))),
        None => ("Z", date),
    };
    let author = Some(authors.join(", ")).filter(|authors| !authors.is_empty());
    let title = format!("{}{number}[{kind}]", source.title);
    let elements = [author, Some(title), date, source.url.clone()];
    let elements: Vec<String> = elements.into_iter().flatten().collect();
    elements.iter().map(|element| with_full_stop(element)).collect::<Vec<_>>().join(" ")
}

/// Returns the text with a full stop.
fn with_full_stop(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}
