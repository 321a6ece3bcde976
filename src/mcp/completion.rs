//! Completes the arguments of prompts, and the ids in addresses of resources, with values from the index.

use rmcp::model::{ArgumentInfo, CompletionContext, CompletionInfo, Reference};

use super::{
    arguments::MAX_ERROR_TOKENS,
    facet_values::facet_values_by_release_count,
    prompts::{CompletionValues, find_prompt},
    resources::Address,
    token_estimate::truncate,
};
use crate::{
    analysis::fold_text,
    error::{Error, Result},
    query::{Clause, Collapse, Facet, Field, Query, Sort},
    render::CitationStyle,
    script::is_han,
    search::Searcher,
};

/// Maximum number of values. The protocol allows 100.
const MAX_COMPLETION_VALUES: usize = 20;
/// Maximum length of the text to complete, and of a value that completes the text, in characters. Longer values do not
/// fit into the list that a client shows.
const MAX_VALUE_CHARS: usize = 200;

/// Values that complete the typed text, the best first.
#[derive(Debug, Default, PartialEq, Eq)]
struct Completions {
    values: Vec<String>,
    /// Total number of values that complete the text; `None` if the total is unknown.
    total: Option<u64>,
}

/// Returns up to [`MAX_COMPLETION_VALUES`] values that complete an argument. Facet values with the most releases come
/// first, newer releases come before older ones, and suggested words have the order of the suggestions. `context`
/// contains the arguments that the user has filled in already. These arguments restrict the releases and the facet
/// values.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if there is no such prompt, resource or argument, or an error if the index cannot be
/// read.
pub(super) fn complete(
    searcher: &Searcher,
    reference: &Reference,
    argument: &ArgumentInfo,
    context: Option<&CompletionContext>,
) -> Result<CompletionInfo> {
    let typed_text = argument.value.trim();
    let Completions { values, total } = match completion_values_of(reference, &argument.name)? {
        _ if typed_text.chars().count() > MAX_VALUE_CHARS => Completions::default(),
        CompletionValues::Facet(facet) => {
            matching_facet_values(searcher, facet, typed_text, context)?
        }
        CompletionValues::Words => word_completions(searcher, &argument.value)?,
        CompletionValues::Releases => release_ids(searcher, typed_text, context)?,
        CompletionValues::Passages => passage_ids(searcher, typed_text)?,
        CompletionValues::Styles => citation_style_names(typed_text),
        CompletionValues::None => Completions::default(),
    };
    let has_more = total.is_some_and(|total| total > values.len() as u64);
    let total = total.map(|total| u32::try_from(total).unwrap_or(u32::MAX));
    CompletionInfo::with_pagination(values, total, has_more)
        .map_err(|message| Error::invalid("argument", message))
}

/// Returns the kind of values that complete the argument `argument` of the prompt or resource `reference`.
fn completion_values_of(reference: &Reference, argument: &str) -> Result<CompletionValues> {
    let unknown_argument = || {
        let argument = truncate(argument, MAX_ERROR_TOKENS / 2);
        Error::invalid("argument", format!("there is no argument {argument:?}"))
    };
    match reference {
        Reference::Prompt(prompt) => {
            let arguments = find_prompt(&prompt.name)?.arguments;
            let argument = arguments.iter().find(|candidate| candidate.name == argument);
            argument.map(|argument| argument.values).ok_or_else(unknown_argument)
        }
        Reference::Resource(resource) => match (resource.uri.as_str(), argument) {
            (Address::RELEASE_TEMPLATE | Address::RELEASE_PART_TEMPLATE, "id") => {
                Ok(CompletionValues::Releases)
            }
            (Address::PASSAGE_TEMPLATE, "id") => Ok(CompletionValues::Passages),
            (Address::RELEASE_PART_TEMPLATE, "number") => Ok(CompletionValues::None),
            (
                Address::RELEASE_TEMPLATE
                | Address::RELEASE_PART_TEMPLATE
                | Address::PASSAGE_TEMPLATE,
                _,
            ) => Err(unknown_argument()),
            (uri, _) => {
                let uri = truncate(uri, MAX_ERROR_TOKENS / 2);
                Err(Error::invalid("ref", format!("there is no resource template {uri:?}")))
            }
        },
        _ => Err(Error::invalid("ref", "ref is neither a prompt nor a resource".to_owned())),
    }
}

/// Returns the values of a facet that begin with the typed text, or contain a word that begins with the typed text.
fn matching_facet_values(
    searcher: &Searcher,
    facet: Facet,
    typed_text: &str,
    context: Option<&CompletionContext>,
) -> Result<Completions> {
    let query = query_of_completion_context(context, Some(facet));
    let mut values = facet_values_by_release_count(searcher, query, facet)?;
    values.retain(|value| {
        value.chars().count() <= MAX_VALUE_CHARS && has_word_with_prefix(value, typed_text)
    });
    let total = Some(values.len() as u64);
    values.truncate(MAX_COMPLETION_VALUES);
    Ok(Completions { values, total })
}

