//! `gz-search suggest`: the beginning of a query → how it may go on.

use super::{args, counted, place::Place, print, query::open};
use crate::{error::Result, render::visible, search::Suggestion};

pub(super) fn run(place: &Place, args: &args::Suggest) -> Result<u8> {
    let text = args.words.join(" ");
    let suggestions = open(place.folder()?)?.searcher()?.suggest(&text, args.limit)?;
    print(&match args.format {
        args::SuggestFormat::Text => suggestions.iter().map(line).collect(),
        args::SuggestFormat::Json => {
            format!("{}\n", serde_json::json!({ "text": text, "suggestions": suggestions }))
        }
    })?;
    Ok(u8::from(suggestions.is_empty()))
}

fn line(Suggestion { text, kind, passages }: &Suggestion) -> String {
    format!("{} · {kind} · {}\n", visible(text), counted(*passages, "passage"))
}
