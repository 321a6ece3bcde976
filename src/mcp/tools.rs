//! Describes the tools to a client, and calls a tool by its name.

use super::{
    cite, document_outline, facts, list_sources, read_passage, resolve_link, search,
    similar_passages, token_budget::Answer,
};
use crate::{
    error::{Error, Result},
    parameters,
    search::Searcher,
};
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// Returns the descriptions of all tools.
pub(super) fn all_tools() -> Vec<Tool> {
    vec![
        describe_tool::<search::Arguments, search::SearchReply>(
            "search",
            "Search releases",
            "Find passages of policy press releases in English and Chinese, best first. Each passage is verbatim, with the id and attribution to cite it by.",
        ),
        describe_tool::<read_passage::Arguments, read_passage::PassageReply>(
            "read_passage",
            "Read a passage",
            "Read a full passage, and the passages before and after it in the document. To read on, pass `next` of the answer as id.",
        ),
        describe_tool::<similar_passages::Arguments, similar_passages::SimilarReply>(
            "similar_passages",
            "Find similar passages",
            "Find passages of other documents that are similar to a passage: the same news elsewhere, follow-ups, translations with the same figures.",
        ),
        describe_tool::<facts::Arguments, facts::FactsReply>(
            "facts",
            "List figures",
            "List the figures of the passages that match a query: what is measured, exact value and unit, period, source. Sorted, so that a series reads as a series.",
        ),
        describe_tool::<cite::Arguments, cite::CitationReply>(
            "cite",
            "Cite a passage",
            "Cite a passage in a style: text, Markdown, BibTeX, RIS, CSL-JSON, APA or GB/T 7714. Inferred values are marked.",
        ),
        describe_tool::<resolve_link::Arguments, resolve_link::ResolutionReply>(
            "resolve_link",
            "Check a citation",
            "Check a citation: find the text that its link quotes in the current index.",
        ),
        describe_tool::<document_outline::Arguments, document_outline::OutlineReply>(
            "document_outline",
            "Show the outline of a document",
            "Show the metadata of a document (title, issuer, date, address) and its headings, each with the id of its first passage.",
        ),
        describe_tool::<list_sources::Arguments, list_sources::SourcesReply>(
            "list_sources",
            "Count by source",
            "Count all documents, or the matches of a query, by folder and file, issuer, speaker, year, month or language. To list single documents, search with query * and one_per_document.",
        ),
    ]
}

/// Calls the tool `name`. Returns `None` if no tool has this name.
pub(super) fn call_tool(
    searcher: &Searcher,
    name: &str,
    arguments: JsonObject,
) -> Option<Result<Answer>> {
    Some(match name {
        "search" => parse_arguments(arguments).and_then(|args| search::search(searcher, &args)),
        "read_passage" => {
            parse_arguments(arguments).and_then(|args| read_passage::read_passage(searcher, &args))
        }
        "similar_passages" => parse_arguments(arguments)
            .and_then(|args| similar_passages::similar_passages(searcher, &args)),
        "facts" => parse_arguments(arguments).and_then(|args| facts::facts(searcher, &args)),
        "cite" => parse_arguments(arguments).and_then(|args| cite::cite(searcher, &args)),
        "resolve_link" => {
            parse_arguments(arguments).and_then(|args| resolve_link::resolve_link(searcher, &args))
        }
        "document_outline" => parse_arguments(arguments)
            .and_then(|args| document_outline::document_outline(searcher, &args)),
        "list_sources" => {
            parse_arguments(arguments).and_then(|args| list_sources::list_sources(searcher, &args))
        }
        _ => return None,
    })
}

/// Reads the arguments of a tool. Accepts the forms in which models send values, such as the text `"3"` for a number.
fn parse_arguments<T: DeserializeOwned>(arguments: JsonObject) -> Result<T> {
    parameters::read_parameters(arguments)
        .map_err(|error| Error::invalid("arguments", error.to_string()))
}

/// Returns the description of a tool with the arguments `A` and the answer `R`.
fn describe_tool<A: JsonSchema + 'static, R: JsonSchema + 'static>(
    name: &'static str,
    title: &'static str,
    description: &'static str,
) -> Tool {
    let annotations = ToolAnnotations::with_title(title)
        .read_only(true)
        .destructive(false)
        .idempotent(true)
        .open_world(false);
    let mut tool = Tool::new(name, description, JsonObject::new())
        .with_title(title)
        .with_input_schema::<A>()
        .with_output_schema::<R>()
        .with_annotations(annotations);
    tool.input_schema = without_integer_formats(&tool.input_schema);
    tool.output_schema = tool.output_schema.as_deref().map(without_integer_formats);
    tool
}

/// Returns a schema without the formats of integers, such as `uint32`. These formats are not part of JSON Schema, and
/// strict clients reject them or warn about them.
fn without_integer_formats(schema: &JsonObject) -> Arc<JsonObject> {
    fn remove_integer_formats(value: &mut Value) {
        match value {
            Value::Object(object) => {
                let is_integer_format = |format: &Value| {
                    format
                        .as_str()
                        .is_some_and(|name| name.starts_with("uint") || name.starts_with("int"))
                };
                if object.get("format").is_some_and(is_integer_format) {
                    object.remove("format");
                }
                object.values_mut().for_each(remove_integer_formats);
            }
            Value::Array(values) => values.iter_mut().for_each(remove_integer_formats),
            _ => {}
        }
    }
    let mut schema = Value::Object(schema.clone());
    remove_integer_formats(&mut schema);
    let Value::Object(schema) = schema else { return Arc::default() };
    Arc::new(schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strict_clients_accept_every_schema() {
        for tool in all_tools() {
            let description = serde_json::to_value(&tool).unwrap();
            assert!(description["title"].is_string(), "{description}");
            let text = description.to_string();
            assert!(!text.contains("\"format\":\"uint"), "{text}");
            let required = &description["inputSchema"]["required"];
            let needs_none = ["list_sources"].contains(&&*tool.name);
            assert!(
                needs_none || required.as_array().is_some_and(|names| !names.is_empty()),
                "{text}"
            );
        }
    }
}
