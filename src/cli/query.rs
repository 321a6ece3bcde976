//! `gz-search query`: a query → the page of passages that answers it.

use std::{
    env,
    io::{self, IsTerminal},
    path::Path,
    time::UNIX_EPOCH,
};

use super::{args, complain, counted, index, print};
use crate::{
    error::Result,
    index::Index,
    query::Query,
    render::{self, Style},
    search::{SearchResults, Searcher},
    span::OffsetUnit,
};

/// The index and the releases that a fresh checkout has.
const DEFAULT_INDEX: &str = "index";
const SEEDS: &str = "seeds";

pub(super) fn run(dir: &Path, args: &args::Query) -> Result<u8> {
    let searcher = open(dir)?.searcher()?;
    tell_changes(dir, &searcher)?;
    let mut query = Query::new(args.words.join(" ")).limit(args.limit).offset(args.offset);
    if let Some(cursor) = &args.cursor {
        query = query.cursor(cursor);
    }
    let results = searcher.search(&query)?;
    for note in &results.notes {
        complain(&format!("note: {note}"));
    }
    match args.format {
        args::Format::Json => print(&format!("{}\n", render::json(&results, OffsetUnit::Utf8)))?,
        args::Format::Jsonl => print(&render::json_lines(&results, OffsetUnit::Utf8))?,
        args::Format::Text => {
            print(&render::text(&results, style(args.color)))?;
            complain(&summary(&results));
        }
    }
    Ok(u8::from(results.total == 0))
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

/// Says so when a file of the default index's seeds is not as it was when it was indexed.
fn tell_changes(dir: &Path, searcher: &Searcher) -> Result<()> {
    let seeds = Path::new(SEEDS);
    if dir != Path::new(DEFAULT_INDEX) || !seeds.is_dir() {
        return Ok(());
    }
    let root = seeds.canonicalize().unwrap_or_default();
    let known = searcher.sources()?;
    let mut known =
        known.iter().filter(|source| Path::new(&source.path).starts_with(&root)).peekable();
    if known.peek().is_none() {
        return Ok(());
    }
    let changed = known.any(|source| {
        let metadata = Path::new(&source.path).metadata().ok();
        let modified =
            metadata.as_ref().and_then(|m| m.modified().ok()?.duration_since(UNIX_EPOCH).ok());
        source.modified != 0
            && (metadata.is_none_or(|m| m.len() != source.size)
                || modified.is_none_or(|time| time.as_millis() as u64 != source.modified))
    });
    let known_files = searcher
        .sources()?
        .iter()
        .filter(|source| Path::new(&source.path).starts_with(&root))
        .count();
    let files = root.read_dir().map_or(0, |entries| {
        entries
            .flatten()
            .filter(|entry| crate::document::Format::of(&entry.path()).is_some())
            .count()
    });
    if changed || files > known_files {
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
