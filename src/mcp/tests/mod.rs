//! Tests through the MCP client of the crate rmcp. `budget` tests the token budget on random documents. `hints` tests
//! the answers that find nothing. `resources`, `prompts` and `completion` test what their names say.

mod budget;
mod completion;
mod hints;
mod prompts;
mod resources;

use std::{collections::BTreeSet, path::Path};

use rmcp::{
    RoleClient,
    model::{CallToolRequestParams, CallToolResult, ContentBlock},
    service::RunningService,
};
use serde_json::{Value, json};

use super::{token_estimate::estimate_tokens, *};
use crate::{
    document::{Date, Document},
    index::Index,
    search::Searcher,
};

/// Result of a tool call.
#[derive(Debug)]
struct CallResult {
    text: String,
    structured: Value,
    is_error: bool,
}

impl From<CallToolResult> for CallResult {
    fn from(result: CallToolResult) -> Self {
        let text_blocks = result.content.iter().filter_map(ContentBlock::as_text);
        Self {
            text: text_blocks.map(|block| block.text.as_str()).collect(),
            structured: result.structured_content.unwrap_or_default(),
            is_error: result.is_error == Some(true),
        }
    }
}

/// MCP client that is connected to a server in the same process.
struct Client(RunningService<RoleClient, ()>);

impl Client {
    /// Connects to a server of the indexes in `dirs`.
    async fn connect(dirs: &[impl AsRef<Path>]) -> Self {
        let (client_end, server_end) = tokio::io::duplex(1 << 16);
        let server = server(index_opener(dirs));
        tokio::spawn(async move { server.serve(server_end).await.unwrap().waiting().await });
        Self(().serve(client_end).await.unwrap())
    }

    async fn call(&self, tool: &'static str, arguments: Value) -> CallResult {
        let mut request = CallToolRequestParams::new(tool);
        request.arguments = arguments.as_object().cloned();
        self.0.call_tool(request).await.unwrap().into()
    }

    async fn error_message(&self, tool: &'static str, arguments: Value) -> String {
        let call_result = self.call(tool, arguments).await;
        assert!(call_result.is_error && call_result.structured.is_null(), "{call_result:?}");
        call_result.text
    }
}

/// Runs `test` with a client, and with the folder of the index that the client searches. The index contains `releases`.
/// If `releases` is empty, the index does not exist yet.
fn with_client<F: Future<Output = ()>>(
    releases: &[Document],
    test: impl FnOnce(Client, PathBuf) -> F,
) {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("index");
    if !releases.is_empty() {
        add_releases(&Index::create(&dir).unwrap(), releases);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async { test(Client::connect(&[&dir]).await, dir).await });
}

fn add_releases(index: &Index, releases: &[Document]) {
    let writer = index.writer().unwrap();
    for release in releases {
        writer.add(release).unwrap();
    }
    writer.commit().unwrap();
}

fn releases() -> Vec<Document> {
    let mut ports = Document::new(
        "ports",
        "Port News\n\nYang Xiaoyan, Deputy Director of the Bureau of Commerce, stated that container ports handled more cargo.\n\nRails \"grew\".\n\nRoads grew.\n",
    );
    ports.issuer = Some("Bureau of Commerce".to_owned());
    ports.title = Some("Port News".to_owned());
    ports.date = "2025-12-17".parse().ok();
    ports.source = "/news/2025/ports.txt".to_owned();
    let mut cargo =
        Document::new("cargo", "Cargo grew at the container ports.\n\n广州港的货物增长。\n");
    cargo.date = "2024-03-01".parse().ok();
    cargo.source = "/news/2024/cargo.txt".to_owned();
    vec![ports, cargo]
}

#[test]
fn every_tool_has_a_short_description_and_schemas() {
    with_client(&releases(), async |client, _| {
        let info = client.0.peer_info().unwrap();
        assert_eq!(info.server_info.as_ref().unwrap().name, "gz-search");
        let tools = client.0.list_all_tools().await.unwrap();
        let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
        let expected = [
            "search",
            "read_passage",
            "similar_passages",
            "facts",
            "cite",
            "resolve_link",
            "document_outline",
            "list_sources",
        ];
        assert_eq!(names, expected);
        for tool in &tools {
            let annotations = tool.annotations.as_ref().unwrap();
            assert_eq!(annotations.read_only_hint, Some(true));
            let properties = tool.input_schema["properties"].as_object().unwrap();
            assert!(properties.contains_key("max_tokens"), "{tool:?}");
            for (name, property) in properties {
                assert!(property["description"].is_string(), "{name} of {tool:?}");
            }
            assert!(tool.output_schema.is_some());
            let required = match tool.name.as_ref() {
                "search" | "facts" => json!(["query"]),
                "resolve_link" => json!(["link"]),
                "list_sources" => Value::Null,
                _ => json!(["id"]),
            };
            assert_eq!(tool.input_schema.get("required").unwrap_or(&Value::Null), &required);
            // A model reads the descriptions of all tools before its first call, so they must be short.
            let description_json =
                serde_json::to_string(&(&tool.description, &tool.input_schema)).unwrap();
            assert!(
                estimate_tokens(&description_json) < 1_000,
                "{} {description_json}",
                estimate_tokens(&description_json)
            );
        }
    });
}