/// Returns a query for the passages that match the arguments in `context`. Leaves out the argument whose values belong
/// to the facet `completed_facet`, because this argument is being completed.
fn query_of_completion_context(
    context: Option<&CompletionContext>,
    completed_facet: Option<Facet>,
) -> Query {
    let context_value = |name: &str| {
        let value = context.and_then(|context| context.get_argument(name))?.trim();
        Some(value).filter(|value| !value.is_empty() && value.chars().count() <= MAX_VALUE_CHARS)
    };
    let words = ["statement", "subject", "figure"].into_iter().find_map(context_value);
    let mut query = Query::new(words.unwrap_or("*"));
    if let Some(issuer) = context_value("issuer").filter(|_| completed_facet != Some(Facet::Issuer))
    {
        let phrase = Clause::Phrase { text: issuer.to_owned(), slop: 0 };
        query = query.filter(Clause::In(Field::Issuer, Box::new(phrase)));
    }
    match context_value("year").filter(|_| completed_facet != Some(Facet::Year)) {
        Some(year) => query.only(Facet::Year, [year]),
        None => query,
    }
}

/// Returns whether `value`, or one of its words, begins with `typed_text`. Ignores case, and the difference between
/// simplified and traditional characters. Any Chinese character may begin a word.
fn has_word_with_prefix(value: &str, typed_text: &str) -> bool {
    let fold = |text: &str| fold_text(&text.to_lowercase());
    let (value, typed_text) = (fold(value), fold(typed_text));
    let begins_word = |(index, _): (usize, &str)| {
        let mut before = value.get(..index).unwrap_or_default().chars();
        typed_text.starts_with(is_han) || !before.next_back().is_some_and(char::is_alphanumeric)
    };
    typed_text.is_empty() || value.match_indices(&typed_text).any(begins_word)
}

/// Returns suggestions for the typed text, the most likely first.
fn word_completions(searcher: &Searcher, typed_text: &str) -> Result<Completions> {
    let suggestions = searcher.suggest(typed_text, MAX_COMPLETION_VALUES)?.into_iter();
    let values = suggestions.map(|suggestion| suggestion.text);
    Ok(Completions {
        values: values.filter(|value| value.chars().count() <= MAX_VALUE_CHARS).collect(),
        total: None,
    })
}

/// Returns the ids of the releases whose id contains the typed text. If there is no such release, returns the ids of
/// the releases whose title contains the typed words.
fn release_ids(
    searcher: &Searcher,
    typed_text: &str,
    context: Option<&CompletionContext>,
) -> Result<Completions> {
    let query = query_of_completion_context(context, None)
        .collapse(Collapse::Document)
        .sort(Sort::Date)
        .fragments(1)
        .limit(MAX_COMPLETION_VALUES);
    let ids_of = |query: &Query| -> Result<Completions> {
        let results = searcher.search(query)?;
        let total = Some(results.total_documents);
        let ids = results.hits.into_iter().map(|hit| hit.document.id);
        Ok(Completions {
            values: ids.filter(|id| id.chars().count() <= MAX_VALUE_CHARS).collect(),
            total,
        })
    };
    if typed_text.is_empty() {
        return ids_of(&query);
    }
    let in_id = Clause::Phrase { text: format!("*{typed_text}*"), slop: 0 };
    let by_id = ids_of(&query.clone().filter(Clause::In(Field::Id, Box::new(in_id))))?;
    if !by_id.values.is_empty() {
        return Ok(by_id);
    }
    let in_title = Clause::Words(typed_text.to_owned());
    ids_of(&query.filter(Clause::In(Field::Title, Box::new(in_title))))
}

/// Returns ids of passages. If the typed text is the id of a release with `#`, returns the ids of the passages of this
/// release. Otherwise returns the id of the first passage of each release that matches the typed text.
fn passage_ids(searcher: &Searcher, typed_text: &str) -> Result<Completions> {
    let document = typed_text
        .rsplit_once('#')
        .filter(|(_, number)| number.bytes().all(|digit| digit.is_ascii_digit()));
    if let Some((id, number)) = document
        && let Some(document) = searcher.document_info(id)?
    {
        let numbers = (0..document.passages).map(|number| number.to_string());
        let ids: Vec<String> = numbers
            .filter(|candidate| candidate.starts_with(number))
            .map(|number| format!("{id}#{number}"))
            .collect();
        let total = Some(ids.len() as u64);
        return Ok(Completions {
            values: ids.into_iter().take(MAX_COMPLETION_VALUES).collect(),
            total,
        });
    }
    let Completions { values, total } = release_ids(searcher, typed_text, None)?;
    Ok(Completions { values: values.into_iter().map(|id| format!("{id}#0")).collect(), total })
}

/// Returns the names of citation styles that begin with the typed text.
fn citation_style_names(typed_text: &str) -> Completions {
    let names = CitationStyle::ALL.iter().map(|style| style.name());
    let typed_text = typed_text.to_ascii_lowercase();
    let values: Vec<String> =
        names.filter(|name| name.starts_with(&typed_text)).map(str::to_owned).collect();
    let total = Some(values.len() as u64);
    Completions { values, total }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_completed_from_the_beginning_of_any_word() {
        for (value, typed_text, expected) in [
            ("Bureau of Commerce", "", true),
            ("Bureau of Commerce", "bureau of c", true),
            ("Bureau of Commerce", "COMM", true),
            ("Bureau of Commerce", "merce", false),
            ("Telecommerce Bureau of Commerce", "commerce", true),
            ("广州市商务局", "商务", true),
            ("广州市商務局", "商务", true),
            ("2024", "20", true),
            ("2024", "24", false),
        ] {
            assert_eq!(has_word_with_prefix(value, typed_text), expected, "{value} {typed_text}");
        }
    }
}
