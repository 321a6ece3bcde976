//! `gz-search show`: a document or a passage, as it was understood.

use super::{args, complain, place::Place, print, query::style, request};
use crate::{
    error::Result,
    query::Query,
    render::{self, Citation},
    search::Searcher,
};

pub(super) fn run(place: &Place, args: &args::Show) -> Result<u8> {
    let searcher = place.searcher()?;
    if let Some(limit) = args.similar {
        return similar(&searcher, args, limit);
    }
    let whole = searcher.document(&args.id)?;
    let is_whole = whole.is_some();
    let context = if args.cite.is_some() { 0 } else { args.context };
    let found = match whole {
        Some(found) => Some(found),
        None => searcher.passage(&args.id, context)?,
    };
    let Some((document, passages)) = found else {
        complain(&format!("no document or passage has the id {:?}", args.id));
        return Ok(1);
    };
    if let Some(cite) = args.cite {
        let style = request::citation(cite);
        let citations =
            passages.iter().map(|passage| Citation::new(&document, passage).in_style(style));
        print(&citations.collect::<Vec<_>>().join("\n"))?;
        return Ok(0);
    }
    let style = style(args.color);
    let mut shown =
        format!("{}\n\n", render::visible(document.title.as_deref().unwrap_or(&document.id)));
    if is_whole {
        shown.push_str(&render::document_metadata(&document, style));
        shown.push('\n');
    }
    let query = args.query.as_ref().map(Query::new);
    for passage in &passages {
        let highlights =
            query.as_ref().map(|query| searcher.highlights(query, &passage.text)).transpose()?;
        shown.push_str(&render::passage(
            &document,
            passage,
            &highlights.unwrap_or_default(),
            style,
        ));
        shown.push('\n');
    }
    print(&shown)?;
    Ok(0)
}

/// Exit codes are those of a query, and the same where the id is unknown.
fn similar(searcher: &Searcher, args: &args::Show, limit: usize) -> Result<u8> {
    let Some(found) = searcher.similar(&args.id, limit)? else {
        complain(&format!("no passage has the id {:?}: it is DOCUMENT#ORDINAL", args.id));
        return Ok(1);
    };
    print(&render::text(&found, style(args.color)))?;
    Ok(u8::from(found.hits.is_empty()))
}