#[test]
fn passages_are_cited_and_links_resolved() {
    with_client(&releases(), async |client, _| {
        let cited = client.call("cite", json!({"id": "ports#1", "style": "apa"})).await;
        let link = cited.structured["link"].as_str().unwrap();
        assert!(cited.text.starts_with("“Rails \"grew\".” (Bureau of Commerce, 2025"), "{cited:?}");
        assert!(cited.text.contains(link) && link.starts_with("gz-search:ports#1@"), "{cited:?}");
        let resolved = client.call("resolve_link", json!({"link": link})).await;
        assert_eq!(resolved.structured["status"], "exact");
        assert_eq!(resolved.structured["passage"]["link"], link);
        let error = client.error_message("resolve_link", json!({"link": "ports#1"})).await;
        assert!(error.contains("gz-search:DOCUMENT#ORDINAL@HASH"), "{error}");
        let error = client.error_message("cite", json!({"id": "ports#1", "style": "mla"})).await;
        assert!(error.contains("gbt7714"), "{error}");
    });
}

#[test]
fn figures_are_listed_within_the_budget() {
    let lines: Vec<String> = (1990..2030)
        .map(|year| format!("Exports of the port reached {year} tonnes in {year}."))
        .collect();
    let releases = [Document::new("ports", lines.join("\n\n"))];
    with_client(&releases, async |client, _| {
        let first = client.call("facts", json!({"query": "exports", "max_tokens": 1000})).await;
        let shown = first.structured["facts"].as_array().unwrap().len();
        assert_eq!(first.structured["total"], 40, "{first:?}");
        assert_eq!(first.structured["facts"][0]["period"], "1990-01-01..1990-12-31");
        assert!(shown < 40 && estimate_tokens(&first.text) <= 1000);
        let next = first.structured["next"].as_str().unwrap();
        let second = client.call("facts", json!({"query": "exports", "cursor": next})).await;
        let year = 1990 + shown;
        assert_eq!(second.structured["facts"][0]["period"], format!("{year}-01-01..{year}-12-31"));
    });
}

#[test]
fn searches_return_passages_and_a_cursor() {
    with_client(&releases(), async |client, _| {
        let first_page =
            client.call("search", json!({"query": "container ports", "limit": 1})).await;
        assert_eq!(first_page.structured["total"], 2, "{first_page:?}");
        let passage = &first_page.structured["passages"][0];
        let (id, text) = (passage["id"].as_str().unwrap(), passage["text"].as_str().unwrap());
        let attribution = passage["attribution"].as_str().unwrap();
        for part in [id, text, attribution, "1 shown of 2 passages in 2 documents", "1 left out"] {
            assert!(first_page.text.contains(part), "{part}: {}", first_page.text);
        }
        let next_cursor = &first_page.structured["next"];
        let arguments = json!({"query": "container ports", "limit": 1, "cursor": next_cursor});
        let second_page = client.call("search", arguments).await;
        assert_ne!(second_page.structured["passages"][0]["id"], passage["id"]);
        assert_eq!(
            (&second_page.structured["left_out"], &second_page.structured["next"]),
            (&json!(0), &Value::Null)
        );
        let refused = client
            .error_message("search", json!({"query": "ports", "limit": 1, "cursor": next_cursor}))
            .await;
        assert!(refused.contains("repeat the arguments"), "{refused}");
        let ids: BTreeSet<&str> = [&first_page, &second_page]
            .map(|page| page.structured["passages"][0]["id"].as_str().unwrap())
            .into();
        assert_eq!(ids, BTreeSet::from(["cargo#0", "ports#0"]));
        let no_match = client.call("search", json!({"query": "zeppelin"})).await;
        assert!(
            !no_match.is_error && no_match.text.starts_with("Nothing matches."),
            "{no_match:?}"
        );
    });
}

#[test]
fn synonyms_from_the_folder_of_the_index_are_searched() {
    with_client(&releases(), async |client, dir| {
        let found = async |arguments: Value| {
            let answer = client.call("search", arguments).await.structured;
            (answer["total"].clone(), answer["notes"][0].clone())
        };
        assert_eq!(found(json!({"query": "vessels"})).await.0, 0);
        std::fs::write(dir.join("synonyms.txt"), "vessels => ports").unwrap();
        let note = json!("vessels also searched as ports (synonyms)");
        assert_eq!(found(json!({"query": "vessels"})).await, (json!(2), note));
        assert_eq!(found(json!({"query": "vessels", "synonyms": "false"})).await.0, 0);
    });
}

