//! The tool `document_outline`: the id of a document → what is known of it, and its headings.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    pack::{Answer, Budget, Reply, cut, packed},
    start,
};
use crate::{
    error::{Error, Result},
    render::visible,
    search::{DocumentInfo, PassageInfo, Searcher},
};

/// A field of the document and a heading are shown up to here.
const LINE: usize = 60;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Arguments {
    /// Id of a document, or of a passage of it
    #[schemars(required)]
    id: String,
    /// The `next` of the answer before, with all other arguments as they were
    cursor: Option<String>,
    /// Most tokens of the answer, 500 to 100000; 4000 if absent
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Outline {
    /// Id of the document
    id: String,
    title: Option<String>,
    /// Announcing body
    issuer: Option<String>,
    /// Day of publication
    date: Option<String>,
    lang: String,
    url: Option<String>,
    /// Which of these were inferred rather than read
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inferred: Vec<String>,
    /// Passages it has
    passages: u32,
    /// In the order of the document
    sections: Vec<Section>,
    /// Sections that come after these
    left_out: u64,
    /// Pass it as cursor for more; null after the last
    next: Option<String>,
}

/// Passages that stand under the same headings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
struct Section {
    /// Id of its first passage
    first: String,
    /// The headings; empty where there are none
    headings: String,
    /// Passages it has
    passages: u32,
}

pub(super) fn outline(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let budget = Budget::new(arguments.max_tokens)?;
    let start = start(arguments.cursor.as_deref())?;
    let (document, passages) = document(searcher, &arguments.id)?;
    let sections = sections(&passages);
    let sections = sections.get(start..).unwrap_or_default();
    packed(budget, sections.len(), 0, |count, _| {
        let left_out = (sections.len() - count) as u64;
        let short = |text: &Option<String>| text.as_deref().map(|text| cut(text, LINE));
        Outline {
            id: document.id.clone(),
            title: short(&document.title),
            issuer: short(&document.issuer),
            date: document.date.map(|date| date.to_string()),
            lang: document.lang.clone(),
            url: short(&document.url),
            inferred: document.inferred.clone(),
            passages: document.passages,
            sections: sections.iter().take(count).cloned().collect(),
            left_out,
            next: (left_out > 0).then(|| (start + count).to_string()),
        }
    })
}

fn document(searcher: &Searcher, id: &str) -> Result<(DocumentInfo, Vec<PassageInfo>)> {
    if let Some(found) = searcher.document(id)? {
        return Ok(found);
    }
    let of_passage = id.rsplit_once('#').map(|(document, _)| searcher.document(document));
    of_passage.transpose()?.flatten().ok_or_else(|| {
        Error::invalid("id", format!(
            "no document has the id {id:?}: take an id from search, as it is, without #NUMBER or with it"
        ))
    })
}

fn sections(passages: &[PassageInfo]) -> Vec<Section> {
    let together = passages.chunk_by(|a, b| a.headings == b.headings);
    let section = |passages: &[PassageInfo]| {
        passages.first().map(|first| Section {
            first: first.id.clone(),
            headings: cut(&first.headings.join(" › "), LINE),
            passages: passages.len() as u32,
        })
    };
    together.filter_map(section).collect()
}

impl Reply for Outline {
    fn text(&self) -> String {
        let known = [
            ("title", self.title.as_deref()),
            ("issuer", self.issuer.as_deref()),
            ("date", self.date.as_deref()),
            ("lang", Some(self.lang.as_str()).filter(|lang| !lang.is_empty())),
            ("url", self.url.as_deref()),
        ];
        let mut text = format!("[{}]\n", visible(&self.id));
        for (name, value) in known {
            let Some(value) = value else { continue };
            let inferred = self.inferred.iter().any(|inferred| inferred == name);
            let inferred = if inferred { " (inferred)" } else { "" };
            let _ = writeln!(text, "{name}: {}{inferred}", visible(value));
        }
        let _ = write!(text, "{} passages\n\n", self.passages);
        for Section { first, headings, passages } in &self.sections {
            let headings = if headings.is_empty() { "(no heading)" } else { headings };
            let _ = writeln!(text, "[{}] {} ({passages})", visible(first), visible(headings));
        }
        if let Some(next) = &self.next {
            let _ =
                writeln!(text, "\n{} sections left out. For more: cursor {next}", self.left_out);
        }
        text
    }
}
