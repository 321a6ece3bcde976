//! Full-text search over policy press releases, English and Chinese, that answers with passages: the
//! paragraph that says it, where it stands, and a snippet with the exact words highlighted.
//!
//! ```
//! # fn main() -> gz_search::Result<()> {
//! use gz_search::{Document, Index, Query};
//!
//! let index = Index::in_memory();
//! let writer = index.writer()?;
//! writer.add(&Document::new("guangzhou", "The first flying car factory opened."))?;
//! writer.commit()?;
//! for hit in index.searcher()?.search(&Query::new("flying car"))?.hits {
//!     println!("{} {}", hit.passage.id, hit.passage.text);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Text passes through the modules in this order: [`analysis`] (text → tokens), `document` (bytes →
//! [`Document`]), `passage` (document → [`Passage`]s), `index` (passages → inverted index), `query` (text →
//! [`Clause`]s), `highlight` (what satisfied them), `search` (which joins all of these) and [`render`]. Each
//! uses only those before it. `evaluate`, the server and the command line are edges: everything works without them.
//!
//! The [`guide`] describes file formats, the query language, ranking, the HTTP service and the architecture.

mod error;
pub mod guide;
#[cfg(any(feature = "cli", feature = "mcp"))]
mod hints;
mod script;
mod span;
// The stages, in the order in which text passes through.
pub mod analysis;
mod document;
mod highlight;
mod index;
mod passage;
mod query;
pub mod render;
mod search;
// The edges.
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cluster")]
pub mod cluster;
#[cfg(feature = "cli")]
mod evaluate;
#[cfg(feature = "mcp")]
pub mod mcp;
#[cfg(feature = "server")]
pub mod server;

pub use crate::{
    document::{
        Block, BlockKind, Date, Document, FieldMapping, Format, MetadataOverrides, ParseDateError,
        read, read_all, read_json_lines,
    },
    error::{Error, ErrorKind, Result},
    highlight::{Fragment, Snippet},
    index::{
        Change, ChangedSource, Check, Corruption, Failure, FileFilter, FormatStats, Index,
        IndexStats, IndexWriter, MemoryBudget, Overview, Progress, Repair, SoleDocument, Source,
        Update, UpdateOptions, update, update_from,
    },
    passage::{Passage, passages},
    query::{
        Clause, Collapse, Facet, Field, Item, Note, NoteKind, Period, Query, Ranking, Sign, Sort,
        UnknownParameter, parse,
    },
    search::{
        DocumentInfo, FacetCounts, FacetValue, Hit, HitCount, IndexBackend, NearDuplicates,
        PassageInfo, RankedPassage, ScoreComponent, SearchResults, Searcher, Suggestion,
        SuggestionKind,
    },
    span::{Offset, OffsetUnit, Span},
};

#[cfg(feature = "watch")]
pub use self::index::{Observer, WatchEvent, watch};
