//! `OpenSearch` and Elasticsearch: what this program asks for is what they have.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    client::{Client, Method},
    dialect::{Dialect, Search, State},
    mapping::{self, Layout},
    reply::Found,
    wire::STATE,
};
use crate::{analysis::Analyzer, error::Result, index::GAP_POSITIONS};

/// The dialect of both.
#[derive(Debug)]
pub(super) struct Elastic;

impl Dialect for Elastic {
    fn indexes(&self, client: &Client) -> Result<Vec<(u64, String)>> {
        let path = format!("/_alias/{}", client.name());
        let reply = client.send(Method::Get, &path, "")?;
        match reply.status {
            200 => {}
            404 => return Ok(Vec::new()),
            _ => return Err(client.refused(&reply)),
        }
        let body = reply.body();
        let names = body.as_object().into_iter().flat_map(|all| all.keys());
        let numbered = names.map(|name| {
            let number = name.rsplit_once('-').and_then(|(_, number)| number.parse().ok());
            (number.unwrap_or_default(), name.clone())
        });
        Ok(numbered.collect())
    }

    fn create(
        &self,
        client: &Client,
        index: &str,
        layout: Layout,
        analyzer: &Analyzer,
    ) -> Result<()> {
        let path = format!("/{index}");
        // A rebuild that was interrupted left it behind; nobody uses it.
        if client.send(Method::Head, &path, "")?.status == 200 {
            client.done(Method::Delete, &path, "")?;
        }
        let body = mapping::definition(layout, analyzer, GAP_POSITIONS).to_string();
        client.done(Method::Put, &path, &body).map(drop)
    }

    fn switch(&self, client: &Client, target: &str) -> Result<()> {
        let before = self.indexes(client)?;
        let mut actions = vec![json!({"add": {"index": target, "alias": client.name()}})];
        let others = before.iter().filter(|(_, index)| index != target);
        actions.extend(others.map(|(_, index)| json!({"remove_index": {"index": index}})));
        let body = json!({"actions": actions}).to_string();
        client.done(Method::Post, "/_aliases", &body).map(drop)
    }

    fn made_by(&self, client: &Client) -> Result<Value> {
        made_by(client, client.name())
    }

    fn state(&self, client: &Client) -> Result<State> {
        let path = format!("/{}/_doc/{STATE}", client.name());
        let reply = client.send(Method::Get, &path, "")?;
        let body = reply.body();
        if reply.status == 404 && body.get("error").is_none() {
            // Nothing was finished yet.
            return Ok(State::default());
        }
        if reply.status != 200 {
            return Err(client.refused(&reply));
        }
        let field = |name: &str| body.pointer(&format!("/_source/{name}"));
        let text = |name: &str| field(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let made_by = field("made_by").cloned().unwrap_or_default();
        Ok(State { version: text("version"), root: text("root"), made_by })
    }

    fn bytes(&self, client: &Client) -> Result<u64> {
        let sizes = client.done(Method::Get, &format!("/{}/_stats/store", client.name()), "")?;
        let bytes = sizes.pointer("/_all/primaries/store/size_in_bytes").and_then(Value::as_u64);
        Ok(bytes.unwrap_or_default())
    }

    fn is_exact(&self, _: &Value) -> bool {
        true
    }

    fn search(&self, client: &Client, searches: &[Search]) -> Result<Vec<Found>> {
        let mut lines = String::new();
        for (header, body) in searches {
            lines.extend([header.to_string().as_str(), "\n", &body.to_string(), "\n"]);
        }
        replies(client, &format!("/{}/_msearch", client.name()), &lines)
    }

    fn begin(&self, client: &Client) -> Result<String> {
        let index = client.name().to_owned();
        client.done(Method::Post, &format!("/{index}/_refresh"), "")?;
        Ok(index)
    }

    fn bulk(&self, index: &str) -> String {
        format!("/{index}/_bulk")
    }

    fn put(&self, lines: &mut String, id: &str, route: &str, document: Value) {
        let action = json!({"index": {"_id": id, "routing": route}});
        lines.extend([action.to_string().as_str(), "\n", &document.to_string(), "\n"]);
    }

    fn delete(&self, lines: &mut String, id: &str, route: &str) {
        let action = json!({"delete": {"_id": id, "routing": route}});
        lines.extend([action.to_string().as_str(), "\n"]);
    }

    fn shows_halves(&self) -> bool {
        true
    }

    fn replace(&self, _: &str) -> bool {
        true
    }

    fn publish(&self, client: &Client, index: &str, state: &State) -> Result<()> {
        // A search begins with this document: what the mapping says stands here as well, so that it need not be read.
        let made_by = made_by(client, index)?;
        let state = json!({
            "kind": STATE, "version": state.version, "root": state.root, "made_by": made_by,
        });
        client.done(Method::Put, &format!("/{index}/_doc/{STATE}"), &state.to_string())?;
        client.done(Method::Post, &format!("/{index}/_refresh"), "").map(drop)
    }
}

/// What the mapping of an index says of the program that made it.
fn made_by(client: &Client, index: &str) -> Result<Value> {
    let reply = client.done(Method::Get, &format!("/{index}/_mapping"), "")?;
    let mapping = reply.as_object().and_then(|all| all.values().next());
    Ok(mapping.and_then(|mapping| mapping.pointer("/mappings/_meta")).cloned().unwrap_or_default())
}

/// The answers to many searches, none of which was refused.
pub(super) fn replies(client: &Client, path: &str, lines: &str) -> Result<Vec<Found>> {
    #[derive(Deserialize)]
    struct Replies {
        responses: Vec<Found>,
    }
    let Replies { responses } = client.read(Method::Post, path, lines)?;
    match responses.iter().find_map(|reply| Some((reply.status, reply.error.as_ref()?))) {
        Some((status, error)) => Err(client.refused_with(status, error)),
        None => Ok(responses),
    }
}
