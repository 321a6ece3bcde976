//! Full-text search over policy press releases, English and Chinese. A search result contains the paragraph that
//! answers the query (a passage), the location of the paragraph in its document, and a snippet with the matching words
//! highlighted.
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
//! The root contains the types that every program needs. The modules contain all other types, one module for
//! each stage that text passes through:
//!
//! | module | turns | into |
//! |---|---|---|
//! | [`document`] | the bytes of a file | a [`Document`] with title, date and issuer |
//! | [`passage`] | a document | passages with headings and speaker |
//! | [`fact`] | the text of a passage | quantities and periods |
//! | [`analysis`] | text | tokens |
//! | [`index`] | passages | an inverted index |
//! | [`query`] | query text | a query tree |
//! | [`search`] | a query tree | ranked hits |
//! | [`highlight`] | a query tree and a passage | a snippet |
//! | [`fact_table`] | passages | a table of figures, and questions about them |
//! | [`render`] | hits and tables | text, JSON, CSV, Markdown, HTML |
//!
//! The front ends `cli`, `server`, `mcp` and `cluster` use these modules, and none of these modules uses a
//! front end. The [`guide`] describes file formats, the query language, ranking, the HTTP service and the
//! architecture.

pub mod error;
pub mod guide;
#[cfg(any(feature = "cli", feature = "mcp"))]
mod hints;
mod named;
#[cfg(any(feature = "cli", feature = "mcp", feature = "server"))]
mod parameters;
mod radical;
mod script;
pub mod span;

pub mod analysis;
pub mod document;
pub mod fact;
pub mod fact_table;
pub mod highlight;
pub mod index;
pub mod passage;
pub mod query;
pub mod render;
pub mod search;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cluster")]
pub mod cluster;
#[cfg(all(feature = "cli", not(feature = "cluster")))]
#[path = "cluster/absent.rs"]
mod cluster;
#[cfg(feature = "cli")]
mod evaluate;
#[cfg(feature = "mcp")]
pub mod mcp;
#[cfg(feature = "server")]
pub mod server;

pub use self::{
    document::Document,
    error::{Error, ErrorKind, Result},
    index::{Index, IndexWriter},
    query::Query,
    search::{Hit, SearchResults, Searcher},
};
