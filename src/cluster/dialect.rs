//! What clusters have in common, and each does in its own way.

use std::fmt;

use serde_json::Value;

use super::{client::Client, mapping::Layout, reply::Found};
use crate::{analysis::Analyzer, error::Result};

/// A search of many: its header and its body, as `OpenSearch` reads them.
pub(super) type Search = (Value, Value);

/// What an index says of itself.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) version: String,
    pub(super) root: String,
    /// The program that made it; nothing where that stands elsewhere.
    pub(super) made_by: Value,
}

/// A kind of cluster.
pub(super) trait Dialect: fmt::Debug + Send + Sync {
    /// The indexes behind the name, by their numbers: one, unless a rebuild was interrupted.
    fn indexes(&self, client: &Client) -> Result<Vec<(u64, String)>>;
    /// Makes an empty index, in place of one that nobody uses.
    fn create(
        &self,
        client: &Client,
        index: &str,
        layout: Layout,
        analyzer: &Analyzer,
    ) -> Result<()>;
    /// Has the name stand for `target`, and removes what it stood for before.
    fn switch(&self, client: &Client, target: &str) -> Result<()>;
    /// What the index in use says of the program that made it.
    fn made_by(&self, client: &Client) -> Result<Value>;
    /// The state that the index in use is in.
    fn state(&self, client: &Client) -> Result<State>;
    /// Bytes of the index in use, without copies.
    fn bytes(&self, client: &Client) -> Result<u64>;
    /// Whether a search finds only what the query means; otherwise it finds more.
    fn is_exact(&self, query: &Value) -> bool;
    /// The answers to searches of the index in use, in one request, as `OpenSearch` gives them.
    fn search(&self, client: &Client, searches: &[Search]) -> Result<Vec<Found>>;

    /// Gets ready to write to the index in use, where all that was written is seen; returns its name.
    fn begin(&self, client: &Client) -> Result<String>;
    /// Where lines are sent that are to be written.
    fn bulk(&self, index: &str) -> String;
    /// Adds lines that write a document.
    fn put(&self, lines: &mut String, id: &str, route: &str, document: Value);
    /// Adds lines that remove a document.
    fn delete(&self, lines: &mut String, id: &str, route: &str);
    /// Whether what is half written can be seen.
    fn shows_halves(&self) -> bool;
    /// Is told that what was routed so is written anew as a whole, or gone, before anything of it is put. False
    /// where it was put since the last time that a state was published: that has to be done first.
    fn replace(&self, route: &str) -> bool;
    /// Says what state an index is in, and shows what was written to it.
    fn publish(&self, client: &Client, index: &str, state: &State) -> Result<()>;
}