#[test]
fn arguments_filter_a_search() {
    with_client(&releases(), async |client, _| {
        for (arguments, ids) in [
            (json!({"query": "grew", "issuer": "bureau of commerce"}), vec!["ports#1", "ports#2"]),
            (json!({"query": "grew", "after": "2025"}), vec!["ports#1", "ports#2"]),
            (json!({"query": "grew", "before": "2025", "issuer": ""}), vec!["cargo#0"]),
            (json!({"query": "grew", "source": "2024/", "speaker": null}), vec!["cargo#0"]),
            (json!({"query": "货物"}), vec!["cargo#1"]),
            (json!({"query": "grew", "after": 2025, "limit": "2"}), vec!["ports#1", "ports#2"]),
            (json!({"query": "grew", "limit": 5.0, "before": "2025"}), vec!["cargo#0"]),
            (
                json!({"query": "grew", "issuer": ["bureau"], "limit": null}),
                vec!["ports#1", "ports#2"],
            ),
            (
                json!({"query": "*", "one_per_document": "true", "max_tokens": "4000"}),
                vec!["ports#0", "cargo#0"],
            ),
            (
                json!({"query": "*", "one_per_document": true, "newest_first": true}),
                vec!["ports#0", "cargo#0"],
            ),
        ] {
            let call_result = client.call("search", arguments.clone()).await;
            let passages = call_result.structured["passages"].as_array().unwrap().iter();
            let found_ids: BTreeSet<&str> =
                passages.map(|passage| passage["id"].as_str().unwrap()).collect();
            assert_eq!(found_ids, ids.into_iter().collect(), "{arguments}");
        }
    });
}

#[test]
fn tools_other_than_search_return_passages_outlines_and_counts() {
    with_client(&releases(), async |client, _| {
        let answer = client.call("read_passage", json!({"id": "ports#1"})).await.structured;
        assert_eq!(answer["passages"].as_array().unwrap().len(), 3);
        assert_eq!((&answer["previous"], &answer["next"]), (&Value::Null, &Value::Null));
        let arguments = json!({"id": "ports#1", "context": 0});
        let single_passage = client.call("read_passage", arguments).await.structured;
        assert_eq!(single_passage["passages"][0]["text"], "Rails \"grew\".");
        assert_eq!(
            (&single_passage["previous"], &single_passage["next"]),
            (&json!("ports#0"), &json!("ports#2"))
        );
        assert_eq!(single_passage["left_out_before"], 1);
        let similar = client.call("similar_passages", json!({"id": "ports#0"})).await;
        assert_eq!(similar.structured["passages"][0]["id"], "cargo#0", "{similar:?}");
        for id in ["[ports#1]", "gz-search:ports#1@0123456789abcdef", "ports%231", "`ports#1`"] {
            let arguments = json!({"id": id, "context": 0});
            let copied = client.call("read_passage", arguments).await.structured;
            assert_eq!(copied, single_passage, "{id}");
            let citation = client.call("cite", json!({"id": id})).await;
            assert!(citation.text.contains("Rails"), "{id}: {citation:?}");
        }
        for id in ["ports", "ports#2", "[ports#2]", "gz-search:ports"] {
            let outline = client.call("document_outline", json!({"id": id})).await.structured;
            assert_eq!(outline["issuer"], "Bureau of Commerce");
            assert_eq!((&outline["date"], &outline["passages"]), (&json!("2025-12-17"), &json!(3)));
            assert_eq!(outline["sections"][0]["first"], "ports#0");
        }
        let sources = client.call("list_sources", json!({})).await;
        assert_eq!(sources.structured["total_documents"], 2);
        assert!(sources.text.contains("2025/"), "{sources:?}");
        let arguments = json!({"by": "year", "query": "grew"});
        let years = client.call("list_sources", arguments).await.structured;
        assert_eq!(
            years["values"],
            json!([
                {"value": "2024", "documents": 1, "passages": 1},
                {"value": "2025", "documents": 1, "passages": 2},
            ])
        );
    });
}

