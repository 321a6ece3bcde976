//! Decodes the encoded terms of an entry into texts. The analyzer of a remote index splits these texts into the same
//! terms at the same positions.

use crate::index::schema::tokenizer::{
    GAP_TERM, LONG_FORM_PREFIX, SAME_POSITION_PREFIX, SENTENCE_END_TERM, SHORT_FORM_PREFIX,
};

/// Returns whether `term`, a term of the field `ranking_terms`, defines an abbreviation.
pub(crate) fn is_abbreviation_definition(term: &str) -> bool {
    term.starts_with([SHORT_FORM_PREFIX, LONG_FORM_PREFIX])
}

/// Splits encoded terms into two vectors. The first vector contains the runs of terms at consecutive positions; a gap
/// separates two runs. The second vector contains the terms that share the position of the previous term. Leaves out
/// every [`SENTENCE_END_TERM`].
pub(crate) fn split_term_runs(encoded: &str) -> (Vec<Vec<&str>>, Vec<&str>) {
    let (mut runs, mut at_previous_position) = (vec![Vec::new()], Vec::new());
    for term in encoded.split(' ').filter(|term| !term.is_empty()) {
        match term.strip_prefix(SAME_POSITION_PREFIX) {
            _ if term == GAP_TERM => runs.push(Vec::new()),
            Some(SENTENCE_END_TERM) => {}
            Some(term) => at_previous_position.push(term),
            None => runs.last_mut().into_iter().for_each(|run| run.push(term)),
        }
    }
    (runs, at_previous_position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_end_runs_and_terms_at_shared_positions_are_separate() {
        let (runs, at_previous_position) = split_term_runs("a b \u{1}bb \u{1}\u{3} \u{2} c ");
        assert_eq!((runs, at_previous_position), (vec![vec!["a", "b"], vec!["c"]], vec!["bb"]));
    }
}
