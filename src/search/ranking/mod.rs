//! TODO.

mod bm25;
mod features;
mod maxscore;
mod scorer;
mod top_k;

pub(super) use self::{
    bm25::{Bm25Weight, CollectionStats, PositionBoost, length_norm},
    features::{ScoringTerm, ScoringTermKind, feature_postings, features, postings_of_leaf},
    maxscore::ScoreWindow,
    scorer::Scorer,
    top_k::TopKThreshold,
};