#[test]
fn errors_say_what_is_wrong_and_what_to_do() {
    with_client(&releases(), async |client, _| {
        for (tool, arguments, expected) in [
            ("search", json!({}), "query is missing: it is required"),
            ("read_passage", json!({"context": 1}), "id is missing: it is required"),
            ("search", json!({"query": " "}), "query is empty"),
            (
                "search",
                json!({"query": "a", "limt": 1}),
                "there is no parameter \"limt\": the parameters are query, issuer",
            ),
            (
                "search",
                json!({"query": "a", "limit": "few"}),
                "limit is \"few\": give a whole number",
            ),
            (
                "search",
                json!({"query": "a", "newest_first": "yes"}),
                "newest_first is \"yes\": give true or false",
            ),
            (
                "search",
                json!({"query": "a", "issuer": ["b", "c"]}),
                "issuer is a list of 2 values: give one text",
            ),
            (
                "search",
                json!({"query": "a", "limit": 51}),
                "limit is 51: give a number from 1 to 50",
            ),
            (
                "search",
                json!({"query": "a", "max_tokens": 10}),
                "max_tokens is 10: give a number from 500",
            ),
            (
                "search",
                json!({"query": "a", "after": "soon"}),
                "after is \"soon\", which is not a date: write",
            ),
            ("search", json!({"query": "a", "cursor": "x"}), "not a cursor"),
            (
                "read_passage",
                json!({"id": "ports#9"}),
                "no passage has the id \"ports#9\": the document has",
            ),
            ("read_passage", json!({"id": "ports#01"}), "no passage has the id"),
            ("similar_passages", json!({"id": "ports"}), "the document has the passages"),
            ("similar_passages", json!({"id": "ports#0", "cursor": "-1"}), "is not a cursor"),
            ("document_outline", json!({"id": "nothing"}), "no document has the id"),
            (
                "list_sources",
                json!({"by": "colour"}),
                "source, issuer, speaker, year, month or lang",
            ),
            ("search", json!({"query": "a", "cursor": "广".repeat(9_999)}), "is not a cursor"),
        ] {
            let message = client.error_message(tool, arguments.clone()).await;
            assert!(message.contains(expected) || message.contains('…'), "{arguments}: {message}");
            assert!(estimate_tokens(&message) < 500, "{message}");
        }
        let unknown_tool_result =
            client.0.call_tool(CallToolRequestParams::new("drop_index")).await;
        assert!(
            unknown_tool_result.unwrap_err().to_string().contains("there is no tool drop_index")
        );
    });
}

#[test]
fn the_server_sees_a_new_changed_or_rebuilt_index() {
    with_client(&[], async |client, dir| {
        let match_count = async || {
            let call_result = client.call("search", json!({"query": "grew"})).await;
            call_result.structured["total"].as_u64().unwrap()
        };
        let missing_error = client.error_message("search", json!({"query": "grew"})).await;
        assert!(
            missing_error.contains("no index in") && missing_error.contains("gz-search index"),
            "{missing_error}"
        );
        add_releases(&Index::create(&dir).unwrap(), &releases());
        assert_eq!(match_count().await, 3);
        let second_index = Index::open(&dir).unwrap();
        // The server does not lock the index, so the test can write to it.
        let writer = second_index.writer().unwrap();
        writer.add(&Document::new("new", "Exports grew.")).unwrap();
        assert_eq!(match_count().await, 3);
        writer.commit().unwrap();
        assert_eq!(match_count().await, 4);
        let rebuild_writer =
            crate::IndexWriter::rebuild(&dir, crate::analysis::Chinese::Auto).unwrap();
        rebuild_writer.add(&Document::new("only", "Exports grew.")).unwrap();
        rebuild_writer.commit().unwrap();
        assert_eq!(match_count().await, 1);
        std::fs::remove_dir_all(&dir).unwrap();
        let removed_error = client.error_message("search", json!({"query": "grew"})).await;
        assert!(removed_error.contains("no index in"), "{removed_error}");
        add_releases(&Index::create(&dir).unwrap(), &releases());
        assert_eq!(match_count().await, 3);
    });
}

#[tokio::test]
async fn several_indexes_are_searched_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let [ports, rails] = ["ports", "rails"].map(|name| folder.path().join(name));
    add_releases(&Index::create(&ports).unwrap(), &releases());
    let client = Client::connect(&[&ports, &rails]).await;
    let missing_error = client.error_message("search", json!({"query": "grew"})).await;
    assert!(missing_error.contains("no index in") && missing_error.contains("rails"));
    let index = Index::create(&rails).unwrap();
    for (id, total) in [("rails", 4), ("trams", 5)] {
        add_releases(&index, &[Document::new(id, "Traffic of the rails grew.")]);
        let found = client.call("search", json!({"query": "grew"})).await.structured;
        assert_eq!(found["total"], total, "{found}");
        for (id, text) in [(format!("{id}#0"), "Traffic"), ("cargo#0".to_owned(), "Cargo grew")] {
            let passage = client.call("read_passage", json!({"id": id})).await;
            assert!(passage.text.contains(text), "{passage:?}");
        }
    }
    let sources = client.call("list_sources", json!({"by": "year"})).await.structured;
    assert_eq!(sources["total_documents"], 4, "{sources}");
}
