//! `gz-search query`: a query → the page of passages that answers it.

use std::{
    env,
    io::{self, BufRead, IsTerminal},
    path::Path,
};

use super::{args, complain, config, counted, index, place::Place, print, request};
use crate::{
    error::{Error, Result},
    index::{Index, have_changed},
    query::{Clause, Note},
    render::{self, Context, Page, Style, contexts},
    search::{FacetCounts, SearchResults, Searcher},
};

/// The index and the releases that a fresh checkout has.
const DEFAULT_INDEX: &str = "index";
const SEEDS: &str = "seeds";

/// The query language on one page.
const SYNTAX: &str = include_str!("syntax.txt");
/// Stands for the lines of standard input where there should be a query.
pub(super) const STANDARD_INPUT: &str = "-";

pub(super) fn run(place: &Place, args: &args::Query) -> Result<u8> {
    if args.help_syntax {
        print(SYNTAX)?;
        return Ok(0);
    }
    if args.parse {
        each(args, parsed)?;
        return Ok(0);
    }
    request::fits_format(&args.shown)?;
    let searcher = searcher(place)?;
    let found = if args.words == [STANDARD_INPUT] {
        request::fits_lines(args)?;
        each(args, |text| line(&searcher, text, args))?
    } else {
        one(&searcher, args)?
    };
    Ok(u8::from(!found))
}

/// Does something with the query of the arguments, or with each line of standard input; whether
/// any found something.
fn each(args: &args::Query, mut done: impl FnMut(&str) -> Result<bool>) -> Result<bool> {
    if args.words != [STANDARD_INPUT] {
        return done(&args.words.join(" "));
    }
    let mut found = false;
    for text in io::stdin().lock().lines() {
        let text = text.map_err(Error::io("read", Path::new("standard input")))?;
        if !text.trim().is_empty() {
            found |= done(text.trim())?;
        }
    }
    Ok(found)
}

/// Prints how a query is read.
fn parsed(text: &str) -> Result<bool> {
    let (clause, notes) = Clause::parse(text);
    tell(&notes);
    print(&format!("{}\n", render::visible(&clause.to_string())))?;
    Ok(true)
}

/// Answers a query of many: one object on one line, with its notes in it.
fn line(searcher: &Searcher, text: &str, args: &args::Query) -> Result<bool> {
    let results = searcher.search(&request::query(text, args)?)?;
    let contexts = contexts(searcher, &results, args.shown.context)?;
    let page = page(&results, &contexts, &args.shown);
    print(&format!("{}\n", render::json(page, request::unit(args.shown.offsets))))?;
    Ok(results.total > 0)
}

fn one(searcher: &Searcher, args: &args::Query) -> Result<bool> {
    let results = searcher.search(&request::query(&args.words.join(" "), args)?)?;
    if let Some(timeout) = args.timeout.filter(|_| results.cut && results.hits.is_empty()) {
        return Err(Error::TimedOut(timeout));
    }
    tell(&results.notes);
    if args.count {
        let counted = match args.collapse {
            Some(args::Collapse::Document) => results.total_documents,
            Some(args::Collapse::Near) => groups(searcher, args)?,
            Some(args::Collapse::None) | None => results.total,
        };
        print(&format!("{counted}\n"))?;
        return Ok(results.total > 0);
    }
    let contexts = contexts(searcher, &results, args.shown.context)?;
    let page = page(&results, &contexts, &args.shown);
    let unit = request::unit(args.shown.offsets);
    print(&match args.shown.format {
        args::Format::Json => format!("{}\n", render::json(page, unit)),
        args::Format::Jsonl => render::jsonl(page, unit),
        args::Format::Csv => render::csv(page),
        args::Format::Markdown => render::markdown(page),
        args::Format::Html => render::html(page),
        args::Format::Text => text(page, &results.facets, &args.shown),
    })?;
    if args.shown.format == args::Format::Text {
        complain(&summary(&results));
    }
    Ok(results.total > 0)
}

fn page<'a>(results: &'a SearchResults, contexts: &'a [Context], shown: &args::Shown) -> Page<'a> {
    let page = Page::new(results, contexts);
    shown.cite.map_or(page, |cite| page.cite(request::citation(cite)))
}

/// Passages or citations of them, then what was counted.
fn text(page: Page<'_>, facets: &[FacetCounts], shown: &args::Shown) -> String {
    let hits = match shown.cite {
        Some(cite) => render::citations(page, request::citation(cite)),
        None => render::text(page, style(shown.color)),
    };
    let between = if hits.is_empty() || facets.is_empty() { "" } else { "\n" };
    hits + between + &render::facets(facets)
}

/// How many groups of passages answer a query: all of them have to be looked at.
fn groups(searcher: &Searcher, args: &args::Query) -> Result<u64> {
    let query = request::query(&args.words.join(" "), args)?;
    Ok(searcher.ranking(&query.limit(usize::MAX))?.len() as u64)
}

fn tell(notes: &[Note]) {
    for note in notes {
        complain(&format!("note: {note}"));
    }
}

/// The last commit. On a fresh checkout, where there is no index but there are seeds, builds it first.
pub(super) fn searcher(place: &Place) -> Result<Searcher> {
    #[cfg(feature = "cluster")]
    if place.engine.is_some() {
        return place.searcher();
    }
    let searcher = open(&place.dir)?.searcher()?;
    tell_changes(&place.dir, &searcher)?;
    Ok(searcher)
}

/// Opens the index. On a fresh checkout, where there is none but there are seeds, builds it first.
pub(super) fn open(dir: &Path) -> Result<Index> {
    let seeds = Path::new(SEEDS);
    if dir == Path::new(DEFAULT_INDEX) && seeds.is_dir() && !Index::exists(dir)? {
        complain("there is no index yet: building it from seeds/");
        index::build_default(dir, seeds)?;
    }
    Index::open(dir)
}

/// Says so if files under `seeds/` have changed since the default index was built from them.
fn tell_changes(dir: &Path, searcher: &Searcher) -> Result<()> {
    let seeds = Path::new(SEEDS);
    if dir != Path::new(DEFAULT_INDEX) || !seeds.is_dir() {
        return Ok(());
    }
    let (sources, filter) = (searcher.sources()?, config::file_filter(dir)?);
    if have_changed(&sources, &[seeds.to_owned()], &filter, dir)? {
        complain("seeds/ has changed since it was indexed: run `gz-search index`");
    }
    Ok(())
}

fn summary(results: &SearchResults) -> String {
    let found = if results.total == 0 {
        "no passage".to_owned()
    } else {
        counted(results.total, "passage")
    };
    format!(
        "{found} in {} ({:.1} ms)",
        counted(results.total_documents, "document"),
        results.elapsed.as_secs_f64() * 1e3
    )
}

/// Colour and width for what standard output is.
pub(super) fn style(color: args::Color) -> Style {
    let terminal = io::stdout().is_terminal();
    let color = match color {
        args::Color::Always => true,
        args::Color::Never => false,
        args::Color::Auto => {
            terminal && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    };
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    Style { color, columns: columns.unwrap_or(100) }
}
