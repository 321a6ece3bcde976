//! The command `gz-search query`, which prints the passages that match a query.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal},
};

#[cfg(feature = "archive")]
use super::output::print_workbook;
use super::{
    args::{DEFAULT_FACETS, OutputFormat, QueryArgs},
    batch::{self, answer_standard_input, for_each_input_line},
    config::Configuration,
    default_index::{open_searcher, warn_if_seeds_changed},
    location::IndexLocation,
    output::{pluralize, print, print_notes, print_status},
    request::{OutputOptions, QueryRequest, QuerySource},
};
use crate::{
    document::DeclaredFields,
    error::{Error, Result},
    query::{Clause, Collapse, Facet, Query},
    render::{self, Context, Page, contexts},
    search::{FacetCounts, MatchKind, SearchResults, Searcher},
};

/// One page of help on the query language.
const QUERY_LANGUAGE_HELP: &str = include_str!("syntax.txt");

/// Answers the query. Returns exit code 0 if a passage matches, 1 if nothing matches.
pub(super) fn run(
    location: &IndexLocation,
    configuration: &Configuration,
    args: &QueryArgs,
) -> Result<u8> {
    if args.help_syntax {
        print(QUERY_LANGUAGE_HELP)?;
        return Ok(0);
    }
    if args.parse {
        let fields = location.declared_fields();
        match QuerySource::new(args) {
            QuerySource::Arguments(text) => print_parsed_query(&text, &fields)?,
            QuerySource::StandardInput => {
                for_each_input_line(|_, text| print_parsed_query(text?, &fields))?;
            }
            QuerySource::File(_) => {}
        }
        return Ok(0);
    }
    let request = QueryRequest::new(args, io::stdout().is_terminal())?;
    let searcher = open_searcher(location)?;
    if location.is_one_folder() {
        warn_if_seeds_changed(&location.dir, configuration, &searcher)?;
    }
    print_misread_facets_note(args, searcher.declared_fields());
    if args.files {
        let QuerySource::Arguments(text) = &request.source else {
            return Err(Error::invalid("files", "--files takes one query, not standard input"));
        };
        return Ok(u8::from(!print_matching_files(&searcher, &request.query(text))?));
    }
    match &request.source {
        QuerySource::Arguments(text) => {
            Ok(u8::from(!print_query_answer(&searcher, &request.query(text), &request)?))
        }
        QuerySource::StandardInput => answer_standard_input(&searcher, &request),
        QuerySource::File(path) => batch::print_batch_report(&searcher, path, &request),
    }
}

/// Prints a note if a word of the query was probably meant as the value of `--facets`, which needs `=`.
fn print_misread_facets_note(args: &QueryArgs, fields: &DeclaredFields) {
    let facets: Vec<&str> = args.output.facets.iter().map(Facet::name).collect();
    if facets.join(",") != DEFAULT_FACETS {
        return;
    }
    let is_facet = |name: &str| match name.parse() {
        Ok(Facet::Declared(field)) => fields.type_of(field).is_some(),
        facet => facet.is_ok(),
    };
    for word in args.words.iter().filter(|word| word.split(',').all(is_facet)) {
        print_status(&format!(
            "note: {word} is a word of the query: --facets={word} counts its values"
        ));
    }
}

/// Prints the source file of each document with a full match (a passage with every word of the query). Prints each file
/// once, the best match first. Returns whether there is a full match.
fn print_matching_files(searcher: &Searcher, query: &Query) -> Result<bool> {
    const DOCUMENTS_PER_SEARCH: usize = 500;
    let mut printed = BTreeSet::new();
    let mut query =
        query.clone().collapse(Collapse::Document).group_size(1).limit(DOCUMENTS_PER_SEARCH);
    loop {
        let results = searcher.search(&query)?;
        if printed.is_empty() {
            print_notes(&results.notes);
        }
        let full_matches = results.hits.iter().filter(|hit| hit.matched == MatchKind::All);
        for document in full_matches.map(|hit| &hit.document) {
            let has_file = !document.source.is_empty();
            let name = if has_file { &document.source } else { &document.id };
            if printed.insert(name.clone()) {
                print(&format!("{}\n", render::visible_text(name)))?;
            }
        }
        let is_last = results.hits.last().is_none_or(|hit| hit.matched != MatchKind::All);
        match results.next.filter(|_| !is_last) {
            Some(cursor) => query = query.cursor(cursor),
            None => return Ok(!printed.is_empty()),
        }
    }
}

