//! A completion in Simplified characters → as passages write it that are in the script that was typed.

use tantivy::DocAddress;

use super::{
    Suggestion,
    input::{Part, Typed, parts},
    positions::Places,
};
use crate::{
    analysis::{Analysis, fold_char},
    error::Result,
    index::{self, PassageRecord},
    search::context::SearchContext,
};

/// So many passages are read for each attempt.
const SAMPLE: usize = 10;

/// Gives the part that was added the form that it has in a passage: after all of the characters that
/// were typed, after the last of them, or alone. Only what is written as it was typed counts and, where
/// little or nothing of that is looked at, only another form than the Simplified one.
pub(super) fn restore(
    context: &SearchContext,
    typed: &Typed<'_>,
    suggestion: &mut Suggestion,
) -> Result<()> {
    let mut analysis = Analysis::default();
    context.analyzer.tokens(&suggestion.text, &mut analysis);
    let all = parts(&analysis);
    let open = typed.split().1.len();
    for kept in [open, open.min(1), 0] {
        let row = all.get(typed.parts.len().saturating_sub(kept)..).unwrap_or_default();
        let Some(start) = row.first().map(|part| part.start) else { continue };
        if row.len() < 2 {
            continue;
        }
        let before = typed.text.get(start..).unwrap_or_default();
        let wanted = suggestion.text.get(start..).unwrap_or_default();
        let form = form(context, row, before, wanted, kept < open || kept == 0)?;
        if let Some(form) = form {
            suggestion.text.truncate(start);
            suggestion.text.push_str(&form);
            return Ok(());
        }
    }
    Ok(())
}

/// How a passage writes `wanted`, whose terms are `row`, after `before`, with which it begins.
fn form(
    context: &SearchContext,
    row: &[Part],
    before: &str,
    wanted: &str,
    other: bool,
) -> Result<Option<String>> {
    let added = before.chars().count();
    for (ord, doc) in Places::of(context, row)?.sample(SAMPLE) {
        let address = DocAddress::new(ord, doc);
        let record: PassageRecord =
            index::stored(&context.reader.searcher, context.reader.fields, address)?;
        let is_other = |form: &&str| form.chars().skip(added).any(|c| fold_char(c) != c);
        let found = written(&record.text, before, wanted).filter(|form| !other || is_other(form));
        if let Some(found) = found {
            return Ok(Some(found.to_owned()));
        }
    }
    Ok(None)
}

/// The stretch of `text` that begins with `before` and, but for the script, is `wanted`.
fn written<'a>(text: &'a str, before: &str, wanted: &str) -> Option<&'a str> {
    let chars = wanted.chars().count();
    text.match_indices(before).find_map(|(start, _)| {
        let from = text.get(start..)?;
        let end = from.char_indices().nth(chars).map_or(from.len(), |(end, _)| end);
        let form = from.get(..end)?;
        form.chars().map(fold_char).eq(wanted.chars().map(fold_char)).then_some(form)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_that_of_the_text() {
        for (text, before, wanted, expected) in [
            ("全年預算案", "預", "預算案", Some("預算案")),
            ("预算和預算案", "預", "預算案", Some("預算案")),
            ("大灣區建設", "灣區", "灣區建设", Some("灣區建設")),
            ("大湾区建设", "灣區", "灣區建设", None),
            ("香港建設", "", "建设", Some("建設")),
            ("灣", "灣", "灣區", None),
        ] {
            assert_eq!(written(text, before, wanted), expected, "{text} {wanted}");
        }
    }
}
