//! The tool `read_passage`: the id of a passage → it and its neighbours.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    pack::{Answer, Budget, Reply, packed},
    passage::Shown,
    unknown_passage, within,
};
use crate::{
    error::Result,
    search::{PassageInfo, Searcher},
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Arguments {
    /// Id of a passage, as other tools give it: DOCUMENT#NUMBER, the first of a document is #0
    #[schemars(required)]
    id: String,
    /// Neighbours on each side, 0 to 50; 1 if absent
    context: Option<usize>,
    /// Most tokens of the answer, 500 to 100000; 4000 if absent
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Read {
    /// In the order of the document; neighbours that do not fit are left out, the farthest first
    passages: Vec<Shown>,
    /// Passages of the document before these
    left_out_before: u64,
    /// Passages of the document after these
    left_out_after: u64,
    /// Id of the passage before these; null at the beginning
    previous: Option<String>,
    /// Id of the passage after these; null at the end
    next: Option<String>,
}

pub(super) fn read(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let Arguments { id, context, max_tokens } = arguments;
    let budget = Budget::new(*max_tokens)?;
    let context = within("context", *context, 0..=50, 1)?;
    let found = searcher.passage(id, context)?.ok_or_else(|| unknown_passage(id))?;
    let (document, mut passages) = found;
    let wanted = passages.iter().find(|passage| passage.id == *id);
    let wanted = wanted.map(|passage| passage.ordinal).ok_or_else(|| unknown_passage(id))?;
    // What stands nearest comes first, what follows before what precedes.
    passages.sort_by_key(|passage| (passage.ordinal.abs_diff(wanted), passage.ordinal < wanted));
    packed(budget, passages.len(), budget.tokens(), |count, longest| {
        let mut shown: Vec<&PassageInfo> = passages.iter().take(count).collect();
        shown.sort_by_key(|passage| passage.ordinal);
        let before = shown.first().map_or(0, |first| first.ordinal);
        let end = shown.last().map_or(0, |last| last.ordinal + 1);
        let id = |ordinal| format!("{}#{ordinal}", document.id);
        Read {
            passages: shown.iter().map(|shown| Shown::new(&document, shown, longest)).collect(),
            left_out_before: before.into(),
            left_out_after: document.passages.saturating_sub(end).into(),
            previous: before.checked_sub(1).map(id),
            next: (end < document.passages).then(|| id(end)),
        }
    })
}

impl Reply for Read {
    fn text(&self) -> String {
        let Self { passages, left_out_before, left_out_after, .. } = self;
        let mut text = format!("{left_out_before} passages stand before.\n");
        text.extend(passages.iter().map(Shown::lines));
        let _ = write!(text, "\n{left_out_after} passages follow.");
        if let Some(next) = &self.next {
            let _ = write!(text, " Next: {}", crate::render::visible(next));
        }
        text.push('\n');
        text
    }
}
