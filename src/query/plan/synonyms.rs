//! Finds the words of a query that have synonyms in the word lists of the user.

use super::leaves::LeafPlanner;
use crate::{
    analysis::Analysis,
    query::{
        tree::{Alternative, PhraseOrigin, QuerySynonyms},
        words::phrase_of_tokens,
    },
    span::Span,
};

impl LeafPlanner<'_> {
    /// Adds the synonyms of the words of a text to the plan. The query leaves of the words are the leaves from
    /// `first_leaf_index` on, and the first token of the text has the position `start_position`. Words inside NOT and words
    /// of filters have no synonyms.
    pub(super) fn add_synonyms_of_text(
        &mut self,
        text: &str,
        analysis: &Analysis,
        first_leaf_index: usize,
        start_position: u32,
    ) {
        let Some(lists) = self.analyzer.word_lists().filter(|lists| !lists.has_no_synonyms())
        else {
            return;
        };
        if !self.context.is_outside_not || self.context.boost <= 0.0 {
            return;
        }
        let terms: Vec<&str> =
            analysis.tokens.iter().map(|token| analysis.most_specific_term(token)).collect();
        for (first_token, token) in analysis.tokens.iter().enumerate() {
            for (length, texts) in
                lists.synonyms_at_start(terms.get(first_token..).unwrap_or_default())
            {
                let Some(last_token) = analysis.tokens.get(first_token + length - 1) else {
                    continue;
                };
                let positions = [token, last_token].map(|token| start_position + token.position);
                let leaves = self.leaves_between_positions(first_leaf_index, positions);
                if !leaves.is_empty() {
                    let label =
                        Span::new(token.span.start, last_token.span.end).of(text).to_owned();
                    let synonyms = texts
                        .into_iter()
                        .filter_map(|text| Some((text.to_owned(), self.phrase_of_synonym(text)?)));
                    let synonyms = synonyms.collect();
                    self.synonyms.push(QuerySynonyms { leaves, label, synonyms });
                }
            }
        }
    }

    /// Returns the indexes of the query leaves, from `first_leaf_index` on, whose tokens are between two positions. Returns
    /// no indexes if one of these query leaves also has tokens outside of these positions.
    fn leaves_between_positions(
        &self,
        first_leaf_index: usize,
        [first, last]: [u32; 2],
    ) -> Vec<usize> {
        let is_inside = |position: u32| (first..=last).contains(&position);
        let mut leaves = Vec::new();
        for (index, leaf) in self.leaves.iter().enumerate().skip(first_leaf_index) {
            let last_position = leaf.position + leaf.position_count.saturating_sub(1);
            match (is_inside(leaf.position), is_inside(last_position)) {
                (true, true) => leaves.push(index),
                (false, false) if leaf.position > first || last_position < last => {}
                _ => return Vec::new(),
            }
        }
        leaves
    }

    /// Returns the phrase of a synonym. `None` if the text has no tokens.
    fn phrase_of_synonym(&self, text: &str) -> Option<Alternative> {
        let mut analysis = Analysis::default();
        self.analyzer.tokens(text, &mut analysis);
        let phrase = phrase_of_tokens(self.analyzer, &analysis)?;
        Some(Alternative { origin: PhraseOrigin::Synonym, ..phrase })
    }
}
