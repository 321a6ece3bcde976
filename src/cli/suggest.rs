//! The command `gz-search suggest`, which prints completions of the beginning of a query.

use super::{
    args::{SuggestArgs, SuggestFormat},
    default_index::open_searcher,
    location::IndexLocation,
    output::{pluralize, print},
    request::DEFAULT_TIMEOUT,
};
use crate::{error::Result, render::visible_text, search::Suggestion};

/// Prints suggestions. Returns exit code 1 if there are no suggestions.
pub(super) fn run(location: &IndexLocation, args: &SuggestArgs) -> Result<u8> {
    let text = args.words.join(" ");
    if location.cluster_address.is_some() {
        // An index on a cluster has no dictionary to complete words.
        location.folder()?;
    }
    let searcher = open_searcher(location)?.with_timeout(DEFAULT_TIMEOUT);
    let suggestions = searcher.suggest(&text, args.limit)?;
    print(&match args.format {
        SuggestFormat::Text => suggestions.iter().map(suggestion_line).collect(),
        SuggestFormat::Json => {
            format!("{}\n", serde_json::json!({ "text": text, "suggestions": suggestions }))
        }
    })?;
    Ok(u8::from(suggestions.is_empty()))
}

fn suggestion_line(Suggestion { text, kind, passages }: &Suggestion) -> String {
    format!("{} · {kind} · {}\n", visible_text(text), pluralize(*passages, "passage"))
}
