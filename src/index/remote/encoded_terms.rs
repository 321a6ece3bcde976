//! Decodes the encoded terms of an entry, so that the analyzer of a remote index can be made to produce equal terms and
//! positions.

use crate::index::schema::tokenizer::{GAP, LONG_FORM, SAME_POSITION, SENTENCE_END, SHORT_FORM};

/// Returns whether a ranking term is a definition term, which connects an abbreviation and its long form.
pub(crate) fn is_definition(term: &str) -> bool {
    term.starts_with([SHORT_FORM, LONG_FORM])
}

/// Splits encoded terms into runs of terms at consecutive positions (a gap separates two runs) and a list of the terms
/// that share the
/// position of the term before them. Leaves out sentence ends.
pub(crate) fn term_runs(encoded: &str) -> (Vec<Vec<&str>>, Vec<&str>) {
    let (mut runs, mut shared) = (vec![Vec::new()], Vec::new());
    for term in encoded.split(' ').filter(|term| !term.is_empty()) {
        match term.strip_prefix(SAME_POSITION) {
            _ if term == GAP => runs.push(Vec::new()),
            Some(SENTENCE_END) => {}
            Some(term) => shared.push(term),
            None => runs.last_mut().into_iter().for_each(|run| run.push(term)),
        }
    }
    (runs, shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_end_runs_and_shared_positions_stand_apart() {
        let (runs, shared) = term_runs("a b \u{1}bb \u{1}\u{3} \u{2} c ");
        assert_eq!((runs, shared), (vec![vec!["a", "b"], vec!["c"]], vec!["bb"]));
    }
}
