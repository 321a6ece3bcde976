//! Tests of the prompts: their arguments, and the calls in their texts.

use rmcp::model::GetPromptRequestParams;

use super::*;

async fn get_prompt(client: &Client, name: &str, arguments: Value) -> Result<String, String> {
    let mut request = GetPromptRequestParams::new(name);
    request.arguments = arguments.as_object().cloned();
    let result = client.0.get_prompt(request).await.map_err(|error| error.to_string())?;
    let message = serde_json::to_value(&result.messages[0]).unwrap();
    assert_eq!(message["role"], "user");
    Ok(message["content"]["text"].as_str().unwrap().to_owned())
}

/// Returns the tool calls in a text: name of the tool, and arguments.
fn tool_calls_in(text: &str) -> Vec<(&'static str, Value)> {
    let pieces: Vec<&str> = text.split(" with ").collect();
    let calls = pieces.windows(2).filter(|pieces| pieces[1].starts_with('{'));
    calls
        .map(|pieces| {
            let name = pieces[0].rsplit(' ').next().unwrap();
            let tools = ["search", "facts", "list_sources"];
            let tool = tools.into_iter().find(|tool| *tool == name).expect(name);
            let mut values = serde_json::Deserializer::from_str(pieces[1]).into_iter();
            (tool, values.next().unwrap().unwrap())
        })
        .collect()
}

#[test]
fn every_call_in_a_prompt_is_valid_and_finds_the_release() {
    with_client(&releases(), async |client, _| {
        for (name, arguments, call_count) in [
            ("cite_statement", json!({"statement": "container \"ports\" handled"}), 1),
            (
                "cite_statement",
                json!({"statement": "handled cargo", "speaker": "Yang Xiaoyan", "style": "apa"}),
                1,
            ),
            ("list_announcements", json!({"issuer": "Commerce", "year": "2025"}), 2),
            (
                "list_announcements",
                json!({"issuer": "Commerce", "year": 2025, "subject": "rails"}),
                2,
            ),
            ("compare_figures", json!({"figure": "cargo"}), 1),
            ("compare_figures", json!({"figure": "cargo", "first": "ports", "second": ""}), 2),
            ("compare_figures", json!({"figure": "cargo", "first": "ports", "second": "cargo"}), 1),
        ] {
            let text = get_prompt(&client, name, arguments.clone()).await.unwrap();
            let calls = tool_calls_in(&text);
            assert_eq!(calls.len(), call_count, "{text}");
            for (tool, arguments) in calls {
                let answer = client.call(tool, arguments).await;
                assert!(!answer.is_error, "{text}\n{answer:?}");
                // The releases have no figures, but the passages are found.
                let is_found = !answer.text.contains("Hint:") || tool == "facts";
                assert!(is_found && !answer.text.contains("no passage"), "{text}\n{answer:?}");
            }
            for tool in ["read_passage", "cite"] {
                assert!(text.contains(&format!("{tool} with")) || name == "list_announcements");
            }
            assert!(estimate_tokens(&text) < 700, "{text}");
        }
    });
}

#[test]
fn prompts_are_listed_with_their_arguments() {
    with_client(&releases(), async |client, _| {
        let prompts = client.0.list_all_prompts().await.unwrap();
        let names: Vec<&str> = prompts.iter().map(|prompt| prompt.name.as_str()).collect();
        assert_eq!(names, ["cite_statement", "list_announcements", "compare_figures"]);
        for prompt in prompts {
            assert!(prompt.title.is_some() && prompt.description.is_some(), "{prompt:?}");
            let arguments = prompt.arguments.unwrap();
            assert!(arguments.iter().all(|argument| argument.description.is_some()));
            // Each required argument is refused if it alone is missing, and no other is required.
            let required: Vec<&str> = arguments
                .iter()
                .filter(|argument| argument.required == Some(true))
                .map(|argument| argument.name.as_str())
                .collect();
            let with = |names: &[&str]| -> Value {
                names.iter().map(|&name| (name.to_owned(), json!("2024"))).collect()
            };
            assert!(get_prompt(&client, &prompt.name, with(&required)).await.is_ok());
            for missing in &required {
                let others: Vec<&str> =
                    required.iter().filter(|name| *name != missing).copied().collect();
                let error = get_prompt(&client, &prompt.name, with(&others)).await.unwrap_err();
                assert!(error.contains(&format!("{missing} is missing")), "{error}");
            }
            let all: Vec<&str> =
                arguments.iter().map(|a| a.name.as_str()).filter(|name| *name != "style").collect();
            assert!(get_prompt(&client, &prompt.name, with(&all)).await.is_ok());
        }
    });
}

#[test]
fn wrong_arguments_of_prompts_are_refused() {
    with_client(&releases(), async |client, _| {
        for (name, arguments, expected) in [
            ("cite_statement", json!({"statement": " "}), "statement is empty"),
            ("cite_statement", json!({"statement": "a", "style": "mla"}), "gbt7714"),
            ("cite_statement", json!({"statement": "a", "who": "b"}), "no parameter \"who\""),
            (
                "cite_statement",
                json!({"statement": "a".repeat(1_001)}),
                "statement has more than 1000 characters",
            ),
            (
                "list_announcements",
                json!({"issuer": "a", "year": "soon"}),
                "year is \"soon\": give a year in four digits",
            ),
            ("list_announcements", json!({"issuer": "a", "year": "0000"}), "four digits"),
            ("summarize", json!({}), "the prompts are cite_statement, list_announcements"),
        ] {
            let error = get_prompt(&client, name, arguments.clone()).await.unwrap_err();
            assert!(error.contains(expected), "{arguments}: {error}");
            assert!(estimate_tokens(&error) < 500, "{error}");
        }
    });
}
