//! The same index on an existing cluster of `OpenSearch` or Elasticsearch: the same commands, answers, snippets and
//! notes, for archives that one machine cannot hold.
//!
//! Texts are cut here. The cluster keeps the terms of the embedded index, field by field, finds passages and counts
//! words; this program scores what it finds, with the statistics of the whole, and shows it.
//!
//! ```text
//! writer   documents → entries of the embedded index → wire → requests of many
//! ask      questions of a search → lower → one request; its answers → entries → a small embedded index
//! copy     an embedded index → the index on the cluster, and back
//! ```

mod address;
mod ask;
mod client;
mod copy;
mod lower;
mod mapping;
#[cfg(test)]
mod tests;
mod wire;
mod writer;

use std::{
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

pub use self::{address::Address, mapping::Layout};
use self::{
    client::{Client, Method},
    wire::{DOCUMENT, PASSAGE, SOURCE, STATE},
    writer::Writer,
};
pub use crate::index::Copied;
use crate::{
    analysis::{Analyzer, Chinese},
    error::{Error, Result},
    index::{
        Entry, GAP_POSITIONS, Index, IndexStats, IndexWriter, Overview, Source, copies, root_of,
    },
    search::{Kept, Searcher},
};

/// An index on a cluster. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Cluster {
    client: Arc<Client>,
}

impl Kept for Cluster {
    fn searcher(&self) -> Result<Searcher> {
        self.searcher()
    }

    fn version(&self) -> Result<String> {
        self.version()
    }

    fn stats(&self) -> Result<IndexStats> {
        self.stats()
    }

    fn writer(&self) -> Result<IndexWriter> {
        self.writer(false, Layout::default(), None)
    }

    fn dir(&self) -> Option<&Path> {
        None
    }
}

/// What an index says of itself.
#[derive(Debug, Clone, Default)]
struct State {
    version: String,
    root: String,
}

impl Cluster {
    /// Connects to a cluster; whether it holds the index is asked later.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where it cannot be reached, does not let anybody in with these credentials, or is none of
    /// `OpenSearch` or Elasticsearch.
    pub fn connect(address: Address) -> Result<Self> {
        let client = Client::new(address)?;
        let hello = client.done(Method::Get, "/", "")?;
        let number = hello.pointer("/version/number").and_then(Value::as_str).unwrap_or_default();
        let major: u32 = number.split('.').next().and_then(|n| n.parse().ok()).unwrap_or_default();
        let opensearch =
            hello.pointer("/version/distribution").and_then(Value::as_str) == Some("opensearch");
        let least = if opensearch { 1 } else { 7 };
        if major < least {
            return Err(Error::Cluster(format!(
                "is none that this program can use ({}): OpenSearch 1 or newer or Elasticsearch 7 or newer is needed",
                if number.is_empty() { "it names no version" } else { number }
            )));
        }
        Ok(Self { client: Arc::new(client) })
    }

    /// A snapshot of nothing: each search sees what the cluster shows then.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where there is no such index, or one that another program made.
    pub fn searcher(&self) -> Result<Searcher> {
        let analyzer = self.analyzer(self.name())?;
        Searcher::of_engine(Arc::new(self.clone()), analyzer)
    }

    /// A writer. What it adds is seen by others before the end of the run, one document after the other.
    ///
    /// With `rebuild` it writes to a new index, which takes the place of the old one at the commit; where there is
    /// none yet, to one that is in use at once.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where the index cannot be made or was made by another program, and [`Error::Invalid`] for
    /// another `chinese` than it was made with.
    pub fn writer(
        &self,
        rebuild: bool,
        layout: Layout,
        chinese: Option<Chinese>,
    ) -> Result<IndexWriter> {
        let indexes = self.indexes()?;
        let newest = indexes.iter().max();
        if rebuild || newest.is_none() {
            let analyzer = Analyzer::new(chinese.unwrap_or_default());
            let target =
                self.create(newest.map_or(1, |(number, _)| number + 1), layout, &analyzer)?;
            // The first is in use at once: an interrupted run goes on with it.
            if !rebuild {
                self.switch(&target)?;
            }
            let writer = Writer::new(self.clone(), target, rebuild, &[]);
            return IndexWriter::elsewhere(Vec::new(), analyzer, Arc::new(writer));
        }
        let analyzer = self.analyzer(self.name())?;
        if chinese.is_some_and(|wanted| wanted != analyzer.chinese()) {
            return Err(Error::Invalid(
                "the index was made with another --chinese: add --rebuild to make it anew"
                    .to_owned(),
            ));
        }
        // What was written last is not shown yet, perhaps.
        self.refresh(self.name())?;
        let mut known = self.records(DOCUMENT)?;
        known.extend(self.records(SOURCE)?);
        let writer = Writer::new(self.clone(), self.name().to_owned(), false, &known);
        IndexWriter::elsewhere(known, analyzer, Arc::new(writer))
    }

