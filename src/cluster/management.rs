//! Manages an index on a cluster: creates the index, switches its alias, and reads and writes its state.
//!
//! The name of an index is an alias of `NAME-000001`, `NAME-000002` …, so that a rebuild replaces an index in one step.

use serde_json::{Value, json};

use super::{
    client::{Client, Method},
    mapping::{self, Layout},
    wire::STATE,
};
use crate::{analysis::Analyzer, error::Result, index::GAP_POSITIONS};

/// State of an index. The index stores its state as one of its documents.
#[derive(Debug, Clone, Default)]
pub(super) struct IndexState {
    /// Version of the content, which changes with every commit.
    pub(super) version: String,
    /// Common root folder of the sources.
    pub(super) root: String,
    /// Index format and analyzer of the program that created the index; `null` if no run has finished yet.
    pub(super) made_by: Value,
}

impl Client {
    /// Returns the indexes to which the alias points, with their numbers. There is one, or several after an interrupted
    /// rebuild.
    pub(super) fn indexes(&self) -> Result<Vec<(u64, String)>> {
        let path = format!("/_alias/{}", self.name());
        let response = self.send(Method::Get, &path, "")?;
        let body = response.json();
        match response.status {
            200 => {}
            404 => return Ok(Vec::new()),
            status => return Err(self.refusal(status, &body)),
        }
        let names = body.as_object().into_iter().flat_map(|all| all.keys());
        let numbered = names.map(|name| {
            let number = name.rsplit_once('-').and_then(|(_, number)| number.parse().ok());
            (number.unwrap_or_default(), name.clone())
        });
        Ok(numbered.collect())
    }

    /// Creates an empty index. Replaces an index of the same name that an interrupted rebuild left behind.
    pub(super) fn create(&self, index: &str, layout: Layout, analyzer: &Analyzer) -> Result<()> {
        let path = format!("/{index}");
        if self.send(Method::Head, &path, "")?.status == 200 {
            self.send_ok(Method::Delete, &path, "")?;
        }
        let body = mapping::definition(layout, analyzer, GAP_POSITIONS).to_string();
        self.send_ok(Method::Put, &path, &body).map(drop)
    }

    /// Points the alias at `target`, and deletes the indexes to which the alias pointed before.
    pub(super) fn switch(&self, target: &str) -> Result<()> {
        let before = self.indexes()?;
        let mut actions = vec![json!({"add": {"index": target, "alias": self.name()}})];
        let others = before.iter().filter(|(_, index)| index != target);
        actions.extend(others.map(|(_, index)| json!({"remove_index": {"index": index}})));
        let body = json!({"actions": actions}).to_string();
        self.send_ok(Method::Post, "/_aliases", &body).map(drop)
    }

    /// Returns the index format and the analyzer of the program that created an index, read from the mapping of the
    /// index.
    pub(super) fn made_by(&self, index: &str) -> Result<Value> {
        let body = self.send_ok(Method::Get, &format!("/{index}/_mapping"), "")?.json();
        let mapping = body.as_object().and_then(|all| all.values().next());
        let made_by = mapping.and_then(|mapping| mapping.pointer("/mappings/_meta"));
        Ok(made_by.cloned().unwrap_or_default())
    }

    /// Returns the state of the index in use; an empty state if no run has finished yet.
    pub(super) fn state(&self) -> Result<IndexState> {
        let path = format!("/{}/_doc/{STATE}", self.name());
        let response = self.send(Method::Get, &path, "")?;
        let body = response.json();
        if response.status == 404 && body.get("error").is_none() {
            return Ok(IndexState::default());
        }
        if response.status != 200 {
            return Err(self.refusal(response.status, &body));
        }
        let field = |name: &str| body.pointer(&format!("/_source/{name}"));
        let text = |name: &str| field(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let made_by = field("made_by").cloned().unwrap_or_default();
        Ok(IndexState { version: text("version"), root: text("root"), made_by })
    }

    /// Returns the size of the index in use in bytes, without replicas.
    pub(super) fn bytes(&self) -> Result<u64> {
        let path = format!("/{}/_stats/store", self.name());
        let sizes = self.send_ok(Method::Get, &path, "")?.json();
        let bytes = sizes.pointer("/_all/primaries/store/size_in_bytes").and_then(Value::as_u64);
        Ok(bytes.unwrap_or_default())
    }

    /// Makes all entries that were written to an index visible to searches.
    pub(super) fn refresh(&self, index: &str) -> Result<()> {
        self.send_ok(Method::Post, &format!("/{index}/_refresh"), "").map(drop)
    }

    /// Writes the state of an index, and makes all written entries visible to searches.
    pub(super) fn publish(&self, index: &str, state: &IndexState) -> Result<()> {
        // A search begins with a request for the state. The state repeats `_meta` of the mapping, so that a search need
        // not request the mapping too.
        let made_by = self.made_by(index)?;
        let state = json!({
            "kind": STATE, "version": state.version, "root": state.root, "made_by": made_by,
        });
        self.send_ok(Method::Put, &format!("/{index}/_doc/{STATE}"), &state.to_string())?;
        self.refresh(index)
    }
}
