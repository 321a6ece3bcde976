//! Prompts: tasks that people start by name. Each prompt is a text that instructs a model which tools to call, and in
//! which order.
//!
//! A prompt turns its arguments into a message of the user. `texts.rs` has the texts; a test makes every tool call that
//! a text contains. Read this file first.

mod texts;

use rmcp::model::{
    GetPromptResult, JsonObject, Prompt as PromptDescription, PromptArgument, PromptMessage, Role,
};
use serde::{Deserialize, de::DeserializeOwned};

use super::{arguments::MAX_ERROR_TOKENS, token_estimate::truncate};
use crate::{
    error::{Error, Result},
    parameters,
    query::Facet,
    render::CitationStyle,
};

/// Maximum number of characters of an argument.
const MAX_ARGUMENT_CHARS: usize = 1_000;

/// Prompt with the description of its arguments.
pub(super) struct Prompt {
    pub(super) name: &'static str,
    title: &'static str,
    description: &'static str,
    pub(super) arguments: &'static [Argument],
    /// Function that returns the text of the prompt for its arguments.
    build_text: fn(JsonObject) -> Result<String>,
}

/// Argument of a prompt.
pub(super) struct Argument {
    pub(super) name: &'static str,
    description: &'static str,
    is_required: bool,
    /// Values with which a client completes the argument.
    pub(super) values: CompletionValues,
}

/// Kind of values with which a client completes an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CompletionValues {
    /// Values of a facet.
    Facet(Facet),
    /// Words, phrases and titles of the index.
    Words,
    /// Ids of releases.
    Releases,
    /// Ids of passages.
    Passages,
    /// Names of the citation styles.
    Styles,
    /// No values.
    None,
}

/// All prompts.
pub(super) const PROMPTS: [Prompt; 3] = [
    Prompt {
        name: "cite_statement",
        title: "Find who said it, and cite it",
        description: "Finds the passage in which a person or body says something, and cites it verbatim.",
        arguments: &[
            Argument {
                name: "statement",
                description: "What was said: its words, or its subject",
                is_required: true,
                values: CompletionValues::Words,
            },
            Argument {
                name: "speaker",
                description: "Person or body that is thought to have said it",
                is_required: false,
                values: CompletionValues::Facet(Facet::Speaker),
            },
            Argument {
                name: "style",
                description: "Style of the citation: text, markdown, bibtex, ris, csl-json, apa or gbt7714; default text",
                is_required: false,
                values: CompletionValues::Styles,
            },
        ],
        build_text: |arguments| cite_statement(&read_arguments(arguments)?),
    },
    Prompt {
        name: "list_announcements",
        title: "List what an issuer announced in a year",
        description: "Lists what an issuer announced in a year, each announcement with its date and its source.",
        arguments: &[
            Argument {
                name: "issuer",
                description: "Name of the issuer, or words of the name in their order",
                is_required: true,
                values: CompletionValues::Facet(Facet::Issuer),
            },
            Argument {
                name: "year",
                description: "Year of publication, such as 2024",
                is_required: true,
                values: CompletionValues::Facet(Facet::Year),
            },
            Argument {
                name: "subject",
                description: "Subject of the announcements; all subjects unless given",
                is_required: false,
                values: CompletionValues::Words,
            },
        ],
        build_text: |arguments| list_announcements(&read_arguments(arguments)?),
    },
    Prompt {
        name: "compare_figures",
        title: "Compare figures",
        description: "Compares what two releases say about a figure, or a figure of several years or sources.",
        arguments: &[
            Argument {
                name: "figure",
                description: "What is measured, such as added value of industry",
                is_required: true,
                values: CompletionValues::Words,
            },
            Argument {
                name: "first",
                description: "Id of the first release; all releases unless given",
                is_required: false,
                values: CompletionValues::Releases,
            },
            Argument {
                name: "second",
                description: "Id of the second release",
                is_required: false,
                values: CompletionValues::Releases,
            },
        ],
        build_text: |arguments| compare_figures(&read_arguments(arguments)?),
    },
];

