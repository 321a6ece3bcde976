//! Restores the Traditional characters of a completion. Index terms are Simplified, so the added characters are copied
//! from a passage that is written in the typed script.

use tantivy::DocAddress;

use super::{
    input::{TextTerm, TypedText, text_terms},
    positions::PhraseEnds,
    suggestion::Suggestion,
};
use crate::{
    analysis::{Analysis, fold_text},
    error::Result,
    index::{self, PassageRecord},
    search::context::SearchContext,
};

/// Number of passages that are read for each attempt to find the typed script.
const SAMPLE: usize = 10;

/// Replaces the added characters of a suggestion by the characters that a passage contains after the typed characters.
///
/// Tries three contexts: all typed characters of the run, only the last of these characters, and none. Uses only a
/// passage that contains the context as typed. With a shortened context, the copied characters must also differ from
/// their Simplified form, because the short context does not prove that the passage is Traditional.
pub(super) fn restore(
    context: &SearchContext,
    typed: &TypedText<'_>,
    suggestion: &mut Suggestion,
) -> Result<()> {
    let mut analysis = Analysis::default();
    context.analyzer.tokens(&suggestion.text, &mut analysis);
    let terms = text_terms(&analysis);
    let open = typed.split_open().1.len();
    for context_chars in [open, open.min(1), 0] {
        let first_term = typed.terms.len().saturating_sub(context_chars);
        let phrase = terms.get(first_term..).unwrap_or_default();
        let Some(start) = phrase.first().map(|term| term.start) else { continue };
        if phrase.len() < 2 {
            continue;
        }
        let before = typed.text.get(start..).unwrap_or_default();
        let simplified = suggestion.text.get(start..).unwrap_or_default();
        let must_differ = context_chars < open || context_chars == 0;
        if let Some(form) = form_in_passages(context, phrase, before, simplified, must_differ)? {
            suggestion.text.truncate(start);
            suggestion.text.push_str(&form);
            return Ok(());
        }
    }
    Ok(())
}

/// Returns the text of a passage that equals `simplified` except for the script and begins with `before`. `phrase`
/// contains the terms of `simplified`. If `must_differ`, the text after `before` must contain a character that is not
/// Simplified. `None` if the sample contains no such passage.
fn form_in_passages(
    context: &SearchContext,
    phrase: &[TextTerm],
    before: &str,
    simplified: &str,
    must_differ: bool,
) -> Result<Option<String>> {
    let before_chars = before.chars().count();
    for (ord, doc) in PhraseEnds::of(context, phrase)?.sample(SAMPLE) {
        let address = DocAddress::new(ord, doc);
        let record: PassageRecord =
            index::stored(&context.reader.searcher, context.reader.fields, address)?;
        let differs = |form: &&str| {
            let folded_form = fold_text(form);
            form.chars().zip(folded_form.chars()).skip(before_chars).any(|(c, folded)| c != folded)
        };
        let form = form_in_text(&record.text, before, simplified);
        if let Some(form) = form.filter(|form| !must_differ || differs(form)) {
            return Ok(Some(form.to_owned()));
        }
    }
    Ok(None)
}

/// Returns the first substring of `text` that begins with `before` and equals `simplified` except for the script.
/// `None` if `text` has no such substring.
fn form_in_text<'a>(text: &'a str, before: &str, simplified: &str) -> Option<&'a str> {
    let chars = simplified.chars().count();
    text.match_indices(before).find_map(|(start, _)| {
        let rest = text.get(start..)?;
        let end = rest.char_indices().nth(chars).map_or(rest.len(), |(end, _)| end);
        let form = rest.get(..end)?;
        (fold_text(form) == fold_text(simplified)).then_some(form)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_that_of_the_text() {
        for (text, before, simplified, expected) in [
            ("全年預算案", "預", "預算案", Some("預算案")),
            ("预算和預算案", "預", "預算案", Some("預算案")),
            ("大灣區建設", "灣區", "灣區建设", Some("灣區建設")),
            ("大湾区建设", "灣區", "灣區建设", None),
            ("香港建設", "", "建设", Some("建設")),
            ("灣", "灣", "灣區", None),
        ] {
            assert_eq!(form_in_text(text, before, simplified), expected, "{text} {simplified}");
        }
    }
}
