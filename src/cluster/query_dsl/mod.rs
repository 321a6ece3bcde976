//! Translates queries of this program to the query DSL of the cluster.
//!
//! `matching` turns a query plan into a condition on passages. `scoring` adds an approximate BM25 score, so that the
//! best passages are among the fetched passages. `vocabulary` finds terms by pattern, and `facets` selects passages by
//! facet values. The cluster cannot express every query, for example that two words are in the same sentence. In this
//! case the condition matches more passages, and this program checks the fetched passages.

mod condition;
mod facets;
mod matching;
mod scoring;
mod vocabulary;

pub(super) use self::{
    condition::{all_passages_query, matching_passages_query, term_query},
    facets::{chosen_facet_values_query, facet_field},
    matching::passages_containing_query,
    scoring::best_passages_query,
    vocabulary::{term_pattern_query, vocabulary_field},
};
