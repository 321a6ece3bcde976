//! The name of a tool and arguments → an answer; and what a client is told of each tool.

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{outline, pack::Answer, read, search, similar, sources};
use crate::{
    error::{Error, Result},
    search::Searcher,
};

/// Every tool, as a client lists them.
pub(super) fn tools() -> Vec<Tool> {
    vec![
        tool::<search::Arguments, search::Found>(
            "search",
            "Find passages of policy press releases, English and Chinese, best first. Each comes verbatim with the id and attribution to cite it by.",
        ),
        tool::<read::Arguments, read::Read>(
            "read_passage",
            "Read a passage in full with its neighbours in the document. To read on, pass the `next` of the answer as id.",
        ),
        tool::<similar::Arguments, similar::Similar>(
            "similar_passages",
            "Find passages of other documents that resemble a passage: the same news elsewhere, follow-ups, translations of its figures.",
        ),
        tool::<outline::Arguments, outline::Outline>(
            "document_outline",
            "Show what is known of a document (title, issuer, date, address) and its headings, each with the id of its first passage.",
        ),
        tool::<sources::Arguments, sources::Sources>(
            "list_sources",
            "Count what there is to search, or what matches a query, by folder and file, issuer, speaker, year or language. To list single documents, search with query * and one_per_document.",
        ),
    ]
}

/// Answers a call; none where no tool has this name.
pub(super) fn call(
    searcher: &Searcher,
    name: &str,
    arguments: JsonObject,
) -> Option<Result<Answer>> {
    Some(match name {
        "search" => read_as(arguments).and_then(|args| search::search(searcher, &args)),
        "read_passage" => read_as(arguments).and_then(|args| read::read(searcher, &args)),
        "similar_passages" => read_as(arguments).and_then(|args| similar::similar(searcher, &args)),
        "document_outline" => read_as(arguments).and_then(|args| outline::outline(searcher, &args)),
        "list_sources" => read_as(arguments).and_then(|args| sources::sources(searcher, &args)),
        _ => return None,
    })
}

fn read_as<T: DeserializeOwned>(mut arguments: JsonObject) -> Result<T> {
    // Models write null for what they leave out.
    arguments.retain(|_, value| !value.is_null());
    serde_json::from_value(Value::Object(arguments)).map_err(|error| {
        Error::invalid(
            "arguments",
            format!("the arguments are wrong: {error}; see the schema of the tool"),
        )
    })
}

fn tool<A: JsonSchema + 'static, R: JsonSchema + 'static>(
    name: &'static str,
    description: &'static str,
) -> Tool {
    let annotations = ToolAnnotations::new()
        .read_only(true)
        .destructive(false)
        .idempotent(true)
        .open_world(false);
    Tool::new(name, description, JsonObject::new())
        .with_input_schema::<A>()
        .with_output_schema::<R>()
        .with_annotations(annotations)
}
