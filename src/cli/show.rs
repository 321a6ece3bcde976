//! The command `gz-search show`, which prints a document or a passage, a citation, or similar passages.

use super::{
    args::ShowArgs,
    location::IndexLocation,
    output::{citation_style, print, print_notes, print_status, text_style},
    request::DEFAULT_TIMEOUT,
};
use crate::{
    error::Result,
    query::Query,
    render::{self, Citation},
    search::{DocumentInfo, PassageInfo, Searcher},
};

/// Maximum number of similar ids that the message about an unknown id lists.
const MAX_SIMILAR_IDS: usize = 3;

/// Prints the document or passage whose id is in `args`. Returns exit code 1 if the id is unknown.
pub(super) fn run(location: &IndexLocation, args: &ShowArgs) -> Result<u8> {
    let searcher = location.searcher()?.with_timeout(DEFAULT_TIMEOUT);
    if let Some(limit) = args.similar {
        return print_similar(&searcher, args, limit);
    }
    let document = searcher.document(&args.id)?;
    let is_document = document.is_some();
    let context = if args.cite.is_some() { 0 } else { args.context_passages };
    let document_or_passage = match document {
        Some(document) => Some(document),
        None => searcher.passage(&args.id, context)?,
    };
    let Some((document, passages)) = document_or_passage else {
        print_unknown_id(&searcher, &args.id)?;
        return Ok(1);
    };
    if let Some(cite) = args.cite {
        let citations = passages.iter().map(|passage| Citation::new(&document, passage));
        print(&render::citation_list(citations, citation_style(cite)))?;
        return Ok(0);
    }
    print(&document_text(&searcher, args, &document, is_document, &passages)?)?;
    Ok(0)
}

/// Prints that no document or passage has the id, and ids of documents whose id contains it.
fn print_unknown_id(searcher: &Searcher, id: &str) -> Result<()> {
    let document_id = id.rsplit_once('#').map_or(id, |(document_id, _)| document_id).to_lowercase();
    let sources = searcher.sources()?;
    let similar_ids = sources.iter().filter_map(|source| {
        let known_id = &source.sole_document.as_ref()?.id;
        known_id.to_lowercase().contains(&document_id).then(|| format!("{known_id:?}"))
    });
    let similar_ids: Vec<String> = similar_ids.take(MAX_SIMILAR_IDS).collect();
    let advice = match similar_ids.as_slice() {
        [] => "`gz-search query` prints the id of each passage that it finds".to_owned(),
        ids => format!("did you mean {}?", ids.join(" or ")),
    };
    print_status(&format!("no document or passage has the id {id:?}: {advice}"));
    Ok(())
}

/// Renders the title and the passages with highlights. If the id names a document, also renders its metadata.
fn document_text(
    searcher: &Searcher,
    args: &ShowArgs,
    document: &DocumentInfo,
    is_document: bool,
    passages: &[PassageInfo],
) -> Result<String> {
    let style = text_style(args.color);
    let title = document.title.as_deref().unwrap_or(&document.id);
    let mut text = format!("{}\n\n", render::visible_text(title));
    if is_document {
        text.push_str(&render::document_metadata(document, style));
        text.push('\n');
    }
    let query = args.query.as_ref().map(Query::new);
    let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
    let highlights = match &query {
        Some(query) => searcher.highlights_of_all(query, &texts)?,
        None => vec![Vec::new(); texts.len()],
    };
    for (passage, highlights) in passages.iter().zip(highlights) {
        text.push_str(&render::passage(document, passage, &highlights, style));
        text.push('\n');
    }
    Ok(text)
}

/// Prints passages that are similar to the passage whose id is in `args`. Returns exit code 1 if the id is unknown or
/// no passage is similar.
fn print_similar(searcher: &Searcher, args: &ShowArgs, limit: usize) -> Result<u8> {
    let Some(results) = searcher.similar(&args.id, limit)? else {
        print_status(&format!(
            "no passage has the id {:?}: a passage id has the form DOCUMENT#ORDINAL",
            args.id
        ));
        return Ok(1);
    };
    print_notes(&results.notes);
    print(&render::text(&results, text_style(args.color)))?;
    Ok(u8::from(results.hits.is_empty()))
}
