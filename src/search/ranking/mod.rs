//! TODO.

mod bm25;
mod features;
mod maxscore;
mod scorer;
mod top_k;

pub(super) use self::{
    bm25::{Collection, Lead, TermWeight, norm},
    features::{Feature, Kind, feature_postings, features, postings_of_leaf},
    maxscore::Window,
    scorer::Scorer,
    top_k::Best,
};
