//! Manages an index on a cluster: creates the index, switches its alias, and reads and writes its state.
//!
//! `NAME`, the name of an index, is an alias of `NAME-000001`, `NAME-000002` …. A rebuild fills a new index, and then
//! replaces the old index in one step by switching the alias.

use serde_json::{Value, json};

use super::{
    client::{Client, Method},
    mapping::{self, Layout},
    wire::STATE_DOCUMENT,
};
use crate::{analysis::Analyzer, error::Result, index::GAP_POSITIONS};

/// State of an index on a cluster, stored as a document of the index.
#[derive(Debug, Clone, Default)]
pub(super) struct IndexState {
    /// Version of the content. Every commit changes the version.
    pub(super) version: String,
    /// Common root folder of the source files.
    pub(super) root: String,
    /// Index format and analyzer of the program that created the index; `null` if no indexing run has
    /// finished yet.
    pub(super) creator_info: Value,
}

impl Client {
    /// Returns the number and the name of each index to which the alias points, such as 1 and `NAME-000001`: one index,
    /// or several indexes after an interrupted rebuild. Returns no index if the alias does not exist.
    pub(super) fn indexes_of_alias(&self) -> Result<Vec<(u64, String)>> {
        let path = format!("/_alias/{}", self.index_name());
        let response = self.send(Method::Get, &path, "")?;
        let body = response.body_as_json();
        match response.status {
            200 => {}
            404 => return Ok(Vec::new()),
            status => return Err(self.unsuccessful_response_error(status, &body)),
        }
        let index_names = body.as_object().into_iter().flat_map(|all| all.keys());
        let numbered_names = index_names.map(|name| {
            let index_number = name.rsplit_once('-').and_then(|(_, number)| number.parse().ok());
            (index_number.unwrap_or_default(), name.clone())
        });
        Ok(numbered_names.collect())
    }

    /// Creates an empty index. Replaces an index of the same name that an interrupted rebuild left behind.
    pub(super) fn create_index(
        &self,
        index: &str,
        layout: Layout,
        analyzer: &Analyzer,
    ) -> Result<()> {
        let path = format!("/{index}");
        if self.send(Method::Head, &path, "")?.status == 200 {
            self.send_expecting_success(Method::Delete, &path, "")?;
        }
        let body = mapping::index_definition(layout, analyzer, GAP_POSITIONS).to_string();
        self.send_expecting_success(Method::Put, &path, &body).map(drop)
    }

    /// Points the alias at `target`, and deletes the indexes to which the alias pointed before.
    pub(super) fn switch_alias(&self, target: &str) -> Result<()> {
        let old_indexes = self.indexes_of_alias()?;
        let mut actions = vec![json!({"add": {"index": target, "alias": self.index_name()}})];
        let replaced_indexes = old_indexes.iter().filter(|(_, index)| index != target);
        actions
            .extend(replaced_indexes.map(|(_, index)| json!({"remove_index": {"index": index}})));
        let body = json!({"actions": actions}).to_string();
        self.send_expecting_success(Method::Post, "/_aliases", &body).map(drop)
    }

    /// Returns the index format and the analyzer of the program that created an index, read from the mapping of the
    /// index.
    pub(super) fn creator_info(&self, index: &str) -> Result<Value> {
        let body = self
            .send_expecting_success(Method::Get, &format!("/{index}/_mapping"), "")?
            .body_as_json();
        let mapping = body.as_object().and_then(|all| all.values().next());
        let creator_info = mapping.and_then(|mapping| mapping.pointer("/mappings/_meta"));
        Ok(creator_info.cloned().unwrap_or_default())
    }

    /// Returns the state of the index in use; an empty state if no indexing run has finished yet.
    pub(super) fn index_state(&self) -> Result<IndexState> {
        let path = format!("/{}/_doc/{STATE_DOCUMENT}", self.index_name());
        let response = self.send(Method::Get, &path, "")?;
        let body = response.body_as_json();
        if response.status == 404 && body.get("error").is_none() {
            return Ok(IndexState::default());
        }
        if response.status != 200 {
            return Err(self.unsuccessful_response_error(response.status, &body));
        }
        let field = |name: &str| body.pointer(&format!("/_source/{name}"));
        let text_field =
            |name: &str| field(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let creator_info = field("made_by").cloned().unwrap_or_default();
        Ok(IndexState { version: text_field("version"), root: text_field("root"), creator_info })
    }

    /// Returns the size of the index in use in bytes, without replicas.
    pub(super) fn index_bytes(&self) -> Result<u64> {
        let path = format!("/{}/_stats/store", self.index_name());
        let sizes = self.send_expecting_success(Method::Get, &path, "")?.body_as_json();
        let bytes = sizes.pointer("/_all/primaries/store/size_in_bytes").and_then(Value::as_u64);
        Ok(bytes.unwrap_or_default())
    }

    /// Makes all entries that were written to an index visible to searches.
    pub(super) fn make_writes_visible(&self, index: &str) -> Result<()> {
        self.send_expecting_success(Method::Post, &format!("/{index}/_refresh"), "").map(drop)
    }

    /// Writes the state of an index, and makes all written entries visible to searches.
    pub(super) fn store_index_state(&self, index: &str, state: &IndexState) -> Result<()> {
        // A search begins with a request for the state. The state repeats `_meta` of the mapping, so that a search need
        // not request the mapping too.
        let creator_info = self.creator_info(index)?;
        let state_document = json!({
            "kind": STATE_DOCUMENT, "version": state.version, "root": state.root, "made_by": creator_info,
        });
        self.send_expecting_success(
            Method::Put,
            &format!("/{index}/_doc/{STATE_DOCUMENT}"),
            &state_document.to_string(),
        )?;
        self.make_writes_visible(index)
    }
}