/// Prints the parsed form of a query. `fields` are the declared fields of the index.
fn print_parsed_query(text: &str, fields: &DeclaredFields) -> Result<()> {
    let (clause, notes) = Clause::parse_with(text, fields);
    print_notes(&notes);
    print(&format!("{}\n", render::visible_text(&clause.to_string())))
}

/// Prints the answer to one query in the requested format. Returns whether the query has a match.
fn print_query_answer(searcher: &Searcher, query: &Query, request: &QueryRequest) -> Result<bool> {
    let results = searcher.search(query)?;
    if let Some(timeout) = query.timeout.filter(|_| results.cut && results.hits.is_empty()) {
        return Err(Error::TimedOut(timeout));
    }
    print_notes(&results.notes);
    if request.prints_only_count {
        print(&format!("{}\n", match_count(searcher, query, &results)?))?;
        return Ok(results.total > 0);
    }
    let output = &request.output;
    let contexts = contexts(searcher, &results, output.context_passages)?;
    let page = build_results_page(&results, &contexts, request);
    print(&match output.format {
        OutputFormat::Json => format!("{}\n", render::json(page, output.unit)),
        OutputFormat::Jsonl => render::jsonl(page, output.unit),
        OutputFormat::Csv => render::csv(page),
        OutputFormat::Markdown => render::markdown(page),
        OutputFormat::Html => render::html(page),
        #[cfg(feature = "archive")]
        OutputFormat::Xlsx => {
            print_workbook(&render::xlsx(page))?;
            return Ok(has_hits(&results));
        }
        OutputFormat::Text => render_text(page, &results.facets, output),
    })?;
    if output.format == OutputFormat::Text {
        print_status(&results_summary(&results));
    }
    Ok(has_hits(&results))
}

fn build_results_page<'a>(
    results: &'a SearchResults,
    contexts: &'a [Context],
    request: &QueryRequest,
) -> Page<'a> {
    let page = Page::new(results, contexts).by_release(request.groups_by_release);
    request.output.citation.map_or(page, |style| page.cite(style))
}

/// Renders hits or their citations, followed by the facet counts.
fn render_text(page: Page<'_>, facets: &[FacetCounts], output: &OutputOptions) -> String {
    let hits = match output.citation {
        Some(style) => render::citations(page, style),
        None => render::text(page, output.style),
    };
    let separator = if hits.is_empty() || facets.is_empty() { "" } else { "\n" };
    hits + separator + &render::facets(facets)
}

/// Returns the number of matching passages. If hits are grouped, returns the number of groups. Counting groups of
/// near-duplicates requires a ranking of all matches.
fn match_count(searcher: &Searcher, query: &Query, results: &SearchResults) -> Result<u64> {
    Ok(match query.collapse {
        Collapse::None => results.total,
        Collapse::Document => results.total_documents,
        Collapse::Near => searcher.ranking(&query.clone().limit(usize::MAX))?.len() as u64,
    })
}

/// Returns whether a search found passages: passages with every word of the query, or other matches on the page.
fn has_hits(results: &SearchResults) -> bool {
    results.total > 0 || !results.hits.is_empty()
}

/// Describes the number of matches and the duration of the search.
fn results_summary(results: &SearchResults) -> String {
    let passages_text = match results.total {
        0 => "no passage".to_owned(),
        total => pluralize(total, "passage"),
    };
    let other_text = match results.total_other {
        0 => String::new(),
        other_count => format!(", {other_count} without some word"),
    };
    format!(
        "{passages_text} in {}{other_text} ({:.1} ms)",
        pluralize(results.total_documents, "document"),
        results.elapsed.as_secs_f64() * 1e3
    )
}