/// Returns the descriptions of all prompts.
pub(super) fn all_prompts() -> Vec<PromptDescription> {
    let describe_argument = |argument: &Argument| {
        PromptArgument::new(argument.name)
            .with_description(argument.description)
            .with_required(argument.is_required)
    };
    let describe = |prompt: &Prompt| {
        let arguments = prompt.arguments.iter().map(describe_argument).collect();
        PromptDescription::new(prompt.name, Some(prompt.description), Some(arguments))
            .with_title(prompt.title)
    };
    PROMPTS.iter().map(describe).collect()
}

/// Returns the prompt `name` with its text for `arguments`.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if there is no such prompt, or if an argument is missing, unknown, malformed or too long.
pub(super) fn get_prompt(name: &str, arguments: JsonObject) -> Result<GetPromptResult> {
    let prompt = find_prompt(name)?;
    let text = (prompt.build_text)(arguments)?;
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(prompt.description))
}

/// Returns the prompt with this name.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if there is no such prompt.
pub(super) fn find_prompt(name: &str) -> Result<&'static Prompt> {
    PROMPTS.iter().find(|prompt| prompt.name == name).ok_or_else(|| {
        let names: Vec<&str> = PROMPTS.iter().map(|prompt| prompt.name).collect();
        let name = truncate(name, MAX_ERROR_TOKENS / 2);
        let reason = format!("there is no prompt {name:?}: the prompts are {}", names.join(", "));
        Error::invalid("name", reason)
    })
}

/// Arguments of the prompt `cite_statement`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementArguments {
    statement: String,
    speaker: Option<String>,
    style: Option<CitationStyle>,
}

/// Arguments of the prompt `list_announcements`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnnouncementArguments {
    issuer: String,
    year: String,
    subject: Option<String>,
}

/// Arguments of the prompt `compare_figures`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureArguments {
    figure: String,
    first: Option<String>,
    second: Option<String>,
}

fn cite_statement(arguments: &StatementArguments) -> Result<String> {
    let statement = required_argument("statement", &arguments.statement)?;
    let speaker = optional_argument("speaker", arguments.speaker.as_deref())?;
    let style = arguments.style.unwrap_or(CitationStyle::Text);
    Ok(texts::cite_statement(statement, speaker, style))
}

fn list_announcements(arguments: &AnnouncementArguments) -> Result<String> {
    let issuer = required_argument("issuer", &arguments.issuer)?;
    let year = required_argument("year", &arguments.year)?;
    let subject = optional_argument("subject", arguments.subject.as_deref())?;
    let is_year = year.len() == 4 && year.bytes().all(|digit| digit.is_ascii_digit());
    let number = year.parse().ok().filter(|&number: &u16| is_year && (1..9_999).contains(&number));
    let year = number.ok_or_else(|| {
        Error::invalid(
            "year",
            format!("year is {year:?}: give a year in four digits, such as 2024"),
        )
    })?;
    Ok(texts::list_announcements(issuer, year, subject))
}

fn compare_figures(arguments: &FigureArguments) -> Result<String> {
    let figure = required_argument("figure", &arguments.figure)?;
    let first = optional_argument("first", arguments.first.as_deref())?;
    let second = optional_argument("second", arguments.second.as_deref())?;
    let releases: Vec<&str> = [first, second].into_iter().flatten().collect();
    Ok(texts::compare_figures(figure, &releases))
}

/// Reads the arguments of a prompt. Accepts the forms in which clients send values, such as the text `"3"` for a
/// number.
fn read_arguments<T: DeserializeOwned>(arguments: JsonObject) -> Result<T> {
    parameters::read_parameters(arguments)
        .map_err(|error| Error::invalid("arguments", error.to_string()))
}

/// Returns a required argument without surrounding spaces.
fn required_argument<'a>(name: &str, value: &'a str) -> Result<&'a str> {
    optional_argument(name, Some(value))?
        .ok_or_else(|| Error::invalid(name.to_owned(), format!("{name} is empty: it is required")))
}

/// Returns an optional argument without surrounding spaces. `None` if the argument is absent or blank, because some
/// clients send every argument.
fn optional_argument<'a>(name: &str, value: Option<&'a str>) -> Result<Option<&'a str>> {
    let value = value.map(str::trim).filter(|value| !value.is_empty());
    match value {
        Some(value) if value.chars().count() > MAX_ARGUMENT_CHARS => Err(Error::invalid(
            name.to_owned(),
            format!("{name} has more than {MAX_ARGUMENT_CHARS} characters: shorten it"),
        )),
        value => Ok(value),
    }
}
