//! The tool `document_outline`: returns the metadata and the headings of a document.

use std::{collections::BTreeMap, fmt::Write as _};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    cursor::PagedList,
    token_budget::{Answer, Reply, TokenBudget, fit_entries},
    token_estimate::{estimate_tokens, truncate},
};
use crate::{
    document::{DeclaredFields, FieldName},
    error::{Error, Result},
    render::visible_text,
    search::{DocumentInfo, PassageInfo, Searcher},
};

/// Maximum number of tokens of a metadata field, and of a heading path.
const MAX_OUTLINE_LINE_TOKENS: usize = 60;
/// Maximum number of tokens of all further metadata.
const MAX_METADATA_TOKENS: usize = 150;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// Id of a document, or of one of its passages
    id: String,
    /// `next` of the last answer, for more sections; repeat all other arguments unchanged
    cursor: Option<String>,
    /// Maximum tokens of the answer, 500 to 100000; default 4000
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OutlineReply {
    /// Id of the document
    id: String,
    title: Option<String>,
    /// Issuer: the organization that published the document
    issuer: Option<String>,
    /// Date of publication
    date: Option<String>,
    lang: String,
    url: Option<String>,
    /// Names of fields that were inferred from the text
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inferred: Vec<String>,
    /// Further metadata, among them the values of declared fields
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<String, String>,
    /// Number of passages
    passages: u32,
    /// Sections in document order
    sections: Vec<Section>,
    /// Number of further sections
    left_out: u64,
    /// Value to pass as `cursor` for more sections; null after the last section
    next: Option<String>,
}

/// Section of a document: consecutive passages with the same heading path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
struct Section {
    /// Id of the first passage of the section
    first: String,
    /// Heading path; empty if no heading precedes the section
    headings: String,
    /// Number of passages of the section
    passages: u32,
}

pub(super) fn document_outline(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let budget = TokenBudget::new(arguments.max_tokens)?;
    let (document, passages) = find_document(searcher, &arguments.id)?;
    let list = PagedList::new(searcher, "document_outline", &document.id);
    let skipped_sections = list.skipped_count(arguments.cursor.as_deref())?;
    let all_sections = group_into_sections(&passages);
    let remaining_sections = all_sections.get(skipped_sections..).unwrap_or_default();
    fit_entries(budget, remaining_sections.len(), 0, |count, _| {
        let left_out = (remaining_sections.len() - count) as u64;
        let shorten = |text: &Option<String>| {
            text.as_deref().map(|text| truncate(text, MAX_OUTLINE_LINE_TOKENS))
        };
        OutlineReply {
            id: document.id.clone(),
            title: shorten(&document.title),
            issuer: shorten(&document.issuer),
            date: document.date.map(|date| date.to_string()),
            lang: document.lang.clone(),
            url: shorten(&document.url),
            inferred: document.inferred.clone(),
            metadata: selected_metadata(&document, searcher.declared_fields()),
            passages: document.passages,
            sections: remaining_sections.iter().take(count).cloned().collect(),
            left_out,
            next: (left_out > 0).then(|| list.cursor(skipped_sections + count)),
        }
    })
}

/// Returns up to [`MAX_METADATA_TOKENS`] tokens of metadata, values of declared fields first. Leaves out metadata that
/// only repeat the title, issuer, date, language or address of the document, such as the date in front matter.
pub(super) fn selected_metadata(
    document: &DocumentInfo,
    fields: &DeclaredFields,
) -> BTreeMap<String, String> {
    let is_declared = |(key, _): &(&String, &String)| {
        FieldName::from_key(key).is_some_and(|name| fields.type_of(name).is_some())
    };
    let (declared, other): (Vec<_>, Vec<_>) = document.metadata.iter().partition(is_declared);
    let date = document.date.map(|date| date.to_string());
    let fields = [
        ("title", document.title.as_deref()),
        ("issuer", document.issuer.as_deref()),
        ("date", date.as_deref()),
        ("lang", Some(document.lang.as_str())),
        ("url", document.url.as_deref()),
    ];
    let is_field = |key: &str, value: &str| fields.contains(&(key, Some(value)));
    let mut free_tokens = MAX_METADATA_TOKENS;
    let mut selected = BTreeMap::new();
    for (key, value) in declared.into_iter().chain(other) {
        if is_field(key, value) {
            continue;
        }
        let value = truncate(value, MAX_OUTLINE_LINE_TOKENS);
        let tokens = estimate_tokens(key) + estimate_tokens(&value);
        if tokens > free_tokens {
            break;
        }
        free_tokens -= tokens;
        selected.insert(key.clone(), value);
    }
    selected
}

/// Returns the document with the id `id`, or the document of the passage with the id `id`. Also returns all passages of
/// the document, in order.
fn find_document(searcher: &Searcher, id: &str) -> Result<(DocumentInfo, Vec<PassageInfo>)> {
    if let Some(document) = searcher.document(id)? {
        return Ok(document);
    }
    let document_id = match searcher.passage(id, 0)? {
        Some((document, _)) => Some(document.id),
        None => id.rsplit_once('#').map(|(document_id, _)| document_id.to_owned()),
    };
    let document = document_id.map(|id| searcher.document(&id)).transpose()?.flatten();
    document.ok_or_else(|| {
        Error::invalid(
            "id",
            format!(
                "no document has the id {id:?}: copy an id from search, with or without #NUMBER"
            ),
        )
    })
}

/// Groups consecutive passages with the same heading path into sections.
fn group_into_sections(passages: &[PassageInfo]) -> Vec<Section> {
    let passage_runs = passages.chunk_by(|a, b| a.headings == b.headings);
    let to_section = |passages: &[PassageInfo]| {
        passages.first().map(|first| Section {
            first: first.id.clone(),
            headings: truncate(&first.headings.join(" › "), MAX_OUTLINE_LINE_TOKENS),
            passages: passages.len() as u32,
        })
    };
    passage_runs.filter_map(to_section).collect()
}

impl Reply for OutlineReply {
    fn text(&self) -> String {
        let fields = [
            ("title", self.title.as_deref()),
            ("issuer", self.issuer.as_deref()),
            ("date", self.date.as_deref()),
            ("lang", Some(self.lang.as_str()).filter(|lang| !lang.is_empty())),
            ("url", self.url.as_deref()),
        ];
        let mut text = format!("[{}]\n", visible_text(&self.id));
        for (name, value) in fields {
            let Some(value) = value else { continue };
            let is_inferred = self.inferred.iter().any(|inferred| inferred == name);
            let inferred_suffix = if is_inferred { " (inferred)" } else { "" };
            let _ = writeln!(text, "{name}: {}{inferred_suffix}", visible_text(value));
        }
        for (key, value) in &self.metadata {
            let _ = writeln!(text, "{}: {}", visible_text(key), visible_text(value));
        }
        let _ = write!(text, "{} passages\n\n", self.passages);
        for Section { first, headings, passages } in &self.sections {
            let headings = if headings.is_empty() { "(no heading)" } else { headings };
            let _ =
                writeln!(text, "[{}] {} ({passages})", visible_text(first), visible_text(headings));
        }
        if let Some(next) = &self.next {
            let _ =
                writeln!(text, "\n{} sections left out. For more: cursor {next}", self.left_out);
        }
        text
    }
}
