//! Translates queries of this program to the query DSL of the cluster.
//!
//! `matching` turns a query plan into a condition on passages. `scoring` adds an approximate BM25 score, so that the
//! best passages are among the fetched ones. `vocabulary` finds terms by pattern, and `facets` restricts facet values.
//! The cluster cannot express every query, for example that two words are in the same sentence. In this case the
//! condition matches more passages, and this program checks the fetched passages.

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