    /// How much the index holds; `index_bytes` are those of all shards without their copies.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where it cannot be counted.
    pub fn stats(&self) -> Result<IndexStats> {
        let count = |kind: &str| {
            let body = json!({"query": {"term": {"kind": {"value": kind}}}}).to_string();
            let reply =
                self.client.done(Method::Post, &format!("/{}/_count", self.name()), &body)?;
            Ok(reply.get("count").and_then(Value::as_u64).unwrap_or_default())
        };
        let sizes = self.client.done(Method::Get, &format!("/{}/_stats/store", self.name()), "")?;
        let bytes = sizes.pointer("/_all/primaries/store/size_in_bytes").and_then(Value::as_u64);
        let sources = self.records(SOURCE)?;
        let sources = sources.iter().filter_map(|entry| serde_json::from_str(&entry.stored).ok());
        Ok(IndexStats {
            documents: count(DOCUMENT)?,
            passages: count(PASSAGE)?,
            copies: copies(&sources.collect::<Vec<Source>>()),
            index_bytes: bytes.unwrap_or_default(),
        })
    }

    /// Counts what the index holds; reads the record of every document.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where it cannot be read.
    pub fn overview(&self) -> Result<Overview> {
        let analyzer = self.analyzer(self.name())?;
        let mut records = self.records(DOCUMENT)?;
        records.extend(self.records(SOURCE)?);
        let overview = Index::of_records(records, analyzer)?.overview()?;
        Ok(Overview { stats: self.stats()?, ..overview })
    }

    /// The name of what the index holds now, see [`Index::version`](crate::Index::version).
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where it cannot be asked.
    pub fn version(&self) -> Result<String> {
        Ok(self.state()?.version)
    }

    fn name(&self) -> &str {
        &self.client.address().name
    }

    fn state(&self) -> Result<State> {
        let path = format!("/{}/_doc/{STATE}", self.name());
        let reply = self.client.send(Method::Get, &path, "")?;
        if reply.status == 404 && reply.body.get("error").is_none() {
            // Nothing was finished yet.
            return Ok(State::default());
        }
        if reply.status != 200 {
            return Err(self.client.refused(&reply));
        }
        let text = |name: &str| {
            let found = reply.body.pointer(&format!("/_source/{name}")).and_then(Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        Ok(State { version: text("version"), root: text("root") })
    }

    /// How texts are cut for an index; an error where there is none.
    fn analyzer(&self, index: &str) -> Result<Analyzer> {
        let reply = self.client.done(Method::Get, &format!("/{index}/_mapping"), "")?;
        let mapping = reply.as_object().and_then(|all| all.values().next()).unwrap_or(&Value::Null);
        mapping::analyzer(mapping)
    }

    /// The indexes behind the name, by their numbers: one, unless a rebuild was interrupted.
    fn indexes(&self) -> Result<Vec<(u64, String)>> {
        let path = format!("/_alias/{}", self.name());
        let reply = self.client.send(Method::Get, &path, "")?;
        match reply.status {
            200 => {}
            404 => return Ok(Vec::new()),
            _ => return Err(self.client.refused(&reply)),
        }
        let names = reply.body.as_object().into_iter().flat_map(|all| all.keys());
        let numbered = names.map(|name| {
            let number = name.rsplit_once('-').and_then(|(_, number)| number.parse().ok());
            (number.unwrap_or_default(), name.clone())
        });
        Ok(numbered.collect())
    }

    fn create(&self, number: u64, layout: Layout, analyzer: &Analyzer) -> Result<String> {
        let index = format!("{}-{number:06}", self.name());
        let path = format!("/{index}");
        // A rebuild that was interrupted left it behind; nobody uses it.
        if self.client.send(Method::Head, &path, "")?.status == 200 {
            self.client.done(Method::Delete, &path, "")?;
        }
        let body = mapping::definition(layout, analyzer, GAP_POSITIONS).to_string();
        self.client.done(Method::Put, &path, &body)?;
        Ok(index)
    }

    /// Has the name stand for `target`, and removes what it stood for before.
    fn switch(&self, target: &str) -> Result<()> {
        let before = self.indexes()?;
        let mut actions = vec![json!({"add": {"index": target, "alias": self.name()}})];
        let others = before.iter().filter(|(_, index)| index != target);
        actions.extend(others.map(|(_, index)| json!({"remove_index": {"index": index}})));
        let body = json!({"actions": actions}).to_string();
        self.client.done(Method::Post, "/_aliases", &body).map(drop)
    }

    fn refresh(&self, index: &str) -> Result<()> {
        self.client.done(Method::Post, &format!("/{index}/_refresh"), "").map(drop)
    }

    /// Says what state an index is in, and shows what was written to it.
    fn publish(&self, index: &str, sources: &[Entry]) -> Result<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let sources = sources.iter().filter_map(|entry| serde_json::from_str(&entry.stored).ok());
        let sources: Vec<Source> = sources.collect();
        let state = json!({
            "kind": STATE, "version": format!("{:x}", now.as_nanos()), "root": root_of(&sources),
        });
        self.client.done(Method::Put, &format!("/{index}/_doc/{STATE}"), &state.to_string())?;
        self.refresh(index)
    }
}
