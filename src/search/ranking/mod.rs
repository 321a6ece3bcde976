//! Scores the matches of a segment, and returns the matches that can be among the top k.
//!
//! Read [`scorer`](Scorer) first: it contains the score function. [`mod@scoring_terms`] derives the scoring terms from
//! the query, `query_postings` reads the posting lists of these terms, `bm25` computes the term scores, `maxscore` sums
//! the term scores and prunes, `score_window` holds the accumulators, and `top_k` maintains the threshold.
//!
//! # The score
//!
//! The score of a passage *p* for a query is
//!
//! ```text
//! score(p) = (text(p) + headings(p)) · (1 + position_boost · 2^(-ordinal / 6)) + bonus(p)
//!
//! text(p)     = Σ over scoring terms t:   weight(t) · idf(t) · f · (k1 + 1) / (f + norm(p))
//! headings(p) = Σ over leaves t that p has in its title or a heading:   heading_weight · weight(t) · idf(t)
//! bonus(p)    = (text_bonus + adjacency_bonus · adjacency(p)) · M   if p has every leaf (of two or more) in its text;
//!               0 if not
//!
//! idf(t)      = ln(1 + (N - n + 0.5) / (n + 0.5))
//! norm(p)     = k1 · (1 - b + b · length / mean length)      for terms in the body; k1 in other fields
//! M           = (1 + position_boost) · (Σ over scoring terms: weight(t) · idf(t) · (k1 + 1)
//!               + Σ over leaves: heading_weight · weight(t) · idf(t))
//! ```
//!
//! with *N* the number of live passages, *n* the number of live passages that contain the term, *f* the frequency of
//! the term in the passage (an occurrence in another spelling counts less than 1), lengths in token positions, and
//! *ordinal* the position of the passage in its document, from 0. `M` is an upper bound of the score without the
//! bonus. The parameters are fields of [`Ranking`](crate::query::Ranking).
//!
//! A leaf is a word or phrase of the query with all its inflections and spellings. The scoring terms are the leaves,
//! words in exactly the form typed, adjacent pairs of words, words of quoted phrases, Han characters and bigrams.
//!
//! - BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). The idf is that of
//!   Lucene, which is never negative.
//! - `MaxScore`: Turtle and Flood, "Query evaluation: strategies and optimizations" (1995).
//! - After scoring, `search/page/regularization.rs` moves the scores of the top 200 hits towards the scores of similar
//!   passages (Diaz, "Regularizing query-based retrieval scores", 2007), and `search/page/near_duplicates.rs` groups
//!   passages by `MinHash` (Broder, 1997; Li and König, 2010).
//!
//! `tests/relevance/ablation.tsv` lists the gain of each component of the score on test collections.

mod adjacency;
mod bm25;
mod maxscore;
mod query_postings;
mod score_window;
mod scorer;
mod scoring_terms;
mod top_k;

pub(super) use self::{
    bm25::{Bm25Weight, CollectionStats, PositionBoost, length_norm},
    query_postings::QueryPostings,
    score_window::ScoreWindow,
    scorer::{DocumentToScore, MatchesToScore, MatchesWithEveryLeafInText, ScoredDoc, Scorer},
    scoring_terms::{ScoringTerm, ScoringTermKind, scoring_terms},
    top_k::TopKThreshold,
};
