//! Renders citations in the style of the American Psychological Association, in its English and its Chinese form.

use super::source::{CitedSource, bracketed_if};
use crate::document::{Date, MONTH_NAMES};

/// Returns three lines: the quote with a citation in parentheses, the entry for the list of references, and the link.
/// Inferred values are in square brackets.
pub(super) fn citation(source: &CitedSource<'_>) -> String {
    let reference =
        if source.is_chinese() { chinese_reference(source) } else { english_reference(source) };
    format!("{}\n{reference}\n{}\n", source.quote_with_citation(), source.link)
}

/// Returns a reference such as `Bureau of Ports. (2025, December 17). Port news (No. 5). https://…`. Without an author,
/// the title comes first.
fn english_reference(source: &CitedSource<'_>) -> String {
    let date = source.date.map_or(source.wording.no_date.to_owned(), |date| {
        bracketed_if(source.is_date_inferred, &english_day(date))
    });
    let number = source.number.as_ref().map(|number| format!(" (No. {number})"));
    let title = format!("{}{}", source.title, number.unwrap_or_default());
    let sentences = match source.authors.as_slice() {
        [] => vec![with_full_stop(&title), format!("({date}).")],
        names => vec![
            with_full_stop(&joined_authors(names)),
            format!("({date})."),
            with_full_stop(&title),
        ],
    };
    let address = source.url.clone();
    sentences.into_iter().chain(address).collect::<Vec<_>>().join(" ")
}

/// Returns a reference such as `港务局（2025年12月17日）。港口新闻（5号）。https://…`. Without an author, the title comes first.
fn chinese_reference(source: &CitedSource<'_>) -> String {
    let date = source.date.map_or(source.wording.no_date.to_owned(), |date| {
        let (year, month, day) = date.year_month_day();
        bracketed_if(source.is_date_inferred, &format!("{year}年{month}月{day}日"))
    });
    let number = source.number.as_ref().map(|number| format!("（{number}）"));
    let title = format!("{}{}", source.title, number.unwrap_or_default());
    let address = source.url.as_deref().unwrap_or_default();
    match source.authors.as_slice() {
        [] => format!("{title}（{date}）。{address}"),
        names => format!("{}（{date}）。{title}。{address}", names.join("、")),
    }
}

/// Joins the names of authors as the list of references does: `A`, `A & B` or `A, B, & C`.
fn joined_authors(names: &[String]) -> String {
    match names {
        [names @ .., last] if !names.is_empty() => {
            let comma = if names.len() > 1 { "," } else { "" };
            format!("{}{comma} & {last}", names.join(", "))
        }
        names => names.concat(),
    }
}

/// Returns a date in the form `2025, December 17`.
fn english_day(date: Date) -> String {
    let (year, month, day) = date.year_month_day();
    let month = MONTH_NAMES.get(usize::from(month).saturating_sub(1)).copied().unwrap_or_default();
    let (first, rest) = month.split_at_checked(1).unwrap_or_default();
    format!("{year}, {}{rest} {day}", first.to_uppercase())
}

/// Returns the text with a full stop. Returns the text unchanged if a full stop, a question mark or an exclamation mark
/// ends it.
fn with_full_stop(text: &str) -> String {
    let is_ended = text.ends_with(['.', '?', '!', '。', '？', '！']);
    if is_ended { text.to_owned() } else { format!("{text}.") }
}
