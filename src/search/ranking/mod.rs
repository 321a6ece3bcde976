//! TODO.

mod bm25;
mod features;
mod maxscore;
mod query_postings;
mod scorer;
mod top_k;

pub(super) use self::{
    bm25::{Bm25Weight, CollectionStats, PositionBoost, length_norm},
    features::{ScoringTerm, ScoringTermKind, features},
    maxscore::ScoreWindow,
    query_postings::QueryPostings,
    scorer::{ScoredDoc, Scorer},
    top_k::TopKThreshold,
};
