//! The same index on an existing cluster of `OpenSearch` or Elasticsearch: the same commands, answers, snippets and notes,
//! for archives that one machine cannot hold.
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
mod counts;
mod lower;
mod management;
mod mapping;
mod reply;
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
    ask::Asking,
    client::{Client, Method},
    management::State,
    reply::Found,
    wire::{DOCUMENT, PASSAGE, SOURCE},
    writer::Writer,
};
pub use crate::index::remote::Copied;
use crate::{
    analysis::{Analyzer, Chinese},
    error::{Error, Result},
    index::{
        Entry, IndexStats, IndexWriter, Overview, Source,
        remote::{duplicate_count, overview_of, remote_writer, source_root},
    },
    search::{IndexBackend, Searcher, remote},
};

/// An index on a cluster. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Cluster {
    client: Arc<Client>,
}

impl IndexBackend for Cluster {
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

impl Cluster {
    /// Connects to a cluster; whether it holds the index is asked later.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where it cannot be reached, does not let anybody in with these credentials, or is neither
    /// `OpenSearch` nor Elasticsearch.
    pub fn connect(address: Address) -> Result<Self> {
        let client = Client::new(address)?;
        let hello = client.done(Method::Get, "/", "")?;
        let number = hello.pointer("/version/number").and_then(Value::as_str).unwrap_or_default();
        let major: Option<u32> = number.split('.').next().and_then(|number| number.parse().ok());
        let distribution = hello.pointer("/version/distribution").and_then(Value::as_str);
        if !matches!((distribution, major), (Some("opensearch"), Some(1..)) | (_, Some(7..))) {
            let version = if number.is_empty() { "it names no version" } else { number };
            return Err(Error::Cluster(format!(
                "is none that this program can use ({version}): OpenSearch 1, Elasticsearch 7 or newer is needed"
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
        self.searcher_in(self.state()?)
    }

    /// Connects and opens the index at once: where it says itself what made it, that is one request.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect) and [`searcher`](Self::searcher).
    pub fn open(address: Address) -> Result<Searcher> {
        let client = Client::new(address.clone())?;
        let state = client.state()?;
        if state.made_by.is_null() {
            return Self::connect(address)?.searcher();
        }
        Self { client: Arc::new(client) }.searcher_in(state)
    }

    fn searcher_in(&self, State { version, root, made_by }: State) -> Result<Searcher> {
        let made_by = if made_by.is_null() { self.made_by()? } else { made_by };
        let analyzer = mapping::analyzer(&made_by)?;
        remote::searcher(Arc::new(Asking::new(self.clone())), analyzer, version, root)
    }

    /// A writer. What it adds is seen by others before the end of the run, one document after the other.
    ///
    /// With `rebuild` it writes to a new index, which takes the place of the old one at the commit; where there is
    /// none yet, to one that is in use at once.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where the index cannot be made or was made by another program, and [`Error::InvalidArgument`] for
    /// another `chinese` than it was made with.
    pub fn writer(
        &self,
        rebuild: bool,
        layout: Layout,
        chinese: Option<Chinese>,
    ) -> Result<IndexWriter> {
        let indexes = self.client.indexes()?;
        let newest = indexes.iter().max();
        if rebuild || newest.is_none() {
            let analyzer = Analyzer::new(chinese.unwrap_or_default());
            let number = newest.map_or(1, |(number, _)| number + 1);
            let target = format!("{}-{number:06}", self.client.name());
            self.client.create(&target, layout, &analyzer)?;
            // The first is in use at once: an interrupted run goes on with it.
            if !rebuild {
                self.client.switch(&target)?;
            }
            let writer = Writer::new(self.clone(), target, rebuild, &[]);
            return remote_writer(Vec::new(), analyzer, Arc::new(writer));
        }
        let analyzer = self.analyzer()?;
        if chinese.is_some_and(|wanted| wanted != analyzer.chinese()) {
            return Err(Error::invalid(
                "chinese",
                "the index was made with another --chinese: add --rebuild to make it anew"
                    .to_owned(),
            ));
        }
        // The last run may have written entries that no search sees yet.
        let target = self.client.name().to_owned();
        self.client.refresh(&target)?;
        let mut known = self.records(DOCUMENT)?;
        known.extend(self.records(SOURCE)?);
        let writer = Writer::new(self.clone(), target, false, &known);
        remote_writer(known, analyzer, Arc::new(writer))
    }

    /// How much the index holds; `index_bytes` are those of all shards without their copies.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where it cannot be counted.
    pub fn stats(&self) -> Result<IndexStats> {
        let count = |kind: &str| (json!({}), ask::count(&lower::term("kind", kind)));
        let replies = self.searched(&[count(DOCUMENT), count(PASSAGE)])?;
        let total = |number: usize| replies.get(number).map_or(0, Found::total);
        let sources = self.records(SOURCE)?;
        let sources = sources.iter().filter_map(|entry| serde_json::from_str(&entry.stored).ok());
        Ok(IndexStats {
            documents: total(0),
            passages: total(1),
            copies: duplicate_count(&sources.collect::<Vec<Source>>()),
            index_bytes: self.client.bytes()?,
        })
    }

    /// Counts what the index holds; reads the record of every document.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where it cannot be read.
    pub fn overview(&self) -> Result<Overview> {
        let analyzer = self.analyzer()?;
        let mut records = self.records(DOCUMENT)?;
        records.extend(self.records(SOURCE)?);
        let overview = overview_of(records, analyzer)?;
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

    fn state(&self) -> Result<State> {
        self.client.state()
    }

    /// How texts are cut for the index; an error where there is none.
    fn analyzer(&self) -> Result<Analyzer> {
        mapping::analyzer(&self.made_by()?)
    }

    fn made_by(&self) -> Result<Value> {
        self.client.made_by(self.client.name())
    }

    /// Says what state an index is in, and shows what was written to it.
    fn publish(&self, index: &str, sources: &[Entry]) -> Result<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let sources = sources.iter().filter_map(|entry| serde_json::from_str(&entry.stored).ok());
        let sources: Vec<Source> = sources.collect();
        let version = format!("{:x}", now.as_nanos());
        let state = State { version, root: source_root(&sources), ..State::default() };
        self.client.publish(index, &state)
    }
}
