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

/// Maximum number of passages that are read in each attempt to find the characters in the typed script.
const SAMPLE_PASSAGES: usize = 10;

/// Replaces the added characters of a suggestion by the characters that follow the typed characters in a passage.
///
/// Tries three contexts: all typed characters of the run, only the last of these characters, and no characters. Uses
/// only a passage that contains the context as typed. With a shortened context, one of the copied characters must also
/// differ from its Simplified form, because the short context does not prove that the passage is Traditional.
pub(super) fn restore(
    context: &SearchContext,
    typed: &TypedText<'_>,
    suggestion: &mut Suggestion,
) -> Result<()> {
    let mut analysis = Analysis::default();
    context.analyzer.tokens(&suggestion.text, &mut analysis);
    let terms = text_terms(&analysis);
    let run_chars = typed.split_unfinished().1.len();
    for context_chars in [run_chars, run_chars.min(1), 0] {
        let first_term = typed.terms.len().saturating_sub(context_chars);
        let phrase = terms.get(first_term..).unwrap_or_default();
        let Some(start) = phrase.first().map(|term| term.start) else { continue };
        if phrase.len() < 2 {
            continue;
        }
        let typed_context = typed.text.get(start..).unwrap_or_default();
        let simplified = suggestion.text.get(start..).unwrap_or_default();
        let must_differ = context_chars < run_chars || context_chars == 0;
        if let Some(form) =
            form_in_passages(context, phrase, typed_context, simplified, must_differ)?
        {
            suggestion.text.truncate(start);
            suggestion.text.push_str(&form);
            return Ok(());
        }
    }
    Ok(())
}

/// Returns a substring of a passage that begins with `typed_context` and equals `simplified` except for the script.
/// `phrase` contains the terms of `simplified`. If `must_differ` is set, the text after `typed_context` must contain a
/// character that is not Simplified. `None` if the sample contains no such passage.
fn form_in_passages(
    context: &SearchContext,
    phrase: &[TextTerm],
    typed_context: &str,
    simplified: &str,
    must_differ: bool,
) -> Result<Option<String>> {
    let context_chars = typed_context.chars().count();
    for (ord, doc) in PhraseEnds::of(context, phrase)?.sample(SAMPLE_PASSAGES) {
        let address = DocAddress::new(ord, doc);
        let record: PassageRecord =
            index::read_record(&context.reader.searcher, context.reader.fields, address)?;
        let differs = |form: &&str| {
            let folded_form = fold_text(form);
            let mut characters = form.chars().zip(folded_form.chars()).skip(context_chars);
            characters.any(|(c, folded)| c != folded)
        };
        let form = form_in_text(&record.text, typed_context, simplified);
        if let Some(form) = form.filter(|form| !must_differ || differs(form)) {
            return Ok(Some(form.to_owned()));
        }
    }
    Ok(None)
}

/// Returns the first substring of `text` that begins with `typed_context` and equals `simplified` except for the
/// script. `None` if `text` has no such substring.
fn form_in_text<'a>(text: &'a str, typed_context: &str, simplified: &str) -> Option<&'a str> {
    let chars = simplified.chars().count();
    text.match_indices(typed_context).find_map(|(start, _)| {
        let text_from_match = text.get(start..)?;
        let form_end = text_from_match
            .char_indices()
            .nth(chars)
            .map_or(text_from_match.len(), |(form_end, _)| form_end);
        let form = text_from_match.get(..form_end)?;
        (fold_text(form) == fold_text(simplified)).then_some(form)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_the_text_is_restored() {
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
