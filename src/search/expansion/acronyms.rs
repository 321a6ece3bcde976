//! Restricts words that the user typed in capitals to their own form: AIDS does not find "aid", CARES does not find
//! "care".

use crate::{
    error::Result,
    index::definition_prefix_of_short_form,
    query::{Alternative, LetterCase, PhraseSlot, QueryPlan, QueryToken, TermPattern, TextField},
    search::statistics::{Statistics, TermShape, Vocabulary},
};

/// Minimum length of an acronym in letters.
const MIN_ACRONYM_LETTERS: usize = 2;
/// Maximum number of words in capitals that are acronyms in any query that also has other words. If a query has more
/// words in capitals, and fewer other words, the query is a headline in capitals.
const MAX_ACRONYMS: usize = 2;

/// Removes the inflections of each acronym, if the acronym itself occurs in the index. The plural of the acronym stays.
/// Every word in capitals is an acronym, except in a headline in capitals. There, a word is an acronym only if a
/// passage defines the word as an abbreviation.
pub(in crate::search) fn remove_inflections_of_acronyms(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
) -> Result<()> {
    let QueryPlan { leaves, tokens, .. } = plan;
    let is_in_capitals = |token: &QueryToken| token.letter_case == LetterCase::Upper;
    let (capitals, others): (Vec<&QueryToken>, Vec<&QueryToken>) =
        tokens.iter().filter(|token| has_letter(token)).partition(|token| is_in_capitals(token));
    let is_headline =
        others.is_empty() || capitals.len() > MAX_ACRONYMS && capitals.len() > others.len();
    for leaf in leaves.iter_mut().filter(|leaf| leaf.field == TextField::Body) {
        let is_typed_in_capitals =
            tokens.iter().any(|token| token.position == leaf.position && is_in_capitals(token));
        let [Alternative { slots, .. }] = &mut leaf.alternatives[..] else { continue };
        let [slot] = &mut slots[..] else { continue };
        let TermPattern::Stem { term: acronym, .. } = &slot.pattern else { continue };
        let acronym = acronym.clone();
        let plural = format!("{acronym}s");
        let is_own_form = |term: &str| term == acronym || term == plural;
        if !is_typed_in_capitals
            || acronym.len() < MIN_ACRONYM_LETTERS
            || slot.terms.iter().all(|form| is_own_form(&form.term))
        {
            continue;
        }
        let exact = Alternative::phrase(vec![PhraseSlot::term(0, &acronym)]);
        if statistics.occurs(leaf.field, &[exact])?
            && (!is_headline || is_defined_as_abbreviation(&acronym, statistics)?)
        {
            slot.terms.retain(|form| is_own_form(&form.term));
            slot.pattern = TermPattern::Term(acronym);
        }
    }
    Ok(())
}

fn has_letter(token: &QueryToken) -> bool {
    token.is_han || token.term.contains(char::is_alphabetic)
}

/// Returns whether a passage defines the acronym, as in "low-altitude economy (LAE)".
fn is_defined_as_abbreviation(acronym: &str, statistics: &dyn Statistics) -> Result<bool> {
    let shape = TermShape::Prefix(definition_prefix_of_short_form(acronym));
    Ok(!statistics.terms(Vocabulary::Definitions, shape, &|_| true)?.is_empty())
}
