//! Queries of this program in the query DSL of the cluster.
//!
//! `matching` turns a query plan into a condition on passages, `scoring` adds a score so close to BM25 that the
//! best passages are among the fetched ones, `vocabulary` finds terms by pattern, and `facets` restricts facet
//! values. The cluster cannot express everything, such as the sentence of a word. Then the condition matches
//! more passages, and this program checks the fetched ones.

mod condition;
mod facets;
mod matching;
mod scoring;
mod vocabulary;

pub(super) use self::{
    condition::{every_passage, passages_that, term},
    facets::{chosen_values, facet_field},
    matching::passages_with,
    scoring::scored_query,
    vocabulary::{terms_of_shape, vocabulary_field},
};
